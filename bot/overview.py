"""What somebody sees of their contracts when they open the app; onboarding managers see the whole workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import Session

from bot.contracts.checklists import AgeingPaper, ageing_papers
from bot.contracts.desk import Actor
from bot.contracts.reading import Page, contract_of_workspace, contracts_in_order
from bot.contracts.refusals import NoContract
from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.nudges.lost import LostNudge, lost_nudges
from bot.office import Office
from bot.procedure.model import Step
from bot.procedure.reminders import NudgeRule
from bot.workspaces.people import Standing
from storage.checklists import contracts_with_dated_papers
from storage.contracts import procedures_in_use
from storage.history import history_of
from storage.nudges import unanswered_nudges
from storage.questions import last_questions_of_person
from storage.ranking import rank_contracts
from storage.tables import Nudge, Question
from storage.workspace_settings import managers_of

SEARCH_LENGTH = 80
"""of a merchant's name"""
PAGE = 15
"""Contracts on one page: each takes up to four blocks of Slack's hundred."""
_ANSWERS = 3
_LATEST = 5
"""rows of history beside a contract that somebody looks into"""
_LOOKED_BACK = 30
"""The last answers are looked for among so many questions."""


class Scope(StrEnum):
    MINE = "mine"
    WORKSPACE = "workspace"


class Look(BaseModel):
    """What somebody wants to see: whose contracts, of which step, which page. It proves no right to see it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: Scope | None = None
    """None: the whole workspace for onboarding managers, for others their own"""
    step: Annotated[str, StringConstraints(max_length=60)] | None = None
    search: Annotated[str, StringConstraints(strip_whitespace=True, max_length=SEARCH_LENGTH)] = ""
    page: Annotated[int, Field(ge=0, le=10_000)] = 0


class OpenNudge(Struct, frozen=True):
    """A reminder that was posted and that nobody has said anything to."""

    rule: NudgeRule
    state: ContractState
    sent_at: datetime | None


class Overview(Struct, frozen=True):
    look: Look
    """as far as the person may have it, and with a page that there is"""
    user_id: str
    is_manager: bool
    found: int
    """contracts on all pages"""
    shown: Sequence[ContractState]
    steps: Sequence[Step] = ()
    """that one can choose among"""
    lost: Sequence[LostNudge] = ()
    open_nudges: Sequence[OpenNudge] = ()
    ageing: Sequence[AgeingPaper] = ()
    """papers that are too old, or will be soon"""
    answered: Sequence[Question] = ()
    """what the person asked last and was told, the newest first, each topic once"""

    @property
    def left(self) -> int:
        """Contracts on later pages."""
        return max(self.found - (self.look.page + 1) * PAGE, 0)


def waits_for(state: ContractState, user_id: str) -> bool:
    """Whether the contract waits for this person: it is the team's turn, or the person is in charge of it."""
    if not state.is_running or state.current is None:
        return False
    return state.owner_id == user_id or state.is_teams_turn


def overview(look: Look, *, session: Session, office: Office, actor: Actor, standing: Standing) -> Overview:
    """A fixed number of queries, however many contracts there are."""
    manages = is_manager(session=session, actor=actor, standing=standing)
    if manages and look.scope is not Scope.MINE:
        return _of_workspace(look, session=session, office=office, actor=actor)
    mine: dict[str, Any] = {"session": session, "workspace_id": actor.workspace_id, "channels": actor.channels}
    ranked = rank_contracts(**mine, procedures=office.procedures, waits_for=actor.user_id, page=look.page, size=PAGE)
    return Overview(
        look=Look(scope=Scope.MINE, page=ranked.page),
        user_id=actor.user_id,
        is_manager=manages,
        found=ranked.found,
        shown=contracts_in_order(ranked.contract_ids, session=session, office=office, workspace_id=actor.workspace_id),
        lost=lost_nudges(session=session, office=office, actor=actor),
        open_nudges=_open_nudges(session=session, office=office, actor=actor),
        ageing=_ageing(session=session, office=office, actor=actor),
        answered=_answered(session=session, actor=actor),
    )


def look_into(contract_id: int, *, session: Session, office: Office, actor: Actor, standing: Standing) -> Page:
    """Any open contract of the workspace and what happened to it last, for its onboarding managers.

    Raises NoContract for everybody else.
    """
    if not is_manager(session=session, actor=actor, standing=standing):
        raise NoContract
    where: dict[str, Any] = {"session": session, "workspace_id": actor.workspace_id}
    found = contract_of_workspace(contract_id, office=office, **where)
    if found is None or not found.is_open:
        raise NoContract
    rows = history_of(**where, contract_id=contract_id, limit=_LATEST + 1)
    return Page(found, rows[:_LATEST], has_older=len(rows) > _LATEST, has_newer=False)


def is_manager(*, session: Session, actor: Actor, standing: Standing) -> bool:
    """Whether the workspace's settings name the person, who still has to be a member of it."""
    if standing not in {Standing.MEMBER, Standing.ADMIN}:
        return False
    return actor.user_id in managers_of(session=session, workspace_id=actor.workspace_id)


def _of_workspace(look: Look, *, session: Session, office: Office, actor: Actor) -> Overview:
    where: dict[str, Any] = {"session": session, "workspace_id": actor.workspace_id}
    known = procedures_in_use(**where)
    steps = {step.id: step for name in known if name in office.procedures for step in office.procedures[name].steps}
    step = look.step if look.step in steps else None
    ranked = rank_contracts(
        **where, procedures=office.procedures, step_id=step, search=look.search, page=look.page, size=PAGE
    )
    return Overview(
        look=Look(scope=Scope.WORKSPACE, step=step, search=look.search, page=ranked.page),
        user_id=actor.user_id,
        is_manager=True,
        found=ranked.found,
        shown=contracts_in_order(ranked.contract_ids, office=office, **where),
        steps=tuple(steps.values()),
    )


def _ageing(*, session: Session, office: Office, actor: Actor) -> list[AgeingPaper]:
    where: dict[str, Any] = {"session": session, "workspace_id": actor.workspace_id}
    dated = contracts_with_dated_papers(**where, channels=actor.channels)
    return ageing_papers(contracts_in_order(dated, office=office, **where), office=office, **where)


def _open_nudges(*, session: Session, office: Office, actor: Actor) -> list[OpenNudge]:
    """The newest of each rule whose reason still holds."""
    where: dict[str, Any] = {"session": session, "workspace_id": actor.workspace_id}
    rows = unanswered_nudges(**where, channels=actor.channels)
    states = contracts_in_order(list({row.contract_id for row in rows}), office=office, **where)
    by_id = {state.id: state for state in states}
    newest: dict[tuple[int, str], Nudge] = {}
    for row in rows:
        newest.setdefault((row.contract_id, row.rule_id), row)
    found = []
    for row in newest.values():
        state = by_id.get(row.contract_id)
        if state is None:
            continue
        reason = rules.reason_for(state, row)
        if reason is not None and isinstance(reason.rule, NudgeRule):
            found.append(OpenNudge(reason.rule, state, row.sent_at))
    return found


def _answered(*, session: Session, actor: Actor) -> list[Question]:
    asked = last_questions_of_person(
        session=session, workspace_id=actor.workspace_id, user_id=actor.user_id, limit=_LOOKED_BACK
    )
    newest: dict[str, Question] = {}
    for question in asked:
        if question.topic is not None:
            newest.setdefault(question.topic, question)
    return list(newest.values())[:_ANSWERS]
