"""What a report of progress says beside its kind: which cards, which decision, which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from bot.answers.cards import CardNames
from bot.answers.dates import find_day
from bot.answers.meaning import Decision, Report
from bot.answers.reading import Reading
from bot.answers.topics import Topic

_DECISION_OF_KIND: Mapping[str, Decision] = {
    "report.card_approved": Decision.APPROVED,
    "report.all_approved": Decision.APPROVED,
    "report.card_rejected": Decision.REJECTED,
}
_KIND_OF_DECISION = {Decision.APPROVED: "report.card_approved", Decision.REJECTED: "report.card_rejected"}


class ReportReader:
    def __init__(self, cards: CardNames, topics: Mapping[str, Topic]) -> None:
        self._cards = cards
        self._topics = topics

    def card_decision(self, part: Reading) -> str | None:
        """The kind of a report that names card companies and what they decided, whatever else it resembles."""
        approved, rejected = "approval" in part.concepts, "rejection" in part.concepts
        if approved == rejected or part.is_question or not part.states or not self._cards.find(part.text):
            return None
        kind = _KIND_OF_DECISION[Decision.APPROVED if approved else Decision.REJECTED]
        return kind if kind in self._topics else None

    def fill(self, kind: str, part: Reading, whole: Reading, today: date) -> Report:
        """The report of `part`; the day may stand elsewhere in the message."""
        decision = _DECISION_OF_KIND.get(kind)
        day = find_day(part.text, today) or find_day(whole.said, today)
        return Report(
            kind=kind,
            step=self._topics[kind].step,
            cards=self._cards.find(part.text) if decision else (),
            decision=decision,
            day=day.day if day else None,
            day_text=day.text if day else "",
        )


def merged(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Reports of the same kind and day as one, with all their cards."""
    found: dict[tuple[str, date | None], Report] = {}
    for report in reports:
        key = (report.kind, report.day)
        earlier = found.get(key)
        found[key] = replace(report, cards=(*earlier.cards, *report.cards)) if earlier else report
    return tuple(replace(report, cards=tuple(dict.fromkeys(report.cards))) for report in found.values())
