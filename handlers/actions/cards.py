"""Buttons of the card review: it was requested; a card company has decided."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from handlers import opening
from handlers.deps import Deps, visit_of
from handlers.ids import ActionId
from handlers.values import Pointer


def register(app: AsyncApp, deps: Deps) -> None:
    app.action(ActionId.CARD_DECISION)(partial(card_decision, deps=deps))
    app.action(ActionId.REQUEST_REVIEW)(partial(request_review, deps=deps))


async def card_decision(
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
    await opening.open_card_decision(visit, body["trigger_id"], Pointer.parse(action.get("value")).contract_id)


async def request_review(
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
    await opening.open_request_review(visit, body["trigger_id"], Pointer.parse(action.get("value")).contract_id)
