"""The short job that claims what is due and posts it, once.

A nudge is marked as `posting` in a committed transaction before Slack is called. Whoever finds that mark later
cannot know whether the message is out, and asks the channel's history before posting again.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import Session

from bot.contracts.outlook import Outlook
from bot.contracts.reading import state_of
from bot.contracts.refusals import NoContract
from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.nudges.delivery import CannotReadBack, Courier, Delivery, DueNudge, Outcome, ReadBackLater, Renderer
from bot.office import Office
from storage import contracts as store
from storage import nudges as ledger
from storage.database import Database
from storage.tables import Nudge, NudgeStatus

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timing:
    lease: timedelta = timedelta(seconds=60)
    overdue: timedelta = timedelta(minutes=30)
    """a row this late may have been posted before a restore or a long stop: it is read back first"""
    first_look: timedelta = timedelta(seconds=45)
    """after an unknown outcome; longer than a request's time limit plus the lag of Slack's history"""
    second_look: timedelta = timedelta(minutes=3)
    looks: int = 2
    first_retry: timedelta = timedelta(seconds=5)
    longest_retry: timedelta = timedelta(minutes=15)
    window_before: timedelta = timedelta(minutes=2)
    batch: int = 24


class Sweep:
    def __init__(
        self,
        database: Database,
        office: Office,
        *,
        renderer: Renderer,
        courier: Courier,
        timing: Timing | None = None,
    ) -> None:
        self._database = database
        self._office = office
        self._renderer = renderer
        self._courier = courier
        self._timing = timing or Timing()
        self._running = asyncio.Lock()
        self.finished_at: datetime | None = None
        """When the last sweep ended, by the office's clock."""

    async def tick(self) -> int:
        """Delivers what is due now. Returns how many rows it looked at."""
        async with self._running:
            token = str(uuid4())
            claimed = await self._database.write(
                ledger.claim_due,
                now=self._office.now(),
                lease=self._timing.lease,
                overdue=self._timing.overdue,
                limit=self._timing.batch,
                token=token,
            )
            for nudge in claimed:
                try:
                    await self._handle(nudge, token)
                except Exception:  # one nudge that cannot be handled must not hold up the others
                    log.exception("nudge %s could not be handled; its lease will end", nudge.id)
            self.finished_at = self._office.now()
            return len(claimed)

    async def next_due(self) -> datetime | None:
        """When the ledger has something to do again."""
        return await self._database.read(ledger.next_look)

    async def _handle(self, nudge: Nudge, token: str) -> None:
        if nudge.status == NudgeStatus.UNKNOWN and not await self._may_post_after_reading_back(nudge, token):
            return
        due = await self._database.write(_prepare, nudge, token, office=self._office, lease=self._timing.lease)
        if due is None:
            return
        delivery = await self._courier.post(
            workspace_id=nudge.workspace_id,
            channel_id=nudge.channel_id,
            public_id=nudge.public_id,
            message=self._renderer(due),
        )
        log.info("nudge %s: %s %s", nudge.id, delivery.outcome, delivery.error)
        await self._settle(nudge, token, delivery)

    async def _may_post_after_reading_back(self, nudge: Nudge, token: str) -> bool:
        """Whether the nudge is certainly not in the channel. If it is there, it is marked as sent."""
        since = (nudge.posted_from or nudge.due_at) - self._timing.window_before
        try:
            found = await self._courier.find(
                workspace_id=nudge.workspace_id,
                channel_id=nudge.channel_id,
                public_id=nudge.public_id,
                since=since,
            )
        except CannotReadBack:
            await self._database.write(
                ledger.close, nudge_id=_id(nudge), token=token, status=NudgeStatus.DEAD, reason="unverified"
            )
            return False
        except ReadBackLater as later:
            await self._look_again(nudge, token, checks=nudge.checks, error=str(later))
            return False
        if found is not None:
            await self._database.write(_sent, nudge, found, office=self._office)
            return False
        looks_needed = self._timing.looks if nudge.posted_from else 1
        if nudge.checks + 1 < looks_needed:
            await self._look_again(nudge, token, checks=nudge.checks + 1, error="not found yet")
            return False
        return True

    async def _look_again(self, nudge: Nudge, token: str, *, checks: int, error: str) -> None:
        await self._database.write(
            ledger.release,
            nudge_id=_id(nudge),
            token=token,
            status=NudgeStatus.UNKNOWN,
            next_at=self._office.now() + self._timing.second_look,
            error=error,
            checks=checks,
        )

    async def _settle(self, nudge: Nudge, token: str, delivery: Delivery) -> None:
        if delivery.outcome is Outcome.SENT:
            assert delivery.message_ts is not None
            await self._database.write(_sent, nudge, delivery.message_ts, office=self._office)
        elif delivery.outcome is Outcome.IMPOSSIBLE:
            await self._database.write(
                ledger.close, nudge_id=_id(nudge), token=token, status=NudgeStatus.DEAD, reason=delivery.error
            )
        else:
            unknown = delivery.outcome is Outcome.UNKNOWN
            await self._database.write(
                ledger.release,
                nudge_id=_id(nudge),
                token=token,
                status=NudgeStatus.UNKNOWN if unknown else NudgeStatus.SCHEDULED,
                next_at=self._office.now()
                + (self._timing.first_look if unknown else self._retry_after(nudge, delivery)),
                error=delivery.error,
                checks=0,
            )

    def _retry_after(self, nudge: Nudge, delivery: Delivery) -> timedelta:
        if delivery.retry_after is not None:
            return delivery.retry_after
        return min(self._timing.first_retry * (1 << min(nudge.attempts, 10)), self._timing.longest_retry)


