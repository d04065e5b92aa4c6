"""What a message means: the one entrance to everything that knows language here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bot.answers.bank import read_bank, vocabulary
from bot.answers.cache import load_model, save_model
from bot.answers.cards import CardNames
from bot.answers.fitted import bank_key
from bot.answers.followup import Answer
from bot.answers.lexicon import load_lexicon
from bot.answers.meaning import (
    Band,
    Candidate,
    Decision,
    Language,
    Meaning,
    MeaningKind,
    Report,
    ThreadContext,
    Utterance,
)
from bot.answers.model import Matrix, Model
from bot.answers.reading import Reader, Reading
from bot.answers.reports import ReportReader, merged
from bot.answers.text import is_english
from bot.answers.topics import Kind, Topic
from bot.parsed import ParsedFiles
from bot.procedure.model import Procedure

__all__ = [
    "Band", "Candidate", "Decision", "Language", "Meaning", "MeaningKind", "Report", "ThreadContext", "Understanding",
    "Utterance",
]  # fmt: skip

# Thresholds on two differences of scores: `margin`, the best topic over all that lies outside, and `lead`, the best
# topic over the second. Together they say how certain the best topic is. Calibrated on a batch of questions that the
# lexicon was not written for, so that fewer than 1 of 25 are answered wrongly.
ANSWER_FROM = 0.28  # certainty
LEAD_COUNTS = 0.5  # in the certainty, against the margin: fitted on two batches
NOT_PUBLISHED_FROM = 0.14  # certainty; lower than for answers: to say that nobody publishes something misleads nobody
OFFER_FROM = 0.04  # margin from which it is worth showing what it might be
REPORT_FROM = 0.08  # margin; lower than for answers, since a report only becomes a button
NAME_OUTSIDE_FROM = 0.4  # score from which an outside topic is named
CONFIDENCE_MIDDLE, CONFIDENCE_SLOPE = 0.12, 9.0  # logistic on the certainty, fitted on the same batches

_REMEMBERED_FOR = timedelta(minutes=30)
_CANDIDATES = 5
_PARTS_READ = 4  # clauses at each end of a long message
_OWN_SHARE = 0.35  # of a follow-up's own words, against the same words with the last topic's beside them
_SAME_SUBJECT, _JUST_SHOWN, _NO_FOLLOW_UP = 0.15, -0.10, -0.10
_ASKING_PART = 0.5  # share of the clause that asks, against the whole message
_REPORT_IN_QUESTION = -0.15
_COMMON = 0.4  # share of a topic's phrasings that must hold a concept, for it to belong to the topic

_MEANING_OF = {
    Kind.FACT: MeaningKind.QUESTION,
    Kind.UNPUBLISHED: MeaningKind.QUESTION,
    Kind.STATE: MeaningKind.STATUS,
    Kind.ACTION: MeaningKind.ACTION,
    Kind.REPORT: MeaningKind.REPORT,
    Kind.SMALL_TALK: MeaningKind.SMALL_TALK,
    Kind.OUTSIDE: MeaningKind.UNKNOWN,
}


class Understanding:
    def __init__(self, topics: Sequence[Topic], reader: Reader, model: Model, cards: CardNames) -> None:
        self._topics: Mapping[str, Topic] = {topic.id: topic for topic in topics}
        self._reader = reader
        self._model = model
        self._cards = cards
        self._reports = ReportReader(cards, self._topics)
        kinds = [self._topics[label].kind for label in model.labels]
        self._ours = np.array([at for at, kind in enumerate(kinds) if kind is not Kind.OUTSIDE], dtype=np.intp)
        self._outside = np.array([at for at, kind in enumerate(kinds) if kind is Kind.OUTSIDE], dtype=np.intp)
        self._is_report = np.array([kind is Kind.REPORT for kind in kinds])
        self._no_follow_up = np.array([kind in (Kind.REPORT, Kind.STATE) for kind in kinds])
        self._subjects = np.array([_subject(label) for label in model.labels])
        self._concepts_of_topic: dict[str, frozenset[str]] = {}

    @classmethod
    def build(
        cls,
        topics: Sequence[Topic],
        procedures: Sequence[Procedure],
        *,
        cache_dir: Path | None = None,
        parsed: ParsedFiles | None = None,
    ) -> Understanding:
        """Ready to understand, with the fitted model from `cache_dir` where it is still the right one.

        Raises BadDataFile for a lexicon that cannot be used, ValueError where all topics lie outside or there are none.
        """
        if all(topic.kind is Kind.OUTSIDE for topic in topics):
            raise ValueError("no topic of ours to understand a message as")
        lexicon = load_lexicon(procedures, vocabulary(topics), parsed=parsed)
        reader = Reader(lexicon)
        key = bank_key(topics, procedures)
        model = load_model(cache_dir, key) if cache_dir else None
        if model is None:
            model = Model.fit(*read_bank(topics, reader))
            if cache_dir:
                save_model(cache_dir, key, model)
        return cls(topics, reader, model, CardNames(procedures, lexicon.everyday_card_words))

    def understand(self, said: Utterance) -> Meaning:
        """What it means, whatever it is."""
        whole = self._reader.read(said.text)
        language: Language = "en" if is_english(whole.text) else "ko"
        if not whole.letters.packed:
            return _nothing(language)
        live = said.context if said.context and _is_live(said.context, said.now) else None
        if live and live.shown:
            answer = self._reader.answer_to_offer(said.text, len(live.shown))
            if answer is not None:
                return _choice(answer, live.shown, language)
        parts = _ends(self._reader.parts(whole))
        asks = any(part.is_question for part in parts)
        scores = self._scores(whole, parts, live)
        if asks:
            scores = _plus(scores, _REPORT_IN_QUESTION * self._is_report)
        reports = self._find_reports(whole, parts, scores, said.now.astimezone(ZoneInfo(said.zone)).date())
        return self._judged(scores, reports, asks, language)

    def cards_named_in(self, text: str) -> tuple[str, ...]:
        """Ids of the card companies that clean, lower-case text names."""
        return self._cards.find(text)

    def bare_word(self, text: str) -> Answer | None:
        """Yes or no, if the message is nothing else."""
        answer = self._reader.answer_to_offer(text, 0)
        return answer if isinstance(answer, Answer) else None

    def _scores(self, whole: Reading, parts: Sequence[Reading], context: ThreadContext | None) -> Matrix:
        scores = self._score(whole)
        asking = [part for part in parts if part.is_question and self._reader.has_topic(part)]
        if len(parts) > 1 and asking:
            scores = _mixed(_ASKING_PART, self._score(asking[-1]), scores)
        if context and context.last_topic in self._topics and not self._reader.has_topic(whole):
            scores = self._as_follow_up(whole, scores, context)
        return scores

    def _score(self, reading: Reading, said_before: frozenset[str] = frozenset()) -> Matrix:
        return self._model.scores(self._reader.features(reading, said_before))

    def _as_follow_up(self, whole: Reading, scores: Matrix, context: ThreadContext) -> Matrix:
        """The message read with what the thread is about, and what people go on to ask preferred."""
        last = context.last_topic or ""
        scores = _mixed(_OWN_SHARE, scores, self._score(whole, self._concepts_of(last)))
        bonus = _SAME_SUBJECT * (self._subjects == _subject(last)) + _NO_FOLLOW_UP * self._no_follow_up
        bonus[[label == last for label in self._model.labels]] += _JUST_SHOWN
        return _plus(scores, bonus)

    def _concepts_of(self, topic_id: str) -> frozenset[str]:
        """What a topic is about: the concepts that many of its phrasings share."""
        if topic_id not in self._concepts_of_topic:
            asked = self._topics[topic_id].asked
            seen = Counter(one for line in asked for one in self._reader.topics_of(self._reader.read(line)))
            common = frozenset(concept for concept, times in seen.items() if times >= _COMMON * len(asked))
            self._concepts_of_topic[topic_id] = common
        return self._concepts_of_topic[topic_id]

    def _find_reports(
        self, whole: Reading, parts: Sequence[Reading], scores: Matrix, today: date
    ) -> tuple[Report, ...]:
        found: list[Report] = []
        for part in sorted(parts, key=lambda part: part.is_background):
            if not part.is_question:
                kind = self._report_kind(part, scores if len(parts) == 1 else self._score(part))
                if kind:
                    found.append(self._reports.fill(kind, part, whole, today))
        asks = any(part.is_question for part in parts)
        if not found and not asks and len(parts) > 1 and (kind := self._report_kind(whole, scores)):
            found.append(self._reports.fill(kind, whole, whole, today))
        return merged(found)

    def _report_kind(self, part: Reading, scores: Matrix) -> str | None:
        if decided := self._reports.card_decision(part):
            return decided
        best = int(self._ours[scores.take(self._ours).argmax()])
        sure = scores[best] - scores.take(self._outside).sum() >= REPORT_FROM
        return self._model.labels[best] if sure and self._is_report[best] else None

    def _judged(self, scores: Matrix, reports: tuple[Report, ...], asks: bool, language: Language) -> Meaning:
        outside = float(scores.take(self._outside).sum())
        order = self._ours[scores.take(self._ours).argsort()[::-1][:_CANDIDATES]].tolist()
        candidates = tuple([Candidate(self._model.labels[at], float(scores[at])) for at in order])
        margin = candidates[0].score - outside
        lead = candidates[0].score - (candidates[1].score if len(candidates) > 1 else 0.0)
        topic: str | None = candidates[0].topic
        unpublished = self._topics[candidates[0].topic].kind is Kind.UNPUBLISHED
        band = _band(margin, lead, NOT_PUBLISHED_FROM if unpublished else ANSWER_FROM)
        if reports and not asks:
            band, topic = Band.ANSWER, reports[0].kind
        elif band is Band.HAND_OVER:
            topic = self._outside_topic(scores)
        elif self._is_report[order[0]]:  # a question that only resembles a report
            band = Band.CHOOSE
        return Meaning(
            kind=_MEANING_OF[self._topics[topic].kind] if topic else MeaningKind.UNKNOWN,
            topic=topic,
            candidates=candidates,
            confidence=1 / (1 + math.exp(-CONFIDENCE_SLOPE * (_certainty(margin, lead) - CONFIDENCE_MIDDLE))),
            band=band,
            is_question=asks,
            language=language,
            reports=reports,
        )

    def _outside_topic(self, scores: Matrix) -> str | None:
        """The outside topic that a message clearly is about, so that it can be named."""
        if not len(self._outside):
            return None
        best = int(self._outside[scores.take(self._outside).argmax()])
        return self._model.labels[best] if scores[best] >= NAME_OUTSIDE_FROM else None


def _ends(parts: list[Reading]) -> list[Reading]:
    """The first and the last clauses: what happened, and what is asked."""
    return parts if len(parts) <= 2 * _PARTS_READ else parts[:_PARTS_READ] + parts[-_PARTS_READ:]


def _mixed(share: float, some: Matrix, others: Matrix) -> Matrix:
    return np.float32(share) * some + np.float32(1 - share) * others


def _plus(scores: Matrix, bonus: NDArray[np.float64]) -> Matrix:
    return (scores + bonus).astype(np.float32)


def _subject(topic_id: str) -> str:
    return topic_id.partition(".")[0]


def _is_live(context: ThreadContext, now: datetime) -> bool:
    return context.asked_at is None or now - context.asked_at <= _REMEMBERED_FOR


def _certainty(margin: float, lead: float) -> float:
    return margin + LEAD_COUNTS * lead


def _band(margin: float, lead: float, answer_from: float) -> Band:
    if margin < OFFER_FROM:
        return Band.HAND_OVER
    return Band.ANSWER if _certainty(margin, lead) >= answer_from else Band.CHOOSE


def _nothing(language: Language) -> Meaning:
    return Meaning(MeaningKind.UNKNOWN, None, (), 0.0, Band.HAND_OVER, is_question=False, language=language)


def _choice(answer: int | Answer, shown: Sequence[str], language: Language) -> Meaning:
    """Yes to several topics leaves open which."""
    topic: str | None = shown[0]
    band = Band.ANSWER if len(shown) == 1 else Band.CHOOSE
    if answer is Answer.NO:
        topic, band, shown = None, Band.HAND_OVER, ()
    elif isinstance(answer, int):
        topic, band = shown[answer], Band.ANSWER
    return Meaning(
        kind=MeaningKind.CHOICE,
        topic=topic,
        candidates=tuple(Candidate(one, 1.0) for one in shown),
        confidence=1.0,
        band=band,
        is_question=False,
        language=language,
    )
