"""Slack tells us of our own messages too: a nudge that we hear of is posted, whatever became of its request."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.nudges.sweep import Sweep
from handlers.nudges.courier import public_ids_of
from handlers.routes import Routes


def register(routes: Routes, sweep: Sweep) -> None:
    """To be bound before everything else: our own messages are of interest to nobody else."""
    routes.every_request_passes(partial(confirm, sweep=sweep))


async def confirm(body: dict[str, Any], context: AsyncBoltContext, *, sweep: Sweep) -> BoltResponse | None:
    event = body.get("event") or {}
    ours = event.get("type") == "message" and event.get("bot_id") and event["bot_id"] == context.bot_id
    public_ids = public_ids_of(event) if ours else []
    if not public_ids:
        return None
    await sweep.confirm(context.team_id or body["team_id"], public_ids, event["ts"])
    return BoltResponse(status=200)
