"""What somebody sees of their contracts when they open the app; onboarding managers see the whole workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import Session

from bot.contracts.checklists import AgeingPaper, ageing_papers
from bot.contracts.desk import Actor
from bot.contracts.reading import contract_of_workspace, contracts_of, open_contracts_of_workspace
from bot.contracts.refusals import NoContract
from bot.contracts.state import ContractState
from bot.nudges import rules
from bot.nudges.lost import LostNudge, lost_nudges
from bot.office import Office
from bot.procedure.model import Step
from bot.procedure.reminders import NudgeRule
from bot.workspaces.people import Standing
from storage.nudges import unanswered_nudges
from storage.questions import last_questions_of_person
from storage.tables import Nudge, Question
from storage.workspace_settings import managers_of

SEARCH_LENGTH = 80
"""of a merchant's name"""
PAGE = 15
"""Contracts on one page: each takes up to four blocks of Slack's hundred."""
_ANSWERS = 3
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


@dataclass(frozen=True)
class OpenNudge:
    """A reminder that was posted and that nobody has said anything to."""

    rule: NudgeRule
    state: ContractState
    sent_at: datetime | None


@dataclass(frozen=True)
class Overview:
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
    states = contracts_of(session=session, office=office, actor=actor)
    states.sort(key=lambda state: not waits_for(state, actor.user_id))  # stable: within, who waits longest is first
    page, shown = _page(look, states)
    return Overview(
        look=Look(scope=Scope.MINE, page=page),
        user_id=actor.user_id,
        is_manager=manages,
        found=len(states),
        shown=shown,
        lost=lost_nudges(session=session, office=office, actor=actor),
        open_nudges=_open_nudges(states, session=session, actor=actor),
        ageing=ageing_papers(states, session=session, office=office, workspace_id=actor.workspace_id),
        answered=_answered(session=session, actor=actor),
    )


def contract_to_write_about(
    contract_id: int, *, session: Session, office: Office, actor: Actor, standing: Standing
) -> ContractState:
    """Any contract of the workspace, for its onboarding managers. Raises NoContract for everybody else."""
    if not is_manager(session=session, actor=actor, standing=standing):
        raise NoContract
    found = contract_of_workspace(contract_id, workspace_id=actor.workspace_id, session=session, office=office)
    if found is None or not found.is_open:
        raise NoContract
    return found


def is_manager(*, session: Session, actor: Actor, standing: Standing) -> bool:
    """Whether the workspace's settings name the person, who still has to be a member of it."""
    if standing not in {Standing.MEMBER, Standing.ADMIN}:
        return False
    return actor.user_id in managers_of(session=session, workspace_id=actor.workspace_id)


def _of_workspace(look: Look, *, session: Session, office: Office, actor: Actor) -> Overview:
    states = open_contracts_of_workspace(session=session, office=office, workspace_id=actor.workspace_id)
    steps = {step.id: step for state in states for step in state.procedure.steps}
    step = look.step if look.step in steps else None
    found = [state for state in states if _is_at(state, step) and look.search.casefold() in state.merchant.casefold()]
    page, shown = _page(look, found)
    return Overview(
        look=Look(scope=Scope.WORKSPACE, step=step, search=look.search, page=page),
        user_id=actor.user_id,
        is_manager=True,
        found=len(found),
        shown=shown,
        steps=tuple(steps.values()),
    )


def _is_at(state: ContractState, step: str | None) -> bool:
    return step is None or (state.current is not None and state.current.step.id == step)


def _page(look: Look, states: Sequence[ContractState]) -> tuple[int, Sequence[ContractState]]:
    page = min(look.page, max(len(states) - 1, 0) // PAGE)
    return page, states[page * PAGE : (page + 1) * PAGE]


def _open_nudges(states: Sequence[ContractState], *, session: Session, actor: Actor) -> list[OpenNudge]:
    """The newest of each rule whose reason still holds."""
    by_id = {state.id: state for state in states}
    rows = unanswered_nudges(session=session, workspace_id=actor.workspace_id, contract_ids=list(by_id))
    newest: dict[tuple[int, str], Nudge] = {}
    for row in rows:
        newest.setdefault((row.contract_id, row.rule_id), row)
    found = []
    for row in newest.values():
        state = by_id[row.contract_id]
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
