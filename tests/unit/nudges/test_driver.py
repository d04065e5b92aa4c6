"""What drives the short jobs, and how it stops."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.nudges import driver as driving
from bot.nudges.driver import Driver

SOON = timedelta(milliseconds=20)


async def test_a_job_that_fails_is_run_again() -> None:
    driver, runs = Driver(), asyncio.Queue[int]()

    async def fails() -> None:
        runs.put_nowait(1)
        raise RuntimeError("this time")

    driver.every(SOON, fails, name="fails")
    driver.start()
    async with asyncio.timeout(20):
        for _ in range(3):
            await runs.get()
    await driver.stop()


async def test_a_stop_waits_for_what_is_being_done() -> None:
    driver, begun, done = Driver(), asyncio.Event(), []

    async def job() -> None:
        begun.set()
        await asyncio.sleep(0.1)
        done.append(True)

    driver.every(timedelta(hours=1), job, name="job")
    driver.start()
    await begun.wait()

    await driver.stop()

    assert done == [True]


async def test_what_comes_afterwards_runs_once_when_all_others_have_run() -> None:
    driver, go_on, runs = Driver(), asyncio.Event(), asyncio.Queue[str]()

    async def quick() -> None:
        runs.put_nowait("quick")

    async def slow() -> None:
        await go_on.wait()
        runs.put_nowait("slow")
        raise RuntimeError("and yet it has run")

    async def last() -> None:
        runs.put_nowait("last")

    driver.afterwards(last, name="last")
    driver.every(SOON, quick, name="quick")
    driver.every(SOON, slow, name="slow")
    driver.start()
    seen: list[str] = []
    async with asyncio.timeout(20):
        while seen.count("quick") < 3:
            seen.append(await runs.get())
        assert "last" not in seen
        go_on.set()
        while seen.count("slow") < 3 or "last" not in seen:
            seen.append(await runs.get())
    await driver.stop()

    assert seen.count("last") == 1


async def test_all_others_wait_until_the_first_has_run() -> None:
    driver, seen, others_ran = Driver(), list[str](), asyncio.Event()

    async def first() -> None:
        await asyncio.sleep(0.05)
        seen.append("first")

    async def other() -> None:
        seen.append("other")
        others_ran.set()

    driver.every(timedelta(hours=1), first, name="first")
    driver.every(timedelta(hours=1), other, name="other")
    driver.start()
    async with asyncio.timeout(20):
        await others_ran.wait()
    await driver.stop()

    assert seen == ["first", "other"]


async def test_all_others_do_not_wait_for_a_first_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "_A_MOMENT", 0.01)
    driver, others_ran = Driver(), asyncio.Event()

    async def other() -> None:
        others_ran.set()

    driver.every(timedelta(hours=1), others_ran.wait, name="first")
    driver.every(timedelta(hours=1), other, name="other")
    driver.start()
    async with asyncio.timeout(20):
        await others_ran.wait()
    await driver.stop()


async def test_what_was_not_started_can_be_stopped() -> None:
    await Driver().stop()


async def test_a_stop_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A request to Slack may take ten seconds, a stop five. What it cuts off is no error."""
    monkeypatch.setattr(driving, "_STOP_SECONDS", 0.1)
    driver, begun, cut_off = Driver(), asyncio.Event(), []

    async def hangs() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cut_off.append(True)
            raise

    driver.every(timedelta(hours=1), hangs, name="hangs")
    driver.start()
    await begun.wait()

    async with asyncio.timeout(5):
        await driver.stop()

    assert cut_off == [True]
    await asyncio.sleep(0)
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


async def test_a_job_can_be_started_anew_from_another_thread() -> None:
    driver, runs = Driver(), asyncio.Queue[int]()

    async def job() -> None:
        runs.put_nowait(1)

    driver.every(timedelta(hours=1), job, name="job")
    driver.start()
    async with asyncio.timeout(20):
        await runs.get()
        await asyncio.to_thread(driver.start_anew, "job")
        await runs.get()
    await driver.stop()
