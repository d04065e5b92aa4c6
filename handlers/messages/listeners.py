"""Mentions, direct messages and replies in threads: one way in, whatever event they come as."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks.answers import answer_message
from handlers.deps import Deps, visit_of
from handlers.inbox import finishing, mentions
from handlers.messages.conversation import is_worth_saying, look_around, remember

_ANY_MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>")


def register(app: AsyncApp, deps: Deps) -> None:
    app.event("app_mention")(finishing(on_message, deps))
    app.event("message")(finishing(on_message, deps))


async def on_message(body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, deps: Deps) -> None:
    event = body["event"]
    visit = await visit_of(context, client, deps, channel_id=event["channel"])
    text = event.get("text") or ""
    thread_ts = event.get("thread_ts")
    addressed = not visit.in_team_channel or mentions(event, context.bot_user_id)
    place = await look_around(visit, thread_ts=thread_ts)
    if not addressed and (not place.is_our_thread or _ANY_MENTION.search(text)):
        return
    reply = deps.assistant.reply(text, place.situation)
    if not is_worth_saying(reply, addressed=addressed):
        return
    root = thread_ts or event["ts"]
    await remember(visit, text, reply, thread_ts=root)
    message = answer_message(reply, deps.texts.speaker(reply.language))
    await client.chat_postMessage(
        channel=event["channel"], thread_ts=root, text=message.text, blocks=message.blocks, unfurl_links=False
    )
