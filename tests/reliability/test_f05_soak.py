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

from tests.reliability.fake_slack import FakeSlack, fault_mix
from tests.reliability.harness import PATIENCE, Fleet, assert_each_once, fill, until, until_all_sent
from tests.reliability.stage import Scene, Stage

COUNT = int(os.environ.get("SOAK", "2000"))
REPLICAS = 3
TIMES = {"request_limit": 2.0, "lease": 6.0, "first_look": 3.5, "second_look": 2.0}
PATIENT_FOR = PATIENCE + COUNT * 0.3


@pytest.mark.timeout(60 + 1.5 * PATIENT_FOR)
async def test_f05_killed_at_random_while_slack_fails_in_every_way(stage: Stage) -> None:
    async def play(at: Scene) -> None:
        at.slack.fault_of = fault_mix(Random(5))
        ids = fill(at.database, COUNT)
        at.fleet.start(REPLICAS, **TIMES)

        async with killing(at.fleet, at.slack, Random(5)) as kills:
            await until_all_sent(at.database, COUNT, within=PATIENT_FOR)

        assert_each_once(at.slack, ids)
        assert len(kills) >= COUNT // 300, "somebody was killed on the way"

    await stage.play(play)


@contextlib.asynccontextmanager
async def killing(fleet: Fleet, slack: FakeSlack, random: Random) -> AsyncIterator[list[int]]:
    """After every hundred messages or so, a second or two, a random replica dies and another takes its place."""
    kills: list[int] = []

    async def go_on() -> None:
        while True:
            enough = len(slack.posts) + random.randrange(80, 200)
            await until(lambda enough=enough: len(slack.posts) >= enough, within=PATIENT_FOR)
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
