"""Buttons that move a contract through its steps."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts import moves
from handlers import opening
from handlers.deps import Deps, visit_of
from handlers.ids import ActionId, MoreOption, ViewId
from handlers.showing import show_change
from handlers.values import Pointer, StaleButton

_CONFIRMED = {
    MoreOption.PAUSE: ViewId.PAUSE,
    MoreOption.RESUME: ViewId.RESUME,
    MoreOption.CLOSE: ViewId.CLOSE,
}


def register(app: AsyncApp, deps: Deps) -> None:
    app.action(ActionId.START_CONTRACT)(partial(start_contract, deps=deps))
    app.action(re.compile(f"^{ActionId.FINISH_STEP}:"))(partial(finish_step, deps=deps))
    app.action(ActionId.FINISH_WITH_EARLIER)(partial(finish_with_earlier, deps=deps))
    app.action(ActionId.TAKE_BACK)(partial(take_back, deps=deps))
    app.action(ActionId.MORE)(partial(more, deps=deps))


async def start_contract(
    ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, *, deps: Deps
) -> None:
    await ack()
    visit = await visit_of(context, client, deps)
    await opening.open_start(visit, body["trigger_id"])


async def finish_step(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    """Asks for the day, then the modal records it."""
    await ack()
    visit = await visit_of(context, client, deps)
    pointer = Pointer.parse(action.get("value"))
    if pointer.step is None:
        raise StaleButton
    await opening.open_finish(visit, body["trigger_id"], pointer.contract_id, pointer.step)


async def finish_with_earlier(
    ack: AsyncAck, action: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, *, deps: Deps
) -> None:
    await ack()
    visit = await visit_of(context, client, deps)
    pointer = Pointer.parse(action.get("value"))
    if pointer.step is None:
        raise StaleButton
    change = await deps.database.write(
        moves.finish_step,
        pointer.step,
        contract_id=pointer.contract_id,
        on=pointer.day,
        with_earlier=True,
        office=deps.office,
        actor=await visit.actor(),
    )
    if context.respond:
        await context.respond(delete_original=True)
    await show_change(visit, change)


async def take_back(
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
    await opening.open_take_back(visit, body["trigger_id"], Pointer.parse(action.get("value")).contract_id)


async def more(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    """A contract's overflow menu; the option's value is `choice:contract id`."""
    await ack()
    visit = await visit_of(context, client, deps)
    choice, _, number = action["selected_option"]["value"].partition(":")
    if choice not in MoreOption or not number.isdigit():
        raise StaleButton
    contract_id, trigger_id = int(number), body["trigger_id"]
    if choice == MoreOption.TAKE_BACK:
        await opening.open_take_back(visit, trigger_id, contract_id)
    elif choice == MoreOption.OWNER:
        await opening.open_owner(visit, trigger_id, contract_id)
    else:
        await opening.open_confirm(visit, trigger_id, contract_id, _CONFIRMED[MoreOption(choice)])
