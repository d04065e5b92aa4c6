"""The clients that speak with Slack's Web API."""

from __future__ import annotations

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from slack_sdk.web.async_client import AsyncWebClient

REQUEST_SECONDS = 10
_LINES = 100


class NotInstalled(Exception):
    """We have no token for this workspace, or none that can be used any more."""


class NoTokenNow(Exception):
    """The token is over and Slack could not be asked for the next one just now."""


def slack_client(
    token: str | None, api_url: str, *, workspace_id: str | None = None, session: ClientSession | None = None
) -> AsyncWebClient:
    """A client that never repeats a request by itself: a repeated post would be a second message.

    `workspace_id` goes with every request, as the token of a whole organization needs it. Without a `session` every
    request opens a line of its own.
    """
    return AsyncWebClient(
        token=token, base_url=api_url, timeout=REQUEST_SECONDS, retry_handlers=[], team_id=workspace_id, session=session
    )


def lines_to_slack() -> ClientSession:
    """Lines that stay open for the next request: to open one takes longer than to ask. Needs a running event loop."""
    return ClientSession(timeout=ClientTimeout(total=REQUEST_SECONDS), connector=TCPConnector(limit=_LINES))
