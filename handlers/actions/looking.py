"""Buttons that only show something: the status, the history, another answer."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts.reading import history
from bot.nudges.delivery import Message
from handlers import opening
from handlers.blocks.answers import answer_message
from handlers.blocks.lists import history_list, history_modal
from handlers.blocks.parts import section
from handlers.deps import Deps, Visit, visit_of
from handlers.ids import ActionId
from handlers.messages.conversation import look_around, remember
from handlers.showing import post_status
from handlers.values import Pointer, StaleButton

PAGE = 20


def register(app: AsyncApp, deps: Deps) -> None:
    app.action(ActionId.SHOW_STATUS)(partial(show_status, deps=deps))
    app.action(ActionId.SHOW_HISTORY)(partial(show_history, deps=deps))
    app.action(re.compile(f"^{ActionId.SHOW_TOPIC}:"))(partial(show_topic, deps=deps))
    app.action(ActionId.NONE_OF_THESE)(partial(none_of_these, deps=deps))
    app.action(ActionId.OPEN_LINK)(acknowledge)


async def acknowledge(ack: AsyncAck) -> None:
    """A button that opens a link in the browser is reported to us all the same."""
    await ack()


async def show_status(
    ack: AsyncAck, action: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, *, deps: Deps
) -> None:
    await ack()
    visit = await visit_of(context, client, deps)
    state = await opening.contract(visit, Pointer.parse(action.get("value")).contract_id)
    await post_status(visit, state)


async def show_history(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    """A modal, so that it looks the same from the channel and from App Home; "older" turns the page in place."""
    await ack()
    visit = await visit_of(context, client, deps)
    pointer = Pointer.parse(action.get("value"))
    message = await history_page(visit, pointer)
    view = history_modal(message, visit.say)
    opened: dict[str, Any] | None = body.get("view")
    if opened and opened.get("type") == "modal":
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def history_page(visit: Visit, pointer: Pointer) -> Message:
    before = int(pointer.change) if pointer.change and pointer.change.isdigit() else None
    state, rows = await visit.deps.database.read(
        history,
        pointer.contract_id,
        office=visit.deps.office,
        actor=await visit.actor(),
        before=before,
        limit=PAGE + 1,
    )
    return history_list(state, rows[:PAGE], visit.say, more=len(rows) > PAGE)


async def show_topic(
    ack: AsyncAck,
    body: dict[str, Any],
    action: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    *,
    deps: Deps,
) -> None:
    """The topic that somebody chose takes the place of the choices."""
    await ack()
    visit = await visit_of(context, client, deps)
    pointer = Pointer.parse(action.get("value"))
    thread_ts = body["container"].get("thread_ts")
    place = await look_around(visit, thread_ts=thread_ts)
    try:
        reply = deps.assistant.tell_topic(pointer.topic or "", place.situation)
    except KeyError:
        raise StaleButton from None
    await remember(visit, action["text"]["text"], reply, thread_ts=thread_ts)
    message = answer_message(reply, deps.texts.speaker(reply.language))
    if context.respond:
        await context.respond(text=message.text, blocks=message.blocks, replace_original=True)


async def none_of_these(ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, *, deps: Deps) -> None:
    await ack()
    visit = await visit_of(context, client, deps)
    text = visit.say("answer.unknown")
    if context.respond:
        await context.respond(text=text, blocks=[section(text)], replace_original=True)
