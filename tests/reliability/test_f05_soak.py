"""Replicas are killed again and again while Slack fails in every way: nothing is lost, nothing comes twice.

2,000 nudges; the environment variable SOAK sets another number, 8000 for the long run.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from random import Random

import pytest

from storage.database import Database
from tests.reliability.fake_slack import FakeSlack, fault_mix
from tests.reliability.harness import Fleet, assert_each_once, fill, until, until_all_sent

COUNT = int(os.environ.get("SOAK", "2000"))
REPLICAS = 3
TIMES = {"request_limit": 2.0, "lease": 6.0, "first_look": 3.5, "second_look": 2.0}
PATIENCE = 60 + COUNT * 0.25


@pytest.mark.timeout(120 + COUNT * 0.3)
async def test_f05_killed_at_random_while_slack_fails_in_every_way(
    database: Database, slack: FakeSlack, fleet: Fleet
) -> None:
    slack.fault_of = fault_mix(Random(5))
    ids = fill(database, COUNT)
    fleet.start(REPLICAS, **TIMES)

    async with killing(fleet, slack, Random(5)) as kills:
        await until_all_sent(database, COUNT, within=PATIENCE)

    assert_each_once(slack, ids)
    assert kills, "somebody was killed on the way"


@contextlib.asynccontextmanager
async def killing(fleet: Fleet, slack: FakeSlack, random: Random) -> AsyncIterator[list[int]]:
    """After every hundred messages or so, a second or two, a random replica dies and another takes its place."""
    kills: list[int] = []

    async def go_on() -> None:
        while True:
            enough = len(slack.posts) + random.randrange(80, 200)
            await until(lambda enough=enough: len(slack.posts) >= enough, within=PATIENCE)
            victim = random.choice([one for one in fleet.replicas if not one.has_ended()])
            victim.kill()
            kills.append(victim.process.pid)
            fleet.start(**TIMES)

    killer = asyncio.create_task(go_on())
    try:
        yield kills
    finally:
        killer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await killer
