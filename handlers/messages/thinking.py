"""The line that says that the assistant is at work. In the pane only: elsewhere an answer comes as fast."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from slack_sdk.errors import SlackApiError

from handlers.deps import Visit
from handlers.slack_errors import reason_of

log = logging.getLogger(__name__)


@asynccontextmanager
async def thinking(visit: Visit, channel_id: str, thread_ts: str, *, in_pane: bool) -> AsyncIterator[None]:
    """Shows the line while the block runs and takes it away at its end, whatever happened.

    An answer posted meanwhile takes it away by itself; an error, or nothing to say, does not.
    """
    if not in_pane:
        yield
        return
    shown = await _set_status(visit, channel_id, thread_ts, visit.say("pane.thinking"))
    try:
        yield
    except asyncio.CancelledError:  # the process ends; Slack takes it away after two minutes
        shown = False
        raise
    finally:
        if shown:
            await _set_status(visit, channel_id, thread_ts, "")


async def _set_status(visit: Visit, channel_id: str, thread_ts: str, status: str) -> bool:
    line = visit.client.assistant_threads_setStatus(channel_id=channel_id, thread_ts=thread_ts, status=status)
    return await is_shown(line, channel_id)


async def is_shown(sign: Awaitable[object], channel_id: str) -> bool:
    """False where Slack shows no such sign: no answer may fail for want of its ornament."""
    try:
        await sign
    except SlackApiError as error:
        log.info("no sign of work in %s: %s", channel_id, reason_of(error))
        return False
    return True
