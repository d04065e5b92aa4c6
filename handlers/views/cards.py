"""The submitted forms of the card review: what each company decided, and why one rejected."""

from __future__ import annotations

import logging
from typing import Any

from msgspec.structs import replace
from slack_sdk.errors import SlackApiError

from bot.contracts import cards
from bot.contracts.desk import Change
from bot.contracts.refusals import DayInTheFuture, DayTooLongAgo, NothingToChange
from bot.contracts.state import CardState
from handlers.blocks.card_modals import rejection_modal
from handlers.blocks.changes import refusal
from handlers.deps import Deps
from handlers.home.publishing import publish_home
from handlers.ids import ViewId
from handlers.listening import Submission, on_submission
from handlers.routes import Routes
from handlers.showing import show_change, show_change_anew
from handlers.slack_errors import reason_of
from handlers.values import Pointer
from handlers.views.fields import day_of, decision_of, text_of
from storage.tables import CardStatus

log = logging.getLogger(__name__)


def register(routes: Routes, deps: Deps) -> None:
    on_submission(routes, ViewId.CARD_DECISION, on_board, deps)
    on_submission(routes, ViewId.REJECTION, on_rejections, deps)


async def on_board(submission: Submission) -> None:
    """Records what differs from what the form showed when it was opened, and asks on about new rejections."""
    visit, pointer = submission.visit, submission.pointer
    chosen = {card_id: decision_of(submission.values, card_id) for card_id in pointer.shown_statuses}
    decisions = {card_id: status for card_id, status in chosen.items() if status != pointer.shown_statuses[card_id]}
    try:
        change = await visit.deps.database.write(
            cards.record_board,
            decisions,
            contract_id=pointer.contract_id,
            on=day_of(submission.values, "day"),
            office=visit.deps.office,
            actor=await visit.actor(),
        )
    except (DayInTheFuture, DayTooLongAgo) as wrong:
        await submission.ack(response_action="errors", errors={"day": refusal(wrong, visit.say)})
        return
    rejected = _newly_rejected(change) if change.after.is_running else []
    if not rejected:
        await submission.ack()
        await _show(submission, change)
        return
    then = _on(pointer)
    view = rejection_modal(change.after, rejected, pointer=then, say=visit.say)
    await submission.ack(response_action="update", view=view)
    told = await _show(submission, change)
    then = replace(then, about=told, cards=change.cards)
    await _remember(submission, rejection_modal(change.after, rejected, pointer=then, say=visit.say))


async def on_rejections(submission: Submission) -> None:
    """Nothing typed is nothing to record. Right after the decision the reasons join what the channel was told."""
    visit, pointer = submission.visit, submission.pointer
    reasons = {card_id: text_of(submission.values, card_id) for card_id in submission.values}
    try:
        change = await visit.deps.database.write(
            cards.note_rejections,
            reasons,
            contract_id=pointer.contract_id,
            office=visit.deps.office,
            actor=await visit.actor(),
        )
    except NothingToChange:
        await submission.ack()
        return
    await submission.ack()
    decided = replace(change, explains=False, cards=pointer.cards)
    if pointer.about is None or not await show_change_anew(visit, decided, pointer.about):
        await _show(submission, change)
    elif pointer.home:
        await publish_home(visit)


async def _remember(submission: Submission, view: dict[str, Any]) -> None:
    """The window learns what the channel was told. Whoever has closed it, or was quicker, needs that no more."""
    try:
        await submission.visit.client.views_update(view_id=submission.view["id"], view=view)
    except SlackApiError as error:
        log.info("a window of rejections does not learn its announcement: %s", reason_of(error))


def _newly_rejected(change: Change) -> list[CardState]:
    return [card for card in change.after.cards if card.card.id in change.cards and card.status is CardStatus.REJECTED]


def _on(pointer: Pointer) -> Pointer:
    return Pointer(contract=pointer.contract, channel=pointer.channel, home=pointer.home)


async def _show(submission: Submission, change: Change) -> str | None:
    """Returns the ts of what the channel was told."""
    told = await show_change(submission.visit, change)
    if submission.pointer.home:
        await publish_home(submission.visit)
    return told
