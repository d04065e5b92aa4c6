"""What every request passes before a listener is looked for.

Bolt gathers for a function whatever it may ask for, time and again; a middleware of its own kind is just called.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

Look = Callable[[dict[str, Any], AsyncBoltContext], Awaitable[BoltResponse | None]]
"""Looks at a request's body and context. What it returns is the answer; None lets the request pass on."""


class Passing(AsyncMiddleware):
    def __init__(self, look: Look) -> None:
        self._look = look

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        answer = await self._look(req.body, req.context)
        return await next() if answer is None else answer
