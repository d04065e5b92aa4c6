"""The clients that speak with Slack's Web API."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

REQUEST_SECONDS = 10


def slack_client(token: str | None, api_url: str, *, workspace_id: str | None = None) -> AsyncWebClient:
    """A client that never repeats a request by itself: a repeated post would be a second message.

    `workspace_id` goes with every request, as the token of a whole organization needs it.
    """
    return AsyncWebClient(
        token=token, base_url=api_url, timeout=REQUEST_SECONDS, retry_handlers=[], team_id=workspace_id
    )
