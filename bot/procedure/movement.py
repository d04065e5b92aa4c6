"""The rules by which a procedure moves: which steps can be worked on, and since which day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from bot.procedure.model import Procedure
from storage.states import StepStatus


class Standing(Struct, frozen=True):
    """Where a step stands; `active_on` is the day since which it can be worked on (None while it waits)."""

    status: StepStatus
    active_on: date | None


def standings(procedure: Procedure, *, started_on: date, done: Mapping[str, date]) -> dict[str, Standing]:
    """Where every step stands, given the days on which steps were done.

    A step can be worked on from the day on which the last of the steps before it was done; one that waits for
    nothing, from the contract's first day.
    """
    result: dict[str, Standing] = {}
    for step in procedure.steps:
        earlier = [done.get(name) for name in step.starts_after]
        ready = all(day is not None for day in earlier)
        active_on = max((day for day in earlier if day is not None), default=started_on) if ready else None
        if step.id in done:
            result[step.id] = Standing(StepStatus.DONE, active_on or done[step.id])
        elif ready:
            result[step.id] = Standing(StepStatus.ACTIVE, active_on)
        else:
            result[step.id] = Standing(StepStatus.WAITING, None)
    return result


def missing_before(procedure: Procedure, step_id: str, *, done: Mapping[str, date]) -> tuple[str, ...]:
    """The unfinished steps that have to be done before this one, first things first."""
    wanted = _all_before(procedure, step_id)
    return tuple(step.id for step in procedure.steps if step.id in wanted and step.id not in done)


def depending_on(procedure: Procedure, step_id: str) -> tuple[str, ...]:
    """Every step that cannot be done without this one, in the procedure's order."""
    return tuple(step.id for step in procedure.steps if step_id in _all_before(procedure, step.id))


def _all_before(procedure: Procedure, step_id: str) -> set[str]:
    found: set[str] = set()
    for earlier in procedure.step(step_id).starts_after:
        found |= {earlier} | _all_before(procedure, earlier)
    return found
