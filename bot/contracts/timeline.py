"""A contract's way as days: who had the turn in which step from when to when, and when each card company decided."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from bot.contracts.outlook import Outlook
from bot.contracts.state import CardState, StepState
from bot.procedure.model import CardCompany, Step, Turn
from storage.states import CardStatus, ContractStatus

_ONE_DAY = timedelta(days=1)


class Span(Struct, frozen=True):
    """From one day to another, both included, in which it was somebody's turn."""

    first: date
    last: date
    turn: Turn
    is_open: bool = False
    """it still goes on"""


class StepRow(Struct, frozen=True):
    step: Step
    spans: tuple[Span, ...]
    business_days: int
    """from the first day to the last"""


class CardRow(Struct, frozen=True):
    card: CardCompany
    status: CardStatus
    span: Span


class Timeline(Struct, frozen=True):
    first: date
    last: date
    """the day on which the last step was done, or today"""
    steps: tuple[StepRow, ...]
    cards: tuple[CardRow, ...]
    days_off: frozenset[date]
    business_days: int
    is_over: bool

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def timeline(outlook: Outlook) -> Timeline:
    """Steps that are still to come have no spans."""
    state, calendar = outlook.state, outlook.calendar
    ended = max(state.done_days.values(), default=None)
    is_over = state.status is ContractStatus.LIVE or state.current is None
    last = ended if is_over and ended else outlook.today
    steps = tuple(_step_row(outlook, step, last) for step in state.steps)
    cards = tuple(row for card in state.cards if (row := _card_row(card, last)) is not None)
    spans = [span for row in steps for span in row.spans] + [row.span for row in cards]
    first = min([state.started_on, last, *(span.first for span in spans)])
    last = max([last, *(span.last for span in spans)])
    days = (first + _ONE_DAY * number for number in range((last - first).days + 1))
    return Timeline(
        first=first,
        last=last,
        steps=steps,
        cards=cards,
        days_off=frozenset(day for day in days if not calendar.is_business_day(day)),
        business_days=calendar.business_days_between(first, last),
        is_over=is_over,
    )


def _step_row(outlook: Outlook, step: StepState, until: date) -> StepRow:
    if step.active_on is None or not (step.is_done or step.is_active):
        return StepRow(step.step, (), 0)
    # The application may have been done before anybody kept the contract here.
    first = min(step.active_on, step.done_on or step.active_on)
    last = max(step.done_on or until, first)
    days = outlook.calendar.business_days_between(first, last)
    return StepRow(step.step, _spans(outlook, step, first, last), days)


def _spans(outlook: Outlook, step: StepState, first: date, last: date) -> tuple[Span, ...]:
    """The card review is the merchant's turn until it is requested, and the card companies' from then on."""
    state, is_open = outlook.state, not step.is_done
    if step.step.id != state.procedure.card_review_step or not state.cards:
        return (Span(first, last, step.step.turn, is_open),)
    requested = state.review_first_requested_on
    if requested is None:
        return (Span(first, last, Turn.MERCHANT, is_open),)
    asked = min(max(requested, first), last)
    before = (Span(first, asked - _ONE_DAY, Turn.MERCHANT),) if asked > first else ()
    return (*before, Span(asked, last, Turn.CARD_COMPANIES, is_open))


def _card_row(card: CardState, until: date) -> CardRow | None:
    """None for a company that was never asked."""
    if card.requested_on is None or card.status is CardStatus.NOT_WANTED:
        return None
    is_open = card.decided_on is None or card.status is CardStatus.IN_REVIEW
    last = until if is_open or card.decided_on is None else card.decided_on
    return CardRow(
        card.card, card.status, Span(card.requested_on, max(last, card.requested_on), Turn.CARD_COMPANIES, is_open)
    )
