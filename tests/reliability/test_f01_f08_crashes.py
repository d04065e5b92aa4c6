"""Replicas that die, and a Slack that takes a message without saying so: every nudge arrives once.

Each test's name begins with its number in the list of faults (docs: scheduling, fault tests).
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from storage.database import Database
from tests.reliability.fake_slack import FakeSlack, Fault
from tests.reliability.harness import Fleet, assert_each_once, fill, first_nudges, statuses, until, until_all_sent
from tests.reliability.replica import AFTER_CLAIM, AFTER_POST, BEFORE_POST

PATIENT = {"request_limit": 10.0, "lease": 20.0}
"""For tests in which nothing goes wrong: a busy machine must not look like trouble."""


async def test_f01_two_replicas_share_a_thousand_without_a_look_at_the_history(
    database: Database, slack: FakeSlack, fleet: Fleet
) -> None:
    ids = fill(database, 1000)

    fleet.start(2, **PATIENT)
    await until_all_sent(database, 1000, within=90)

    assert_each_once(slack, ids)
    assert slack.history_calls == 0


async def test_f02_dying_right_after_the_claim(database: Database, slack: FakeSlack, fleet: Fleet) -> None:
    ids = fill(database, 40)
    [dying] = fleet.start(dies=AFTER_CLAIM)
    await until(dying.has_ended, within=20)
    assert slack.posts == []

    fleet.start(**{**PATIENT, "lease": 3.0})
    await until_all_sent(database, 40, within=30)

    assert_each_once(slack, ids)
    assert slack.history_calls == 0


async def test_f03_dying_between_the_mark_and_the_request(database: Database, slack: FakeSlack, fleet: Fleet) -> None:
    ids = fill(database, 40)
    [dying] = fleet.start(dies=BEFORE_POST)
    await until(dying.has_ended, within=20)
    assert slack.posts == []
    in_doubt = statuses(database).get("posting", 0)
    assert 1 <= in_doubt <= 4

    fleet.start()
    await until_all_sent(database, 40, within=30)

    assert_each_once(slack, ids)
    assert slack.history_calls <= 2 * in_doubt


async def test_f04_dying_after_slack_took_it_keeps_the_first_message(
    database: Database, slack: FakeSlack, fleet: Fleet
) -> None:
    ids = fill(database, 40)
    [dying] = fleet.start(dies=AFTER_POST)
    await until(dying.has_ended, within=20)
    firsts = {post.ids[0]: post.ts for post in slack.posts}
    assert firsts

    fleet.start()
    await until_all_sent(database, 40, within=30)

    assert_each_once(slack, ids)
    kept = {row.public_id: row.message_ts for row in first_nudges(database)}
    assert {one: kept[one] for one in firsts} == firsts


async def test_f06_cut_off_after_slack_took_it_on_every_first_try(
    database: Database, slack: FakeSlack, fleet: Fleet
) -> None:
    slack.fault_of = lambda _channel, _ids, tries: Fault("reset", after=True) if tries == 0 else None
    ids = fill(database, 100)

    fleet.start(2)
    await until_all_sent(database, 100, within=40)

    assert_each_once(slack, ids)
    stamps = {post.ids[0]: post.ts for post in slack.posts}
    assert all(row.attempts == 1 and row.message_ts == stamps[row.public_id] for row in first_nudges(database))
    assert slack.history_calls <= 2.2 * 100


@pytest.mark.parametrize("verify", [6.0, 1.5])
async def test_f08_a_history_that_lags_is_waited_for(
    sqlite_database: Database, tmp_path: Path, slack: FakeSlack, fleet_on_sqlite: Fleet, verify: float
) -> None:
    """The second run looks too early on purpose: were it not to double, this test could not fail."""
    slack.lag = 4.0
    slack.fault_of = lambda _channel, _ids, tries: Fault("reset", after=True) if tries == 0 else None
    ids = fill(sqlite_database, 30)

    fleet_on_sqlite.start(first_look=verify, looks=1)
    await until_all_sent(sqlite_database, 30, within=40)

    if verify > slack.lag:
        assert_each_once(slack, ids)
    else:
        assert slack.doubled > 0


async def test_f14_frozen_and_thawed_with_requests_on_their_way(
    database: Database, slack: FakeSlack, fleet: Fleet
) -> None:
    ids = fill(database, 300)
    frozen, other = fleet.start(2, lease=2.0)
    await until(lambda: len(slack.posts) > 20, within=30)
    for _ in range(2):
        frozen.signal(signal.SIGSTOP)
        began = len(slack.posts)
        await until(lambda began=began: len(slack.posts) > began, within=20, saying="the other goes on")
        await _two_leases()
        frozen.signal(signal.SIGCONT)

    await until_all_sent(database, 300, within=60)

    assert_each_once(slack, ids)
    assert not other.has_ended()


@pytest.mark.parametrize("checked", [True, False], ids=["checked", "unchecked"])
async def test_f15_frozen_between_the_mark_and_the_request(
    database: Database, slack: FakeSlack, fleet: Fleet, checked: bool
) -> None:
    """Without the last look at the clock the thawed process sends what another has sent meanwhile."""
    ids = fill(database, 1)
    [frozen] = fleet.start(freezes=True, checks_staleness=checked, lease=1.5)
    await until(lambda: statuses(database).get("posting"), within=20)
    fleet.start(lease=1.5)
    await until_all_sent(database, 1, within=30)

    frozen.signal(signal.SIGCONT)
    if not checked:
        await until(lambda: slack.doubled == 1, within=10, saying="a double: the test can fail")
        return
    await _two_leases()
    assert_each_once(slack, ids)
    assert not frozen.has_ended()


async def _two_leases() -> None:
    import asyncio

    await asyncio.sleep(4)
