"""Does what was offered, once somebody has confirmed it: by its button, or in words that leave no doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec import Struct, convert, to_builtins
from sqlmodel import Session

from bot.answers.offers import REVIEW_REQUESTED
from bot.answers.replies import Does
from bot.contracts import lifecycle, moves
from bot.contracts.desk import Change
from bot.contracts.reading import contract_of_workspace
from bot.contracts.reported import Reported, record_reported
from bot.contracts.state import ContractState
from bot.nudges.delivery import Message
from bot.nudges.reminding import remind_at
from handlers.blocks.changes import sentence
from handlers.deps import Visit
from handlers.showing import announcement_of
from handlers.values import Pointer, StaleButton
from storage.inbox import Taken, note_done
from storage.tables import CardStatus

UseCase = Callable[..., Change | ContractState]


class Done(Struct, frozen=True):
    text: str
    """what came of it, for the one who confirmed"""
    state: ContractState | None = None
    """the contract, where everybody has to see that it has changed"""
    announcement: Message | None = None
    """what its channel is told"""


class _Kept(Struct, frozen=True):
    """The same as the inbox keeps it."""

    text: str
    contract_id: int | None
    announcement: Message | None


async def perform(visit: Visit, pointer: Pointer, *, taken: Taken | None = None) -> Done:
    """With `taken` the inbox learns in the same transaction what was done: it is never done twice, nor kept silent.

    Raises Refused: the offer may be stale, and the contract may have moved on.
    """
    return await visit.deps.database.write(
        _carry_out,
        _DOING[pointer.does](pointer),
        partial(_told, visit, pointer, await visit.name()),
        taken,
        contract_id=pointer.contract_id,
        office=visit.deps.office,
        actor=await visit.actor(),
    )


async def done_before(visit: Visit, taken: Taken | None) -> Done | None:
    """What an attempt before this one has done about the event."""
    if taken is None or taken.done is None:
        return None
    kept = convert(taken.done, _Kept)
    if kept.contract_id is None:
        return Done(kept.text)
    state = await visit.deps.database.read(
        contract_of_workspace, kept.contract_id, workspace_id=visit.workspace_id, office=visit.deps.office
    )
    return Done(kept.text, state, kept.announcement)


def _carry_out(
    use_case: UseCase,
    tell: Callable[[Change | ContractState], Done],
    taken: Taken | None,
    *,
    session: Session,
    **where: Any,
) -> Done:
    done = tell(use_case(session=session, **where))
    if taken is not None:
        kept = _Kept(done.text, done.state.id if done.state else None, done.announcement)
        mine = {"workspace_id": taken.workspace_id, "inbox_id": taken.id}
        note_done(session=session, done=to_builtins(kept), **mine)  # type: ignore[arg-type]
    return done


def _told(visit: Visit, pointer: Pointer, who: str, outcome: Change | ContractState) -> Done:
    if isinstance(outcome, Change):
        return Done(sentence(outcome, who, visit.say), outcome.after, announcement_of(visit, outcome, who))
    assert pointer.at is not None
    return Done(visit.say("remind.done", who=who, when=visit.say.moment(pointer.at, outcome.zone)))


def _record(pointer: Pointer) -> UseCase:
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
    return partial(record_reported, reported, instead_of=pointer.change)


def _take_back(pointer: Pointer) -> UseCase:
    return partial(moves.take_back, pointer.change or "")


def _assign(pointer: Pointer) -> UseCase:
    if pointer.person is None:
        raise StaleButton
    return partial(lifecycle.assign_owner, pointer.person)


def _remind(pointer: Pointer) -> UseCase:
    if pointer.at is None:
        raise StaleButton
    return partial(remind_at, pointer.at)


_DOING: Mapping[Does, Callable[[Pointer], UseCase]] = {
    Does.RECORD: _record,
    Does.TAKE_BACK: _take_back,
    Does.REMIND: _remind,
    Does.ASSIGN: _assign,
}
