"""What of a question a language model gets to see, and what is left of what it writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.rewording.markup import as_plain
from bot.answers.rewording.question import LONGEST, as_data


@pytest.mark.parametrize(
    ("typed", "gone"),
    [
        ("<@U0123ABCD> 메일이 안 와요", ["U0123ABCD", "@"]),
        ("@김민지 메일이 안 와요", ["김민지"]),
        ("<#C0123|pg-계약> <!channel> 메일이 안 와요", ["C0123", "pg-계약", "channel"]),
        ("minji.kim@momo.co.kr 로 메일이 안 와요", ["minji", "momo"]),
        ("<mailto:minji@momo.kr|minji@momo.kr> 메일이 안 와요", ["minji", "momo"]),
        ("010-1234-5678 로 전화 주세요, 메일이 안 와요", ["1234", "5678"]),
        ("+82 10 1234 5678 메일이 안 와요", ["1234", "5678"]),
        ("사업자번호 123-45-67890 메일이 안 와요", ["67890"]),
        ("카드 9410 1234 5678 9012 메일이 안 와요", ["9410", "9012"]),
        ("xoxb-1234-abcdEFGH 메일이 안 와요", ["xoxb", "abcd"]),
        ("sk-proj-abcDEF123456 메일이 안 와요", ["sk-", "abc"]),
        ("키는 9f86d081884c7d659a2feaa0c55ad015 메일이 안 와요", ["9f86", "ad015"]),
        ("https://momo.kr/orders?id=77&token=abc 메일이 안 와요", ["momo", "token"]),
        ("<https://momo.kr|모모> 메일이 안 와요", ["momo"]),
    ],
)
def test_what_points_to_a_person_or_opens_a_door_stays_here(typed: str, gone: list[str]) -> None:
    left = as_data(typed)

    assert "메일이 안 와요" in left
    assert [one for one in gone if one in left] == []


def test_a_short_figure_stays() -> None:
    assert as_data("2주 지났는데 3영업일 더 기다려요?") == "2주 지났는데 3영업일 더 기다려요?"


@given(st.text(max_size=5000))
def test_it_is_short_and_on_one_line(text: str) -> None:
    left = as_data(text)

    assert len(left) <= LONGEST
    assert not set('<>\n"`{}') & set(left)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**보통 2주** 걸려요", "보통 2주 걸려요"),
        ("# 답\n- 하나\n* 둘\n• 셋", "답\n• 하나\n• 둘\n• 셋"),
        ("“보통 2주 걸려요”", "보통 2주 걸려요"),
        ('"보통 2주 걸려요"', "보통 2주 걸려요"),
        ("[여기](https://x.example)에서 보세요", "여기 https://x.example에서 보세요"),
        ("보통 2주 걸려요 🎉 :tada:", "보통 2주 걸려요"),
        ("보통\u200b 2\u202e주 걸려요", "보통 2주 걸려요"),
        ("<think>hmm, 3 weeks?</think>\n보통 2주 걸려요", "보통 2주 걸려요"),
        ("<!channel> 보통 2주", "<!channel> 보통 2주"),
    ],
)
def test_a_models_markup_becomes_plain_text(written: str, read: str) -> None:
    assert as_plain(written) == read
