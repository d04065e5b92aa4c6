"""The button under a report: records what somebody said has happened, or leaves it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.answers.offers import REVIEW_REQUESTED
from bot.contracts import cards, moves
from bot.contracts.desk import Change
from bot.nudges.delivery import Message
from handlers.blocks.answers import recorded_offer
from handlers.blocks.changes import sentence
from handlers.blocks.parts import section
from handlers.deps import Deps, Visit
from handlers.ids import ActionId
from handlers.listening import Press, on_press
from handlers.showing import show_change
from handlers.values import Pointer, StaleButton
from storage.tables import CardStatus


def register(app: AsyncApp, deps: Deps) -> None:
    on_press(app, ActionId.RECORD_REPORT, record_report, deps)
    on_press(app, ActionId.DISMISS, dismiss, deps)


async def record_report(press: Press) -> None:
    visit = press.visit
    change = await _record(visit, press.pointer)
    # An ephemeral answer cannot be read back, so what else it offered goes with it.
    blocks = (press.body.get("message") or {}).get("blocks") or []
    what = sentence(change, await visit.name(), visit.say)
    await press.replace(recorded_offer(blocks, press.action["action_id"], what))
    await show_change(visit, change)


async def dismiss(press: Press) -> None:
    text = press.visit.say("report.dismissed")
    await press.replace(Message(text=text, blocks=[section(text)]))


async def _record(visit: Visit, pointer: Pointer) -> Change:
    where: dict[str, Any] = {
        "contract_id": pointer.contract_id,
        "on": pointer.day,
        "office": visit.deps.office,
        "actor": await visit.actor(),
    }
    write = visit.deps.database.write
    if pointer.decision in set(CardStatus) and pointer.cards:
        return await write(cards.record_card_decision, pointer.cards, CardStatus(pointer.decision), **where)
    if pointer.report == REVIEW_REQUESTED:
        return await write(cards.request_review, **where)
    if pointer.step is None:
        raise StaleButton
    return await write(moves.finish_step, pointer.step, with_earlier=True, **where)
