"""One status message per contract: it follows the contract, comes back when deleted, and waits when Slack says so."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.at_work import AtWork
from bot.office import Office
from bot.texts.catalogue import Catalogues
from bot.workspaces import changing
from bot.workspaces.people import Standing
from handlers.status_keeper import StatusKeeper
from storage.database import Database
from storage.workspaces import note_uninstalled
from tests.conftest import SettableClock
from tests.slack_double import SlackDouble, running_slack_double
from tests.team import CHANNEL, MINJI, WORKSPACE, Team
from tests.unit.handlers.test_debounce import Timers

SEOUL = ZoneInfo("Asia/Seoul")


class Desk:
    """A team, its contract's status message at `1.0`, and what Slack is told about it."""

    def __init__(self, team: Team, slack: SlackDouble, keeper_with: Callable[..., StatusKeeper]) -> None:
        self.team, self.slack, self._timers, self._at_work = team, slack, Timers(), AtWork()
        self.keeper = keeper_with(at_work=self._at_work, schedule=self._timers, pause=self._pause)
        self.pauses: list[float] = []

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await self.after_a_moment()

    async def after_a_moment(self) -> None:
        self._timers.ring()
        await self._at_work.idle()

    async def looks(self, clock: SettableClock, day: int, hour: int, minute: int) -> None:
        """On a day of November 2026, at a time of Seoul."""
        clock.set(datetime(2026, 11, day, hour, minute, tzinfo=SEOUL))
        await self.keeper.redraw()
        await self.after_a_moment()

    @property
    def waits(self) -> list[float]:
        return [timer.after for timer in self._timers.set]

    def updates(self) -> list[str]:
        """What the updates of the message show, all words of it."""
        return [json.dumps(self.blocks(one.arguments), ensure_ascii=False) for one in self.slack.calls("chat.update")]

    @staticmethod
    def blocks(arguments: dict[str, Any]) -> list[dict[str, Any]]:
        blocks = arguments["blocks"]
        return list(json.loads(blocks) if isinstance(blocks, str) else blocks)


@pytest.fixture
async def desk(team: Team, sqlite_database: Database, office: Office, texts: Catalogues) -> AsyncIterator[Desk]:
    async with running_slack_double() as slack:
        posted = iter(range(1, 100))
        slack.answers["chat.postMessage"] = lambda _: {"ts": f"{next(posted)}.0"}
        slack.answers["chat.getPermalink"] = lambda asked: {"permalink": f"https://slack.example/{asked['message_ts']}"}
        client = AsyncWebClient("xoxb-1", base_url=slack.api_url, trust_env_in_session=False)

        async def client_of(_workspace_id: str) -> AsyncWebClient:
            return client

        desk = Desk(team, slack, partial(StatusKeeper, sqlite_database, office, texts, client_of))
        await desk.keeper.post(team.starts().after)
        yield desk


async def test_three_changes_in_a_second_are_one_update_that_shows_the_last(desk: Desk) -> None:
    for step in ("application", "guidance", "paperwork"):
        desk.keeper.ask(desk.team.finishes(step).after)
    await desk.after_a_moment()

    assert len(desk.updates()) == 1
    assert "3/7 단계" in desk.updates()[0]


async def test_a_change_that_another_process_makes_meanwhile_is_shown_too(desk: Desk) -> None:
    def somebody_else_is_faster(_arguments: dict[str, Any]) -> dict[str, Any]:
        if len(desk.slack.calls("chat.update")) == 1:
            desk.team.finishes("guidance")
        return {}

    desk.slack.answers["chat.update"] = somebody_else_is_faster
    desk.keeper.ask(desk.team.finishes("application").after)
    await desk.after_a_moment()

    assert ["1/7 단계" in desk.updates()[0], "2/7 단계" in desk.updates()[1]] == [True, True]
    assert len(desk.updates()) == 2


