"""Who answers what Slack sends: found at one look, by its kind and its name.

Bolt asks one listener after the other whether a payload is for it, gathers for each whatever it might want to know, and
then looks every ten milliseconds whether it has acknowledged: two milliseconds of work, and five of waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from enum import StrEnum
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.at_work import AtWork
from handlers.passing import Look

log = logging.getLogger(__name__)

_SLACK_WAITS = 3.0
"""Seconds that Slack waits for an acknowledgement."""
_PEOPLE_WAIT = 0.5
"""Seconds that a command's answer may take to go with its acknowledgement, without which nobody sees a sign of life."""

Listener = Callable[[AsyncBoltRequest], Awaitable[None]]


class Kind(StrEnum):
    """Of what Slack sends; its `type`, where it has one."""

    PRESS = "block_actions"
    COMMAND = "command"
    EVENT = "event_callback"
    SHORTCUT = "shortcut"
    MESSAGE_SHORTCUT = "message_action"
    SUBMISSION = "view_submission"


class Routes(AsyncMiddleware):
    """The last that a request passes: what nobody listens to goes on, for Bolt to say so."""

    def __init__(
        self, at_work: AtWork, *, patience: float = _SLACK_WAITS, patience_for_commands: float = _PEOPLE_WAIT
    ) -> None:
        """`at_work`: where listeners are seen to be at work, also behind their acknowledgement. `patience`: the seconds
        after which one that has not acknowledged is given up.

        A command is acknowledged for its listener, after `patience_for_commands`.
        """
        self._at_work = at_work
        self.patience, self._patience_for_commands = patience, patience_for_commands
        self._looks: list[Look] = []
        self._listeners: dict[tuple[Kind, str], Listener] = {}

    @property
    def known(self) -> Collection[tuple[Kind, str]]:
        """What is listened to."""
        return self._listeners.keys()

    def every_request_passes(self, look: Look) -> None:
        """In the order in which they are named, before a listener is looked for."""
        self._looks.append(look)

    def add(self, kind: Kind, name: str, listener: Listener) -> None:
        """`name`: of the command, the event or the shortcut, of the button or the form.

        Raises ValueError where somebody listens to it already.
        """
        if (kind, name) in self._listeners:
            raise ValueError(f"two listeners to {kind} {name}")
        self._listeners[kind, name] = listener

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        for look in self._looks:
            answer = await look(req.body, req.context)
            if answer is not None:
                return answer
        found = _destination_of(req.body)
        listener = self._listeners.get(found) if found else None
        if found is None or listener is None:
            return await next()
        return await self._answer(listener, req, found[0])

    async def _answer(self, listener: Listener, req: AsyncBoltRequest, kind: Kind) -> BoltResponse:
        """The acknowledgement; the listener goes on after it. Nobody sees the one of an event: it is given first."""
        ack = req.context["ack"] = Acknowledgement()
        asyncio.create_task(self._hear(listener, req, ack))  # noqa: RUF006  (whoever is at work is kept there)
        if kind is Kind.EVENT:
            return await ack()
        try:
            async with asyncio.timeout(self._patience_for_commands if kind is Kind.COMMAND else self.patience):
                return await ack.given()
        except TimeoutError:
            if ack.response is not None:  # in the same moment: what it says would be lost
                return ack.response
            if kind is Kind.COMMAND:
                return await ack()
            log.warning("a listener has not acknowledged within %s s", self.patience)
            return BoltResponse(status=503)

    async def _hear(self, listener: Listener, req: AsyncBoltRequest, ack: Acknowledgement) -> None:
        with self._at_work.on_something():
            try:
                await listener(req)
            except Exception as error:
                await log_failure(error)
            finally:
                if ack.response is None:
                    ack.response = BoltResponse(status=500)


class Acknowledgement(AsyncAck):
    """Wakes whoever waits for it."""

    def __init__(self) -> None:
        self._given: asyncio.Future[BoltResponse] | None = None
        self._response: BoltResponse | None = None

    @property
    def response(self) -> BoltResponse | None:
        return self._response

    @response.setter
    def response(self, response: BoltResponse | None) -> None:
        self._response = response
        if response is not None and self._given is not None and not self._given.done():
            self._given.set_result(response)

    async def given(self) -> BoltResponse:
        if self._response is not None:
            return self._response
        self._given = asyncio.get_running_loop().create_future()
        return await self._given


async def log_failure(error: Exception) -> None:
    """Bolt's own way puts into the line what the exception says."""
    log.error("a listener failed", exc_info=error)


def _destination_of(body: dict[str, Any]) -> tuple[Kind, str] | None:
    """None for a kind that nobody listens to. Buttons of one kind side by side have ids that go on after a colon."""
    match body:
        case {"command": str(command)}:
            return Kind.COMMAND, command
        case {"type": Kind.EVENT, "event": {"type": str(kind)}}:
            return Kind.EVENT, kind
        case {"type": Kind.PRESS, "actions": [{"action_id": str(action_id)}, *_]}:
            return Kind.PRESS, action_id.partition(":")[0]
        case {"type": Kind.SUBMISSION, "view": {"callback_id": str(view_id)}}:
            return Kind.SUBMISSION, view_id
        case {"type": Kind.SHORTCUT | Kind.MESSAGE_SHORTCUT, "callback_id": str(callback_id)}:
            return Kind.SHORTCUT, callback_id
    return None
