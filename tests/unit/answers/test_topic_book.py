"""Topics as they are read from their files: what they rest on, and until when they can be trusted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.answers.topic_book import TopicBook
from bot.answers.topics import Kind
from bot.procedure.load import load_procedures
from bot.texts.catalogue import Catalogues

ONE_FILE = """
subject: A test
review_after: 2027-05-31
topics:
  - id: fee.card_rate
    title: {ko: 수수료, en: Fees}
    asked: [수수료]
    answer: {ko: 3.20%입니다., en: It is 3.20 %.}
    review_after: 2027-02-01
  - id: fee.joining
    title: {ko: 가입비, en: Joining fee}
    asked: [가입비]
    answer: {ko: 20만 원입니다., en: "It is 200,000 won."}
"""


@pytest.fixture
def two_topics(tmp_path: Path) -> TopicBook:
    (tmp_path / "fees.yml").write_text(ONE_FILE, encoding="utf-8")
    return TopicBook.load(load_procedures(), Catalogues.load(), tmp_path)


@pytest.mark.parametrize(
    ("today", "overdue"),
    [
        (date(2027, 1, 31), []),
        (date(2027, 2, 1), ["fee.card_rate"]),
        (date(2027, 5, 31), ["fee.card_rate", "fee.joining"]),
    ],
)
def test_a_topic_is_overdue_from_its_own_day_on_or_else_from_its_files(
    today: date, overdue: list[str], two_topics: TopicBook
) -> None:
    assert [topic.id for topic in two_topics.overdue(today)] == overdue


def test_every_topic_that_states_something_says_when_to_read_it_again() -> None:
    book = TopicBook.load(load_procedures(), Catalogues.load())
    stating = [topic for topic in book.topics.values() if topic.kind in {Kind.FACT, Kind.UNPUBLISHED}]

    assert [topic.id for topic in stating if topic.review_after is None] == []


def test_an_answer_with_a_price_or_a_rate_names_its_source() -> None:
    procedures = load_procedures()
    book = TopicBook.load(procedures, Catalogues.load())
    procedure = procedures["kg_mobilians"]

    told = {topic_id: book.tell(topic_id, procedure, "ko") for topic_id in book.topics}

    assert [
        topic_id for topic_id, one in told.items() if ("%" in one.text or "만 원" in one.text) and not one.sources
    ] == []
