"""Does what was offered, once somebody has confirmed it: by its button, or in words that leave no doubt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.answers.offers import REVIEW_REQUESTED
from bot.answers.replies import Does
from bot.contracts import lifecycle, moves
from bot.contracts.desk import Change
from bot.contracts.reported import Reported, record_reported
from bot.nudges.reminding import remind_at
from handlers.blocks.changes import sentence
from handlers.deps import Visit
from handlers.values import Pointer, StaleButton
from storage.tables import CardStatus


@dataclass(frozen=True)
class Done:
    text: str
    """what came of it, for the one who confirmed"""
    change: Change | None = None
    """what everybody else has to see; None where nothing of the contract changed"""


async def perform(visit: Visit, pointer: Pointer) -> Done:
    """Raises Refused: the offer may be stale, and the contract may have moved on."""
    return await _DOING[pointer.does](visit, pointer)


async def _record(visit: Visit, pointer: Pointer) -> Done:
    decision = next((one for one in CardStatus if one == pointer.decision), None)
    reported = Reported(
        step=pointer.step,
        review_requested=pointer.report == REVIEW_REQUESTED,
        cards=pointer.cards if decision else (),
        decision=decision,
        day=pointer.day,
    )
    if pointer.step is None and not reported.cards:
        raise StaleButton
    where = await _where(visit, pointer)
    change = await visit.deps.database.write(record_reported, reported, instead_of=pointer.change, **where)
    return await _changed(visit, change)


async def _take_back(visit: Visit, pointer: Pointer) -> Done:
    where = await _where(visit, pointer)
    return await _changed(visit, await visit.deps.database.write(moves.take_back, pointer.change or "", **where))


async def _assign(visit: Visit, pointer: Pointer) -> Done:
    if pointer.person is None:
        raise StaleButton
    where = await _where(visit, pointer)
    return await _changed(visit, await visit.deps.database.write(lifecycle.assign_owner, pointer.person, **where))


async def _remind(visit: Visit, pointer: Pointer) -> Done:
    if pointer.at is None:
        raise StaleButton
    where = await _where(visit, pointer)
    state = await visit.deps.database.write(remind_at, pointer.at, **where)
    when = visit.say.moment(pointer.at, state.zone)
    return Done(visit.say("remind.done", who=await visit.name(), when=when))


_DOING: Mapping[Does, Callable[[Visit, Pointer], Awaitable[Done]]] = {
    Does.RECORD: _record,
    Does.TAKE_BACK: _take_back,
    Does.REMIND: _remind,
    Does.ASSIGN: _assign,
}


async def _where(visit: Visit, pointer: Pointer) -> dict[str, Any]:
    return {"contract_id": pointer.contract_id, "office": visit.deps.office, "actor": await visit.actor()}


async def _changed(visit: Visit, change: Change) -> Done:
    return Done(sentence(change, await visit.name(), visit.say), change)
