"""Whatever is posted shows no preview of a link, whichever client posts it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.clients import SlackClient, slack_client
from handlers.pacing import Pace
from tests.slack_double import running_slack_double


@pytest.mark.parametrize(
    "made",
    [
        lambda url: slack_client("xoxb-1", url),
        lambda url: SlackClient.like(AsyncWebClient("xoxb-1", base_url=url)),
        lambda url: Pace().client(AsyncWebClient("xoxb-1", base_url=url)),
    ],
    ids=["ours", "like Bolt's", "at a pace"],
)
async def test_what_is_posted_shows_no_previews(made: Callable[[str], AsyncWebClient]) -> None:
    async with running_slack_double() as slack:
        client = made(slack.api_url)
        await client.chat_postMessage(channel="C1", text="https://slack.example", unfurl_links=True)
        await client.chat_postEphemeral(channel="C1", user="U1", text="https://slack.example")
        await client.chat_update(channel="C1", ts="1.1", text="https://slack.example")

    posted = [(one.arguments.get("unfurl_links"), one.arguments.get("unfurl_media")) for one in slack.asked]
    assert posted == [(False, False), (False, False), (None, None)], "chat.update has no such arguments"
