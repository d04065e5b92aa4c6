"""Prints the figures of the answers on the open questions, beside what one would try first, in one run.

python3 -m uv run --group bench python -m tests.bench.answers
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np

from bot.answers.assistant import Assistant, Situation
from bot.answers.meaning import Band, Meaning, ThreadContext
from bot.answers.replies import Outcome, Reply
from bot.answers.text import is_english
from bot.answers.topics import Kind as TopicKind
from bot.clock import Clock
from bot.knowledge import Knowledge
from bot.office import Office
from bot.settings import Settings
from tests.bench.answers import baselines
from tests.bench.answers.figures import auroc, percentile, place, share, with_typos, without_spaces
from tests.bench.answers.questions import Kind, Question, read_batches
from tests.bench.answers.resources import measure_start
from tests.bench.table import print_table

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
_RIGHT_AT_ONCE = {Outcome.ANSWER, Outcome.STATUS, Outcome.REPORT}
_OURS = (Kind.ARTICLE, Kind.WIDER, Kind.UNPUBLISHED, Kind.REPORT)
_FOREIGN = (Kind.OUTSIDE, Kind.FALSE_REPORT)


class _Noon(Clock):
    def now(self) -> datetime:
        return NOON


class Bench:
    def __init__(self, knowledge: Knowledge, name: str, questions: Sequence[Question]) -> None:
        office = Office(knowledge.procedures, _Noon(), "Asia/Seoul")
        self.assistant: Assistant = knowledge.assistant(office)
        self.topics = knowledge.topics.topics
        self.name = name
        self.questions = questions

    def report(self) -> None:
        print(f"batch {self.name!r}: {len(self.questions)} questions\n")
        columns = ["which topic", "steps first", "among 3", "wider first", "among 3", "AUROC steps", "AUROC all"]
        print_table(columns, self.ranking())
        print_table(["at the shipped thresholds", "n", "right at once", "wrong", "offered"], self.bands())
        print_table(["", "n", "share"], [*self.refusals(), *self.follow_ups()])
        print_table(["Korean, right topic first", "share", "loss"], self.noise())

    def of(self, *kinds: Kind) -> list[Question]:
        return [question for question in self.questions if question.kind in kinds]

    def understand(self, question: Question, text: str | None = None) -> Meaning:
        context = ThreadContext(last_topic=question.after, asked_at=NOON) if question.after else None
        return self.assistant.understand(text or question.q, Situation(language="ko", context=context))

    def reply(self, question: Question) -> Reply:
        return self.assistant.reply_to(question.q, self.understand(question), Situation(language="ko"))

    # ---- which topic comes first -----------------------------------------------------------------------------

    def ranking(self) -> list[list[str]]:
        rows = [self._ranked_by("understanding", self._our_places)]
        names = list(self.topics)
        number = {topic: at for at, topic in enumerate(names)}
        lines = [line for topic in self.topics.values() for line in topic.asked]
        labels = [number[topic.id] for topic in self.topics.values() for _ in topic.asked]
        outside = np.array([self.topics[name].kind is TopicKind.OUTSIDE for name in names])
        for title, fit in (
            ("whitespace BM25", baselines.whitespace_bm25),
            ("Kiwi BM25", baselines.kiwi_bm25),
            ("character TF-IDF + linear SVM", baselines.characters_linear),
        ):
            rank = fit(lines, labels, len(names))

            def places(question: Question, rank: baselines.Ranker = rank) -> tuple[int, float]:
                scores = rank(question.q)
                inside = np.where(outside, -np.inf, scores)
                sure = float(inside.max() - scores[outside].max())
                return place(inside, {number[topic] for topic in question.topics}), sure

            rows.append(self._ranked_by(title, places))
        return rows

    def _ranked_by(self, title: str, places: Callable[[Question], tuple[int, float]]) -> list[str]:
        article = [places(one) for one in self.of(Kind.ARTICLE, Kind.REPORT)]
        wider = [places(one) for one in self.of(Kind.WIDER, Kind.UNPUBLISHED)]
        foreign = [places(one)[1] for one in self.of(*_FOREIGN)]
        return [
            title,
            *(f"{share(at < among for at, _ in rows):.3f}" for rows in (article, wider) for among in (1, 3)),
            f"{auroc([sure for _, sure in article], foreign):.3f}",
            f"{auroc([sure for _, sure in article + wider], foreign):.3f}",
        ]

    def _our_places(self, question: Question) -> tuple[int, float]:
        meaning = self.understand(question)
        found = list(dict.fromkeys([*self._topics_said(meaning), *(one.topic for one in meaning.candidates)]))
        at = next((place for place, topic in enumerate(found) if topic in question.topics), len(found))
        return at, meaning.confidence

    def _topics_said(self, meaning: Meaning) -> list[str]:
        if meaning.reports and not meaning.is_question:
            return [report.kind for report in meaning.reports]
        return []

    # ---- what is done at the shipped thresholds --------------------------------------------------------------

    def bands(self) -> list[list[str]]:
        rows = []
        for kind in (Kind.ARTICLE, Kind.WIDER, Kind.REPORT):
            replies = [(question, self.reply(question)) for question in self.of(kind)]
            told = [(reply.topic in question.topics, reply.outcome in _RIGHT_AT_ONCE) for question, reply in replies]
            offered = [
                reply.outcome is Outcome.CHOOSE and any(one.topic in question.topics for one in reply.choices)
                for question, reply in replies
            ]
            rows.append(
                [
                    kind.value,
                    str(len(told)),
                    f"{share(right and at_once for right, at_once in told):.3f}",
                    f"{share(at_once and not right for right, at_once in told):.3f}",
                    f"{share(offered):.3f}",
                ]
            )
        return rows

    def refusals(self) -> list[list[str]]:
        honest = [self.topics[topic].kind is TopicKind.UNPUBLISHED for topic in self._told_of(Kind.UNPUBLISHED)]
        answered = [self.reply(one).outcome in _RIGHT_AT_ONCE for one in self.of(Kind.OUTSIDE)]
        taken = [bool(self.understand(one).reports) for one in self.of(Kind.FALSE_REPORT)]
        return [
            ["not published, said so", str(len(honest)), f"{share(honest):.3f}"],
            ["out of scope, answered", str(len(answered)), f"{share(answered):.3f}"],
            ["not a report, offered as one", str(len(taken)), f"{share(taken):.3f}"],
        ]

    def _told_of(self, kind: Kind) -> list[str]:
        fallback = next(topic.id for topic in self.topics.values() if topic.kind is TopicKind.OUTSIDE)
        return [self.reply(one).topic or fallback for one in self.of(kind)]

    def follow_ups(self) -> list[list[str]]:
        places = [self._our_places(one)[0] for one in self.of(Kind.FOLLOW_UP)]
        days = [one for one in self.of(Kind.REPORT) if one.day_words]
        read = [any(report.day for report in self.understand(one).reports) for one in days]
        return [
            ["follow-up, right topic first", str(len(places)), f"{share(at == 0 for at in places):.3f}"],
            ["follow-up, among three", str(len(places)), f"{share(at < 3 for at in places):.3f}"],
            ["day of a report read", str(len(days)), f"{share(read):.3f}"],
        ]

    def noise(self) -> list[list[str]]:
        asked = [one for one in self.of(Kind.ARTICLE, Kind.WIDER) if not is_english(one.q)]
        clean = self._first(asked, str)
        rows = [["as written", f"{clean:.3f}", ""]]
        spaceless = self._first(asked, without_spaces)
        rows.append(["no spaces", f"{spaceless:.3f}", f"{clean - spaceless:+.3f}"])
        typos = float(np.mean([self._first(asked, with_typos(0.1, seed)) for seed in range(5)]))
        rows.append(["10 % of syllables by sound", f"{typos:.3f}", f"{clean - typos:+.3f}"])
        return rows

    def _first(self, asked: Sequence[Question], change: Callable[[str], str]) -> float:
        def is_first(question: Question) -> bool:
            meaning = self.understand(question, change(question.q))
            best = meaning.candidates[0].topic if meaning.candidates else None
            return best in question.topics or (meaning.band is Band.ANSWER and meaning.topic in question.topics)

        return share(is_first(one) for one in asked)

    def times(self) -> list[list[str]]:
        taken = []
        for question in [*self.questions, *self.questions]:
            started = time.perf_counter()
            self.reply(question)
            taken.append((time.perf_counter() - started) * 1000)
        start = measure_start()
        return [
            ["p50 a question", f"{percentile(taken, 50):.2f} ms"],
            ["p99 a question", f"{percentile(taken, 99):.2f} ms"],
            ["`ask` ready after", f"{start.seconds:.2f} s"],
            ["`ask` resident", f"{start.mebibytes:.0f} MB"],
        ]


def main() -> None:
    knowledge = Knowledge.load(Settings.read({}))
    topics = knowledge.topics.topics
    print(f"{len(topics)} topics, {sum(len(topic.asked) for topic in topics.values())} phrasings\n")
    benches = [Bench(knowledge, name, questions) for name, questions in read_batches().items()]
    for bench in benches:
        bench.report()
    print_table(["time and memory", ""], benches[0].times())


if __name__ == "__main__":
    sys.exit(main())
