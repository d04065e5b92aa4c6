"""Takes every event once, before it is acknowledged: a redelivery, or a mention that comes as two events, ends here."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from sqlmodel import Session

from handlers.deps import Deps
from storage import inbox
from storage.workspaces import remember_workspace

LEASE = timedelta(minutes=2)
"""How long one event may be worked on before it counts as abandoned."""
_INBOX_ID = "inbox_id"
_PLAIN_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
_MESSAGES = frozenset({"message", "app_mention"})


def register(app: AsyncApp, deps: Deps) -> None:
    app.middleware(partial(take_event, deps=deps))


async def take_event(
    body: dict[str, Any],
    context: AsyncBoltContext,
    next: Callable[[], Awaitable[BoltResponse]],
    *,
    deps: Deps,
) -> BoltResponse:
    event = body.get("event")
    if event is None:
        return await next()
    if not concerns_us(event, context.bot_user_id):
        return BoltResponse(status=200)
    taken = await deps.database.write(_take, body, workspace_id=context.team_id, deps=deps)
    if taken is None:
        return BoltResponse(status=200)
    context[_INBOX_ID] = taken
    return await next()


def concerns_us(event: dict[str, Any], bot_user_id: str | None) -> bool:
    """Whether an event is anything to us: most channel messages are people talking to each other."""
    if event.get("type") not in _MESSAGES:
        return True
    if event.get("subtype") not in _PLAIN_SUBTYPES or event.get("bot_id") or not event.get("user"):
        return False
    direct = event.get("channel_type") == "im"
    return direct or bool(event.get("thread_ts")) or mentions(event, bot_user_id)


def mentions(event: dict[str, Any], bot_user_id: str | None) -> bool:
    return bot_user_id is not None and f"<@{bot_user_id}" in (event.get("text") or "")


def without_mention(text: str, bot_user_id: str | None) -> str:
    """The app's own name is no part of what is said: "담당자를 @민지 로" names one person."""
    return re.sub(rf"<@{re.escape(bot_user_id)}(?:\|[^>]*)?>", " ", text) if bot_user_id else text


async def finish(context: AsyncBoltContext, deps: Deps) -> None:
    """Marks the event that this context came with as handled."""
    if _INBOX_ID in context:
        await deps.database.write(inbox.finish_event, workspace_id=context.team_id, inbox_id=context[_INBOX_ID])


def _take(body: dict[str, Any], *, workspace_id: str, deps: Deps, session: Session) -> int | None:
    now = deps.office.now()
    remember_workspace(session=session, workspace_id=workspace_id, now=now)
    event = body["event"]
    is_message = event.get("type") in _MESSAGES
    return inbox.take_event(
        session=session,
        workspace_id=workspace_id,
        event_id=body["event_id"],
        message_key=f"{event['channel']}:{event['ts']}" if is_message else None,
        now=now,
        lease=LEASE,
    )
