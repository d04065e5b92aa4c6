"""The short job that claims what is due and posts it, once.

A nudge is marked as `posting` in a committed transaction before Slack is called. Whoever finds that mark later
cannot know whether the message is out, and asks the channel's history before posting again.

What is due at once for one contract goes out as one message, a parcel. Each row keeps its own state: it is marked,
read back and sent by itself, all rows of the parcel in one transaction. The message's metadata names every one of
them, so that a row whose claimer died is found in the channel by its own id, whatever it travelled with.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from sqlmodel import Session

from bot.nudges.delivery import (
    CannotReadBack,
    Courier,
    Delivery,
    GivenUp,
    Outcome,
    ReadBackLater,
    Renderer,
    Teller,
    WorkspaceClosed,
)
from bot.nudges.guard import Guard, ids
from bot.nudges.metrics import Metrics
from bot.nudges.parcels import PostedParcel
from bot.nudges.timing import Timing
from bot.office import Office
from storage import nudges as ledger
from storage import pauses
from storage.database import Database
from storage.tables import Nudge, NudgeStatus

log = logging.getLogger(__name__)

Gate = Callable[[], Awaitable[str | None]]
"""Says what stands against posting anything at the moment; None when nothing does."""


Redraw = Callable[[PostedParcel], Awaitable[None]]
"""Draws a message of ours anew where it stands."""


async def _open() -> str | None:
    return None


class Sweep:
    """`shared_clock` says that the database's clock decides what is due, as replicas on several hosts need it."""

    def __init__(
        self,
        database: Database,
        office: Office,
        *,
        renderer: Renderer,
        courier: Courier,
        timing: Timing | None = None,
        metrics: Metrics | None = None,
        gate: Gate = _open,
        teller: Teller | None = None,
        redraw: Redraw | None = None,
        random: Random | None = None,
        shared_clock: bool = False,
    ) -> None:
        self._database = database
        self._office = office
        self._courier = courier
        self._timing = timing or Timing()
        self._random = random or Random()
        self.guard = Guard(office, renderer, self._timing, self._random)
        self.metrics = metrics or Metrics()
        self._gate = gate
        self._teller = teller
        self._redraw = redraw
        self._shared_clock = shared_clock
        self._running = asyncio.Lock()
        self._stopping = False
        self.held: str | None = None
        """what stands against posting, as the last sweep found it"""
        self.finished_at: datetime | None = None
        """When the last sweep ended, by the office's clock."""
        self.alive_at = time.monotonic()
        """When the sweep last got ahead, on the monotonic clock."""

    async def tick(self) -> int:
        """Delivers what is due now. Returns how many rows it looked at."""
        looked_at = 0
        async with self._running:
            while not self._stopping:
                self.alive_at = time.monotonic()
                self.held = await self._gate()
                claimed = 0 if self.held else await self._claim_and_deliver()
                looked_at += claimed
                self.finished_at = self._office.now()
                if claimed < self._timing.batch:
                    break
        return looked_at

    def stop(self) -> None:
        """Begins nothing more: what is claimed and not begun goes back to the ledger at once."""
        self._stopping = True

    async def confirm(self, workspace_id: str, public_ids: Sequence[str], message_ts: str) -> None:
        """Slack shows us a message of ours by itself."""
        found = await self._database.write(self.guard.confirmed, workspace_id, public_ids, message_ts)
        self.metrics.confirmed.inc(found)

    async def next_due(self) -> datetime | None:
        """When the ledger has something to do again."""
        return await self._database.read(ledger.next_look)

    async def _claim_and_deliver(self) -> int:
        token = str(uuid4())
        claimed, ready = await self._database.write(self._claim, token)
        self.metrics.claims.inc(claimed)
        slots = asyncio.Semaphore(self._timing.at_once)

        async def deliver(channel: Sequence[Nudge]) -> None:
            async with slots:
                await self._deliver(channel, token)

        try:
            await asyncio.gather(*(deliver(rows) for rows in _together(ready, _channel)))
        finally:
            if self._stopping:
                await self._database.write(ledger.hand_back, token=token, now=self._office.now())
        return claimed

    def _claim(self, token: str, *, session: Session) -> tuple[int, list[Nudge]]:
        """How many rows were claimed, and those that no pause holds up."""
        claimed = ledger.claim_due(
            session=session,
            now=None if self._shared_clock else self._office.now(),
            lease=self._timing.lease,
            overdue=self._timing.overdue,
            limit=self._timing.batch,
            token=token,
            looks=self._timing.looks,
        )
        if not claimed:
            return 0, []
        workspaces = {nudge.workspace_id for nudge in claimed}
        held = pauses.pauses_of(session=session, workspaces=workspaces, now=self._office.now())
        ready = []
        for nudge in claimed:
            pause = held.get((nudge.workspace_id, pauses.WHOLE_WORKSPACE)) or held.get(_channel(nudge))
            if pause is None:
                ready.append(nudge)
            else:
                self.guard.put_off([nudge], token, pause, session=session)
        return len(claimed), ready

    async def _deliver(self, channel: Sequence[Nudge], token: str) -> None:
        """The rows of one channel, one message after the other: Slack takes about one a second there."""
        try:
            postable = await self._not_there(channel, token)
        except Exception:
            log.exception("nudges in doubt in a channel could not be read back; their leases will end")
            postable = [nudge for nudge in channel if nudge.status != NudgeStatus.UNKNOWN]
        for nudges in _together(postable, lambda nudge: nudge.contract_id):
            if self._stopping:
                return
            self.alive_at = time.monotonic()
            try:
                await self._post(nudges, token)
            except Exception:  # one parcel that cannot be handled must not hold up the others
                log.exception("nudges %s could not be handled; their leases will end", ids(nudges))

    async def _not_there(self, channel: Sequence[Nudge], token: str) -> list[Nudge]:
        """The rows that are certainly not in the channel. One look answers all that are in doubt."""
        doubtful = [nudge for nudge in channel if nudge.status == NudgeStatus.UNKNOWN]
        if not doubtful:
            return list(channel)
        first = doubtful[0]
        not_there = {nudge.id for nudge in channel} - {nudge.id for nudge in doubtful}
        try:
            found = await self._courier.find(
                workspace_id=first.workspace_id,
                channel_id=first.channel_id,
                public_ids=[nudge.public_id for nudge in doubtful],
                since=min(nudge.posted_from or nudge.due_at for nudge in doubtful) - self._timing.window_before,
            )
        except CannotReadBack as never:
            log.warning("nudges %s cannot be read back: %s", ids(doubtful), never)
            for nudges in _together(doubtful, lambda nudge: nudge.contract_id):
                await self._give_up(nudges, token, ledger.UNVERIFIED)
        except WorkspaceClosed as closed:
            await self._database.write(self.guard.workspace_closed_to_reading, doubtful, token, error=str(closed))
        except ReadBackLater as later:
            for nudge in doubtful:
                await self._look_again(nudge, token, checks=nudge.checks, error=str(later))
        else:
            for nudge in doubtful:
                if await self._judge(nudge, token, found.get(nudge.public_id)):
                    not_there.add(nudge.id)
        return [nudge for nudge in channel if nudge.id in not_there]

    async def _judge(self, nudge: Nudge, token: str, message_ts: str | None) -> bool:
        """Whether the nudge may be posted after it was looked for. If it is there, it is marked as sent."""
        if message_ts is not None:
            self.metrics.read_back_hits.inc()
            await self._mark_sent([nudge], message_ts)
            return False
        self.metrics.read_back_misses.inc()
        if nudge.checks + 1 < self._timing.looks:
            await self._look_again(nudge, token, checks=nudge.checks + 1, error="not found yet")
            return False
        return True

    async def _look_again(self, nudge: Nudge, token: str, *, checks: int, error: str) -> None:
        wait = self._timing.second_look
        await self._try_later([nudge], token, NudgeStatus.UNKNOWN, wait, error, checks=checks)

    async def _post(self, nudges: Sequence[Nudge], token: str) -> None:
        prepared = await self._database.write(self.guard.prepare, nudges, token)
        self.metrics.superseded.inc(prepared.superseded)
        await self._tell(prepared.given_up)
        ready = prepared.ready
        if ready is None:
            return
        if any(nudge.attempts for nudge in ready.marked):
            self.metrics.reposts.inc()
        delivery = await self._courier.post(
            workspace_id=ready.marked[0].workspace_id,
            channel_id=ready.marked[0].channel_id,
            public_ids=[nudge.public_id for nudge in ready.marked],
            message=ready.message,
            not_after=ready.not_after,
        )
        log.info("nudges %s: %s %s", ids(ready.marked), delivery.outcome, delivery.error)
        await self._settle(ready.marked, token, delivery)

    async def _settle(self, nudges: Sequence[Nudge], token: str, delivery: Delivery) -> None:
        write, guard, error = self._database.write, self.guard, delivery.error
        match delivery.outcome:
            case Outcome.SENT:
                assert delivery.message_ts is not None
                self.metrics.posts.inc()
                await self._mark_sent(nudges, delivery.message_ts)
            case Outcome.CHANNEL_BUSY:
                wait = delivery.retry_after or self._timing.soon
                await write(guard.channel_busy, nudges, token, error=error, wait=wait)
            case Outcome.WORKSPACE_CLOSED:
                log.error("workspace %s does not take our token: %s", nudges[0].workspace_id, error)
                await write(guard.workspace_closed, nudges, token, error=error)
            case Outcome.NOT_SENT:
                attempts = max(nudge.attempts for nudge in nudges)
                wait = delivery.retry_after or self._timing.backoff(attempts, self._random)
                await self._try_later(nudges, token, NudgeStatus.SCHEDULED, wait, error)
            case Outcome.IMPOSSIBLE:
                await self._give_up(nudges, token, error)
            case Outcome.UNKNOWN:
                self.metrics.ambiguous.inc()
                await self._try_later(nudges, token, NudgeStatus.UNKNOWN, self._timing.first_look, error)
            case Outcome.STALE:
                log.warning("nudges %s were held up after their mark; their leases will end", ids(nudges))

    async def _mark_sent(self, nudges: Sequence[Nudge], message_ts: str) -> None:
        for outdated in await self._database.write(self.guard.sent, nudges, message_ts):
            if self._redraw is not None:
                try:
                    await self._redraw(outdated)
                except Exception:  # whoever presses one of its buttons hears how things stand
                    log.exception("a message that was overtaken on its way could not be drawn anew")

    async def _try_later(
        self,
        nudges: Sequence[Nudge],
        token: str,
        status: NudgeStatus,
        wait: timedelta,
        error: str,
        *,
        checks: int = 0,
    ) -> None:
        later = self.guard.try_later
        await self._tell(
            await self._database.write(later, nudges, token, status=status, wait=wait, error=error, checks=checks)
        )

    async def _give_up(self, nudges: Sequence[Nudge], token: str, reason: str) -> None:
        await self._tell(await self._database.write(self.guard.give_up, nudges, token, reason))

    async def _tell(self, given_up: GivenUp | None) -> None:
        if given_up is None:
            return
        log.error("nudges %s are given up: %s", [one.nudge_id for one in given_up.parcel.nudges], given_up.reason)
        if self._teller is not None:
            try:
                await self._teller(given_up)
            except Exception:  # it stands on App Home and in the metrics all the same
                log.exception("nobody could be told that nudges are given up")


def _channel(nudge: Nudge) -> tuple[str, str]:
    return nudge.workspace_id, nudge.channel_id


def _together(nudges: Iterable[Nudge], key: Callable[[Nudge], Hashable]) -> list[list[Nudge]]:
    """The rows that have the same key, in the order of their first; the oldest first."""
    groups: dict[Hashable, list[Nudge]] = {}
    for nudge in sorted(nudges, key=lambda row: (row.due_at, row.id or 0)):
        groups.setdefault(key(nudge), []).append(nudge)
    return list(groups.values())
