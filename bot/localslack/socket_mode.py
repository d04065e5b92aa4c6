"""Socket Mode: connections, envelopes and their acknowledgements (docs.slack.dev/apis/events-api/using-socket-mode)."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any, Literal

from aiohttp import WSCloseCode, WSMsgType, web
from msgspec import Struct

from bot.localslack.ids import APP_ID
from bot.localslack.json_types import Json
from bot.localslack.timing import Timing
from bot.localslack.wire_log import WireLog

MOST_CONNECTIONS = 10
_LARGEST_ACKNOWLEDGEMENT = 1024 * 1024
_CLOSE_SECONDS = 1.0

EnvelopeType = Literal["events_api", "slash_commands", "interactive"]
_LOG_KIND = {"events_api": "event", "slash_commands": "command", "interactive": "interactive"}


class NoSocket(Exception):
    """Nobody is connected: a person sees `dispatch_failed`."""


class NotAcknowledged(Exception):
    """The app did not answer within the deadline: a person sees `operation_timeout`."""


class Acknowledgement(Struct, frozen=True):
    """The app's answer to an envelope; `payload` is None for an empty one."""

    payload: Any
    ms: float


class SocketMode:
    """Holds the connections; the newest that is not being retired gets every envelope."""

    def __init__(self, log: WireLog, timing: Timing, base_url: Callable[[], str]) -> None:
        self._log = log
        self._timing = timing
        self._base_url = base_url
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._retiring: list[web.WebSocketResponse] = []
        self._pending: dict[str, asyncio.Future[Any]] = {}
        self._arrivals: set[asyncio.Future[None]] = set()

    @property
    def connected(self) -> int:
        """Connections that can take an envelope now."""
        return len(self._open)

    @property
    def unacknowledged(self) -> int:
        return len(self._pending)

    def new_url(self) -> str:
        """The address that apps.connections.open hands out; it opens one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return f"{self._base_url().replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP_ID}"

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """The web socket of one connection, for as long as it lives."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="unknown or used ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(max_msg_size=_LARGEST_ACKNOWLEDGEMENT, timeout=_CLOSE_SECONDS)
        await socket.prepare(request)
        if len(self._open) >= MOST_CONNECTIONS:
            await self._say_disconnect(socket, "too_many_websockets")
            await socket.close()
            return socket
        await self._welcome(socket)
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._take(frame.data)
        finally:
            self._forget(socket)
        return socket

    async def deliver(
        self, kind: EnvelopeType, payload: Json, title: str, attempt: int | None = None
    ) -> Acknowledgement:
        """Sends one envelope and waits for its acknowledgement.

        `attempt` counts deliveries of an event from 0.

        Raises:
            NoSocket: nobody is connected.
            NotAcknowledged: no answer within `Timing.acknowledge`.
        """
        socket = await self._a_socket()
        envelope_id = str(uuid.uuid4())
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[envelope_id] = answer
        retry = {} if attempt is None else _retry_fields(attempt)
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": takes_response(kind, payload),
            **retry,
        }
        started = time.monotonic()
        self._log.write(_LOG_KIND[kind], title, detail={"payload": payload, **retry})
        try:
            async with asyncio.timeout(self._timing.acknowledge):
                await socket.send_str(json.dumps(envelope, ensure_ascii=False))
                response = await answer
        except (TimeoutError, ConnectionError) as error:
            raise NotAcknowledged from error
        finally:
            self._pending.pop(envelope_id, None)
        elapsed = (time.monotonic() - started) * 1000
        self._log.write("ack", title, ms=elapsed, detail=response)
        return Acknowledgement(response, elapsed)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Asks every client to connect anew, as Slack does every few hours. Old connections get nothing more."""
        retired, self._open = self._open, []
        self._retiring.extend(retired)
        for socket in retired:
            await self._say_disconnect(socket, reason)
        self._log.write("socket", f"disconnect · {reason}", detail={"connections": len(retired)})

    async def close(self) -> None:
        """Closes every connection; whoever waits for an acknowledgement gets none."""
        for socket in [*self._open, *self._retiring]:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(NotAcknowledged())

    async def _welcome(self, socket: web.WebSocketResponse) -> None:
        self._open.append(socket)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._open),
                "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": APP_ID},
            }
        )
        self._log.write("socket", "hello", detail={"num_connections": len(self._open)})
        for waiter in self._arrivals:
            if not waiter.done():
                waiter.set_result(None)

    def _forget(self, socket: web.WebSocketResponse) -> None:
        for sockets in (self._open, self._retiring):
            if socket in sockets:
                sockets.remove(socket)
        self._log.write("socket", "closed", detail={"num_connections": len(self._open)})

    async def _a_socket(self) -> web.WebSocketResponse:
        # While a client moves to a new connection, Slack's other hosts would hold the envelope for a moment.
        try:
            async with asyncio.timeout(self._timing.acknowledge):
                while not self._open and self._retiring:
                    await self._next_arrival()
        except TimeoutError as error:
            raise NoSocket from error
        if not self._open:
            raise NoSocket
        return self._open[-1]

    async def _next_arrival(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals.add(waiter)
        try:
            await waiter
        finally:
            self._arrivals.discard(waiter)

    def _take(self, text: str) -> None:
        """One frame from the app: an acknowledgement, and nothing else has a meaning here."""
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        if not isinstance(frame, dict) or "envelope_id" not in frame:
            self._log.write("refused", "frame without envelope_id", ok=False, detail=text[:500])
            return
        answer = self._pending.get(frame["envelope_id"])
        if answer is None or answer.done():
            self._log.write("ack", "too late or unknown envelope_id", ok=False, detail=frame)
            return
        answer.set_result(frame.get("payload"))

    async def _say_disconnect(self, socket: web.WebSocketResponse, reason: str) -> None:
        if not socket.closed:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})


def takes_response(kind: EnvelopeType, payload: Json) -> bool:
    """Whether the acknowledgement may carry an answer (Slack's `accepts_response_payload`)."""
    if kind == "interactive":
        return payload.get("type") in {"view_submission", "block_suggestion"}
    return kind == "slash_commands"


def _retry_fields(attempt: int) -> Json:
    # The first delivery carries 0 and "": an app that treats the mere presence of a retry header as a retry
    # must fail here as it does at Slack.
    return {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
