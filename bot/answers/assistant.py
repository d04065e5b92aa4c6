"""From what somebody said to what the assistant says back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.answers import offers
from bot.answers.own_contract import answer_about_own_contract
from bot.answers.replies import Choice, Outcome, Reply
from bot.answers.topic_book import TopicBook
from bot.answers.topics import Kind
from bot.answers.understanding import Band, Meaning, ThreadContext, Understanding
from bot.contracts import wording
from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.office import Office
from bot.procedure.model import Procedure
from bot.texts.catalogue import Catalogues, Speaker

_FALLBACK_TOPIC = {"state.review_eta": "review.duration"}
"""What is told instead when there is no contract whose state could answer."""
_NOT_RECEIVED_TOPIC = "notice.not_arrived"
_CHOICES_UNDER_AN_ANSWER = 2
_CHOICES_TO_OFFER = 3
_CONTRACTS_TOLD = 3


@dataclass(frozen=True)
class Situation:
    """Who asks, and about which contracts: `states` are those that the person may see here, the likeliest first."""

    language: str
    states: Sequence[ContractState] = ()
    context: ThreadContext | None = None


class Assistant:
    def __init__(self, understanding: Understanding, topics: TopicBook, office: Office, texts: Catalogues) -> None:
        self._understanding = understanding
        self._topics = topics
        self._office = office
        self._texts = texts

    def understand(self, text: str, situation: Situation) -> Meaning:
        zone = ZoneInfo(situation.states[0].zone if situation.states else self._office.zone)
        return self._understanding.understand(text, now=self._office.now(), zone=zone, context=situation.context)

    def reply(self, text: str, situation: Situation) -> Reply:
        return self.reply_to(self.understand(text, situation), situation)

    def reply_to(self, meaning: Meaning, situation: Situation) -> Reply:
        say = self._texts.speaker(meaning.language or situation.language)
        if meaning.report is not None and meaning.report.kind == offers.NOT_RECEIVED and not meaning.is_question:
            return self._not_received(meaning, situation, say)
        if meaning.report is not None and not meaning.is_question:
            return offers.offer_report(meaning, situation.states, self._office, say)
        if meaning.band is Band.HAND_OVER or meaning.topic is None:
            return self._hand_over(meaning, situation, say)
        if meaning.band is Band.CHOOSE:
            return self._choose(meaning, say)
        return self._answer(meaning.topic, meaning, situation, say)

    def tell_topic(self, topic_id: str, situation: Situation) -> Reply:
        """The answer to a topic that somebody has chosen. Raises KeyError for a topic that we do not have."""
        say = self._texts.speaker(situation.language)
        return self._answer(topic_id, None, situation, say)

    def topic_title(self, topic_id: str, language: str) -> str | None:
        topic = self._topics.topics.get(topic_id)
        return topic.title.in_language(language) if topic else None

    def _answer(self, topic_id: str, meaning: Meaning | None, situation: Situation, say: Speaker) -> Reply:
        topic = self._topics.topics[topic_id]
        confidence = meaning.confidence if meaning else 1.0
        choices = self._other_choices(topic_id, meaning, say)
        if topic.kind is Kind.STATE:
            return self._own_contract(topic_id, confidence, situation, say)
        if topic.kind is Kind.REPORT:
            return self._choose_around(topic_id, confidence, meaning, say)
        told = self._topics.tell(topic_id, self._procedure(situation), say.language)
        unknown = topic.kind in {Kind.UNPUBLISHED, Kind.OUTSIDE}
        reply = Reply(
            outcome=Outcome.HAND_OVER if unknown else Outcome.ANSWER,
            text=told.text or say("answer.small_talk"),
            language=say.language,
            topic=topic_id,
            more=told.more,
            sources=told.sources,
            contacts=told.contacts,
            confidence=confidence,
            choices=() if topic.kind in {Kind.OUTSIDE, Kind.SMALL_TALK, Kind.ACTION} else choices,
        )
        return offers.with_reports(reply, meaning, situation.states, self._office, say)

    def _not_received(self, meaning: Meaning, situation: Situation, say: Speaker) -> Reply:
        """What to check when no mail comes, with how long this team has waited for it."""
        told = self._topics.tell(_NOT_RECEIVED_TOPIC, self._procedure(situation), say.language)
        state = offers.contract_for(situation.states)
        waited = ""
        if state is not None and state.current is not None:
            waited = wording.waiting(Outlook.of(state, self._office), state.current, say)
        return Reply(
            Outcome.REPORT,
            "\n\n".join(part for part in (told.text, waited) if part),
            say.language,
            topic=offers.NOT_RECEIVED,
            more=told.more,
            sources=told.sources,
            contacts=told.contacts,
            confidence=meaning.confidence,
        )

    def _own_contract(self, topic_id: str, confidence: float, situation: Situation, say: Speaker) -> Reply:
        if not situation.states:
            return self._no_contract(topic_id, confidence, situation, say)
        parts = [
            answer_about_own_contract(topic_id, Outlook.of(state, self._office), say)
            for state in situation.states[:_CONTRACTS_TOLD]
        ]
        return Reply(Outcome.STATUS, "\n\n".join(parts), say.language, topic=topic_id, confidence=confidence)

    def _no_contract(self, topic_id: str, confidence: float, situation: Situation, say: Speaker) -> Reply:
        text = say("own.no_contract")
        told = None
        if topic_id in _FALLBACK_TOPIC:
            told = self._topics.tell(_FALLBACK_TOPIC[topic_id], self._procedure(situation), say.language)
        return Reply(
            Outcome.STATUS,
            f"{text}\n\n{told.text}" if told else text,
            say.language,
            topic=topic_id,
            sources=told.sources if told else (),
            confidence=confidence,
        )

    def _hand_over(self, meaning: Meaning, situation: Situation, say: Speaker) -> Reply:
        told = None
        if meaning.topic is not None and self._topics.topics[meaning.topic].kind in {Kind.UNPUBLISHED, Kind.OUTSIDE}:
            told = self._topics.tell(meaning.topic, self._procedure(situation), say.language)
        contacts = told.contacts if told else self._procedure(situation).contacts[:2]
        return Reply(
            Outcome.HAND_OVER,
            told.text if told else say("answer.unknown"),
            say.language,
            topic=meaning.topic if told else None,
            more=told.more if told else "",
            sources=told.sources if told else (),
            contacts=contacts,
            confidence=meaning.confidence,
        )

    def _choose(self, meaning: Meaning, say: Speaker) -> Reply:
        choices = self._choices([one.topic for one in meaning.candidates[:_CHOICES_TO_OFFER]], say)
        return Reply(
            Outcome.CHOOSE,
            say("answer.choose"),
            say.language,
            topic=meaning.topic,
            confidence=meaning.confidence,
            choices=choices,
        )

    def _choose_around(self, topic_id: str, confidence: float, meaning: Meaning | None, say: Speaker) -> Reply:
        candidates = [one.topic for one in meaning.candidates] if meaning else [topic_id]
        return Reply(
            Outcome.CHOOSE,
            say("answer.choose"),
            say.language,
            topic=topic_id,
            confidence=confidence,
            choices=self._choices(candidates[:_CHOICES_TO_OFFER], say),
        )

    def _other_choices(self, topic_id: str, meaning: Meaning | None, say: Speaker) -> tuple[Choice, ...]:
        if meaning is None:
            return ()
        others = [one.topic for one in meaning.candidates if one.topic != topic_id]
        return self._choices(others, say)[:_CHOICES_UNDER_AN_ANSWER]

    def _choices(self, topic_ids: Sequence[str], say: Speaker) -> tuple[Choice, ...]:
        """Only what answers when it is pressed: not reports, small talk or what lies outside."""
        answering = {Kind.FACT, Kind.UNPUBLISHED, Kind.STATE}
        return tuple(
            Choice(topic, self._topics.title(topic, say.language))
            for topic in dict.fromkeys(topic_ids)
            if self._topics.topics[topic].kind in answering
        )

    def _procedure(self, situation: Situation) -> Procedure:
        if situation.states:
            return situation.states[0].procedure
        return next(iter(self._office.procedures.values()))
