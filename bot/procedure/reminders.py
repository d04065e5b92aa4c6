"""When a contract reminds its team, of what, and whom it calls: each rule as data with a sentence beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from string import Formatter
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.procedure.data import Data, Sentence, Slug, Text


class Wait(Data):
    """A length of time on the business calendar (exactly one of the two)."""

    business_days: Annotated[int, Field(ge=0, le=120)] | None = None
    days: Annotated[int, Field(ge=0, le=400)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.business_days is None) == (self.days is None):
            raise ValueError("give either business_days or days")
        return self

    def is_before(self, other: Wait) -> bool:
        """Whether it is over before the other; False where they are counted differently."""
        if self.business_days is not None and other.business_days is not None:
            return self.business_days < other.business_days
        return self.days is not None and other.days is not None and self.days < other.days


class CountedFrom(StrEnum):
    """The moment from which a nudge's wait is counted."""

    STEP_ACTIVE = "step_active"
    """the day on which the step could be worked on"""
    CONTRACT_COMPLETE = "contract_complete"
    """the day on which the step could be worked on and the contract was complete"""
    REVIEW_POSSIBLE = "review_possible"
    """the day on which the card review could be requested; falls away when it is"""
    REVIEW_REQUESTED = "review_requested"
    """the day on which the first card company's review was requested"""
    CONTRACT_LIVE = "contract_live"
    """the day on which the last step was done; holds until the contract is closed"""


class NudgeButton(StrEnum):
    """What a person can settle a nudge with."""

    FINISH = "finish"
    NOT_YET = "not_yet"
    TOMORROW = "tomorrow"
    CARD_DECISION = "card_decision"
    REQUEST_REVIEW = "request_review"
    UNDERSTOOD = "understood"


class Called(StrEnum):
    """Whom a reminder calls by name, the fewest first."""

    NOBODY = "nobody"
    OWNER = "owner"
    MANAGERS = "managers"
    """the contract's owner and the workspace's onboarding managers"""


BusinessDays = Annotated[int, Field(ge=1, le=60)]


class Repeats(Data):
    """How long a rule waits before it reminds again, each time; they widen, and after the last it is silent."""

    business_days: Annotated[tuple[BusinessDays, ...], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _widen(self) -> Self:
        if list(self.business_days) != sorted(self.business_days):
            raise ValueError("repeats must not come closer together")
        return self


def _refuse_other_figures(owner: str, sentence: str, figures: Iterable[int]) -> None:
    """The sentence for people and the data beside it have to say the same."""
    said, meant = {int(figure) for figure in re.findall(r"\d+", sentence)}, {one for one in figures if one}
    if said != meant:
        raise ValueError(f"{owner}: the sentence says {sorted(said)}, the data {sorted(meant)}")


class Escalation(Data):
    """Whom reminders call when nobody reacts, counted from the first one that nobody answered.

    `rule` says it in one sentence for the person who edits this file.
    """

    rule: Sentence
    owner: Wait
    managers: Wait

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.owner.business_days is None or self.managers.business_days is None:
            raise ValueError("escalation: give business_days")
        if self.owner.business_days >= self.managers.business_days:
            raise ValueError("escalation: the owner is called before the managers")
        _refuse_other_figures("escalation", self.rule, [self.owner.business_days, self.managers.business_days])
        return self


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"


class Digest(Data):
    """One summary a week for each channel with an open contract; on a holiday it comes the next business day."""

    id: Slug
    rule: Sentence
    weekday: Weekday
    headline: Text

    @property
    def days_into_week(self) -> int:
        return list(Weekday).index(self.weekday)


_MESSAGE_FIELDS = frozenset({"merchant", "days", "open_cards"})


class NudgeRule(Data):
    """When an open step earns a reminder, and what it says.

    `rule` is the whole rule in one sentence for the person who edits this file.
    `message` may use {merchant}, {days} (business days since it is counted) and {open_cards}; a name may take its
    Korean particle, {merchant:이}, and a number its English noun, {days:business day|business days}.
    """

    id: Slug
    rule: Sentence
    counted_from: CountedFrom = CountedFrom.STEP_ACTIVE
    after: Wait
    repeats: Repeats | None = None
    until: Slug | None = None
    """The rule that takes over from this one, from the day on which it is due itself."""
    calls: Called = Called.NOBODY
    """Whom even the first reminder calls."""
    headline: Text
    message: Text
    checklist: Slug | None = None
    ready_message: Text | None = None
    """A message that the team can send to the PG as it stands; the same fields as `message`."""
    buttons: Annotated[tuple[NudgeButton, ...], Field(min_length=1)]
    sources: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _fields_are_known(self) -> Self:
        for text in (self.message, self.ready_message):
            for sentence in (text.ko, text.en) if text else ():
                unknown = {name for _, name, _, _ in Formatter().parse(sentence) if name} - _MESSAGE_FIELDS
                if unknown:
                    raise ValueError(f"nudge rule {self.id}: no message has a field {{{unknown.pop()}}}")
        return self

    @model_validator(mode="after")
    def _says_what_it_does(self) -> Self:
        waits = [self.after.business_days or self.after.days or 0]
        waits += self.repeats.business_days if self.repeats else ()
        _refuse_other_figures(f"nudge rule {self.id}", self.rule, waits)
        return self
