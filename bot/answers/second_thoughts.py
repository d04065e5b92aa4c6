"""Answers to an offer that are not its button: confirmed in words, forgotten, or another day or card than offered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.answers.corrections import Correction, Said
from bot.answers.followup import Answer
from bot.answers.meaning import Decision, Report
from bot.answers.offers import REVIEW_REQUESTED, offer_one
from bot.answers.replies import Does, Offer, Outcome, Reply
from bot.answers.situation import Situation
from bot.answers.wishes import offer_to_take_back
from bot.contracts.state import ContractState
from bot.office import Office
from bot.texts.catalogue import Speaker
from storage.states import CardStatus, StepStatus

if TYPE_CHECKING:
    from bot.contracts.moves import LastChange


def answer_correction(said: Correction, situation: Situation, office: Office, say: Speaker) -> Reply | None:
    """None when the contract of the offer cannot be seen here any more, or the words are about something else."""
    offer = situation.offered[-1]
    state = _contract_of(offer, situation)
    if state is None:
        return None
    if said.said is Said.RECORD:
        return _confirmed(situation.offered, say)
    if said.said is Said.FORGET:
        if not _is_recorded(offer, state) or _is_waiting(offer, situation.last_change):
            return Reply(Outcome.REPORT, say("report.dismissed"), say.language, topic=offer.report or None)
        return offer_to_take_back(situation, say)
    return _another(said, offer, state, situation.last_change, office, say)


def answer_bare_word(word: Answer, situation: Situation, say: Speaker) -> Reply:
    """A yes alone confirms nothing: the button stands there again. A no is taken at its word."""
    if word is Answer.NO:
        return Reply(Outcome.REPORT, say("report.dismissed"), say.language, quiet=True)
    text = say("report.press_to_confirm")
    return Reply(Outcome.REPORT, text, say.language, offers=situation.offered, quiet=True)


def _confirmed(offered: tuple[Offer, ...], say: Speaker) -> Reply:
    if len(offered) > 1:
        return Reply(Outcome.REPORT, say("report.press_which"), say.language, offers=offered)
    return Reply(Outcome.REPORT, "", say.language, topic=offered[0].report or None, confirmed=offered[0])


def _another(
    said: Correction, offer: Offer, state: ContractState, last: LastChange | None, office: Office, say: Speaker
) -> Reply | None:
    if offer.does is not Does.RECORD or (said.cards and not offer.cards):
        return None
    report = Report(
        kind=offer.report,
        step=offer.step,
        cards=_meant(offer.cards, said),
        decision=Decision(offer.decision) if offer.decision else None,
        day=said.day or offer.day,
    )
    if not _is_recorded(offer, state):
        found, text = offer_one(report, state, None, office, say)
    elif last is None or not _is_of(last, offer):
        found, text = None, say("correct.not_the_last")
    else:
        found, text = _in_place_of(last, offer, report, state, office, say)
    return Reply(Outcome.REPORT, text, say.language, topic=offer.report, offers=(found,) if found else ())


def _in_place_of(
    last: LastChange, offer: Offer, report: Report, state: ContractState, office: Office, say: Speaker
) -> tuple[Offer | None, str]:
    """The same record with the other day or card, as if the last change had been taken back already."""
    found, text = offer_one(report, _without(offer, state), None, office, say)
    if found is None:
        return None, text
    found = replace(found, label=say("correct.button"), change=last.change_id)
    return found, f"{say('correct.instead')}\n{text}"


def _without(offer: Offer, state: ContractState) -> ContractState:
    """The contract as it was before the offer was recorded, as far as offers look at it."""
    if offer.report == REVIEW_REQUESTED:
        return replace(state, cards=tuple(replace(one, status=CardStatus.NOT_REQUESTED) for one in state.cards))
    if offer.cards:
        return state
    steps = tuple(
        replace(one, status=StepStatus.ACTIVE, done_on=None) if one.step.id == offer.step else one
        for one in state.steps
    )
    return replace(state, steps=steps)


def _meant(offered: tuple[str, ...], said: Correction) -> tuple[str, ...]:
    """신한 and 삼성 offered, "삼성 아니고 롯데요": 신한 and 롯데. Without saying which was wrong: all of them."""
    if not said.cards:
        return offered
    kept = [card for card in offered if card not in said.not_cards] if said.not_cards else []
    return tuple(dict.fromkeys([*kept, *said.cards]))


def _is_recorded(offer: Offer, state: ContractState) -> bool:
    if offer.cards:
        decided = {card.card.id: card.status for card in state.cards}
        return all(decided.get(card) == offer.decision for card in offer.cards)
    if offer.report == REVIEW_REQUESTED:
        return bool(state.cards_in_review)
    return offer.step is not None and state.step(offer.step).is_done


def _is_of(last: LastChange, offer: Offer) -> bool:
    """Whether the last change is what the offer recorded, or would replace."""
    if _is_waiting(offer, last):
        return True
    if offer.cards:
        return {row.card_id for row in last.rows if row.card_id} == set(offer.cards)
    return offer.step in {row.step_id for row in last.rows} and _day_of(last) in {None, offer.day}


def _is_waiting(offer: Offer, last: LastChange | None) -> bool:
    """An offer to replace the last change that nobody has pressed yet."""
    return last is not None and offer.change == last.change_id


def _day_of(last: LastChange) -> date | None:
    return last.rows[-1].day


def _contract_of(offer: Offer, situation: Situation) -> ContractState | None:
    return next((state for state in situation.states if state.id == offer.contract_id), None)
