"""Wishes in words: take the last record back, remind us then, somebody else is in charge. Each is offered first."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.answers.moments import parse_future
from bot.answers.offers import contract_for
from bot.answers.replies import Act, ActKind, Does, Offer, Outcome, Reply
from bot.answers.situation import Situation
from bot.answers.text import clean
from bot.contracts import wording
from bot.contracts.state import ContractState
from bot.nudges.wishes import wanted_reminder, when_it_comes
from bot.office import Office
from bot.texts.catalogue import Speaker

UNDO = "action.undo"
_REMINDER, _OWNER = "action.set_reminder", "action.assign_owner"

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_MYSELF = re.compile(
    r"(?:^|\s)(?:나|저|제|내)(?:로|가|를)?(?=\s|$)|나한테|저한테|\b(?:me|myself|i'll|i will|i am|i'm)\b", re.IGNORECASE
)


def offer_wish(topic: str, text: str, situation: Situation, office: Office, say: Speaker) -> Reply | None:
    """The offer that fits the wish; None for a wish that only its topic answers, or where no contract is meant."""
    state = contract_for(situation.states)
    if topic == UNDO and situation.last_change is not None:
        return offer_to_take_back(situation, say)
    if state is None:
        return None
    if topic == _REMINDER:
        return _reminder(text, state, office, say)
    if topic == _OWNER:
        return _owner(text, state, situation, say)
    return None


def offer_to_take_back(situation: Situation, say: Speaker) -> Reply:
    """Says what the last record is, and takes it back when somebody presses."""
    last = situation.last_change
    if last is None:
        return Reply(Outcome.REPORT, say("refusal.nothing_to_take_back"), say.language, topic=UNDO)
    offer = Offer(say("take_back.submit"), "", last.state.id, does=Does.TAKE_BACK, change=last.change_id)
    text = say("take_back.offer", what=wording.last_change(last, say))
    return Reply(Outcome.REPORT, text, say.language, topic=UNDO, offers=(offer,))


def _reminder(text: str, state: ContractState, office: Office, say: Speaker) -> Reply | None:
    owed = wanted_reminder(state)
    if owed is None:
        return None
    now = office.now()
    wished = parse_future(clean(text), now.astimezone(ZoneInfo(state.zone)))
    at = when_it_comes(wished, calendar=office.calendar_of(state), now=now)
    lines = [say("remind.offer", when=say.moment(at, state.zone), what=owed.rule.headline.in_language(say.language))]
    if wished is not None and at != wished:
        lines.append(say("remind.moved"))
    offer = Offer(say("remind.button"), "", state.id, step=owed.step_id, does=Does.REMIND, at=at)
    return Reply(Outcome.REPORT, "\n".join(lines), say.language, topic=_REMINDER, offers=(offer,))


def _owner(text: str, state: ContractState, situation: Situation, say: Speaker) -> Reply:
    """A person can only be named by a mention, or be the one who speaks; otherwise the window asks."""
    named = _PERSON.search(text)
    person = named.group(1) if named else situation.person_id if _MYSELF.search(text) else None
    reply = Reply(Outcome.REPORT, say("owner.offer"), say.language, topic=_OWNER)
    if person is None:
        return replace(reply, acts=(Act(ActKind.OWNER, say("owner.title"), state.id),))
    if person == state.owner_id:
        return replace(reply, text=say("owner.already"))
    offer = Offer(say("owner.button"), "", state.id, does=Does.ASSIGN, person=person)
    return replace(reply, offers=(offer,))
