"""Takes every event once, before it is acknowledged: a redelivery, or a mention that comes as two events, ends here.

Slack forgets what is acknowledged, so from then on the inbox has it: until it is handled it is taken again, by
whichever process, when whoever had it has died, had no room for it, or could not reach Slack.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlmodel import Session

from bot.office import Office
from handlers.routes import Routes
from handlers.slack_errors import comes_back
from handlers.worker import Busy
from storage import inbox as store
from storage.database import Database
from storage.inbox import Taken
from storage.workspaces import remember_workspace

if TYPE_CHECKING:
    from handlers.deps import Deps

log = logging.getLogger(__name__)

Keep = Callable[[timedelta], Awaitable[None]]
"""Writes down that something is still to be done, and after how long."""

LEASE = timedelta(minutes=2)
"""How long one event may be worked on before it counts as abandoned."""
MOST_ATTEMPTS = 5
"""What has failed so often will fail again."""
IN_A_MOMENT = timedelta(seconds=3)
_SECRETS = frozenset({"token"})
_TAKEN = "inbox"
_PLAIN_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
_MESSAGES = frozenset({"message", "app_mention"})


def register(routes: Routes, deps: Deps) -> None:
    routes.every_request_passes(deps.inbox.take)


class Inbox:
    def __init__(self, database: Database, office: Office, *, lease: timedelta = LEASE) -> None:
        self._database, self._office, self._lease = database, office, lease
        self._mine: set[int] = set()
        """what this process works on now: its lease may end meanwhile, when somebody moves the clock"""
        self._cut_off: list[Keep] = []
        """gives back what a stop has ended"""

    async def take(self, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse | None:
        """Acknowledges what is nothing to us, or is taken already."""
        event = body.get("event")
        if event is None or taken_of(context) is not None:
            return None
        if not concerns_us(event, context.bot_user_id):
            return BoltResponse(status=200)
        is_message = event.get("type") in _MESSAGES
        key = f"{event['channel']}:{event['ts']}" if is_message else None
        taken = await self._write(body, context, event_id=body["event_id"], message_key=key, lease=self._lease)
        if taken is None or taken.id in self._mine:
            return BoltResponse(status=200)
        context[_TAKEN] = taken
        return None

    async def keep(self, body: dict[str, Any], context: AsyncBoltContext, after: timedelta) -> None:
        """Writes down a command that could not be handled now: it is taken up `after` a while."""
        await self._write(body, context, event_id=f"command:{body['trigger_id']}", message_key=None, lease=after)

    @contextmanager
    def working_on(self, taken: Taken | None, *, keep: Keep | None = None) -> Iterator[None]:
        """`keep` writes down what is not taken from the inbox, should it be cut off."""
        if taken is not None:
            self._mine.add(taken.id)
            keep = partial(self._put_back, taken)
        try:
            yield
        except asyncio.CancelledError:
            self._cut_off += [keep] if keep else []
            raise
        finally:
            if taken is not None:
                self._mine.discard(taken.id)

    async def give_back(self) -> None:
        """What was cut off need not wait until its lease is over: whoever comes next takes it at once."""
        left, self._cut_off = self._cut_off, []
        await asyncio.gather(*(keep(timedelta()) for keep in left))

    async def put_aside(self, taken: Taken, error: Exception) -> bool:
        """Puts back what could not be handled now, to be taken again in a while. False where that would not help."""
        is_busy = isinstance(error, Busy)
        after = IN_A_MOMENT if is_busy else comes_back(error)
        if after is None or (taken.attempt >= MOST_ATTEMPTS and not is_busy):
            return False
        log.info("event %s of %s is put back: %s", taken.id, taken.workspace_id, type(error).__name__)
        await self._put_back(taken, after, was_begun=not is_busy)
        return True

    async def finish(self, taken: Taken) -> None:
        await self._database.jot_soon(store.finish_event, workspace_id=taken.workspace_id, inbox_id=taken.id)

    async def take_again(self, app: AsyncApp, *, most: int) -> int:
        """Handles what nobody works on any more, as if it came now. Returns how much it was."""
        if most <= 0:
            return 0
        found = await self._database.write(
            store.take_abandoned, now=self._office.now(), lease=self._lease, most=most, but=frozenset(self._mine)
        )
        for taken in found:
            if taken.attempt > MOST_ATTEMPTS:
                log.error("event %s of %s is given up: it has failed too often", taken.id, taken.workspace_id)
                await self.finish(taken)
            else:
                request = AsyncBoltRequest(body=taken.payload or {}, mode="socket_mode", context={_TAKEN: taken})
                await app.async_dispatch(request)
        # A listener is a task of its own: whoever waits until nothing is worked on must see that it began.
        await asyncio.sleep(0)
        return len(found)

    async def _put_back(self, taken: Taken, after: timedelta, *, was_begun: bool = True) -> None:
        await self._database.write(
            store.put_back,
            workspace_id=taken.workspace_id,
            inbox_id=taken.id,
            until=self._office.now() + after,
            was_begun=was_begun,
        )

    async def _write(self, body: dict[str, Any], context: AsyncBoltContext, **how: Any) -> Taken | None:
        payload = {name: value for name, value in body.items() if name not in _SECRETS}
        return await self._database.jot(
            _take, workspace_id=context.team_id, payload=payload, now=self._office.now(), **how
        )


def taken_of(context: AsyncBoltContext) -> Taken | None:
    """The inbox's row of the event, or of the kept command, that this context came with."""
    taken = context.get(_TAKEN)
    return taken if isinstance(taken, Taken) else None


def concerns_us(event: dict[str, Any], bot_user_id: str | None) -> bool:
    """Whether an event is anything to us: most channel messages are people talking to each other."""
    if event.get("type") not in _MESSAGES:
        return True
    if event.get("subtype") not in _PLAIN_SUBTYPES or event.get("bot_id") or not event.get("user"):
        return False
    return is_addressed(event, bot_user_id) or bool(event.get("thread_ts"))


def is_addressed(event: dict[str, Any], bot_user_id: str | None) -> bool:
    """Whether somebody speaks to us, and not only near us."""
    return event.get("channel_type") == "im" or mentions(event, bot_user_id)


def mentions(event: dict[str, Any], bot_user_id: str | None) -> bool:
    return bot_user_id is not None and f"<@{bot_user_id}" in (event.get("text") or "")


def without_mention(text: str, bot_user_id: str | None) -> str:
    """The app's own name is no part of what is said: "담당자를 @민지 로" names one person."""
    return re.sub(rf"<@{re.escape(bot_user_id)}(?:\|[^>]*)?>", " ", text) if bot_user_id else text


def _take(*, workspace_id: str, session: Session, **what: Any) -> Taken | None:
    remember_workspace(session=session, workspace_id=workspace_id, now=what["now"])
    return store.take_event(session=session, workspace_id=workspace_id, **what)
