"""A replica that is killed under load, events and reminders together (F35)."""

from __future__ import annotations

from tests.reliability.kill_nine import run


async def test_f35_killed_under_load_nothing_is_lost_and_nothing_comes_twice(postgres_url: str) -> None:
    outcome = await run(postgres_url)

    assert outcome.in_flight > 0, "otherwise the kill says nothing"
    assert outcome.is_whole, [count.cells() for count in outcome.counts]
