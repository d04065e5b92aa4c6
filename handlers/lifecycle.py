"""The app is taken out of a workspace, or let in. Written down before Slack has its answer, so that it is not lost.

These events pass the inbox by: they come in any order and more than once, and mean the same each time.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.workspaces.installing import connect_through_organization, disconnect
from handlers.deps import Deps
from handlers.routes import Routes

log = logging.getLogger(__name__)

_GONE = frozenset({"app_uninstalled", "tokens_revoked"})
_REVOKED, _GRANTED = "team_access_revoked", "team_access_granted"
_END_OF_THE_SECOND = timedelta(milliseconds=999)
"""Slack tells the second in which it happened."""


def register(routes: Routes, deps: Deps) -> None:
    routes.every_request_passes(partial(follow_installations, deps=deps))


async def follow_installations(body: dict[str, Any], context: AsyncBoltContext, *, deps: Deps) -> BoltResponse | None:
    event = body.get("event") or {}
    kind = event.get("type")
    if kind in _GONE:
        if kind == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
            await _gone(_whose(context), body, deps)
    elif kind == _REVOKED:
        for workspace_id in event.get("team_ids") or []:
            await _gone((workspace_id, context.enterprise_id), body, deps)
    elif kind == _GRANTED:
        for workspace_id in event.get("team_ids") or []:
            await deps.database.write(
                connect_through_organization,
                workspace_id=workspace_id,
                enterprise_id=context.enterprise_id,
                now=deps.office.now(),
            )
    else:
        return None
    return BoltResponse(status=200)


def _whose(context: AsyncBoltContext) -> tuple[str | None, str | None]:
    """The workspace and the organization; no workspace when the whole organization has let the app go."""
    return (None if context.is_enterprise_install else context.team_id), context.enterprise_id


async def _gone(whose: tuple[str | None, str | None], body: dict[str, Any], deps: Deps) -> None:
    workspace_id, enterprise_id = whose
    happened_at = datetime.fromtimestamp(body["event_time"], tz=UTC) + _END_OF_THE_SECOND
    stopped = await deps.database.write(
        disconnect, workspace_id=workspace_id, enterprise_id=enterprise_id, happened_at=happened_at
    )
    log.info("%s: %s", body["event"]["type"], ", ".join(stopped) or "nothing to stop any more")
