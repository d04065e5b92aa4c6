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
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from bot.contracts.outlook import Outlook
from bot.contracts.reading import state_of
from bot.contracts.refusals import NoContract
from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.nudges.delivery import CannotReadBack, Courier, Delivery, DueNudge, Outcome, Parcel, ReadBackLater, Renderer
from bot.nudges.parcels import due_nudge
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
            for nudges in _by_contract(claimed):
                try:
                    await self._handle(nudges, token)
                except Exception:  # one parcel that cannot be handled must not hold up the others
                    log.exception("nudges %s could not be handled; their lease will end", _ids(nudges))
            self.finished_at = self._office.now()
            return len(claimed)

    async def next_due(self) -> datetime | None:
        """When the ledger has something to do again."""
        return await self._database.read(ledger.next_look)

    async def _handle(self, nudges: Sequence[Nudge], token: str) -> None:
        """`nudges` are claimed rows of one contract."""
        postable = [
            nudge
            for nudge in nudges
            if nudge.status != NudgeStatus.UNKNOWN or await self._may_post_after_reading_back(nudge, token)
        ]
        if not postable:
            return
        prepared = await self._database.write(_prepare, postable, token, office=self._office, timing=self._timing)
        if prepared is None:
            return
        marked, parcel = prepared
        delivery = await self._courier.post(
            workspace_id=marked[0].workspace_id,
            channel_id=marked[0].channel_id,
            public_ids=[nudge.public_id for nudge in marked],
            message=self._renderer(parcel),
        )
        log.info("nudges %s: %s %s", _ids(marked), delivery.outcome, delivery.error)
        await self._settle(marked, token, delivery)

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
            await self._database.write(_sent, [nudge], found, office=self._office)
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

    async def _settle(self, nudges: Sequence[Nudge], token: str, delivery: Delivery) -> None:
        if delivery.outcome is Outcome.SENT:
            assert delivery.message_ts is not None
            await self._database.write(_sent, nudges, delivery.message_ts, office=self._office)
        elif delivery.outcome is Outcome.IMPOSSIBLE:
            await self._database.write(_close, nudges, token, status=NudgeStatus.DEAD, reason=delivery.error)
        else:
            unknown = delivery.outcome is Outcome.UNKNOWN
            wait = self._timing.first_look if unknown else self._retry_after(nudges, delivery)
            await self._database.write(
                _release,
                nudges,
                token,
                status=NudgeStatus.UNKNOWN if unknown else NudgeStatus.SCHEDULED,
                next_at=self._office.now() + wait,
                error=delivery.error,
            )

    def _retry_after(self, nudges: Sequence[Nudge], delivery: Delivery) -> timedelta:
        if delivery.retry_after is not None:
            return delivery.retry_after
        attempts = max(nudge.attempts for nudge in nudges)
        return min(self._timing.first_retry * (1 << min(attempts, 10)), self._timing.longest_retry)


def _prepare(
    nudges: Sequence[Nudge], token: str, *, session: Session, office: Office, timing: Timing
) -> tuple[list[Nudge], Parcel] | None:
    """Marks the rows that are still owed as `posting`, while the channel's people are at work; None when none is.

    Whatever else of the contract is due by now is taken along, also from another sweep: its mark will fail.
    """
    now = office.now()
    try:
        state = _locked_state(nudges[0], session=session, office=office)
    except NoContract:
        _close(nudges, token, session=session, status=NudgeStatus.DEAD, reason="unknown_procedure")
        return None
    along = ledger.take_along(
        session=session,
        workspace_id=state.workspace_id,
        contract_id=state.id,
        token=token,
        now=now,
        lease=timing.lease,
        overdue=timing.overdue,
    )
    reasons = [(row, rules.reason_for(state, rule_id=row.rule_id, entry=row.entry)) for row in (*nudges, *along)]
    gone = [row for row, reason in reasons if reason is None]
    _close(gone, token, session=session, status=NudgeStatus.CANCELLED, reason=rules.REASON_GONE)
    calendar = office.calendar(state.procedure, state.zone)
    marked: list[Nudge] = []
    due: list[DueNudge] = []
    for row, reason in reasons:
        if reason is None:
            continue
        claim: dict[str, Any] = {"session": session, "nudge_id": _id(row), "token": token}
        if not calendar.is_open(now):
            ledger.defer(**claim, until=calendar.next_open(now))
        elif ledger.mark_posting(**claim, now=now, lease=timing.lease):
            marked.append(row)
            due.append(due_nudge(row, reason))
    return (marked, Parcel(Outlook.of(state, office), tuple(due))) if marked else None


def _sent(nudges: Sequence[Nudge], message_ts: str, *, session: Session, office: Office) -> None:
    """Marks the rows as sent and plans the next reminder of their rules: all or nothing."""
    now = office.now()
    state = _locked_state(nudges[0], session=session, office=office)
    sent = [ledger.mark_sent(session=session, nudge_id=_id(row), message_ts=message_ts, now=now) for row in nudges]
    if any(sent):
        rules.plan(state, session=session, calendar=office.calendar(state.procedure, state.zone), now=now)


def _close(nudges: Sequence[Nudge], token: str, *, session: Session, status: NudgeStatus, reason: str) -> None:
    for row in nudges:
        ledger.close(session=session, nudge_id=_id(row), token=token, status=status, reason=reason)


def _release(
    nudges: Sequence[Nudge], token: str, *, session: Session, status: NudgeStatus, next_at: datetime, error: str
) -> None:
    for row in nudges:
        ledger.release(
            session=session, nudge_id=_id(row), token=token, status=status, next_at=next_at, error=error, checks=0
        )


def _locked_state(nudge: Nudge, *, session: Session, office: Office) -> ContractState:
    """The contract, held until the transaction ends: nobody moves it on between the question and the mark.

    Raises NoContract when the contract's procedure is not among ours any more.
    """
    where: dict[str, Any] = {
        "session": session,
        "workspace_id": nudge.workspace_id,
        "contract_id": nudge.contract_id,
    }
    store.lock_contract(**where)
    found = store.read_contract(**where)
    if found is None:
        raise NoContract
    return state_of(found, office=office)


def _by_contract(nudges: Sequence[Nudge]) -> list[list[Nudge]]:
    """The rows of each contract together, in the order of their first."""
    parcels: dict[tuple[str, int], list[Nudge]] = {}
    for nudge in nudges:
        parcels.setdefault((nudge.workspace_id, nudge.contract_id), []).append(nudge)
    return list(parcels.values())


def _ids(nudges: Sequence[Nudge]) -> str:
    return ", ".join(str(nudge.id) for nudge in nudges)


def _id(nudge: Nudge) -> int:
    assert nudge.id is not None
    return nudge.id
