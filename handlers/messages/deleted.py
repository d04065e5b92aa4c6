"""Somebody deletes a message: it may be a contract's status, to which we would lead people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """To be bound before the inbox, which leaves such events out."""

    async def forget(body: dict[str, Any], next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        event = body.get("event") or {}
        if event.get("subtype") == "message_deleted":
            deps.status.forget_link(str(event.get("channel")), str(event.get("deleted_ts")))
        return await next()

    app.middleware(forget)
