"""Moves the workspace's clock, stopping at every moment at which something is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from bot.localslack.ids import BOT_USER_ID
from bot.localslack.messenger import Messenger
from bot.localslack.model import Scheduled
from bot.localslack.wire_log import WireLog
from bot.localslack.workspace import Workspace

# Ticks at one due moment before it counts as stuck: a product may work its list off in portions.
_PATIENCE = 20

NextDue = Callable[[], Awaitable[datetime | None]]
Tick = Callable[[], Awaitable[None]]
Reset = Callable[[], Awaitable[None]]
Idle = Callable[[], Awaitable[None]]


class Due(Struct, frozen=True):
    """Something the product will do at a time, for the page's list."""

    at: datetime
    what: str
    channel: str = ""


Queue = Callable[[], Awaitable[Sequence[Due]]]


class Product(Struct, frozen=True):
    """What the product lends to the clock; see LocalSlack.drive."""

    next_due: NextDue
    tick: Tick
    reset: Reset | None = None
    idle: Idle | None = None
    queue: Queue | None = None


class Journey(Struct, frozen=True):
    """How a move of the clock went. `stuck_at` is a due moment that the product's tick did not take away."""

    now: datetime
    stops: int
    stuck_at: datetime | None = None


class TimeTravel:
    """One move at a time; a second one waits for the first."""

    def __init__(
        self, workspace: Workspace, messenger: Messenger, log: WireLog, settle: Callable[[], Awaitable[None]]
    ) -> None:
        self._workspace = workspace
        self._messenger = messenger
        self._log = log
        self._settle = settle
        self._turn = asyncio.Lock()
        self.product: Product | None = None

    @property
    def moving(self) -> bool:
        return self._turn.locked()

    async def next_due(self) -> datetime | None:
        """The next moment at which Slack's queue or the product has something to do; it may have passed."""
        return _earliest(self._next_scheduled(), await self._product_due())

    async def to(self, target: datetime) -> Journey:
        """Moves to `target` (aware), halting at each due moment on the way."""
        async with self._turn:
            self._workspace.changes.announce()
            stops, stuck_at = await self._halt_on_the_way(target)
            self._move_clock(target)
            if stuck_at is not None:
                await self._tick()
        self._workspace.changes.announce()
        return Journey(self._workspace.clock.now(), stops, stuck_at)

    async def _halt_on_the_way(self, target: datetime) -> tuple[int, datetime | None]:
        stops, ticks_here, previous = 0, 0, None
        while True:
            product_due = await self._product_due()
            due = _earliest(self._next_scheduled(), product_due)
            if due is None or due > target:
                return stops, None
            ticks_here = ticks_here + 1 if product_due == previous else 0
            if ticks_here > _PATIENCE:
                # The tick leaves it as it is: asking again would go on forever.
                self._log.write("unheard", f"{due.isoformat()} 예정이 tick 뒤에도 그대로입니다", ok=False)
                return stops, due
            previous = product_due
            stops += 0 if ticks_here else 1
            await self._halt_at(due, product_due)

    async def _halt_at(self, due: datetime, product_due: datetime | None) -> None:
        self._move_clock(due)
        self.post_scheduled()
        if product_due is not None and product_due <= self._workspace.clock.now():
            await self._tick()
        await self._settle()

    def _move_clock(self, moment: datetime) -> None:
        self._workspace.clock.advance_to(moment)
        self._workspace.save_clock()

    def post_scheduled(self) -> None:
        """Posts what chat.scheduleMessage left for now."""
        now = self._workspace.clock.now().timestamp()
        due = [item for item in self._workspace.scheduled.values() if item.post_at <= now]
        for item in sorted(due, key=lambda each: (each.post_at, each.id)):
            self._workspace.remove_scheduled(item.id)
            self._post(item)

    def _post(self, item: Scheduled) -> None:
        if item.arguments["metadata"]:
            # Slack's own page warns of it: a scheduled message that carries metadata may never be posted.
            self._log.write("refused", f"{item.id} · metadata가 있는 예약 메시지는 게시되지 않습니다", ok=False)
            return
        conversation = self._workspace.conversations[item.channel]
        if not self._workspace.bot_in(conversation):
            self._log.write("refused", f"{item.id} · 앱이 채널에 없어 예약 메시지를 버렸습니다", ok=False)
            return
        self._messenger.post(item.channel, BOT_USER_ID, **item.arguments)

    async def watch_scheduled(self) -> None:
        """Posts scheduled messages as real time reaches them; runs until cancelled."""
        while True:
            version = self._workspace.changes.version
            due = self._next_scheduled()
            wait = None if due is None or self.moving else max(0.0, (due - self._workspace.clock.now()).total_seconds())
            try:
                async with asyncio.timeout(wait):
                    await self._workspace.changes.after(version)
            except TimeoutError:
                self.post_scheduled()

    async def _tick(self) -> None:
        if self.product is not None:
            await self.product.tick()

    async def _product_due(self) -> datetime | None:
        return None if self.product is None else await self.product.next_due()

    def _next_scheduled(self) -> datetime | None:
        soonest = min((item.post_at for item in self._workspace.scheduled.values()), default=None)
        return None if soonest is None else datetime.fromtimestamp(soonest, UTC)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
