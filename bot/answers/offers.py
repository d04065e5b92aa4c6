"""Reports of progress: what somebody says has happened, offered as one button. Nothing is recorded without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.answers.meaning import Meaning, Report
from bot.answers.replies import Offer, Outcome, Reply
from bot.answers.situation import Situation
from bot.contracts import wording
from bot.contracts.state import ContractState, StepState
from bot.office import Office
from bot.procedure.movement import missing_before
from bot.texts.catalogue import Speaker
from storage.states import CardStatus

if TYPE_CHECKING:
    from bot.contracts.moves import LastChange

NOT_RECEIVED = "report.mail_not_received"
REVIEW_REQUESTED = "report.review_requested"
_OFFERS = 3
ALL_APPROVED = "report.all_approved"
_STEP_OF_REPORT: Mapping[str, str] = {
    "report.application_submitted": "application",
    "report.mail_received": "guidance",
    "report.documents_sent": "paperwork",
    "report.contract_signed": "paperwork",
    "report.insurance_done": "completion",
    "report.contract_completed": "completion",
    "report.channel_set": "channel_setup",
    "report.dev_done": "development",
    ALL_APPROVED: "card_review",
}
_DECISIONS = {"report.card_approved": CardStatus.APPROVED, "report.card_rejected": CardStatus.REJECTED}


def offer_report(meaning: Meaning, situation: Situation, office: Office, say: Speaker) -> Reply:
    """What to say to reports: the buttons that record them, or why there is none."""
    assert meaning.report is not None
    base = Reply(Outcome.REPORT, "", say.language, topic=meaning.report.kind, confidence=meaning.confidence)
    state = contract_for(situation.states)
    if state is None:
        return replace(base, text=say("report.no_contract" if not situation.states else "report.which_contract"))
    offers, texts = _offers(meaning, state, situation.last_change, office, say)
    return replace(base, text="\n".join(texts), offers=offers)


def with_reports(reply: Reply, meaning: Meaning | None, situation: Situation, office: Office, say: Speaker) -> Reply:
    """An answer to a question that also held a report: the answer, and the button."""
    state = contract_for(situation.states)
    if meaning is None or state is None:
        return reply
    offers, texts = _offers(meaning, state, situation.last_change, office, say)
    return replace(reply, offers=offers, text="\n\n".join([reply.text, *texts])) if offers else reply


def corrects_a_record(meaning: Meaning, state: ContractState) -> bool:
    """Whether it reports a step again that is recorded already, with another day."""
    return any(
        report.day is not None and step.done_on not in {None, report.day}
        for report in meaning.reports
        for step in state.steps
        if step.step.id == _STEP_OF_REPORT.get(report.kind, report.step)
    )


def contract_for(states: Sequence[ContractState]) -> ContractState | None:
    """The one contract that can be meant."""
    running = [state for state in states if state.is_running]
    return running[0] if len(running) == 1 else None


def _offers(
    meaning: Meaning, state: ContractState, last: LastChange | None, office: Office, say: Speaker
) -> tuple[tuple[Offer, ...], list[str]]:
    recordable = [report for report in meaning.reports if report.kind != NOT_RECEIVED]
    found = [offer_one(report, state, last, office, say) for report in recordable[:_OFFERS]]
    return tuple(offer for offer, _ in found if offer is not None), [text for _, text in found]


def offer_one(
    report: Report, state: ContractState, last: LastChange | None, office: Office, say: Speaker
) -> tuple[Offer | None, str]:
    """The button that records one report, and what is said above it; only the reason where there is nothing to record.

    What stands recorded otherwise as the `last` change is offered to be recorded in its place.
    """
    today = office.today(state.zone)
    day = report.day or today
    if day > today:
        return None, say("report.future", day=say.day(day))
    if report.kind in _DECISIONS:
        return _card_offer(report, state, day, say)
    if report.kind == REVIEW_REQUESTED:
        return _review_offer(report, state, day, say)
    return _step_offer(report, state, last, day, say)


def _step_offer(
    report: Report, state: ContractState, last: LastChange | None, day: date, say: Speaker
) -> tuple[Offer | None, str]:
    step_id = _STEP_OF_REPORT.get(report.kind, report.step)
    if step_id is None or step_id not in {step.step.id for step in state.steps}:
        return None, say("report.not_recordable")
    step = state.step(step_id)
    title = step.step.title.in_language(say.language)
    if step.is_done:
        return _already_done(report, step, last, say)
    offer = Offer(
        label=say("report.record", what=step.step.short_title.in_language(say.language)),
        report=report.kind,
        contract_id=state.id,
        step=step_id,
        day=day,
    )
    text = say("report.offer_step", step=title, day=say.day(day))
    missing = missing_before(state.procedure, step_id, done=state.done_days)
    if missing:
        earlier = ", ".join(state.procedure.step(one).title.in_language(say.language) for one in missing)
        text = f"{text}\n{say('report.with_earlier', steps=earlier)}"
    return offer, text


def _already_done(report: Report, step: StepState, last: LastChange | None, say: Speaker) -> tuple[Offer | None, str]:
    title = step.step.title.in_language(say.language)
    text = say("report.already_done", step=title, day=say.day(step.done_on) if step.done_on else "")
    is_last = last is not None and {row.step_id for row in last.rows} == {step.step.id}
    if last is None or not is_last or report.day is None or report.day == step.done_on:
        return None, text
    offer = Offer(
        say("correct.button"), report.kind, last.state.id, step=step.step.id, day=report.day, change=last.change_id
    )
    return offer, f"{text}\n{say('correct.day', day=say.day(report.day))}"


def _review_offer(report: Report, state: ContractState, day: date, say: Speaker) -> tuple[Offer | None, str]:
    if state.cards_in_review:
        return None, say("report.review_runs", cards=wording.card_summary(state, say))
    offer = Offer(
        label=say("report.record", what=say("report.what_review")),
        report=report.kind,
        contract_id=state.id,
        step=state.procedure.card_review_step,
        day=day,
    )
    return offer, say("report.offer_review", day=say.day(day))


def _card_offer(report: Report, state: ContractState, day: date, say: Speaker) -> tuple[Offer | None, str]:
    known = {card.card.id: card for card in state.cards}
    cards = tuple(card for card in report.cards if card in known)
    if not cards:
        return None, say("report.which_card")
    decision = _DECISIONS[report.kind]
    names = ", ".join(known[card].card.name.in_language(say.language) for card in cards)
    offer = Offer(
        label=say("report.record", what=f"{names} {say(f'card_status.{decision}')}"),
        report=report.kind,
        contract_id=state.id,
        step=state.procedure.card_review_step,
        cards=cards,
        decision=decision,
        day=day,
    )
    return offer, say(f"report.offer_card_{decision}", cards=names, day=say.day(day))
