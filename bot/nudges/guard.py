"""What the database decides about claimed nudges of one contract: may they go out now, and what became of them.

Each method is one transaction. Whoever changes a contract locks it first; so does the guard, so that a message
never tells of a state that had passed when it was marked.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.reading import state_of
from bot.contracts.refusals import NoContract
from bot.contracts.state import ContractState
from bot.nudges import planning, rules
from bot.nudges.delivery import GivenUp, Message, Parcel, Renderer
from bot.nudges.parcels import PostedParcel, due_parcel, take_settled
from bot.nudges.timing import Timing
from bot.office import Office
from storage import contracts as store
from storage import nudges as ledger
from storage import pauses
from storage.tables import DeliveryPause, Nudge, NudgeStatus

log = logging.getLogger(__name__)

SUPERSEDED = "superseded"
EXPIRED = "expired"
UNKNOWN_RULE = "unknown_rule"
CANNOT_RENDER = "cannot_render"


class Ready(Struct, frozen=True):
    """Rows that are marked as being posted: `message` has to leave before the monotonic moment `not_after`."""

    marked: tuple[Nudge, ...]
    message: Message
    not_after: float


class Prepared(Struct, frozen=True):
    """`given_up` are rows that can never go out, `superseded` counts those that a newer one replaced."""

    ready: Ready | None = None
    given_up: GivenUp | None = None
    superseded: int = 0


class Guard(Struct, frozen=True):
    office: Office
    renderer: Renderer
    timing: Timing
    random: Random
    monotonic: Callable[[], float] = time.monotonic

    def prepare(self, nudges: Sequence[Nudge], token: str, *, session: Session) -> Prepared:
        """Marks the rows that are still owed as `posting`, while the channel's people are at work.

        Whatever else of the contract is due by now is taken along, also from another sweep: its mark will fail.
        """
        now, first = self.office.now(), nudges[0]
        held = pauses.pause_of(session=session, workspace_id=first.workspace_id, channel_id=first.channel_id, now=now)
        if held is not None:
            self.put_off(nudges, token, held, session=session)
            return Prepared()
        state = self._state(first, session=session)
        if state is None:
            _close(nudges, token, NudgeStatus.DEAD, UNKNOWN_RULE, session=session)
            return Prepared()
        taken = self._take_along(state, token, now, session=session)
        # After a lease that ran out one of ours may be taken back from another sweep: it is one row all the same.
        rows = list({row.id: row for row in (*nudges, *taken)}.values())
        lost = [row for row in rows if state.procedure.nudge_rule(row.rule_id) is None]
        if lost:
            log.error("nudges %s belong to no rule of the procedure %s", ids(lost), state.procedure.id)
            _close(lost, token, NudgeStatus.DEAD, UNKNOWN_RULE, session=session)
        owed, superseded = self._still_owed([row for row in rows if row not in lost], state, token, session=session)
        calendar = self.office.calendar_of(state)
        if not owed or not calendar.is_open(now):
            until = calendar.next_open(now)
            look_at = calendar.look_at(until, state.workspace_id)
            for row, _ in owed:
                ledger.defer(session=session, nudge_id=_id(row), token=token, until=until, look_at=look_at)
            return Prepared(superseded=superseded)
        return self._mark(owed, state, token, now, superseded, session=session)

    def sent(self, nudges: Sequence[Nudge], message_ts: str, *, session: Session) -> list[PostedParcel]:
        """Marks the rows as sent and plans the next reminder of their rules: all or nothing.

        Returns the messages that have to be drawn anew: somebody moved the contract on while they were on their way.
        """
        state = self._state(nudges[0], session=session)
        now = self.office.now()
        done = [ledger.mark_sent(session=session, nudge_id=_id(row), message_ts=message_ts, now=now) for row in nudges]
        if state is None or not any(done):
            return []
        self._plan_next(state, session=session)
        return take_settled(state, session=session, office=self.office)

    def confirmed(self, workspace_id: str, public_ids: Sequence[str], message_ts: str, *, session: Session) -> int:
        """Slack shows us a message by itself. Returns how many of its rows had still been open."""
        told: dict[str, Any] = {"session": session, "workspace_id": workspace_id, "public_ids": public_ids}
        # The contract before its rows, as everywhere: the answer to the same post may be about to mark them too.
        states = [
            self._state_of(workspace_id, contract_id, session=session) for contract_id in ledger.contracts_of(**told)
        ]
        confirmed = ledger.confirm_sent(**told, message_ts=message_ts, now=self.office.now())
        if confirmed:
            for state in states:
                self._plan_next(state, session=session)
        return confirmed

    def put_off(self, nudges: Sequence[Nudge], token: str, pause: DeliveryPause, *, session: Session) -> None:
        """Waits for the end of a pause, and a moment longer so that not all come back at once."""
        now = self.office.now()
        wait = self.timing.closed_workspace if pause.until is None else max(pause.until - now, timedelta(0))
        for row in nudges:
            again = now + self.timing.after_limit(wait, self.random)
            ledger.put_off(session=session, nudge_id=_id(row), token=token, until=again)

    def channel_busy(
        self, nudges: Sequence[Nudge], token: str, *, error: str, wait: timedelta, session: Session
    ) -> None:
        """Slack wants this channel slower: nothing goes there until then, and the try does not count."""
        now, first = self.office.now(), nudges[0]
        pauses.pause(
            session=session,
            workspace_id=first.workspace_id,
            channel_id=first.channel_id,
            until=now + wait,
            reason=error,
        )
        self._wait_uncounted(nudges, token, now + self.timing.after_limit(wait, self.random), error, session=session)

    def workspace_closed(self, nudges: Sequence[Nudge], token: str, *, error: str, session: Session) -> None:
        """Slack does not take our token: the workspace's rows wait, without expiring, until somebody resumes it."""
        pauses.pause(session=session, workspace_id=nudges[0].workspace_id, until=None, reason=error)
        again = self.office.now() + self.timing.closed_workspace
        self._wait_uncounted(nudges, token, again, error, session=session)

    def workspace_closed_to_reading(self, nudges: Sequence[Nudge], token: str, *, error: str, session: Session) -> None:
        """The same while rows were being read back: they stay in doubt."""
        pauses.pause(session=session, workspace_id=nudges[0].workspace_id, until=None, reason=error)
        again = self.office.now() + self.timing.closed_workspace
        for row in nudges:
            ledger.put_off(session=session, nudge_id=_id(row), token=token, until=again)

    def try_later(
        self,
        nudges: Sequence[Nudge],
        token: str,
        *,
        status: NudgeStatus,
        wait: timedelta,
        error: str,
        checks: int = 0,
        session: Session,
    ) -> GivenUp | None:
        """Gives rows back for another try; gives up those whose time would be over by then."""
        now = self.office.now()
        state = self._state(nudges[0], session=session)
        over = []
        for row in nudges:
            expires_at = session.get_one(Nudge, _id(row)).expires_at or self._expiry(state, now)
            if now + wait > expires_at:
                over.append(row)
                continue
            ledger.release(
                session=session,
                nudge_id=_id(row),
                token=token,
                status=status,
                next_at=now + wait,
                expires_at=expires_at,
                error=error,
                checks=checks,
            )
        reason = ledger.UNVERIFIED if status is NudgeStatus.UNKNOWN else EXPIRED
        return self._give_up(over, token, reason, state, session=session) if over else None

    def give_up(self, nudges: Sequence[Nudge], token: str, reason: str, *, session: Session) -> GivenUp | None:
        """Ends rows that cannot be delivered. One whose own reason is gone by now is nobody's loss."""
        state = self._state(nudges[0], session=session)
        return self._give_up(nudges, token, reason, state, session=session)

    def _take_along(self, state: ContractState, token: str, now: datetime, *, session: Session) -> list[Nudge]:
        return ledger.take_along(
            session=session,
            workspace_id=state.workspace_id,
            contract_id=state.id,
            token=token,
            now=now,
            lease=self.timing.lease,
            overdue=self.timing.overdue,
        )

    def _still_owed(
        self, rows: Sequence[Nudge], state: ContractState, token: str, *, session: Session
    ) -> tuple[list[tuple[Nudge, rules.Owed]], int]:
        """The rows that hold for the contract as it stands, and how many a newer one of their rule replaces."""
        reasons = [(row, None if state.nudges_muted else rules.reason_for(state, row)) for row in rows]
        gone = [row for row, reason in reasons if reason is None]
        _close(gone, token, NudgeStatus.CANCELLED, rules.REASON_GONE, session=session)
        held = [(row, reason) for row, reason in reasons if reason is not None]
        newest = {row.rule_id: row for row, _ in sorted(held, key=lambda one: (one[0].entry, one[0].ordinal))}
        older = [row for row, _ in held if newest[row.rule_id] is not row]
        _close(older, token, NudgeStatus.CANCELLED, SUPERSEDED, session=session)
        return [(row, reason) for row, reason in held if row not in older], len(older)

    def _mark(
        self,
        owed: Sequence[tuple[Nudge, rules.Owed]],
        state: ContractState,
        token: str,
        now: datetime,
        superseded: int,
        *,
        session: Session,
    ) -> Prepared:
        not_after = self.monotonic() + self.timing.stale.total_seconds()
        marked = [
            (row, reason)
            for row, reason in owed
            if ledger.mark_posting(
                session=session,
                nudge_id=_id(row),
                token=token,
                now=now,
                lease=self.timing.lease,
                expires_at=self._expiry(state, now),
            )
        ]
        if not marked:
            return Prepared(superseded=superseded)
        rows, parcel = tuple(row for row, _ in marked), self._parcel(marked, state, session=session)
        try:
            return Prepared(Ready(rows, self.renderer(parcel), not_after), superseded=superseded)
        except Exception:  # a fault of ours in one text must not come back every minute
            log.exception("nudges %s cannot be put into words", ids(rows))
            _close(rows, token, NudgeStatus.DEAD, CANNOT_RENDER, session=session)
            return Prepared(given_up=GivenUp(CANNOT_RENDER, parcel), superseded=superseded)

    def _give_up(
        self, nudges: Sequence[Nudge], token: str, reason: str, state: ContractState | None, *, session: Session
    ) -> GivenUp | None:
        if state is None:
            _close(nudges, token, NudgeStatus.DEAD, reason, session=session)
            return None
        owed, _ = self._still_owed(nudges, state, token, session=session)
        _close([row for row, _ in owed], token, NudgeStatus.DEAD, reason, session=session)
        self._plan_next(state, session=session)
        return GivenUp(reason, self._parcel(owed, state, session=session)) if owed else None

    def _wait_uncounted(
        self, nudges: Sequence[Nudge], token: str, next_at: datetime, error: str, *, session: Session
    ) -> None:
        for row in nudges:
            ledger.release(
                session=session,
                nudge_id=_id(row),
                token=token,
                status=NudgeStatus.SCHEDULED,
                next_at=next_at,
                expires_at=session.get_one(Nudge, _id(row)).expires_at,
                error=error,
                checks=0,
                counts=False,
            )

    def _parcel(self, owed: Sequence[tuple[Nudge, rules.Owed]], state: ContractState, *, session: Session) -> Parcel:
        return due_parcel(owed, state, session=session, office=self.office)

    def _plan_next(self, state: ContractState | None, *, session: Session) -> None:
        if state is not None:
            calendar = self.office.calendar_of(state)
            planning.plan(state, session=session, calendar=calendar, now=self.office.now())

    def _expiry(self, state: ContractState | None, now: datetime) -> datetime:
        if state is None:
            return now + timedelta(days=self.timing.tried_for)
        calendar = self.office.calendar_of(state)
        return calendar.opening(calendar.add_business_days(calendar.day_of(now), self.timing.tried_for))

    def _state(self, nudge: Nudge, *, session: Session) -> ContractState | None:
        return self._state_of(nudge.workspace_id, nudge.contract_id, session=session)

    def _state_of(self, workspace_id: str, contract_id: int, *, session: Session) -> ContractState | None:
        """The contract, held until the transaction ends; None when its procedure is not among ours any more."""
        where: dict[str, Any] = {"session": session, "workspace_id": workspace_id, "contract_id": contract_id}
        store.lock_contract(**where)
        found = store.read_contract(**where)
        try:
            return state_of(found, office=self.office) if found else None
        except NoContract:
            return None


def ids(nudges: Sequence[Nudge]) -> str:
    return ", ".join(str(nudge.id) for nudge in nudges)


def _close(nudges: Sequence[Nudge], token: str, status: NudgeStatus, reason: str, *, session: Session) -> None:
    for row in nudges:
        ledger.close(session=session, nudge_id=_id(row), token=token, status=status, reason=reason)


def _id(nudge: Nudge) -> int:
    assert nudge.id is not None
    return nudge.id
