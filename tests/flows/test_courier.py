"""A nudge's way into Slack when Slack or the line is in trouble: what we learn, and how many messages there are."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from app import MANIFEST
from bot.localslack.clock import FrozenClock
from bot.localslack.server import LocalSlack
from bot.nudges.delivery import CannotReadBack, Delivery, Message, Outcome, ReadBackLater
from handlers.clients import slack_client
from handlers.nudges.courier import RepeatsByItself, SlackCourier

START = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
NUDGE = Message(text="알림", blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "알림"}}])


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack(MANIFEST, clock=FrozenClock(START)) as slack:
        yield slack


@pytest.fixture
def courier(slack: LocalSlack) -> SlackCourier:
    client = slack_client(slack.bot_token, slack.api_url)
    client.timeout = 1

    async def client_of(_: str) -> AsyncWebClient:
        return client

    return SlackCourier(client_of, slack.clock)


async def post(
    courier: SlackCourier, slack: LocalSlack, public_id: str = "n-1", channel: str | None = None
) -> Delivery:
    channel_id = channel or slack.channel("pg-계약").id
    return await courier.post(
        workspace_id=slack.team_id,
        channel_id=channel_id,
        public_ids=[public_id],
        message=NUDGE,
        not_after=time.monotonic() + 2,
    )


async def find(courier: SlackCourier, slack: LocalSlack, public_id: str = "n-1") -> str | None:
    found = await courier.find(
        workspace_id=slack.team_id,
        channel_id=slack.channel("pg-계약").id,
        public_ids=[public_id],
        since=START - timedelta(minutes=2),
    )
    return found.get(public_id)


def posted(slack: LocalSlack) -> int:
    return len(slack.channel("pg-계약").messages)


async def test_a_message_that_slack_takes_is_sent(slack: LocalSlack, courier: SlackCourier) -> None:
    delivery = await post(courier, slack)

    assert (delivery.outcome, delivery.message_ts) == (Outcome.SENT, slack.channel("pg-계약").last.ts)


@pytest.mark.parametrize("trouble", ["connection_reset", "http_500"])
async def test_cut_after_slack_took_it_the_outcome_is_unknown_and_it_is_there_once(
    slack: LocalSlack, courier: SlackCourier, trouble: str
) -> None:
    slack.trouble("chat.postMessage", trouble, after_effect=True)

    delivery = await post(courier, slack)

    assert delivery.outcome is Outcome.UNKNOWN
    assert posted(slack) == 1
    assert await find(courier, slack) == slack.channel("pg-계약").last.ts


async def test_a_request_that_hangs_is_unknown(slack: LocalSlack, courier: SlackCourier) -> None:
    trouble = slack.trouble("chat.postMessage", "hang")

    delivery = await post(courier, slack)
    trouble.release()

    assert delivery.outcome is Outcome.UNKNOWN
    assert await find(courier, slack) is None


async def test_a_busy_slack_says_how_long_to_wait(slack: LocalSlack, courier: SlackCourier) -> None:
    slack.trouble("chat.postMessage", "ratelimited", retry_after=30)

    delivery = await post(courier, slack)

    assert (delivery.outcome, delivery.retry_after) == (Outcome.CHANNEL_BUSY, timedelta(seconds=30))
    assert posted(slack) == 0


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("channel_not_found", Outcome.IMPOSSIBLE),
        ("is_archived", Outcome.IMPOSSIBLE),
        ("invalid_blocks", Outcome.IMPOSSIBLE),
        ("restricted_action_read_only_channel", Outcome.IMPOSSIBLE),
        ("no_permission", Outcome.IMPOSSIBLE),
        ("token_revoked", Outcome.WORKSPACE_CLOSED),
        ("missing_scope", Outcome.WORKSPACE_CLOSED),
        ("team_added_to_org", Outcome.NOT_SENT),
        ("fatal_error", Outcome.UNKNOWN),
        ("internal_error", Outcome.UNKNOWN),
        ("an_error_of_next_year", Outcome.UNKNOWN),
    ],
)
async def test_slacks_errors_mean_what_they_mean(
    slack: LocalSlack, courier: SlackCourier, error: str, outcome: Outcome
) -> None:
    slack.trouble("chat.postMessage", error)

    delivery = await post(courier, slack)

    assert (delivery.outcome, delivery.error) == (outcome, error)


async def test_nobody_at_the_other_end_is_certainly_not_sent(slack: LocalSlack, courier: SlackCourier) -> None:
    client = slack_client("xoxb-none", "http://127.0.0.1:1/api/")

    async def client_of(_: str) -> AsyncWebClient:
        return client

    delivery = await post(SlackCourier(client_of, slack.clock), slack)

    assert delivery.outcome is Outcome.NOT_SENT


async def test_a_nudge_is_found_among_others_by_its_id(slack: LocalSlack, courier: SlackCourier) -> None:
    for number in range(130):
        slack.clock.advance_to(START + timedelta(seconds=number))
        await post(courier, slack, public_id=f"n-{number}")

    assert await find(courier, slack, "n-3") == slack.channel("pg-계약").messages[3].ts
    assert await find(courier, slack, "n-none") is None


async def test_history_that_may_not_be_read_is_said_so(slack: LocalSlack, courier: SlackCourier) -> None:
    slack.trouble("conversations.history", "missing_scope")
    with pytest.raises(CannotReadBack):
        await find(courier, slack)

    slack.trouble("conversations.history", "internal_error")
    with pytest.raises(ReadBackLater):
        await find(courier, slack)


async def test_a_client_that_repeats_requests_is_refused(slack: LocalSlack) -> None:
    async def client_of(_: str) -> AsyncWebClient:
        return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)

    with pytest.raises(RepeatsByItself):
        await post(SlackCourier(client_of, slack.clock), slack)
    assert posted(slack) == 0
