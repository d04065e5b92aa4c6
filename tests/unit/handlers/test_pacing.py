"""Slack is asked no faster than it lets us, and what it answers with 429 comes through later."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from handlers.clients import slack_client
from handlers.pacing import LIMITS, Limit, Pace, PacedClient
from tests.slack_double import SlackDouble, running_slack_double


class Hours:
    """Time that passes while somebody sleeps, and not otherwise."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def pace(hours: Hours) -> Pace:
    return Pace(now=hours.now, sleep=hours.sleep)


async def test_a_burst_goes_through_and_the_rest_one_after_the_other(pace: Pace, hours: Hours) -> None:
    limit = Limit(per_minute=60, at_once=3)
    times = []
    for _ in range(6):
        await pace.turn("a", limit)
        times.append(hours.now())

    assert times == pytest.approx([0, 0, 0, 1, 2, 3])


async def test_keys_do_not_wait_for_each_other(pace: Pace, hours: Hours) -> None:
    for key in ("C1", "C2", "C3"):
        await pace.turn(key, Limit(per_minute=1, at_once=1))

    assert hours.now() == 0


async def test_nobody_waits_longer_than_makes_sense(pace: Pace, hours: Hours) -> None:
    limit = Limit(per_minute=1, at_once=1, patience=2)
    await pace.turn("a", limit)

    assert await pace.turn("a", limit) == 60
    assert hours.now() == 0
    hours.seconds = 59
    assert await pace.turn("a", limit) is None


async def test_a_429_holds_its_method_until_slack_says_so(hours: Hours, pace: Pace) -> None:
    async with running_slack_double() as slack:
        refuse(slack, "users.info", retry_after=7, times=1)
        client = PacedClient.of(slack_client("xoxb-1", slack.api_url), pace)

        answer = await client.users_info(user="U1")
        other = await client.users_conversations(user="U1")

        assert answer["ok"]
        assert other["ok"]
        assert hours.now() == pytest.approx(7)
        assert len(slack.calls("users.info")) == 2


async def test_a_429_that_is_too_long_is_said(hours: Hours, pace: Pace) -> None:
    async with running_slack_double() as slack:
        refuse(slack, "views.open", retry_after=7, times=1)
        client = PacedClient.of(slack_client("xoxb-1", slack.api_url), pace)

        for _ in range(2):
            with pytest.raises(SlackApiError, match="ratelimited"):
                await client.views_open(trigger_id="1", view={"type": "modal"})

        assert len(slack.calls("views.open")) == 1, "the second time Slack need not be asked"


async def test_only_a_429_is_repeated(pace: Pace) -> None:
    async with running_slack_double() as slack:
        slack.answers["chat.postMessage"] = {"error": "fatal_error"}
        client = PacedClient.of(slack_client("xoxb-1", slack.api_url), pace)

        with pytest.raises(SlackApiError, match="fatal_error"):
            await client.chat_postMessage(channel="C1", text="x")

        assert len(slack.calls("chat.postMessage")) == 1


async def test_messages_of_one_channel_wait_for_each_other_and_not_for_those_of_another(
    pace: Pace, hours: Hours
) -> None:
    async with running_slack_double() as slack:
        client = PacedClient.of(slack_client("xoxb-1", slack.api_url), pace)
        burst = LIMITS["chat.postMessage"].at_once
        for _ in range(burst):
            await client.chat_postMessage(channel="C1", text="x")
        await client.chat_postMessage(channel="C2", text="x")
        assert hours.now() == 0

        await client.chat_postMessage(channel="C1", text="x")

        assert hours.now() == pytest.approx(1)


def refuse(slack: SlackDouble, method: str, *, retry_after: int, times: int) -> None:
    refusals = deque([retry_after] * times)

    def answer(_: dict[str, Any]) -> Any:
        if not refusals:
            return {}
        headers = {"Retry-After": str(refusals.popleft())}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    slack.answers[method] = answer
