"""What Slack answers, and what comes of it: the outcome table, on a clock that the test moves."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import create_autospec

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.knowledge import Knowledge
from bot.office import Office
from handlers.nudges.courier import RepeatsByItself
from handlers.product import Product
from storage import pauses
from storage.database import Database
from storage.tables import NudgeStatus
from tests.reliability.desk import Desk
from tests.reliability.fake_slack import Fault
from tests.reliability.harness import assert_each_once

AN_HOUR = timedelta(hours=1)


def test_f07_the_start_refuses_a_client_that_repeats_requests(sqlite_database: Database, office: Office) -> None:
    as_shipped = AsyncWebClient(token="xoxb-1")

    with pytest.raises(RepeatsByItself):
        Product(create_autospec(Knowledge, instance=True), office, sqlite_database, as_shipped)


async def test_f09_what_cannot_be_read_back_is_never_posted_again_and_people_are_asked(desk: Desk) -> None:
    desk.slack.fault_of = lambda _channel, ids, _tries: Fault("reset", after=True) if ids else None
    desk.slack.history_error = "missing_scope"
    ids = desk.fill(1)

    await desk.tick_for(4 * AN_HOUR, every=timedelta(minutes=5))

    assert desk.slack.by_nudge[ids[0]] == 1
    [nudge] = desk.nudges()
    assert (nudge.status, nudge.closed_reason) == (NudgeStatus.DEAD, "unverified")
    [card] = [post for post in desk.slack.posts if not post.ids]
    assert card.channel == "C1"
    assert "확인하지 못했습니다" in card.text


async def test_f10_a_limit_on_one_channel_slows_that_channel_only(desk: Desk) -> None:
    def limited(channel: str, _ids: tuple[str, ...], tries: int) -> Fault | None:
        return Fault("ratelimited", retry_after=30) if channel == "C1" and tries == 0 else None

    desk.slack.fault_of = limited
    ids = desk.fill(5)
    await desk.sweep.tick()
    assert {post.channel for post in desk.slack.posts} == {"C2", "C3", "C4", "C5"}

    await desk.tick_for(timedelta(seconds=29), every=timedelta(seconds=1))
    assert len(desk.slack.tried["C1"]) == 1
    await desk.tick_for(timedelta(seconds=10), every=timedelta(seconds=1))

    assert_each_once(desk.slack, ids)
    assert [nudge.attempts for nudge in desk.nudges()] == [1] * 5
    assert desk.slack.history_calls == 0


async def test_f11_two_hours_without_slack(desk: Desk) -> None:
    down = True
    desk.slack.fault_of = lambda *_: Fault("http_500") if down else None
    desk.slack.history_error = "internal_error"
    ids = desk.fill(5)
    await desk.tick_for(2 * AN_HOUR)
    assert desk.slack.posts == []

    down, desk.slack.history_error = False, None
    await desk.tick_for(timedelta(minutes=15, seconds=45))

    assert_each_once(desk.slack, ids)


async def test_f11_slack_comes_back_after_closing_time(desk: Desk) -> None:
    down = True
    desk.slack.fault_of = lambda *_: Fault("http_500") if down else None
    desk.slack.history_error = "internal_error"
    desk.clock.set(desk.at("2026-11-23 17:30"))
    ids = desk.fill(5)
    await desk.tick_for(AN_HOUR)

    down, desk.slack.history_error = False, None
    await desk.tick_for(desk.at("2026-11-24 09:29") - desk.clock.now(), every=timedelta(minutes=1))
    assert desk.slack.posts == []
    await desk.tick_for(timedelta(minutes=5))

    assert_each_once(desk.slack, ids)


async def test_f11_a_slack_that_never_comes_back_ends_in_a_question(desk: Desk) -> None:
    desk.slack.fault_of = lambda *_: Fault("http_500")
    desk.slack.history_error = "internal_error"
    desk.fill(1)

    await desk.tick_for(timedelta(days=4), every=timedelta(minutes=30))

    assert [(nudge.status, nudge.closed_reason) for nudge in desk.nudges()] == [(NudgeStatus.DEAD, "unverified")]


async def test_f12_a_revoked_token_stops_its_workspace_until_it_is_installed_again(desk: Desk) -> None:
    revoked = True

    def refused(channel: str, _ids: tuple[str, ...], _tries: int) -> Fault | None:
        return Fault("token_revoked") if revoked and int(channel[1:]) % 2 == 1 else None

    desk.slack.fault_of = refused
    ids = desk.fill(10, workspaces=("T0EVEN", "T0ODD"))
    await desk.sweep.tick()

    def calls() -> int:
        return sum(len(times) for channel, times in desk.slack.tried.items() if int(channel[1:]) % 2 == 1)

    before = calls()
    await desk.tick_for(timedelta(days=5), every=AN_HOUR)
    assert calls() == before, "no further call with that token"
    assert {nudge.workspace_id: nudge.status for nudge in desk.nudges()} == {
        "T0EVEN": NudgeStatus.SENT,
        "T0ODD": NudgeStatus.SCHEDULED,
    }

    revoked = False
    with desk.database.writing() as session:
        assert pauses.resume(session=session, workspace_id="T0ODD", now=desk.clock.now())
    desk.clock.set(desk.at("2026-11-30 10:00"))
    await desk.tick_for(timedelta(minutes=10))

    assert_each_once(desk.slack, ids)


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived"])
async def test_f13_a_channel_that_is_gone_ends_the_nudge_and_its_owner_is_told(desk: Desk, error: str) -> None:
    desk.slack.fault_of = lambda channel, _ids, _tries: Fault(error) if channel == "C1" else None
    ids = desk.fill(1)

    await desk.tick_for(AN_HOUR)

    [nudge] = desk.nudges()
    assert (nudge.status, nudge.closed_reason) == (NudgeStatus.DEAD, error)
    assert desk.slack.by_nudge[ids[0]] == 0
    [card] = desk.slack.posts
    assert card.channel == "U1", "the contract's owner"
    assert "글을 올릴 수 없어" in card.text


async def test_f33_an_error_that_nobody_knows_may_mean_that_it_was_posted(desk: Desk) -> None:
    desk.slack.fault_of = lambda _channel, _ids, tries: Fault("weather_is_bad", after=True) if tries == 0 else None
    ids = desk.fill(1)

    await desk.sweep.tick()
    assert [nudge.status for nudge in desk.nudges()] == [NudgeStatus.UNKNOWN]
    await desk.tick_for(AN_HOUR)

    assert_each_once(desk.slack, ids)
    assert [nudge.status for nudge in desk.nudges()] == [NudgeStatus.SENT]
