"""Agent sessions: Slack's own sign that we are at work, with its stop button.

In the pane only, and only while a language model words an answer: all others are there in milliseconds. The sign
stands in the place of the status line, since both at once would say the same thing twice.
https://docs.slack.dev/ai/agent-sessions/, .../reference/events/agent_session_stopped/ (November 2026)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.answers.replies import Reply
from bot.workspaces.people import Standing
from handlers.deps import Deps, Visit
from handlers.inbox import LEASE
from handlers.listening import Happened, on_event
from handlers.messages.thinking import is_shown, thinking
from handlers.routes import Routes
from storage.questions import is_stopped, stop_questions

_BEGINS_WITHIN = 0.5
"""Seconds that an answer waits for its sign."""
_LOOKED_FOR_EVERY = 0.25
"""Seconds between two looks for a press of stop."""
_WORKED_ON: timedelta = LEASE
"""What was asked longer ago is not worked on any more."""


def register(routes: Routes, deps: Deps) -> None:
    on_event(routes, "agent_session_stopped", on_stop, deps)


async def on_stop(happened: Happened) -> None:
    """Any process may hear of it, so it is written down for the one that waits for the model.

    The session ends here too: if that process has died, nobody else would take the sign away.
    """
    visit, thread_ts = happened.visit, happened.event["thread_ts"]
    if visit.in_team_channel or visit.channel_id is None or visit.standing is Standing.OUTSIDER:
        return
    now = visit.deps.office.now()
    await visit.deps.database.write(
        stop_questions,
        workspace_id=visit.workspace_id,
        channel_id=visit.channel_id,
        thread_ts=thread_ts,
        user_id=visit.user_id,
        since=now - _WORKED_ON,
        now=now,
    )
    await _set_status(visit, visit.channel_id, thread_ts, "active")


@asynccontextmanager
async def worded(visit: Visit, text: str, reply: Reply, *, thread_ts: str, question_id: int) -> AsyncIterator[Reply]:
    """The answer as it is to be told, in a model's words where one is asked. The sign stands until it is told."""
    rewording, channel_id = visit.deps.rewording, visit.channel_id
    if visit.in_team_channel or channel_id is None or not rewording.would_ask(text, reply):
        yield await rewording.reworded(text, reply)
        return
    async with _processing(visit, channel_id, thread_ts):
        yield await _reworded_unless_stopped(visit, text, reply, question_id=question_id)


@asynccontextmanager
async def _processing(visit: Visit, channel_id: str, thread_ts: str) -> AsyncIterator[None]:
    """Shows the sign while the block runs. Where Slack has no sessions the status line takes its place."""
    if not await _begins(visit, channel_id, thread_ts):
        async with thinking(visit, channel_id, thread_ts, in_pane=True):
            yield
        return
    try:
        yield
    finally:
        await _set_status(visit, channel_id, thread_ts, "active")


async def _reworded_unless_stopped(visit: Visit, text: str, reply: Reply, *, question_id: int) -> Reply:
    """The answer in a model's words; as it is written as soon as its person presses stop."""
    wording = asyncio.create_task(visit.deps.rewording.reworded(text, reply))
    stop = asyncio.create_task(_stopped(visit, question_id))
    try:
        await asyncio.wait({wording, stop}, return_when=asyncio.FIRST_COMPLETED)
        return wording.result() if wording.done() else reply
    finally:
        wording.cancel()
        stop.cancel()
        await asyncio.gather(wording, stop, return_exceptions=True)


async def _stopped(visit: Visit, question_id: int) -> None:
    """Returns once somebody has pressed stop, in whatever process that was heard."""
    read, workspace_id = visit.deps.database.read, visit.workspace_id
    while True:
        if await read(is_stopped, workspace_id=workspace_id, question_id=question_id):
            return
        await asyncio.sleep(_LOOKED_FOR_EVERY)


async def _begins(visit: Visit, channel_id: str, thread_ts: str) -> bool:
    """False where Slack has refused it. Where it has not answered yet the sign may still come."""
    try:
        async with asyncio.timeout(_BEGINS_WITHIN):
            return await _set_status(visit, channel_id, thread_ts, "processing")
    except TimeoutError:
        return True


async def _set_status(visit: Visit, channel_id: str, thread_ts: str, status: str) -> bool:
    session = visit.client.agents_sessions_setStatus(channel_id=channel_id, thread_ts=thread_ts, status=status)
    return await is_shown(session, channel_id)
