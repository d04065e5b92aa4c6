"""Which workspace a request is about, where Bolt does not find it."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

_WORKSPACE = "T"


async def name_the_workspace(body: dict[str, Any], context: AsyncBoltContext) -> None:
    """Bolt takes an event's workspace from its authorization, and that of a whole organization names none."""
    if context.team_id is None:
        named = body.get("context_team_id") or body.get("team_id")
        if isinstance(named, str) and named.startswith(_WORKSPACE):
            context["team_id"] = named
            context.client.default_params["team_id"] = named
