"""The clients that speak with Slack's Web API."""

from __future__ import annotations

import logging
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from pydantic_core import to_json
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.nudges.delivery import NO_PREVIEWS

REQUEST_SECONDS = 10
_LINES = 100
_POSTS = frozenset({"chat.postEphemeral", "chat.postMessage"})


class NotInstalled(Exception):
    """We have no token for this workspace, or none that can be used any more."""


class NoTokenNow(Exception):
    """The token is over and Slack could not be asked for the next one just now."""


class SlackClient(AsyncWebClient):
    """Posts without previews, whoever posts: what a name or a note links to must not unfold, nor a source beside its
    answer.
    """

    @classmethod
    def like(cls, client: AsyncWebClient) -> Self:
        """For the same workspace, over the same lines; without retry handlers."""
        found = cls(
            token=client.token,
            base_url=client.base_url,
            timeout=client.timeout,
            ssl=client.ssl,
            proxy=client.proxy,
            session=client.session,
            logger=client.logger,
            retry_handlers=[],
        )
        found.default_params = client.default_params
        return found

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        if api_method in _POSTS:
            how["json"] = {**how["json"], **NO_PREVIEWS}
        return await super().api_call(api_method, **how)


def slack_client(
    token: str | None, api_url: str, *, workspace_id: str | None = None, session: ClientSession | None = None
) -> SlackClient:
    """A client that never repeats a request by itself: a repeated post would be a second message.

    `workspace_id` goes with every request, as the token of a whole organization needs it. Without a `session` every
    request opens a line of its own.
    """
    return SlackClient(
        token=token,
        base_url=api_url,
        timeout=REQUEST_SECONDS,
        retry_handlers=[],
        team_id=workspace_id,
        session=session,
        # The SDK asks a logger for its own level: one without would have every request written out, for nobody.
        logger=logging.getLogger("slack_sdk"),
    )


def lines_to_slack() -> ClientSession:
    """Lines that stay open for the next request: to open one takes longer than to ask. Needs a running event loop."""
    return ClientSession(
        timeout=ClientTimeout(total=REQUEST_SECONDS),
        connector=TCPConnector(limit=_LINES),
        json_serialize_bytes=to_json,  # Korean as it is, not as six letters each, and in a quarter of the time
    )
