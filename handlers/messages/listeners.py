"""Mentions, direct messages and replies in threads: one way in, whatever event they come as."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from handlers.blocks.answers import answer_message
from handlers.deps import Deps
from handlers.inbox import mentions
from handlers.listening import Happened, on_event
from handlers.messages.conversation import is_worth_saying, look_around, remember

_ANY_MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>")


def register(app: AsyncApp, deps: Deps) -> None:
    on_event(app, "app_mention", on_message, deps)
    on_event(app, "message", on_message, deps)


async def on_message(happened: Happened) -> None:
    visit, event = happened.visit, happened.event
    text = event.get("text") or ""
    thread_ts = event.get("thread_ts")
    addressed = not visit.in_team_channel or mentions(event, happened.bot_user_id)
    place = await look_around(visit, thread_ts=thread_ts)
    if not addressed and (not place.is_our_thread or _ANY_MENTION.search(text)):
        return
    reply = visit.deps.assistant.reply(text, place.situation)
    if not is_worth_saying(reply, addressed=addressed):
        return
    root = thread_ts or event["ts"]
    await remember(visit, text, reply, thread_ts=root)
    message = answer_message(reply, visit.deps.texts.speaker(reply.language))
    await visit.client.chat_postMessage(
        channel=event["channel"], thread_ts=root, text=message.text, blocks=message.blocks, unfurl_links=False
    )
