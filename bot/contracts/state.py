"""A contract as it stands: everything that rules, replies and blocks want to know, read at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from bot.nudges.calendar import AS_USUAL, BusinessCalendar, WorkingTime
from bot.procedure.model import BusinessKind, CardCompany, Duration, Procedure, Step, Turn, Unit
from bot.procedure.reminders import Wait
from storage.states import OPEN, CardStatus, ContractStatus, StepStatus

if TYPE_CHECKING:
    from storage.tables import CardReview, Contract, Progress

_DAYS_PER_WEEK = 7


class StepState(Struct, frozen=True):
    step: Step
    status: StepStatus
    entry: int = 1
    active_on: date | None = None
    done_on: date | None = None
    done_by: str | None = None
    recorded_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        return self.status is StepStatus.DONE

    @property
    def is_active(self) -> bool:
        return self.status is StepStatus.ACTIVE


class CardState(Struct, frozen=True):
    card: CardCompany
    status: CardStatus
    requested_on: date | None = None
    decided_on: date | None = None
    reason: str = ""


class Waiting(NamedTuple):
    """What a contract waits for, as it is kept with it in the columns of these names."""

    waits_at: str | None
    waits_since: date
    waits_for_team: bool

    @classmethod
    def kept_with(cls, contract: Contract) -> Waiting:
        return cls(contract.waits_at, contract.waits_since, contract.waits_for_team)

    def keep_with(self, contract: Contract) -> None:
        contract.waits_at, contract.waits_since, contract.waits_for_team = self


class ContractState(Struct, frozen=True, eq=False, dict=True):
    id: int
    workspace_id: str
    channel_id: str
    procedure: Procedure
    merchant: str
    contact_email: str
    payment_methods: tuple[str, ...]
    site_url: str
    owner_id: str
    language: str
    zone: str
    status: ContractStatus
    started_on: date
    status_message_ts: str | None
    status_digest: str
    steps: tuple[StepState, ...]
    cards: tuple[CardState, ...]
    working: WorkingTime = AS_USUAL
    """when the workspace works"""
    nudges_muted: bool = False
    business_kind: BusinessKind | None = None
    opened_on: date | None = None
    """the day of the first live payment"""

    @classmethod
    def of(
        cls,
        contract: Contract,
        progress: Sequence[Progress],
        cards: Sequence[CardReview],
        procedure: Procedure,
        working: WorkingTime,
    ) -> ContractState:
        """The state that these rows describe. A step that the procedure has gained since is waiting."""
        assert contract.id is not None
        known = {row.step_id: row for row in progress}
        reviews = {row.card_id: row for row in cards}
        return cls(
            id=contract.id,
            workspace_id=contract.workspace_id,
            channel_id=contract.channel_id,
            procedure=procedure,
            merchant=contract.merchant,
            contact_email=contract.contact_email,
            payment_methods=tuple(contract.payment_methods),
            site_url=contract.site_url,
            owner_id=contract.owner_id,
            language=contract.language,
            zone=contract.zone,
            status=ContractStatus(contract.status),
            started_on=contract.started_on,
            status_message_ts=contract.status_message_ts,
            status_digest=contract.status_digest,
            steps=tuple(_step_state(step, known.get(step.id)) for step in procedure.steps),
            cards=tuple(_card_state(card, reviews[card.id]) for card in procedure.card_companies if card.id in reviews),
            working=working,
            nudges_muted=contract.nudges_muted,
            business_kind=BusinessKind(contract.business_kind) if contract.business_kind else None,
            opened_on=contract.opened_on,
        )

    def step(self, step_id: str) -> StepState:
        """Raises KeyError for an id that the procedure does not have."""
        for state in self.steps:
            if state.step.id == step_id:
                return state
        raise KeyError(step_id)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_running(self) -> bool:
        return self.status is ContractStatus.ACTIVE

    @cached_property
    def done_days(self) -> dict[str, date]:
        """The day on which each finished step was done."""
        return {state.step.id: state.done_on for state in self.steps if state.is_done and state.done_on}

    @cached_property
    def active_steps(self) -> tuple[StepState, ...]:
        return tuple(state for state in self.steps if state.is_active)

    @property
    def current(self) -> StepState | None:
        """The step that the contract waits for: the first that can be worked on."""
        return self.active_steps[0] if self.active_steps else None

    @property
    def meanwhile(self) -> tuple[StepState, ...]:
        """What can be done in the meantime, without waiting for the current step."""
        return self.active_steps[1:]

    @cached_property
    def cards_in_review(self) -> tuple[CardState, ...]:
        return self._cards(CardStatus.IN_REVIEW)

    @cached_property
    def approved_cards(self) -> tuple[CardState, ...]:
        return self._cards(CardStatus.APPROVED)

    @cached_property
    def rejected_cards(self) -> tuple[CardState, ...]:
        return self._cards(CardStatus.REJECTED)

    @cached_property
    def wanted_cards(self) -> tuple[CardState, ...]:
        return tuple(card for card in self.cards if card.status is not CardStatus.NOT_WANTED)

    @cached_property
    def undecided_cards(self) -> tuple[CardState, ...]:
        """The cards that the merchant wants and cannot take payments with yet."""
        return tuple(card for card in self.wanted_cards if card.status is not CardStatus.APPROVED)

    @cached_property
    def review_requested_on(self) -> date | None:
        """The day on which the oldest card review still running was requested."""
        days = [card.requested_on for card in self.cards_in_review if card.requested_on]
        return min(days, default=None)

    @cached_property
    def review_first_requested_on(self) -> date | None:
        """The day on which the first review was requested, whatever came of it."""
        return min((card.requested_on for card in self.cards if card.requested_on), default=None)

    @property
    def review_was_requested(self) -> bool:
        return any(card.status not in {CardStatus.NOT_REQUESTED, CardStatus.NOT_WANTED} for card in self.cards)

    @property
    def waiting(self) -> Waiting:
        step = self.current
        if step is None:
            return Waiting(None, date.max, waits_for_team=False)
        return Waiting(step.step.id, self.waiting_since(step) or date.max, self.is_teams_turn)

    @property
    def is_teams_turn(self) -> bool:
        """Whether the contract waits for somebody of the merchant's team."""
        return self.current is not None and self.turn_of(self.current).is_teams

    def turn_of(self, state: StepState) -> Turn:
        """Whose turn it is: the card review is the merchant's until it is requested, and again after a rejection."""
        if state.step.id == self.procedure.card_review_step and self.cards and not self.cards_in_review:
            return Turn.MERCHANT
        return state.step.turn

    def waiting_since(self, state: StepState) -> date | None:
        """The day since which this step waits for the one whose turn it is."""
        if state.step.id == self.procedure.card_review_step and self.review_requested_on:
            return self.review_requested_on
        return state.active_on

    def expected_on(self, state: StepState, calendar: BusinessCalendar) -> date | None:
        """The business day by which the step is usually over; None where nobody publishes a time, or while it waits."""
        since = self.waiting_since(state)
        if state.step.expected is None or since is None or not state.is_active:
            return None
        if state.step.id == self.procedure.card_review_step and self.cards and not self.cards_in_review:
            return None
        return calendar.add(since, _longest(state.step.expected))

    def usually_over_on(self, state: StepState, calendar: BusinessCalendar) -> date | None:
        """The business day by which the step would usually have been over, also once it is; None as above."""
        is_review = state.step.id == self.procedure.card_review_step and bool(self.cards)
        since = self.review_first_requested_on if is_review else state.active_on
        if state.step.expected is None or since is None:
            return None
        return calendar.add(since, _longest(state.step.expected))

    def _cards(self, status: CardStatus) -> tuple[CardState, ...]:
        return tuple(card for card in self.cards if card.status is status)


def _longest(expected: Duration) -> Wait:
    if expected.unit is Unit.BUSINESS_DAYS:
        return Wait(business_days=expected.most)
    days = expected.most * (_DAYS_PER_WEEK if expected.unit is Unit.WEEKS else 1)
    return Wait(days=days)


def _step_state(step: Step, row: Progress | None) -> StepState:
    if row is None:
        return StepState(step, StepStatus.WAITING)
    return StepState(
        step=step,
        status=StepStatus(row.status),
        entry=row.entry,
        active_on=row.active_on,
        done_on=row.done_on,
        done_by=row.done_by,
        recorded_at=row.recorded_at,
    )


def _card_state(card: CardCompany, row: CardReview) -> CardState:
    return CardState(card, CardStatus(row.status), row.requested_on, row.decided_on, row.reason)
