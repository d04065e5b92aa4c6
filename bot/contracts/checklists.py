"""Checklists that a contract's team ticks off together: papers, what the site must have, what to check first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from msgspec import Struct
from sqlmodel import Session

from bot.contracts.desk import Actor, ChangeKind, File, check_day, open_file
from bot.contracts.reading import contract_by_id
from bot.contracts.refusals import NoContract, NothingToChange
from bot.contracts.state import ContractState
from bot.office import Office
from bot.procedure.model import BusinessKind, Checklist, ChecklistItem, Step
from storage import checklists as store
from storage.tables import ChecklistTick, ContractStatus

_STILL_TICKED = frozenset({ContractStatus.ACTIVE, ContractStatus.LIVE})
"""What is left to do before opening is ticked off when all steps are done."""
WARN_BEFORE = timedelta(days=14)
"""How long before a paper gets too old somebody is told."""


class Tick(Struct, frozen=True):
    by: str | None
    at: datetime | None
    issued_on: date | None

    @property
    def is_ticked(self) -> bool:
        return self.at is not None


_OPEN = Tick(None, None, None)


class TeamChecklists(Struct, frozen=True):
    """The checklists of one step that concern this contract, and what of them is ticked."""

    state: ContractState
    step: Step
    ticks: Mapping[str, Tick]
    today: date

    @property
    def asks_kind(self) -> bool:
        """Whether the lists depend on the kind of business."""
        return any(item.only_for for checklist in self.step.checklists for item in checklist.items)

    @property
    def lists(self) -> list[tuple[Checklist, Sequence[ChecklistItem]]]:
        """Without what is for another kind of business, or for any kind while nobody has chosen one."""
        kind = self.state.business_kind
        found = [
            (one, [item for item in one.items if item.only_for in {None, kind}])
            for one in self.step.checklists
            if one.is_ticked
        ]
        return [(one, items) for one, items in found if items]

    def tick(self, item: ChecklistItem) -> Tick:
        return self.ticks.get(item.id, _OPEN)

    @property
    def items(self) -> list[ChecklistItem]:
        return [item for _, items in self.lists for item in items]

    @property
    def done(self) -> int:
        return sum(self.tick(item).is_ticked for item in self.items)

    @property
    def is_complete(self) -> bool:
        """Everything that everybody needs is ticked and no paper is too old."""
        if not self.items or (self.asks_kind and self.state.business_kind is None):
            return False
        needed = [item for item in self.items if not item.optional]
        return all(self.tick(item).is_ticked for item in needed) and not any(map(self.is_too_old, self.items))

    def valid_until(self, item: ChecklistItem) -> date | None:
        """The last day on which the paper is accepted; None while its date is unknown, or if it does not age."""
        return _valid_until(item, self.tick(item).issued_on)

    def is_too_old(self, item: ChecklistItem) -> bool:
        until = self.valid_until(item)
        return until is not None and until < self.today

    def is_ageing(self, item: ChecklistItem) -> bool:
        """It is still accepted, and will soon not be."""
        until = self.valid_until(item)
        return until is not None and self.today <= until <= self.today + WARN_BEFORE


class AgeingPaper(Struct, frozen=True):
    """A paper that is too old, or will be soon."""

    state: ContractState
    step: Step
    item: ChecklistItem
    valid_until: date
    is_too_old: bool


def checklists_of(
    step_id: str, *, contract_id: int, session: Session, office: Office, actor: Actor
) -> TeamChecklists | None:
    """None when the step has nothing to tick. Raises NoContract."""
    state = contract_by_id(contract_id, session=session, office=office, actor=actor)
    rows = store.ticks_of(session=session, workspace_id=actor.workspace_id, contract_ids=[contract_id])
    return _team_checklists(state, step_id, rows, office.today(state.zone))


def tick(
    item_id: str, *, ticked: bool, step_id: str, contract_id: int, session: Session, office: Office, actor: Actor
) -> TeamChecklists:
    """Ticks an item off, or takes the tick away. Raises NoContract, NotOpen, IsPaused, or NothingToChange when
    somebody was quicker."""

    def change(file: File, _: ChecklistItem, before: Tick) -> None:
        if before.is_ticked is ticked:
            raise NothingToChange
        store.put_tick(
            session=session,
            workspace_id=actor.workspace_id,
            contract_id=contract_id,
            item_id=item_id,
            ticked_by=actor.user_id if ticked else None,
            ticked_at=file.now if ticked else None,
        )
        kind = ChangeKind.TICKED if ticked else ChangeKind.UNTICKED
        file.write_history(kind, step_id=step_id, details={"item": item_id})

    return _change(change, item_id, step_id, contract_id, session=session, office=office, actor=actor)


def date_paper(
    item_id: str, issued_on: date, *, step_id: str, contract_id: int, session: Session, office: Office, actor: Actor
) -> TeamChecklists:
    """Notes when a paper that ages was issued. Raises like `tick`, DayInTheFuture or DayTooLongAgo."""

    def change(file: File, item: ChecklistItem, before: Tick) -> None:
        if item.valid_months is None:
            raise NoContract
        check_day(issued_on, today=file.today)
        if before.issued_on == issued_on:
            raise NothingToChange
        store.put_issue_date(
            session=session,
            workspace_id=actor.workspace_id,
            contract_id=contract_id,
            item_id=item_id,
            issued_on=issued_on,
        )
        file.write_history(ChangeKind.PAPER_DATED, step_id=step_id, day=issued_on, details={"item": item_id})

    return _change(change, item_id, step_id, contract_id, session=session, office=office, actor=actor)


def choose_kind(
    kind: BusinessKind, *, step_id: str, contract_id: int, session: Session, office: Office, actor: Actor
) -> TeamChecklists:
    """Says whether the merchant is a sole proprietor or a corporation. Raises like `tick`."""
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id)
    if file.contract.business_kind == kind:
        raise NothingToChange
    file.contract.business_kind = kind
    file.write_history(ChangeKind.BUSINESS_KIND, details={"kind": kind})
    session.flush()
    return _of_file(file, step_id)


def ageing_papers(
    states: Sequence[ContractState], *, session: Session, office: Office, workspace_id: str
) -> list[AgeingPaper]:
    """Of the open contracts among these whose papers are still to be sent, the oldest first. One query."""
    running = {state.id: state for state in states if state.is_running}
    rows = store.ticks_of(session=session, workspace_id=workspace_id, contract_ids=list(running))
    by_contract: dict[int, list[ChecklistTick]] = {}
    for row in rows:
        by_contract.setdefault(row.contract_id, []).append(row)
    found = []
    for contract_id, own in by_contract.items():
        state = running[contract_id]
        for step in state.active_steps:
            lists = _team_checklists(state, step.step.id, own, office.today(state.zone))
            found += _ageing(lists) if lists else []
    return sorted(found, key=lambda paper: paper.valid_until)


def _ageing(lists: TeamChecklists) -> list[AgeingPaper]:
    return [
        AgeingPaper(lists.state, lists.step, item, until, lists.is_too_old(item))
        for item in lists.items
        if (until := lists.valid_until(item)) is not None and (lists.is_too_old(item) or lists.is_ageing(item))
    ]


def _change(
    change: Callable[[File, ChecklistItem, Tick], None],
    item_id: str,
    step_id: str,
    contract_id: int,
    *,
    session: Session,
    office: Office,
    actor: Actor,
) -> TeamChecklists:
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=_STILL_TICKED)
    before = _of_file(file, step_id)
    item = next((one for one in before.items if one.id == item_id), None)
    if item is None:
        raise NoContract
    change(file, item, before.tick(item))
    session.flush()
    return _of_file(file, step_id)


def _of_file(file: File, step_id: str) -> TeamChecklists:
    """Raises NoContract for a step with nothing to tick."""
    assert file.contract.id is not None
    rows = store.ticks_of(
        session=file.session, workspace_id=file.contract.workspace_id, contract_ids=[file.contract.id]
    )
    found = _team_checklists(file.state(), step_id, rows, file.today)
    if found is None:
        raise NoContract
    return found


def _team_checklists(
    state: ContractState, step_id: str, rows: Sequence[ChecklistTick], today: date
) -> TeamChecklists | None:
    step = next((one for one in state.procedure.steps if one.id == step_id), None)
    if step is None or not any(one.is_ticked for one in step.checklists):
        return None
    ticks = {row.item_id: Tick(row.ticked_by, row.ticked_at, row.issued_on) for row in rows}
    return TeamChecklists(state, step, ticks, today)


def _valid_until(item: ChecklistItem, issued_on: date | None) -> date | None:
    if item.valid_months is None or issued_on is None:
        return None
    return issued_on + relativedelta(months=item.valid_months)
