"""The last place an exception comes to: a refusal becomes its sentence, anything else an apology with an id."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from uuid import uuid4

from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError

from bot.contracts.refusals import Refused
from bot.nudges.delivery import NO_PREVIEWS, Message
from bot.texts.catalogue import Speaker
from handlers.blocks.changes import refusal
from handlers.blocks.parts import section
from handlers.clients import NoTokenNow
from handlers.deps import Visit
from handlers.showing import tell
from handlers.slack_errors import TABLE, UNREACHABLE, family_of

log = logging.getLogger(__name__)


async def tell_failure(
    error: Exception,
    visit: Visit,
    *,
    respond: AsyncRespond | None = None,
    window: Callable[[str], Awaitable[object]] | None = None,
    thread_ts: str | None = None,
) -> None:
    """Tells the person what did not work and what to do, in the `window` that waits for an answer where there is
    one. Never raises because of Slack."""
    sentence = sentence_of(error, visit.say)
    if sentence is None:
        error_id = uuid4().hex[:8]
        log.error(
            "error %s in workspace %s", error_id, visit.workspace_id, exc_info=error, extra={"error_id": error_id}
        )
        sentence = visit.say("error.unexpected", error_id=error_id)
    message = Message(text=sentence, blocks=[section(sentence)])
    try:
        if window is not None:
            await window(sentence)
        elif respond is not None and respond.response_url:
            await respond(text=message.text, blocks=message.blocks, replace_original=False, **NO_PREVIEWS)
        else:
            await tell(visit, message, thread_ts=thread_ts)
    except UNREACHABLE as unreachable:
        log.warning("nobody could be told of an error: %s", type(unreachable).__name__)


def sentence_of(error: Exception, say: Speaker) -> str | None:
    """What a person is told about an error that we expect; None for one that we do not."""
    if isinstance(error, Refused):
        return refusal(error, say)
    if isinstance(error, SlackApiError):
        key = TABLE[family_of(error)].sentence
        return say(key) if key else None
    return say("error.slack_down") if isinstance(error, (*UNREACHABLE, NoTokenNow)) else None
