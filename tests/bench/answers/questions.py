"""The open questions: how strangers asked, with the topic that each of them should find.

Each `batches/*.jsonl` holds one object a line: `q`, `kind`, `topics` (any of them is right; none where nothing of ours
fits) and `voice`; a report may have `day_words`, a follow-up has `after`, the topic that the thread was about. Nobody
who wrote topics or lexicon wrote them. What is opened here has been seen since, so a later figure flatters.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).with_name("batches")


class Kind(StrEnum):
    ARTICLE = "article"
    """about the seven steps, or about the own contract"""
    WIDER = "wider"
    """answered by what else is published"""
    UNPUBLISHED = "unpublished"
    """nobody publishes it: we say so"""
    REPORT = "report"
    OUTSIDE = "outside"
    FALSE_REPORT = "false_report"
    """looks like a report, and is about something else"""
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class Question:
    q: str
    kind: Kind
    topics: tuple[str, ...]
    """any of them is right; none for what lies outside"""
    voice: str
    after: str | None = None
    day_words: tuple[str, ...] = ()


def read_batches(folder: Path = FOLDER) -> dict[str, list[Question]]:
    return {file.stem: _read(file) for file in sorted(folder.glob("*.jsonl"))}


def _read(file: Path) -> list[Question]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_question(json.loads(line)) for line in lines if line.strip()]


def _question(row: dict[str, object]) -> Question:
    topics = row.get("topics") or []
    days = row.get("day_words") or []
    assert isinstance(topics, list)
    assert isinstance(days, list)
    after = row.get("after")
    return Question(
        q=str(row["q"]),
        kind=Kind(str(row["kind"])),
        topics=tuple(map(str, topics)),
        voice=str(row.get("voice", "")),
        after=str(after) if after else None,
        day_words=tuple(map(str, days)),
    )
