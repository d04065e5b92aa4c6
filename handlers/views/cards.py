"""The submitted forms of the card review: what each company decided, and why one rejected."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

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
from handlers.showing import show_change
from handlers.values import Pointer
from handlers.views.fields import day_of, decision_of, text_of
from storage.tables import CardStatus


def register(app: AsyncApp, deps: Deps) -> None:
    on_submission(app, ViewId.CARD_DECISION, on_board, deps)
    on_submission(app, ViewId.REJECTION, on_rejections, deps)


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
    rejected = _newly_rejected(change)
    if rejected and change.after.is_running:
        view = rejection_modal(change.after, rejected, pointer=_on(pointer), say=visit.say)
        await submission.ack(response_action="update", view=view)
    else:
        await submission.ack()
    await _show(submission, change)


async def on_rejections(submission: Submission) -> None:
    """Nothing typed is nothing to record."""
    visit = submission.visit
    reasons = {card_id: text_of(submission.values, card_id) for card_id in submission.values}
    try:
        change = await visit.deps.database.write(
            cards.note_rejections,
            reasons,
            contract_id=submission.pointer.contract_id,
            office=visit.deps.office,
            actor=await visit.actor(),
        )
    except NothingToChange:
        await submission.ack()
        return
    await submission.ack()
    await _show(submission, change)


def _newly_rejected(change: Change) -> list[CardState]:
    return [card for card in change.after.cards if card.card.id in change.cards and card.status is CardStatus.REJECTED]


def _on(pointer: Pointer) -> Pointer:
    return Pointer(contract=pointer.contract, channel=pointer.channel, home=pointer.home)


async def _show(submission: Submission, change: Change) -> None:
    await show_change(submission.visit, change)
    if submission.pointer.home:
        await publish_home(submission.visit)
