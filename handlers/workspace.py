"""Which workspace a request is about, where Bolt does not find it, and how fast its listeners speak with Slack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from handlers.pacing import Pace, PacedClient

_WORKSPACE = "T"
Middleware = Callable[..., Awaitable[BoltResponse]]


def before_authorize(pace: Pace | None) -> Middleware:
    async def name_the_workspace(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Bolt takes an event's workspace from its authorization, and that of a whole organization names none."""
        if context.team_id is None:
            named = body.get("context_team_id") or body.get("team_id")
            if isinstance(named, str) and named.startswith(_WORKSPACE):
                context["team_id"] = named
                context.client.default_params["team_id"] = named
        if pace is not None:
            context["client"] = PacedClient.of(context.client, pace)
        return await next()

    return name_the_workspace
