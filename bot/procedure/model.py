"""A Procedure: the ordered Steps of one PG's contract, as data that a domain expert can edit.

Every sentence that states a fact is a `Statement`: it has an id, so that an answer can quote it
instead of saying it again, and it names the sources it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from string import Formatter
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.procedure.data import Data, Sentence, Slug, Text
from bot.procedure.reminders import Digest, Escalation, NudgeRule


class Confidence(StrEnum):
    """How far a source can be trusted, best first."""

    ARTICLE = "article"
    """The article this product starts from."""
    OFFICIAL_HELP = "official_help"
    """PortOne's help centre."""
    OFFICIAL_DOCS = "official_docs"
    """PortOne's developer documentation."""
    PG = "pg"
    """A payment gateway's own text."""
    VENDOR = "vendor"
    """Another payment or hosting company's text."""
    REPORT = "report"
    """One person's or one team's report."""


class Source(Data):
    """A public document that facts come from. `as_of` is the day whose state we know."""

    id: Slug
    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://")]
    as_of: date
    confidence: Confidence


class Statement(Data):
    """One fact or piece of advice, said in full sentences. No `sources` means that it is our own advice."""

    id: Slug
    ko: Sentence
    en: Sentence
    sources: tuple[Slug, ...] = ()

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.ko


class Link(Data):
    label: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://")]


class BusinessKind(StrEnum):
    INDIVIDUAL = "individual"
    CORPORATION = "corporation"


class ChecklistItem(Statement):
    """One thing to tick off; `only_for` limits it to a kind of business."""

    only_for: BusinessKind | None = None
    because: Text | None = None
    """why it is asked for"""
    optional: bool = False
    """not everybody needs it: the list is complete without it"""
    valid_months: Annotated[int, Field(ge=1, le=60)] | None = None
    """how long after its issue a paper is accepted"""


class Checklist(Data):
    id: Slug
    title: Text
    is_ticked: bool = True
    """False for what is only to be kept in mind"""
    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)]


class Unit(StrEnum):
    BUSINESS_DAYS = "business_days"
    DAYS = "days"
    WEEKS = "weeks"


class Duration(Data):
    """How long a step usually takes, with `least <= most`, both in `unit`."""

    least: Annotated[int, Field(ge=0, le=400)]
    most: Annotated[int, Field(ge=0, le=400)]
    unit: Unit
    sources: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            raise ValueError("least must not be larger than most")
        return self


class Turn(StrEnum):
    """Who has to act for a step to go on."""

    MERCHANT = "merchant"
    DEVELOPER = "developer"
    """The merchant's developer."""
    PORTONE = "portone"
    PG = "pg"
    CARD_COMPANIES = "card_companies"

    @property
    def is_teams(self) -> bool:
        """Whether somebody of the merchant's team has to act."""
        return self in {Turn.MERCHANT, Turn.DEVELOPER}


class Step(Data):
    id: Slug
    title: Text
    short_title: Text
    words: tuple[str, ...] = ()
    """What people type for this step in a command: `/계약 완료 서류`."""
    starts_after: tuple[Slug, ...] = ()
    turn: Turn
    expected: Duration | None = None
    summary: Text
    """One line: what happens here."""
    what_to_do: Annotated[tuple[Statement, ...], Field(min_length=1)]
    ends_when: Statement
    finish_label: Text
    """The button that finishes it: '메일 받았어요'."""
    watch_out: tuple[Statement, ...] = ()
    facts: tuple[Statement, ...] = ()
    """Other things known about the step."""
    checklists: tuple[Checklist, ...] = ()
    links: tuple[Link, ...] = ()
    nudges: tuple[NudgeRule, ...] = ()


class CardCompany(Data):
    id: Slug
    name: Text
    words: tuple[str, ...]


class PaymentMethod(Data):
    id: Slug
    name: Text


class CardReviewHelp(Data):
    """What a team should know while card companies decide. `freeze` and `review_again` name statements of the steps."""

    freeze: Slug
    """what has to stay as it is while a review runs"""
    rejection_causes: Annotated[tuple[Statement, ...], Field(min_length=1)]
    review_again: Slug
    """what to do after a rejection"""
    ready_message: Text
    """asks the PG for another review, ready to be sent; may use {merchant} and {cards}"""

    @model_validator(mode="after")
    def _fields_are_known(self) -> Self:
        for sentence in (self.ready_message.ko, self.ready_message.en):
            unknown = {name for _, name, _, _ in Formatter().parse(sentence) if name} - {"merchant", "cards"}
            if unknown:
                raise ValueError(f"card_review_help: the message has no field {{{unknown.pop()}}}")
        return self


class Contact(Data):
    """A company's published line; never a person's."""

    id: Slug
    who: Text
    what_for: Text
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    sources: tuple[Slug, ...]


class PaymentGateway(Data):
    name: Text
    former_name: Text | None = None
    brand: Text | None = None
    words: tuple[str, ...]
    """Everything that people call it."""


