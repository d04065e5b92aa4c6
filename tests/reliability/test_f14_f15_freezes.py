"""Processes that are frozen, and go on as if no time had passed: a claimer's word must not count for longer than its
lease, and what it had begun must not be sent late.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3

from storage.database import Database
from tests.reliability.harness import (
    PATIENCE,
    Replica,
    assert_each_once,
    fill,
    first_nudges,
    statuses,
    until,
    until_all_sent,
)
from tests.reliability.replica import BEFORE_POST, BEFORE_WRITE
from tests.reliability.stage import Play, Scene, Stage

LEASE = 2.0


async def test_f14_frozen_and_thawed_with_requests_on_their_way(stage: Stage) -> None:
    """As in the product, the second look comes three leases after the first."""

    async def play(at: Scene) -> None:
        at.slack.latency = 0.1
        ids = fill(at.database, 100)
        frozen, other = at.fleet.start(2, lease=LEASE, request_limit=1.5, second_look=3 * LEASE)
        await until(lambda: len(at.slack.posts) > 10)
        await _freeze(frozen, at.database)
        began = len(at.slack.posts)
        await asyncio.sleep(2 * LEASE)
        await until(lambda: len(at.slack.posts) > began, saying="the other goes on")
        frozen.signal(signal.SIGCONT)

        await until_all_sent(at.database, 100)

        assert_each_once(at.slack, ids)
        assert not frozen.has_ended()
        assert not other.has_ended()

    await stage.play(play)


async def _freeze(replica: Replica, database: Database) -> None:
    """Between two of its transactions: SQLite has one writer, and who is frozen as that keeps all others from writing
    until it goes on.
    """
    while True:
        replica.signal(signal.SIGSTOP)
        try:
            await asyncio.to_thread(_write_nothing, database)
        except sqlite3.OperationalError:
            replica.signal(signal.SIGCONT)
            await asyncio.sleep(0.05)  # or it would be stopped again before it has gone on
        else:
            return


def _write_nothing(database: Database) -> None:
    with database.writing() as session:
        session.connection()


async def test_f15_frozen_between_the_mark_and_the_request(stage: Stage) -> None:
    """Without the last look at the clock the thawed process sends what another has sent meanwhile.

    Frozen behind that look it sends late in any case. As long as the other has not looked twice that is one message;
    after that it is two, which no sender can prevent: what is left is to make the gap as short as it can be.
    """

    def frozen_at(place: str, *, checked: bool = True, thawed_late: bool = True, messages: int) -> Play:
        async def play(at: Scene) -> None:
            [nudge_id] = fill(at.database, 1)
            times = {"lease": 1.0, "second_look": 4.0, "request_limit": PATIENCE}  # it does not hang up when thawed
            [frozen] = at.fleet.start(freezes=place, checks_staleness=checked, **times)
            await until(lambda: statuses(at.database).get("posting"))
            at.fleet.start(**times)
            if thawed_late:
                await until_all_sent(at.database, 1)
            else:
                await until(lambda: first_nudges(at.database)[0].checks == 1, saying="one look found nothing")
            frozen.signal(signal.SIGCONT)

            await until_all_sent(at.database, 1)
            await until(lambda: at.slack.by_nudge[nudge_id] >= messages)
            await asyncio.sleep(1)
            assert at.slack.by_nudge[nudge_id] == messages
            assert not frozen.has_ended()

        return play

    await stage.play(
        frozen_at(BEFORE_POST, messages=1),
        frozen_at(BEFORE_POST, checked=False, messages=2),
        frozen_at(BEFORE_WRITE, thawed_late=False, messages=1),
        frozen_at(BEFORE_WRITE, messages=2),
    )
