"""The button under a report: records what somebody said has happened, or leaves it."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.offers import REVIEW_REQUESTED
from bot.contracts import cards, moves
from bot.contracts.desk import Change
from handlers.blocks.answers import recorded_offer
from handlers.blocks.changes import sentence
from handlers.blocks.parts import section
from handlers.deps import Deps, Visit, visit_of
from handlers.ids import ActionId
from handlers.showing import show_change
from handlers.values import Pointer, StaleButton
from storage.tables import CardStatus


def register(app: AsyncApp, deps: Deps) -> None:
    app.action(re.compile(f"^{ActionId.RECORD_REPORT}:"))(partial(record_report, deps=deps))
    app.action(ActionId.DISMISS)(partial(dismiss, deps=deps))


async def record_report(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    await ack()
    visit = await visit_of(context, client, deps)
    change = await _record(visit, Pointer.parse(action.get("value")))
    what = sentence(change, await visit.name(), visit.say)
    # An ephemeral answer cannot be read back, so what else it offered goes with it.
    blocks = (body.get("message") or {}).get("blocks") or []
    if context.respond:
        message = recorded_offer(blocks, action["action_id"], what)
        await context.respond(text=message.text, blocks=message.blocks, replace_original=True)
    await show_change(visit, change)


async def dismiss(ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, *, deps: Deps) -> None:
    await ack()
    visit = await visit_of(context, client, deps)
    text = visit.say("report.dismissed")
    if context.respond:
        await context.respond(text=text, blocks=[section(text)], replace_original=True)


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
