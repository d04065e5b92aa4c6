"""What people filled in: read, recorded, shown. A wrong day or a bad address is said under its field."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

from pydantic import ValidationError

from bot.contracts import cards, lifecycle, moves
from bot.contracts.desk import Change
from bot.contracts.refusals import AlreadyStarted, DayInTheFuture, DayTooEarly, DayTooLongAgo
from bot.workspaces.people import NotInChannel
from handlers.blocks import modals
from handlers.blocks.changes import refusal
from handlers.deps import Deps, Visit
from handlers.home.publishing import MINE, publish_home
from handlers.ids import ViewId
from handlers.listening import Submission, on_submission
from handlers.opening import NotInvited, are_we_in
from handlers.routes import Routes
from handlers.showing import show_change
from handlers.values import Pointer, StaleButton
from handlers.views.fields import channel_of, chosen, chosen_many, day_of, person_of, text_of

_ABOUT_THE_DAY = (DayInTheFuture, DayTooEarly, DayTooLongAgo)
_ABOUT_THE_CHANNEL = (NotInvited, NotInChannel, AlreadyStarted)
_CHANNEL = "channel_id"
Recorder = Callable[[Visit, Pointer, dict[str, Any]], Awaitable[Change]]


def register(routes: Routes, deps: Deps) -> None:
    for view_id, record in _RECORDERS.items():
        on_submission(routes, view_id, partial(on_submitted, record=record), deps)


async def on_submitted(submission: Submission, *, record: Recorder) -> None:
    visit, ack = submission.visit, submission.ack
    try:
        change = await record(visit, submission.pointer, submission.values)
    except _ABOUT_THE_DAY as wrong:
        await ack(response_action="errors", errors={"day": refusal(wrong, visit.say)})
        return
    except _ABOUT_THE_CHANNEL as wrong:
        if _CHANNEL not in submission.values:
            raise
        # Whether there is such a channel without this person, or without us, is said to nobody.
        taken = isinstance(wrong, AlreadyStarted)
        sentence = visit.say("start.wrong.channel_taken" if taken else "start.wrong.channel_id")
        await ack(response_action="errors", errors={_CHANNEL: sentence})
        return
    except ValidationError as wrong:
        await ack(response_action="errors", errors=_under_fields(wrong, visit))
        return
    await ack()
    if submission.view["callback_id"] == ViewId.START:
        await visit.deps.status.post(change.after)
    await show_change(visit, change)
    if submission.pointer.home:
        await publish_home(visit, MINE)


async def _start(visit: Visit, pointer: Pointer, values: dict[str, Any]) -> Change:
    channel_id = pointer.channel or channel_of(values, _CHANNEL)
    if channel_id is None:
        raise StaleButton
    if pointer.channel is None and not await are_we_in(visit, channel_id):
        raise NotInvited
    procedures = visit.deps.office.procedures
    new = lifecycle.NewContract(
        procedure_id=chosen(values, "procedure_id") or next(iter(procedures)),
        merchant=text_of(values, "merchant"),
        contact_email=text_of(values, "contact_email") or None,
        payment_methods=tuple(chosen_many(values, "payment_methods")),
        site_url=text_of(values, "site_url") or None,
        owner_id=person_of(values, "owner_id") or visit.user_id,
        language=visit.say.language,
    )
    team = await visit.client.auth_test()
    return await visit.deps.database.write(
        lifecycle.start_contract,
        new,
        channel_id=channel_id,
        workspace_name=str(team.get("team") or ""),
        office=visit.deps.office,
        actor=await visit.actor(),
    )


async def _finish(visit: Visit, pointer: Pointer, values: dict[str, Any]) -> Change:
    if pointer.step is None:
        raise StaleButton
    # The modal has named the earlier steps that are finished with this one.
    return await visit.deps.database.write(
        moves.finish_step, pointer.step, with_earlier=True, **await _where(visit, pointer, on=day_of(values, "day"))
    )


async def _take_back(visit: Visit, pointer: Pointer, values: dict[str, Any]) -> Change:
    what = chosen(values, "what") or ""
    where = await _where(visit, pointer)
    if what == modals.LAST_CHANGE:
        return await visit.deps.database.write(moves.take_back, pointer.change or "", **where)
    return await visit.deps.database.write(moves.reopen_step, what.removeprefix("step:"), **where)


async def _request_review(visit: Visit, pointer: Pointer, values: dict[str, Any]) -> Change:
    return await visit.deps.database.write(
        cards.request_review, **await _where(visit, pointer, on=day_of(values, "day"))
    )


async def _owner(visit: Visit, pointer: Pointer, values: dict[str, Any]) -> Change:
    owner_id = person_of(values, "owner_id") or visit.user_id
    return await visit.deps.database.write(lifecycle.assign_owner, owner_id, **await _where(visit, pointer))


async def _pause(visit: Visit, pointer: Pointer, values: dict[str, Any]) -> Change:
    return await visit.deps.database.write(lifecycle.pause_contract, **await _where(visit, pointer))


async def _resume(visit: Visit, pointer: Pointer, values: dict[str, Any]) -> Change:
    return await visit.deps.database.write(lifecycle.resume_contract, **await _where(visit, pointer))


async def _close(visit: Visit, pointer: Pointer, values: dict[str, Any]) -> Change:
    reason = text_of(values, "reason")
    return await visit.deps.database.write(lifecycle.close_contract, reason, **await _where(visit, pointer))


_RECORDERS: dict[ViewId, Recorder] = {
    ViewId.START: _start,
    ViewId.FINISH: _finish,
    ViewId.TAKE_BACK: _take_back,
    ViewId.REQUEST_REVIEW: _request_review,
    ViewId.OWNER: _owner,
    ViewId.PAUSE: _pause,
    ViewId.RESUME: _resume,
    ViewId.CLOSE: _close,
}


async def _where(visit: Visit, pointer: Pointer, **more: date | None) -> dict[str, Any]:
    return {
        "contract_id": pointer.contract_id,
        "office": visit.deps.office,
        "actor": await visit.actor(),
        **more,
    }


def _under_fields(wrong: ValidationError, visit: Visit) -> dict[str, str]:
    fields = [str(error["loc"][0]) for error in wrong.errors() if error["loc"]]
    return {field: visit.say(f"start.wrong.{field}") for field in fields}
