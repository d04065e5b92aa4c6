"""Trouble on demand: refused, accepted and lost, limited, doubled, late."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientConnectionError
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import LocalSlack
from tests.unit.localslack.conftest import Install, error_of


@pytest.fixture
def blunt_client(slack: LocalSlack) -> AsyncWebClient:
    """Without slack_sdk's own retries."""
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


async def test_a_refused_call_has_no_effect(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.trouble("chat.postMessage", "fatal_error")

    assert await error_of(client.chat_postMessage(channel="#pg-계약", text="하나")) == "fatal_error"
    await client.chat_postMessage(channel="#pg-계약", text="둘")

    assert [message.text for message in slack.channel("pg-계약").messages] == ["둘"]


async def test_a_rate_limit_is_429_with_its_seconds(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.trouble("chat.postMessage", "ratelimited", retry_after=30)

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="#pg-계약", text="글")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "30"


async def test_accepted_and_then_the_connection_is_lost(slack: LocalSlack, blunt_client: AsyncWebClient) -> None:
    slack.trouble("chat.postMessage", "connection_reset", after_effect=True)

    with pytest.raises(ClientConnectionError):
        await blunt_client.chat_postMessage(channel="#pg-계약", text="갔을까요")

    assert slack.channel("pg-계약").last.text == "갔을까요"


async def test_accepted_and_then_a_server_error(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.trouble("chat.postMessage", "http_500", after_effect=True)

    assert await error_of(client.chat_postMessage(channel="#pg-계약", text="글")) == "internal_error"
    assert slack.channel("pg-계약").last.text == "글"


async def test_a_call_that_hangs_can_be_given_up(slack: LocalSlack) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=1, retry_handlers=[])
    slack.trouble("chat.postMessage", "hang", after_effect=True)

    call = asyncio.ensure_future(client.chat_postMessage(channel="#pg-계약", text="글"))
    await slack.until(lambda: slack.channel("pg-계약").messages)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)

    assert slack.channel("pg-계약").last.text == "글"
    await slack.quiet()


async def test_a_released_call_is_lost(slack: LocalSlack, blunt_client: AsyncWebClient) -> None:
    trouble = slack.trouble("chat.postMessage", "hang")

    call = asyncio.ensure_future(blunt_client.chat_postMessage(channel="#pg-계약", text="글"))
    await slack.until(lambda: any("hang" in line.title for line in slack.log.lines))
    trouble.release()

    with pytest.raises(ClientConnectionError):
        await call
    assert slack.channel("pg-계약").messages == []


def test_an_error_code_cannot_come_after_the_effect(slack: LocalSlack) -> None:
    with pytest.raises(ValueError, match="after the effect"):
        slack.trouble("chat.postMessage", "fatal_error", after_effect=True)


async def test_trouble_ends_when_it_is_called_off(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.trouble("*", "fatal_error", times=100)
    assert await error_of(client.auth_test()) == "fatal_error"

    slack.no_more_trouble()

    assert (await client.auth_test())["ok"]


async def test_events_can_come_twice_with_one_id(slack: LocalSlack, app: AsyncApp, install: Install) -> None:
    ids: list[str] = []

    @app.event("message")
    async def on_message(body: dict[str, Any]) -> None:
        ids.append(body["event_id"])

    await install(app)
    slack.redeliver_events(2)
    await slack.person("김민지").says("pg-계약", "세 번 들리나요")
    await slack.until(lambda: len(ids) == 3)

    assert len(set(ids)) == 1


async def test_held_events_come_late_and_in_order(slack: LocalSlack, app: AsyncApp, install: Install) -> None:
    heard: list[str] = []

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    await install(app)
    slack.hold_events()
    await slack.person("김민지").says("pg-계약", "먼저")
    await slack.person("박준호").says("pg-계약", "나중")
    await slack.quiet()
    assert heard == []

    slack.release_events()
    await slack.until(lambda: len(heard) == 2)

    assert heard == ["먼저", "나중"]
