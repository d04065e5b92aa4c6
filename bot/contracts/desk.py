"""What the use cases share: who acts, the contract under lock, and how a change is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from msgspec import Struct, field
from sqlmodel import Session

from bot.contracts.refusals import DayInTheFuture, DayTooLongAgo, IsPaused, NoContract, NotOpen
from bot.contracts.state import ContractState
from bot.nudges import planning
from bot.nudges.calendar import BusinessCalendar
from bot.office import Office
from bot.procedure.model import Procedure
from bot.procedure.movement import standings
from bot.workspaces.settings import working_time
from storage import contracts as store
from storage.tables import CardReview, Contract, ContractStatus, History, Progress, StepStatus
from storage.workspace_settings import working_of

OLDEST_DAY = timedelta(days=730)
"""A step that is said to have ended longer ago than this is a slip of the pen."""


class Actor(Struct, frozen=True):
    """A person of a workspace. `channels` are those whose contracts this person may see and change now."""

    workspace_id: str
    user_id: str
    channels: frozenset[str]


class ChangeKind(StrEnum):
    STARTED = "started"
    FINISHED = "finished"
    TAKEN_BACK = "taken_back"
    REOPENED = "reopened"
    REVIEW_REQUESTED = "review_requested"
    CARD_DECIDED = "card_decided"
    OWNER_ASSIGNED = "owner_assigned"
    PAUSED = "paused"
    RESUMED = "resumed"
    CLOSED = "closed"
    WENT_LIVE = "went_live"
    OPENED = "opened"
    """the first live payment"""
    MUTED = "muted"
    UNMUTED = "unmuted"
    NUDGE_ANSWERED = "nudge_answered"
    SNOOZED = "snoozed"
    TICKED = "ticked"
    UNTICKED = "unticked"
    PAPER_DATED = "paper_dated"
    BUSINESS_KIND = "business_kind"


class Change(Struct, frozen=True):
    """What a use case did: the contract before and after it, and the rows that it wrote."""

    kind: ChangeKind
    before: ContractState
    after: ContractState
    steps: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    day: date | None = None
    explains: bool = False
    """whether it only says why card companies have rejected"""

    @property
    def went_live(self) -> bool:
        return self.after.status is ContractStatus.LIVE and self.before.status is not ContractStatus.LIVE


class File(Struct):
    """One contract on the desk: its rows, held until the transaction ends."""

    contract: Contract
    progress: dict[str, Progress]
    cards: dict[str, CardReview]
    procedure: Procedure
    calendar: BusinessCalendar
    actor: Actor
    session: Session
    now: datetime
    before: ContractState
    change_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def today(self) -> date:
        return self.calendar.day_of(self.now)

    @property
    def done_days(self) -> dict[str, date]:
        return {key: row.done_on for key, row in self.progress.items() if row.done_on is not None}

    def state(self) -> ContractState:
        rows = list(self.progress.values()), list(self.cards.values())
        return ContractState.of(self.contract, *rows, self.procedure, self.calendar.working)

    def write_history(
        self,
        kind: ChangeKind,
        *,
        step_id: str | None = None,
        card_id: str | None = None,
        day: date | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        assert self.contract.id is not None
        self.session.add(
            History(
                workspace_id=self.contract.workspace_id,
                contract_id=self.contract.id,
                change_id=self.change_id,
                at=self.now,
                actor=self.actor.user_id,
                kind=kind,
                step_id=step_id,
                card_id=card_id,
                day=day,
                details=dict(details or {}),
            )
        )

    def settle(self) -> ContractState:
        """Lets every step stand where the finished ones put it, decides whether the contract is live, plans nudges.

        Every change ends with it: also what the contract waits for is kept here.
        """
        self._settle_steps()
        self._settle_contract()
        after = self.state()
        after.waiting.keep_with(self.contract)
        self.session.flush()
        planning.plan(after, session=self.session, calendar=self.calendar, now=self.now)
        return after

    def changed(self, kind: ChangeKind, **what: Any) -> Change:
        return Change(kind, self.before, self.settle(), **what)

    def _settle_steps(self) -> None:
        stands = standings(self.procedure, started_on=self.contract.started_on, done=self.done_days)
        for step_id, standing in stands.items():
            row = self.progress.get(step_id)
            if row is None:
                row = self._new_progress(step_id)
            row.status, row.active_on = standing.status, standing.active_on

    def _new_progress(self, step_id: str) -> Progress:
        assert self.contract.id is not None
        row = Progress(workspace_id=self.contract.workspace_id, contract_id=self.contract.id, step_id=step_id)
        self.session.add(row)
        self.progress[step_id] = row
        return row

    def _settle_contract(self) -> None:
        all_done = all(row.status == StepStatus.DONE for row in self.progress.values())
        if all_done and self.contract.status == ContractStatus.ACTIVE:
            self.contract.status = ContractStatus.LIVE
            self.write_history(ChangeKind.WENT_LIVE, day=max(self.done_days.values()))
        elif not all_done and self.contract.status == ContractStatus.LIVE:
            self.contract.status, self.contract.opened_on = ContractStatus.ACTIVE, None


def open_file(
    *,
    session: Session,
    office: Office,
    actor: Actor,
    contract_id: int,
    allowed: frozenset[ContractStatus] = frozenset({ContractStatus.ACTIVE}),
) -> File:
    """The contract, under lock, for the person who wants to change it.

    Raises NoContract when it is not this person's, IsPaused or NotOpen when its status is not among `allowed`.
    """
    contract = store.lock_contract(
        session=session, workspace_id=actor.workspace_id, contract_id=contract_id, channels=actor.channels
    )
    if contract is None or contract.procedure_id not in office.procedures:
        raise NoContract
    if contract.status not in allowed:
        raise IsPaused if contract.status == ContractStatus.PAUSED else NotOpen
    return file_of(contract, session=session, office=office, actor=actor)


def file_of(contract: Contract, *, session: Session, office: Office, actor: Actor) -> File:
    assert contract.id is not None
    where = {"session": session, "workspace_id": contract.workspace_id, "contract_id": contract.id}
    progress = store.progress_of(**where)  # type: ignore[arg-type]
    cards = store.card_reviews_of(**where)  # type: ignore[arg-type]
    procedure = office.procedures[contract.procedure_id]
    rows = working_of(session=session, workspace_ids=[contract.workspace_id])
    working = working_time(rows[contract.workspace_id])
    return File(
        contract=contract,
        progress={row.step_id: row for row in progress},
        cards={row.card_id: row for row in cards},
        procedure=procedure,
        calendar=office.calendar(procedure, contract.zone, working),
        actor=actor,
        session=session,
        now=office.now(),
        before=ContractState.of(contract, progress, cards, procedure, working),
    )


def check_day(day: date, *, today: date) -> None:
    """Raises DayInTheFuture or DayTooLongAgo."""
    if day > today:
        raise DayInTheFuture(day, today)
    if day < today - OLDEST_DAY:
        raise DayTooLongAgo(day, today - OLDEST_DAY)