async def test_a_deleted_message_is_posted_anew(desk: Desk) -> None:
    desk.slack.answers["chat.update"] = {"error": "message_not_found"}

    desk.keeper.ask(desk.team.finishes("application").after)
    await desk.after_a_moment()

    newest = desk.slack.calls("chat.postMessage")[-1].arguments
    assert newest["channel"] == CHANNEL
    assert "1/7 단계" in json.dumps(desk.blocks(newest), ensure_ascii=False)
    assert desk.team.state.status_message_ts == "2.0"


async def test_when_slack_wants_us_slower_it_is_done_later(desk: Desk) -> None:
    desk.slack.answers["chat.update"] = {"error": "ratelimited"}
    desk.keeper.ask(desk.team.finishes("application").after)
    await desk.after_a_moment()
    assert [wait > 1 for wait in desk.waits] == [True]

    desk.team.finishes("guidance")
    desk.slack.answers["chat.update"] = {}
    await desk.after_a_moment()

    assert "2/7 단계" in desk.updates()[-1]


@pytest.mark.parametrize("error", ["is_archived", "is_inactive", "no_permission"])
async def test_a_channel_that_is_closed_to_us_is_left_alone(desk: Desk, error: str) -> None:
    desk.slack.answers["chat.update"] = {"error": error}

    desk.keeper.ask(desk.team.finishes("application").after)
    await desk.after_a_moment()

    assert len(desk.slack.calls("chat.postMessage")) == 1


async def test_the_hint_to_pin_it_goes_with_the_first_step(desk: Desk, texts: Catalogues) -> None:
    hint = texts.speaker("ko")("status.pin")
    first = desk.slack.calls("chat.postMessage")[0].arguments
    assert hint in json.dumps(desk.blocks(first), ensure_ascii=False)

    desk.keeper.ask(desk.team.finishes("application").after)
    await desk.after_a_moment()
    await desk.keeper.post(desk.team.state)

    later = [*desk.slack.calls("chat.update"), desk.slack.calls("chat.postMessage")[-1]]
    assert not any(hint in json.dumps(desk.blocks(one.arguments), ensure_ascii=False) for one in later)


async def test_what_the_days_have_changed_is_drawn_once_each_business_morning(desk: Desk, clock: SettableClock) -> None:
    desk.keeper.ask(desk.team.finishes("application").after)
    await desk.after_a_moment()
    seen = [len(desk.updates())]
    for moment in ((23, 17, 0), (24, 8, 0), (24, 9, 40), (24, 9, 41), (24, 16, 0), (28, 11, 0), (30, 9, 31)):
        await desk.looks(clock, *moment)
        seen.append(len(desk.updates()))

    assert seen == [1, 1, 1, 2, 2, 2, 2, 3], "Tuesday and the next Monday, neither at night nor on Saturday"
    assert "1영업일째" in desk.updates()[1]
    assert "2영업일 지났습니다" in desk.updates()[2]


async def test_a_change_for_the_whole_workspace_is_drawn_at_once_a_few_at_a_time(
    desk: Desk, clock: SettableClock
) -> None:
    for number in range(11):
        await desk.keeper.post(desk.team.starts("다른상점", channel_id=f"C0OTHER{number}").after)
    new = changing.NewSettings(
        zone="Asia/Seoul", opens=time(9), closes=time(18), nudge_at=time(9), managers=(MINJI,), language="en"
    )
    desk.team.write(changing.change_settings, new, standing=Standing.MEMBER)

    desk.keeper.ask_workspace(WORKSPACE)
    await desk.looks(clock, 23, 23, 0)

    assert ["contract with" in update for update in desk.updates()] == [True] * 12
    assert desk.pauses == [20.0]


async def test_where_the_app_is_taken_out_nothing_is_drawn(desk: Desk, clock: SettableClock) -> None:
    desk.team.finishes("application")
    with desk.team.database.writing() as session:
        note_uninstalled(session=session, workspace_id=WORKSPACE, happened_at=clock.now())

    await desk.looks(clock, 24, 9, 40)

    assert desk.updates() == []
