"""Tokens that end after twelve hours are refreshed before that, once, however many replicas there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from bot.knowledge import Knowledge
from handlers.clients import NotInstalled, NoTokenNow
from tests.conftest import SettableClock
from tests.flows.oauth.conftest import HALF_A_DAY, House, build_house
from tests.slack_double import SlackDouble

OLD = {"refresh_token": "xoxe-1-first", "expires_in": HALF_A_DAY}
NEAR_ITS_END = timedelta(hours=10, minutes=30)
OVER = timedelta(hours=13)


class Issuer:
    """Slack's side of token rotation: a refresh token works once, and takes a while."""

    def __init__(self) -> None:
        self.next_refresh = "xoxe-1-first"
        self.count = 0

    async def __call__(self, asked: dict[str, Any]) -> dict[str, Any]:
        given, expected = asked.get("refresh_token"), self.next_refresh
        self.count += 1
        if given != expected:
            return {"error": "invalid_refresh_token"}
        self.next_refresh = f"xoxe-1-{self.count}"
        await asyncio.sleep(0)
        return {
            "token_type": "bot",
            "access_token": f"xoxb-{self.count}",
            "refresh_token": self.next_refresh,
            "expires_in": HALF_A_DAY,
        }


@pytest.fixture
def database_url_of_house(database_url: str) -> str:
    return database_url


@pytest.fixture
async def replicas(
    house: House, database_url: str, knowledge: Knowledge, clock: SettableClock, slack: SlackDouble
) -> AsyncIterator[tuple[House, House]]:
    async with AsyncExitStack() as stack:
        yield house, await build_house(database_url, knowledge, clock, slack, stack)


async def token_of(house: House) -> str | None:
    return (await house.tokens.client_of("T1")).token


async def test_two_replicas_refresh_once(replicas: tuple[House, House], slack: SlackDouble) -> None:
    first, second = replicas
    await first.installs("T1", "xoxb-first", **OLD)
    first.clock.advance(NEAR_ITS_END)
    issuer = Issuer()
    slack.answers["oauth.v2.access"] = issuer

    await asyncio.gather(*(house.tokens.refresh_due() for house in (first, second) * 3))

    assert issuer.count == 1
    assert [await token_of(house) for house in replicas] == ["xoxb-1", "xoxb-1"]


async def test_requests_that_find_the_token_over_wait_for_the_one_who_refreshes(
    replicas: tuple[House, House], slack: SlackDouble
) -> None:
    """After a night without the process, say: nobody may use the old token, and everybody needs the next one."""
    first, second = replicas
    await first.installs("T1", "xoxb-first", **OLD)
    first.clock.advance(OVER)
    issuer = Issuer()
    slack.answers["oauth.v2.access"] = issuer

    tokens = await asyncio.gather(*(token_of(house) for house in (first, second) * 3))

    assert (set(tokens), issuer.count) == ({"xoxb-1"}, 1)


async def test_a_token_is_refreshed_again_and_again(house: House, slack: SlackDouble) -> None:
    await house.installs("T1", "xoxb-first", **OLD)
    slack.answers["oauth.v2.access"] = Issuer()

    seen = []
    for _ in range(3):
        house.clock.advance(NEAR_ITS_END)
        await house.tokens.refresh_due()
        await house.tokens.refresh_due()
        seen.append(await token_of(house))

    assert seen == ["xoxb-1", "xoxb-2", "xoxb-3"]


async def test_a_token_that_is_young_or_never_ends_is_left_alone(house: House, slack: SlackDouble) -> None:
    await house.installs("T1", "xoxb-first", **OLD)
    await house.installs("T2", "xoxb-for-ever")
    slack.answers["oauth.v2.access"] = Issuer()

    house.clock.advance(timedelta(hours=9))
    await house.tokens.refresh_due()
    assert await token_of(house) == "xoxb-first"

    house.clock.advance(timedelta(days=400))
    assert (await house.tokens.client_of("T2")).token == "xoxb-for-ever"


async def test_while_slack_cannot_be_reached_the_old_token_serves_as_long_as_it_may(
    house: House, slack: SlackDouble
) -> None:
    await house.installs("T1", "xoxb-first", **OLD)
    house.clock.advance(NEAR_ITS_END)
    slack.answers["oauth.v2.access"] = lambda _: ConnectionError()

    await house.tokens.refresh_due()
    assert await token_of(house) == "xoxb-first"

    house.clock.advance(OVER)
    for no_answer in (slack.answers["oauth.v2.access"], {"error": "ratelimited"}, {"error": "internal_error"}):
        slack.answers["oauth.v2.access"] = no_answer
        with pytest.raises(NoTokenNow):
            await token_of(house)

    slack.answers["oauth.v2.access"] = Issuer()
    assert await token_of(house) == "xoxb-1", "as soon as Slack is back"


async def test_a_refresh_token_that_slack_refuses_asks_people_to_install_again(
    house: House, slack: SlackDouble
) -> None:
    await house.installs("T1", "xoxb-first", **OLD)
    house.clock.advance(OVER)
    slack.answers["oauth.v2.access"] = {"error": "invalid_refresh_token"}

    with pytest.raises(NotInstalled):
        await token_of(house)

    slack.asked.clear()
    await house.command("T1", "현황")
    assert "다시 설치" in slack.calls("response")[0].arguments["text"]
    assert not slack.calls("users.info"), "nothing is asked with a token that is over"


async def test_the_old_key_opens_and_without_it_nothing_is_served(house: House) -> None:
    from cryptography.fernet import Fernet

    from handlers.oauth.tokens import Tokens
    from storage.vault import Vault
    from tests.flows.oauth.conftest import KEY

    await house.installs("T1", "xoxb-first")

    def tokens(*keys: str) -> Tokens:
        return Tokens(house.database, house.clock, Vault(keys), house.tokens.oauth)

    new = Fernet.generate_key().decode()
    assert (await tokens(new, KEY).client_of("T1")).token == "xoxb-first"
    with pytest.raises(NotInstalled):
        await tokens(new).client_of("T1")
