"""From what somebody said to what the assistant says back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.answers import offers, wishes
from bot.answers.acts import acts_for, moves_of
from bot.answers.corrections import Correction, Said, read_correction
from bot.answers.meaning import Band, Meaning, Utterance
from bot.answers.own_contract import answer_about_own_contract
from bot.answers.own_note import note_on_step
from bot.answers.quoting import with_article
from bot.answers.replies import Choice, Outcome, Reply
from bot.answers.second_thoughts import answer_bare_word, answer_correction
from bot.answers.situation import Situation
from bot.answers.text import clean
from bot.answers.topic_book import TopicBook, known_contacts
from bot.answers.topics import Kind, Topic
from bot.articles.excerpts import ArticleSearch
from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.late import Late
from bot.office import Office
from bot.procedure.model import Procedure
from bot.texts.catalogue import Catalogues, Speaker

if TYPE_CHECKING:
    from bot.answers.understanding import Understanding

_FALLBACK_TOPIC = {"state.review_eta": "review.duration"}
"""What is told instead when there is no contract whose state could answer."""
_NOT_RECEIVED_TOPIC = "notice.not_arrived"
_ESCALATE = "action.escalate"
_CHOICES_UNDER_AN_ANSWER = 2
_CHOICES_TO_OFFER = 3
_CONTRACTS_TOLD = 3
_CONTACTS_TOLD = 2


class Assistant:
    def __init__(
        self,
        understanding: Late[Understanding],
        topics: TopicBook,
        office: Office,
        texts: Catalogues,
        articles: ArticleSearch | None = None,
    ) -> None:
        self._understanding = understanding
        self._topics = topics
        self._office = office
        self._texts = texts
        self._articles = articles

    @property
    def is_ready(self) -> bool:
        """Whether a message is understood at once, or the model has to be loaded before."""
        return self._understanding.is_made

    def utterance(self, text: str, situation: Situation) -> Utterance:
        zone = situation.states[0].zone if situation.states else self._office.zone
        return Utterance(text, situation.said_at or self._office.now(), zone, situation.context)

    def understand(self, text: str, situation: Situation) -> Meaning:
        return self._understanding.get().understand(self.utterance(text, situation))

    def reply(self, text: str, situation: Situation) -> Reply:
        return self.reply_to(text, self.understand(text, situation), situation)

    def contract_to_look_back_at(self, text: str, meaning: Meaning, situation: Situation) -> int | None:
        """The contract whose last change has to be known before this can be answered: somebody wants to undo it."""
        said = self._correction(text, meaning, situation)
        if said is not None and said.said is not Said.RECORD:
            return situation.offered[-1].contract_id
        state = offers.contract_for(situation.states)
        if state is None:
            return None
        wants = meaning.topic == wishes.UNDO or offers.corrects_a_record(meaning, state)
        return state.id if wants else None

    def reply_to(self, text: str, meaning: Meaning, situation: Situation) -> Reply:
        say = self._texts.speaker(meaning.language or situation.language)
        second_thought = self._second_thought(text, meaning, situation, say)
        if second_thought is not None:
            return second_thought
        if meaning.report is not None and not meaning.is_question:
            if meaning.report.kind == offers.NOT_RECEIVED:
                return self._not_received(meaning, situation, say)
            return offers.offer_report(meaning, situation, self._office, say)
        return offers.with_reports(self._answered(text, meaning, situation, say), meaning, situation, self._office, say)

    def tell_topic(self, topic_id: str, situation: Situation) -> Reply:
        """The answer to a topic that somebody has chosen. Raises KeyError for a topic that we do not have."""
        say = self._texts.speaker(situation.language)
        return self._answer(topic_id, None, situation, say)

    def none_of_these(self, situation: Situation) -> Reply:
        """What is left to say when no topic of ours was meant."""
        return self._do_not_know(situation, self._texts.speaker(situation.language))

    def topic_title(self, topic_id: str, language: str) -> str | None:
        topic = self._topics.topics.get(topic_id)
        return topic.title.in_language(language) if topic else None

    def _correction(self, text: str, meaning: Meaning, situation: Situation) -> Correction | None:
        if not situation.offered:
            return None
        zone = situation.states[0].zone if situation.states else self._office.zone
        return read_correction(
            clean(text).lower(),
            today=self._office.today(zone),
            cards_in=self._understanding.get().cards_named_in,
            is_question=meaning.is_question and meaning.topic != wishes.UNDO,
        )

    def _second_thought(self, text: str, meaning: Meaning, situation: Situation, say: Speaker) -> Reply | None:
        """The answer to what is said about an offer; None for anything else."""
        if not situation.offered:
            return None
        said = self._correction(text, meaning, situation)
        if said is not None:
            return answer_correction(said, situation, self._office, say)
        word = self._understanding.get().bare_word(text)
        return answer_bare_word(word, situation, say) if word else None

    def _answered(self, text: str, meaning: Meaning, situation: Situation, say: Speaker) -> Reply:
        if meaning.band is Band.HAND_OVER or meaning.topic is None:
            return with_article(self._hand_over(meaning, situation, say), text, self._articles, say)
        if meaning.band is Band.CHOOSE:
            return with_article(self._choose(meaning, situation, say), text, self._articles, say)
        wish = wishes.offer_wish(meaning.topic, text, situation, self._office, say)
        return wish or self._answer(meaning.topic, meaning, situation, say)

    def _answer(self, topic_id: str, meaning: Meaning | None, situation: Situation, say: Speaker) -> Reply:
        topic = self._topics.topics[topic_id]
        confidence = meaning.confidence if meaning else 1.0
        if topic.kind is Kind.STATE:
            return self._own_contract(topic_id, confidence, situation, say)
        if topic.kind is Kind.REPORT:
            candidates = [one.topic for one in meaning.candidates] if meaning else [topic_id]
            return self._choices_reply(candidates, topic_id, confidence, situation, say)
        bare = topic.kind in {Kind.OUTSIDE, Kind.SMALL_TALK, Kind.ACTION}
        reply = self._told(topic, situation, say)
        return replace(
            reply,
            text=reply.text or say("answer.small_talk"),
            confidence=confidence,
            choices=() if bare else self._other_choices(topic_id, meaning, say),
            asks_a_person=reply.outcome is Outcome.HAND_OVER or topic_id == _ESCALATE,
        )

    def _told(self, topic: Topic, situation: Situation, say: Speaker) -> Reply:
        """A topic's answer, with what the own contract adds to it and the buttons that act on it."""
        procedure = self._procedure(situation)
        told = self._topics.tell(topic.id, procedure, say.language)
        state = offers.contract_for(situation.states)
        unknown = topic.kind in {Kind.UNPUBLISHED, Kind.OUTSIDE}
        return Reply(
            Outcome.HAND_OVER if unknown else Outcome.ANSWER,
            told.text,
            say.language,
            topic=topic.id,
            own=self._own_note(topic, state, say) if state else "",
            more=told.more,
            sources=told.sources,
            contacts=told.contacts,
            acts=acts_for(topic, state, procedure, say),
        )

    def _own_note(self, topic: Topic, state: ContractState, say: Speaker) -> str:
        outlook = Outlook.of(state, self._office)
        if topic.own is not None:
            return answer_about_own_contract(topic.own, outlook, say)
        return note_on_step(topic.step, outlook, say) if topic.step else ""

    def _not_received(self, meaning: Meaning, situation: Situation, say: Speaker) -> Reply:
        """What to check when no mail comes, with how long this team has waited for it."""
        told = self._told(self._topics.topics[_NOT_RECEIVED_TOPIC], situation, say)
        return replace(told, outcome=Outcome.REPORT, topic=offers.NOT_RECEIVED, confidence=meaning.confidence)

    def _own_contract(self, topic_id: str, confidence: float, situation: Situation, say: Speaker) -> Reply:
        if not situation.states:
            return self._no_contract(topic_id, confidence, situation, say)
        parts = [
            answer_about_own_contract(topic_id, Outlook.of(state, self._office), say)
            for state in situation.states[:_CONTRACTS_TOLD]
        ]
        state = offers.contract_for(situation.states)
        acts = moves_of(state, state.current.step.id, say) if state and state.current else ()
        text = "\n\n".join(parts)
        return Reply(Outcome.STATUS, text, say.language, topic=topic_id, confidence=confidence, acts=acts)

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
        topic = self._topics.topics[meaning.topic] if meaning.topic is not None else None
        known = topic is not None and topic.kind in {Kind.UNPUBLISHED, Kind.OUTSIDE}
        reply = self._told(topic, situation, say) if topic and known else self._do_not_know(situation, say)
        return replace(reply, confidence=meaning.confidence, asks_a_person=True)

    def _do_not_know(self, situation: Situation, say: Speaker) -> Reply:
        procedure = self._procedure(situation)
        first = [contact.id for contact in procedure.contacts[:_CONTACTS_TOLD]]
        return Reply(
            Outcome.HAND_OVER,
            say("answer.unknown"),
            say.language,
            contacts=known_contacts(procedure, first),
            asks_a_person=True,
        )

    def _choose(self, meaning: Meaning, situation: Situation, say: Speaker) -> Reply:
        candidates = [one.topic for one in meaning.candidates]
        return self._choices_reply(candidates, meaning.topic, meaning.confidence, situation, say)

    def _choices_reply(
        self, candidates: Sequence[str], topic: str | None, confidence: float, situation: Situation, say: Speaker
    ) -> Reply:
        choices = self._choices(candidates[:_CHOICES_TO_OFFER], say)
        if not choices:
            return replace(self._do_not_know(situation, say), confidence=confidence)
        text = say("answer.choose")
        return Reply(Outcome.CHOOSE, text, say.language, topic=topic, confidence=confidence, choices=choices)

    def _other_choices(self, topic_id: str, meaning: Meaning | None, say: Speaker) -> tuple[Choice, ...]:
        if meaning is None:
            return ()
        others = [one.topic for one in meaning.candidates if one.topic != topic_id]
        return self._choices(others, say)[:_CHOICES_UNDER_AN_ANSWER]

    def _choices(self, topic_ids: Sequence[str], say: Speaker) -> tuple[Choice, ...]:
        """Only what answers when it is pressed: not reports, small talk or what lies outside."""
        answering = {Kind.FACT, Kind.UNPUBLISHED, Kind.STATE, Kind.ACTION}
        return tuple(
            Choice(topic, self._topics.title(topic, say.language))
            for topic in dict.fromkeys(topic_ids)
            if self._topics.topics[topic].kind in answering
        )

    def _procedure(self, situation: Situation) -> Procedure:
        if situation.states:
            return situation.states[0].procedure
        return next(iter(self._office.procedures.values()))
