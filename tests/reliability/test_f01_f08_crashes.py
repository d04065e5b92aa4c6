"""Replicas that die, and a Slack that takes a message without saying so: every nudge arrives once.

Each test's name begins with its number in the list of faults (docs: scheduling, fault tests).
"""

from __future__ import annotations

from tests.reliability.fake_slack import Fault
from tests.reliability.harness import assert_each_once, fill, first_nudges, statuses, until, until_all_sent
from tests.reliability.replica import AFTER_CLAIM, AFTER_POST, BEFORE_POST
from tests.reliability.stage import SQLITE, Play, Scene, Stage

PATIENT = {"request_limit": 10.0, "lease": 30.0}
"""Where nothing goes wrong: a busy machine must not look like trouble."""
ALONE = {"request_limit": 10.0}
"""A replica that has nobody beside it may take longer for a request than its lease lasts."""


async def test_f01_two_replicas_share_a_thousand_without_a_look_at_the_history(stage: Stage) -> None:
    async def play(at: Scene) -> None:
        ids = fill(at.database, 1000)

        at.fleet.start(2, **PATIENT)
        await until_all_sent(at.database, 1000)

        assert_each_once(at.slack, ids)
        assert at.slack.history_calls == 0

    await stage.play(play)


async def test_f02_f03_f04_dying_after_the_claim_after_the_mark_and_after_slack_took_it(stage: Stage) -> None:
    async def after_the_claim(at: Scene) -> None:
        ids = fill(at.database, 40)
        [dying] = at.fleet.start(dies=AFTER_CLAIM)
        await until(dying.has_ended)
        assert at.slack.posts == []

        at.fleet.start(**ALONE)
        await until_all_sent(at.database, 40)

        assert_each_once(at.slack, ids)
        assert at.slack.history_calls == 0

    async def after_the_mark(at: Scene) -> None:
        ids = fill(at.database, 40)
        [dying] = at.fleet.start(dies=BEFORE_POST)
        await until(dying.has_ended)
        assert at.slack.posts == []
        in_doubt = statuses(at.database).get("posting", 0)
        assert 1 <= in_doubt <= 4

        at.fleet.start(**ALONE)
        await until_all_sent(at.database, 40)

        assert_each_once(at.slack, ids)
        assert at.slack.history_calls <= 2 * in_doubt

    async def after_slack_took_it(at: Scene) -> None:
        """The row gets the first message's ts, not one of a second message."""
        ids = fill(at.database, 40)
        [dying] = at.fleet.start(dies=AFTER_POST, **ALONE)
        await until(dying.has_ended)
        firsts = {post.ids[0]: post.ts for post in at.slack.posts}
        assert firsts

        at.fleet.start(**ALONE)
        await until_all_sent(at.database, 40)

        assert_each_once(at.slack, ids)
        kept = {row.public_id: row.message_ts for row in first_nudges(at.database)}
        assert {one: kept[one] for one in firsts} == firsts

    await stage.play(after_the_claim, after_the_mark, after_slack_took_it)


async def test_f06_cut_off_after_slack_took_it_on_every_first_try(stage: Stage) -> None:
    async def play(at: Scene) -> None:
        at.slack.fault_of = cut_after_first_try
        ids = fill(at.database, 100)

        at.fleet.start(2, **PATIENT)
        await until_all_sent(at.database, 100)

        assert_each_once(at.slack, ids)
        stamps = {post.ids[0]: post.ts for post in at.slack.posts}
        rows = first_nudges(at.database)
        assert all(row.attempts == 1 and row.message_ts == stamps[row.public_id] for row in rows)
        assert at.slack.history_calls <= 2.2 * 100

    await stage.play(play)


async def test_f08_a_history_that_lags_is_waited_for(stage: Stage) -> None:
    """The second run looks too early on purpose: were it not to double, this test could not fail."""

    def looking_after(seconds: float, *, lag: float) -> Play:
        async def play(at: Scene) -> None:
            at.slack.lag = lag
            at.slack.fault_of = cut_after_first_try
            ids = fill(at.database, 30)
            at.fleet.start(first_look=seconds, looks=1, **ALONE)
            await until_all_sent(at.database, 30)

            if seconds > lag:
                assert_each_once(at.slack, ids)
            else:
                assert at.slack.doubled > 0

        return play

    await stage.play(looking_after(6.0, lag=4.0), looking_after(1.5, lag=60.0), on=[SQLITE])


def cut_after_first_try(_channel: str, _ids: tuple[str, ...], tries: int) -> Fault | None:
    return Fault("reset", after=True) if tries == 0 else None
