"""The last place an exception comes to: a refusal becomes its sentence, anything else an apology with an id."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts.refusals import Refused
from bot.nudges.delivery import Message
from handlers.blocks.changes import refusal
from handlers.blocks.parts import section
from handlers.deps import Deps, visit_of
from handlers.showing import tell

log = logging.getLogger(__name__)

_TOO_LATE = frozenset({"expired_trigger_id", "invalid_trigger_id", "exchanged_trigger_id", "trigger_expired"})
_NOT_IN_CHANNEL = frozenset({"not_in_channel", "channel_not_found"})


def register(app: AsyncApp, deps: Deps) -> None:
    app.error(partial(on_error, deps=deps))


async def on_error(
    error: Exception, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any], *, deps: Deps
) -> None:
    visit = await visit_of(context, client, deps)
    sentence = _sentence(error, visit.say)
    if sentence is None:
        error_id = uuid4().hex[:8]
        log.error("error %s in workspace %s", error_id, visit.workspace_id, exc_info=error)
        sentence = visit.say("error.unexpected", error_id=error_id)
    message = Message(text=sentence, blocks=[section(sentence)])
    try:
        if context.response_url and context.respond:
            await context.respond(text=message.text, blocks=message.blocks, replace_original=False)
        else:
            await tell(visit, message, thread_ts=_thread(body))
    except SlackClientError as unreachable:
        log.warning("nobody could be told of an error: %s", type(unreachable).__name__)


def _sentence(error: Exception, say: Any) -> str | None:
    if isinstance(error, Refused):
        return refusal(error, say)
    if isinstance(error, SlackApiError):
        reason = error.response.get("error")
        if reason in _TOO_LATE:
            return str(say("error.too_late"))
        if reason in _NOT_IN_CHANNEL:
            return str(say("error.not_in_channel"))
    return None


def _thread(body: dict[str, Any]) -> str | None:
    event = body.get("event") or {}
    thread = event.get("thread_ts")
    return thread if isinstance(thread, str) else None
