"""Time moves forward only, and stops wherever something is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import Due, FrozenClock, LocalSlack, WorkspaceClock
from tests.unit.localslack.conftest import MORNING

HOUR = timedelta(hours=1)


def test_a_naive_datetime_has_no_place_here() -> None:
    with pytest.raises(ValueError, match="aware"):
        FrozenClock(datetime(2026, 11, 24))
    with pytest.raises(ValueError, match="aware"):
        FrozenClock(MORNING).advance_to(datetime(2026, 11, 25))


def test_real_time_flows_on_from_where_it_was_moved_to() -> None:
    real = [MORNING]
    clock = WorkspaceClock(lambda: real[0])

    clock.advance_to(MORNING + 24 * HOUR)
    real[0] += HOUR

    assert clock.now() == MORNING + 25 * HOUR


def test_a_system_clock_that_is_set_back_stops_it() -> None:
    real = [MORNING]
    clock = WorkspaceClock(lambda: real[0])
    clock.now()

    real[0] -= HOUR

    assert clock.now() == MORNING


@given(st.lists(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)), max_size=20))
def test_whatever_it_is_told_it_never_goes_back(steps: list[timedelta]) -> None:
    clock, seen = FrozenClock(MORNING), [MORNING]
    for step in steps:
        clock.advance_to(MORNING + step)
        seen.append(clock.now())

    assert seen == sorted(seen)
    assert seen[-1] == max([MORNING, *(MORNING + step for step in steps)])
    assert clock.now().tzinfo is UTC


class Product:
    """A scripted product: its dues, and what its tick found due at which time."""

    def __init__(self, slack: LocalSlack, dues: list[datetime], per_tick: int = 100) -> None:
        self.dues = sorted(dues)
        self.done: list[tuple[datetime, datetime]] = []
        self.ticks = 0
        self._clock = slack.clock
        self._per_tick = per_tick

    async def next_due(self) -> datetime | None:
        return self.dues[0] if self.dues else None

    async def tick(self) -> None:
        self.ticks += 1
        now = self._clock.now()
        for due in [due for due in self.dues if due <= now][: self._per_tick]:
            self.dues.remove(due)
            self.done.append((due, now))


async def test_each_due_moment_is_met_at_its_own_time(slack: LocalSlack) -> None:
    dues = [MORNING + 2 * HOUR, MORNING + 26 * HOUR, MORNING + 24 * 8 * HOUR]
    product = Product(slack, dues)
    slack.drive(product.next_due, product.tick)

    journey = await slack.advance_to(MORNING + 24 * 7 * HOUR)

    assert product.done == [(due, due) for due in dues[:2]]
    assert (journey.now, journey.stops, journey.stuck_at) == (MORNING + 24 * 7 * HOUR, 2, None)


async def test_slacks_queue_and_the_products_take_turns(slack: LocalSlack, client: AsyncWebClient) -> None:
    order: list[str] = []
    product = Product(slack, [MORNING + 2 * HOUR])

    async def tick() -> None:
        await product.tick()
        order.append(f"tick with {[message.text for message in slack.channel('pg-계약').messages]}")

    slack.drive(product.next_due, tick)
    for hours in (1, 3):
        at = int((MORNING + hours * HOUR).timestamp())
        await client.chat_scheduleMessage(channel="#pg-계약", text=f"{hours}시간", post_at=at)

    await slack.advance_by(4 * HOUR)

    assert order == ["tick with ['1시간']"]
    assert [message.text for message in slack.channel("pg-계약").messages] == ["1시간", "3시간"]


async def test_what_the_product_adds_on_the_way_is_met_too(slack: LocalSlack) -> None:
    product = Product(slack, [MORNING + HOUR])

    async def tick() -> None:
        await product.tick()
        if len(product.done) < 4:
            product.dues.append(slack.clock.now() + HOUR)

    slack.drive(product.next_due, tick)
    await slack.advance_by(24 * HOUR)

    assert [when - MORNING for _, when in product.done] == [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]


async def test_many_dues_of_one_moment_may_be_worked_off_in_portions(slack: LocalSlack) -> None:
    product = Product(slack, [MORNING + HOUR] * 10, per_tick=1)
    slack.drive(product.next_due, product.tick)

    journey = await slack.advance_by(2 * HOUR)

    assert len(product.done) == 10
    assert journey.stops == 1


async def test_a_due_moment_that_never_goes_away_does_not_hold_the_clock(slack: LocalSlack) -> None:
    product = Product(slack, [MORNING + HOUR], per_tick=0)
    slack.drive(product.next_due, product.tick)

    journey = await slack.advance_by(2 * HOUR)

    assert journey.stuck_at == MORNING + HOUR
    assert journey.now == MORNING + 2 * HOUR
    assert 1 < product.ticks < 100
    assert any("tick" in line.title for line in slack.log.lines if line.kind == "unheard")


async def test_next_due_is_one_step_away(slack: LocalSlack) -> None:
    product = Product(slack, [MORNING + 5 * HOUR, MORNING + 6 * HOUR])
    slack.drive(product.next_due, product.tick)

    journey = await slack.advance_to_next_due()

    assert journey is not None
    assert slack.clock.now() == MORNING + 5 * HOUR
    assert len(product.done) == 1


async def test_with_nothing_due_there_is_no_next(slack: LocalSlack) -> None:
    assert await slack.advance_to_next_due() is None
    assert slack.clock.now() == MORNING


async def test_ts_grows_even_when_time_stands_still(slack: LocalSlack) -> None:
    minji = slack.person("김민지")
    said = [await minji.says("pg-계약", str(number)) for number in range(3)]

    assert [float(message.ts) for message in said] == sorted({float(message.ts) for message in said})
    assert said[0].ts.split(".")[0] == str(int(MORNING.timestamp()))


async def test_the_page_sees_what_is_queued(slack: LocalSlack) -> None:
    product = Product(slack, [MORNING + HOUR])

    async def queue() -> list[Due]:
        return [Due(MORNING + HOUR, "메일 알림", "C00000001")]

    slack.drive(product.next_due, product.tick, queue=queue)
    clock = (await slack.state_for(slack.person("김민지")))["clock"]

    assert clock["next_due"] == (MORNING + HOUR).timestamp()
    assert clock["queue"] == [{"at": clock["next_due"], "what": "메일 알림", "channel": "C00000001"}]
    assert clock["flowing"] is False


async def test_quiet_waits_for_the_products_own_work(slack: LocalSlack) -> None:
    asked: list[str] = []

    async def idle() -> None:
        asked.append("idle")

    product = Product(slack, [])
    slack.drive(product.next_due, product.tick, idle=idle)
    await slack.quiet()

    assert asked


async def test_a_wait_that_fails_tells_what_happened(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.auth_test()
    never: Callable[[], bool] = lambda: False  # noqa: E731

    with pytest.raises(AssertionError, match=r"the answer did not come within 0 s\n.*auth.test → ok"):
        await slack.until(never, timeout=0, what="the answer")