class Procedure(Data):
    id: Slug
    pg: PaymentGateway
    zone: str
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    contacts: tuple[Contact, ...] = ()
    payment_methods: Annotated[tuple[PaymentMethod, ...], Field(min_length=1)]
    card_companies: tuple[CardCompany, ...] = ()
    card_review_step: Slug
    """The step during which the card companies decide."""
    card_review_help: CardReviewHelp | None = None
    going_live_checklist: Slug | None = None
    """What is left to do after the last step; a checklist of that step."""
    contract_complete_step: Slug
    """The step whose end makes the contract complete."""
    escalation: Escalation | None = None
    digest: Digest | None = None
    facts: tuple[Statement, ...] = ()
    """What is known of the whole procedure, or of more than one step."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        step_ids = [step.id for step in self.steps]
        _refuse_repeated("step", step_ids)
        _refuse_repeated("source", [source.id for source in self.sources])
        _refuse_repeated("card company", [card.id for card in self.card_companies])
        _refuse_repeated("statement", [statement.id for statement in self.statements()])
        digests = [self.digest.id] if self.digest else []
        _refuse_repeated("nudge rule", [*digests, *(rule.id for step in self.steps for rule in step.nudges)])
        self._refuse_unknown_steps(step_ids)
        self._refuse_unknown_sources({source.id for source in self.sources})
        self._refuse_unknown_checklists()
        self._refuse_wrong_successors()
        self._refuse_unknown_statements()
        return self

    def statements(self) -> Iterator[Statement]:
        """Every sentence of the file that states a fact, in the file's order."""
        yield from self.facts
        for step in self.steps:
            yield from step.what_to_do
            yield step.ends_when
            yield from step.watch_out
            yield from step.facts
            for checklist in step.checklists:
                yield from checklist.items
        if self.card_review_help is not None:
            yield from self.card_review_help.rejection_causes

    @cached_property
    def statement_by_id(self) -> dict[str, Statement]:
        return {statement.id: statement for statement in self.statements()}

    def statement(self, statement_id: str) -> Statement:
        """Raises KeyError for an id that this procedure does not have."""
        return self.statement_by_id[statement_id]

    def step(self, step_id: str) -> Step:
        """Raises KeyError for an id that this procedure does not have."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    @property
    def going_live(self) -> Checklist | None:
        return next((one for one in self.steps[-1].checklists if one.id == self.going_live_checklist), None)

    def nudge_rule(self, rule_id: str) -> NudgeRule | Digest | None:
        if self.digest is not None and self.digest.id == rule_id:
            return self.digest
        return next((rule for step in self.steps for rule in step.nudges if rule.id == rule_id), None)

    def source(self, source_id: str) -> Source:
        for source in self.sources:
            if source.id == source_id:
                return source
        raise KeyError(source_id)

    def card_company(self, card_id: str) -> CardCompany:
        for card in self.card_companies:
            if card.id == card_id:
                return card
        raise KeyError(card_id)

    def _refuse_unknown_steps(self, step_ids: list[str]) -> None:
        for step in self.steps:
            for earlier in step.starts_after:
                if earlier not in step_ids[: step_ids.index(step.id)]:
                    raise ValueError(f"step {step.id}: starts_after names {earlier!r}, which is no earlier step")
        for key in (self.card_review_step, self.contract_complete_step):
            if key not in step_ids:
                raise ValueError(f"{key!r} is no step of this procedure")

    def _refuse_unknown_sources(self, known: set[str]) -> None:
        named: list[tuple[str, tuple[str, ...]]] = [(s.id, s.sources) for s in self.statements()]
        named += [(contact.id, contact.sources) for contact in self.contacts]
        for step in self.steps:
            named += [(rule.id, rule.sources) for rule in step.nudges]
            if step.expected:
                named.append((f"{step.id}.expected", step.expected.sources))
        for owner, sources in named:
            for source in sources:
                if source not in known:
                    raise ValueError(f"{owner}: source {source!r} is not in sources")

    def _refuse_unknown_checklists(self) -> None:
        for step in self.steps:
            known = {checklist.id for checklist in step.checklists}
            for rule in step.nudges:
                if rule.checklist and rule.checklist not in known:
                    raise ValueError(f"nudge rule {rule.id}: step {step.id} has no checklist {rule.checklist!r}")

    def _refuse_unknown_statements(self) -> None:
        if self.going_live_checklist is not None and self.going_live is None:
            raise ValueError(f"going_live_checklist: the last step has no checklist {self.going_live_checklist!r}")
        if self.card_review_help is None:
            return
        for statement_id in (self.card_review_help.freeze, self.card_review_help.review_again):
            try:
                self.statement(statement_id)
            except KeyError:
                raise ValueError(f"card_review_help: {statement_id!r} is no statement of this procedure") from None

    def _refuse_wrong_successors(self) -> None:
        for step in self.steps:
            rules = {rule.id: rule for rule in step.nudges}
            for rule in step.nudges:
                if rule.until is None:
                    continue
                later = rules.get(rule.until)
                if (
                    later is None
                    or later.counted_from is not rule.counted_from
                    or not rule.after.is_before(later.after)
                ):
                    raise ValueError(
                        f"nudge rule {rule.id}: until {rule.until!r} must name a later rule of its step, "
                        "counted from the same day in the same unit"
                    )


def _refuse_repeated(kind: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"{kind} {one!r} stands twice")
        seen.add(one)
