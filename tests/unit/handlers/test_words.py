"""The words after the command, as people type them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedure.load import load_procedures
from handlers.commands.words import Word, read_step_and_day, read_words

PROCEDURE = load_procedures()["kg_mobilians"]
TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "word", "rest"),
    [
        ("시작", Word.START, ""),
        ("  START ", Word.START, ""),
        ("완료 메일 어제", Word.DONE, "메일 어제"),
        ("done mail yesterday", Word.DONE, "mail yesterday"),
        (unicodedata.normalize("NFD", "현황"), Word.STATUS, ""),
        ("", None, ""),
        ("메일이 안 와요", None, "메일이 안 와요"),
        ("서류 뭐 준비해요?", None, "서류 뭐 준비해요?"),
        ("심사 얼마나 걸려요", None, "심사 얼마나 걸려요"),
        ("startup fee?", None, "startup fee?"),
    ],
)
def test_a_word_or_a_question(typed: str, word: Word | None, rest: str) -> None:
    assert read_words(typed) == (word, rest)


@pytest.mark.parametrize(
    ("typed", "step", "day"),
    [
        ("메일 어제", "guidance", date(2026, 11, 23)),
        ("어제 메일", "guidance", date(2026, 11, 23)),
        ("서류", "paperwork", None),
        ("11/3", None, date(2026, 11, 3)),
        ("보증보험 지난주 금요일", "completion", date(2026, 11, 20)),
        ("계약 안내 받기 3일 전", "guidance", date(2026, 11, 21)),
        ("channel 2026-11-02", "channel_setup", date(2026, 11, 2)),
        ("card review today", "card_review", TUESDAY),
        ("", None, None),
    ],
)
def test_a_step_and_a_day_in_any_order(typed: str, step: str | None, day: date | None) -> None:
    found, found_day, unread = read_step_and_day(typed, PROCEDURE, TUESDAY)

    assert (found.id if found else None, found_day, unread) == (step, day, "")


def test_what_is_neither_is_left_over() -> None:
    step, day, unread = read_step_and_day("조건이 뭐예요", PROCEDURE, TUESDAY)

    assert (step, day) == (None, None)
    assert unread


@given(st.text(max_size=200))
def test_nothing_that_people_type_breaks_it(typed: str) -> None:
    word, rest = read_words(typed)
    read_step_and_day(rest, PROCEDURE, TUESDAY)

    assert word is None or isinstance(word, Word)
