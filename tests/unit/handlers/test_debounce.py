"""What is asked for several times in a moment is done once, and never with yesterday's knowledge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.at_work import AtWork
from handlers.debounce import Debounced


@dataclass
class Timer:
    after: float
    call: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Timers:
    """A schedule whose time a test lets pass."""

    set: list[Timer] = field(default_factory=list)

    def __call__(self, after: float, call: Callable[[], None]) -> Timer:
        self.set.append(Timer(after, call))
        return self.set[-1]

    def ring(self) -> None:
        due, self.set = [timer for timer in self.set if not timer.cancelled], []
        for timer in due:
            timer.call()


class Board:
    """Copies `value` to `shown` when it is refreshed; a refresh stands still while `gate` is closed."""

    def __init__(self) -> None:
        self.value, self.shown = 0, [0]
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def refresh(self, _key: str) -> None:
        read = self.value
        await self.gate.wait()
        if self.fails:
            raise OSError
        self.shown.append(read)


def debounced(board: Board, timers: Timers, at_work: AtWork) -> Debounced[str]:
    return Debounced(board.refresh, after=1.0, at_work=at_work, schedule=timers)


async def test_several_changes_in_a_moment_are_one_refresh_with_the_last_of_them() -> None:
    board, timers, at_work = Board(), Timers(), AtWork()
    refresh = debounced(board, timers, at_work)

    for value in (1, 2, 3):
        board.value = value
        refresh.ask("momo")
    assert [timer.after for timer in timers.set] == [1.0]
    timers.ring()
    await at_work.idle()

    assert board.shown == [0, 3]


async def test_a_change_during_a_refresh_is_not_lost() -> None:
    board, timers, at_work = Board(), Timers(), AtWork()
    refresh = debounced(board, timers, at_work)
    board.gate.clear()
    board.value = 1
    refresh.ask("momo")
    timers.ring()
    await asyncio.sleep(0)

    board.value = 2
    refresh.ask("momo")
    timers.ring()
    board.gate.set()
    await at_work.idle()

    assert board.shown == [0, 1, 2], "one after the other, the newer one last"


async def test_contracts_do_not_wait_for_each_other() -> None:
    board, timers, at_work = Board(), Timers(), AtWork()
    refresh = debounced(board, timers, at_work)

    refresh.ask("momo")
    refresh.ask("other")

    assert len(timers.set) == 2


async def test_a_stop_hurries_what_waits_and_waits_for_it() -> None:
    board, timers, at_work = Board(), Timers(), AtWork()
    refresh = debounced(board, timers, at_work)
    board.value = 1
    refresh.ask("momo")

    with refresh.hurried():
        await at_work.idle()
    timers.ring()
    await at_work.idle()

    assert board.shown == [0, 1], "and the timer that still rings does nothing more"


async def test_what_is_asked_for_during_a_stop_does_not_wait_either() -> None:
    board, timers, at_work = Board(), Timers(), AtWork()
    refresh = debounced(board, timers, at_work)

    with refresh.hurried():
        board.value = 1
        refresh.ask("momo")
        await at_work.idle()

    assert board.shown == [0, 1]


async def test_a_failure_does_not_end_it() -> None:
    board, timers, at_work = Board(), Timers(), AtWork()
    refresh = debounced(board, timers, at_work)
    board.fails = True
    refresh.ask("momo")
    timers.ring()
    await at_work.idle()

    board.fails, board.value = False, 7
    refresh.ask("momo")
    timers.ring()
    await at_work.idle()

    assert board.shown == [0, 7]