def _prepare(nudge: Nudge, token: str, *, session: Session, office: Office, lease: timedelta) -> DueNudge | None:
    """Marks the row as `posting` if it is still owed and the channel's people are at work; None otherwise."""
    claim = {"session": session, "nudge_id": _id(nudge), "token": token}
    try:
        state = _state(nudge, session=session, office=office)
    except NoContract:
        ledger.close(**claim, status=NudgeStatus.DEAD, reason="unknown_procedure")  # type: ignore[arg-type]
        return None
    reason = rules.reason_for(state, rule_id=nudge.rule_id, entry=nudge.entry)
    if reason is None:
        ledger.close(**claim, status=NudgeStatus.CANCELLED, reason=rules.REASON_GONE)  # type: ignore[arg-type]
        return None
    now = office.now()
    calendar = office.calendar(state.procedure, state.zone)
    if not calendar.is_open(now):
        ledger.defer(**claim, until=calendar.next_open(now))  # type: ignore[arg-type]
        return None
    if not ledger.mark_posting(**claim, now=now, lease=lease):  # type: ignore[arg-type]
        return None
    return DueNudge(
        nudge_id=_id(nudge),
        public_id=nudge.public_id,
        ordinal=nudge.ordinal,
        rule=reason.rule,
        step_id=nudge.step_id,
        counted_on=reason.counted_on,
        outlook=Outlook.of(state, office),
    )


def _sent(nudge: Nudge, message_ts: str, *, session: Session, office: Office) -> None:
    """Marks the row as sent and plans the next reminder of its rule: both or neither."""
    now = office.now()
    if ledger.mark_sent(session=session, nudge_id=_id(nudge), message_ts=message_ts, now=now):
        state = _state(nudge, session=session, office=office)
        rules.plan(state, session=session, calendar=office.calendar(state.procedure, state.zone), now=now)


def _state(nudge: Nudge, *, session: Session, office: Office) -> ContractState:
    """Raises NoContract when the contract's procedure is not among ours any more."""
    found = store.read_contract(session=session, workspace_id=nudge.workspace_id, contract_id=nudge.contract_id)
    if found is None:
        raise NoContract
    return state_of(found, office=office)


def _id(nudge: Nudge) -> int:
    assert nudge.id is not None
    return nudge.id
