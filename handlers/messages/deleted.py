"""Somebody deletes a message: it may be a contract's status, to which we would lead people."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from handlers.deps import Deps
from handlers.routes import Routes


def register(routes: Routes, deps: Deps) -> None:
    """To be bound before the inbox, which leaves such events out."""

    async def forget(body: dict[str, Any], _: AsyncBoltContext) -> None:
        event = body.get("event") or {}
        if event.get("subtype") == "message_deleted":
            deps.status.forget_link(str(event.get("channel")), str(event.get("deleted_ts")))

    routes.every_request_passes(forget)
