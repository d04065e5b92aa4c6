from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.lexicon import Lexicon, load_lexicon
from bot.answers.text import clauses, clean, is_english, read, repair, sentences


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary={"review", "take", "this"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<@U012AB> 서류 뭐 필요해요", "서류 뭐 필요해요"),
        ("<#C01|pg-계약> <!here> 심사 언제", "심사 언제"),
        ("<https://admin.portone.io|콘솔> 주소요", "콘솔 주소요"),
        ("https://a.example/b?c=1 이거 뭐예요", "이거 뭐예요"),
        ("메일 왔어요 :tada: 🎉", "메일 왔어요"),
        ("오류가 나요 ```Traceback\n심사 서류``` 왜죠", "오류가 나요 왜죠"),
        ("닫지 않은 ``` 코드 심사", "닫지 않은"),
        ("A &lt; B &amp; C", "A B C"),
        ("심사!!!!! 언제ㅠㅠㅠㅠㅠ", "심사!! 언제ㅠㅠ"),
        ("ＭＩＤ 어디서", "MID 어디서"),
        (unicodedata.normalize("NFD", "보증보험"), "보증보험"),
        ("심\u200b사", "심사"),
    ],
)
def test_what_is_not_words_is_left_out(typed: str, meant: str) -> None:
    assert clean(typed) == meant


def test_a_long_message_is_read_at_its_start_and_at_its_end() -> None:
    text = clean("서류가 뭐예요? " + "가나 다라 " * 8_000 + " 심사는 언제 끝나요?")

    assert len(text) <= 1_201
    assert text.startswith("서류가 뭐예요?")
    assert text.endswith("심사는 언제 끝나요?")


def test_a_question_after_a_long_log_is_read() -> None:
    assert clean("왜 이럴까요 ```" + "x" * 30_000 + "``` 심사 때문인가요").endswith("심사 때문인가요")


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    letters = read(clean(text))

    assert "".join(letters.packed.split()) == letters.packed
    assert all(0 <= at <= len(letters.packed) for at in letters.starts | letters.ends)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ㅋㄷㅅ 심사 ㅇㄸㅎ 요청해요", "카드사 심사 어떻게 요청해요"),
        ("tlatk djswp Rmxskdy", "심사 언제 끝나요"),
        ("카드사 tlatk 얼마나 걸려요", "카드사 심사 얼마나 걸려요"),
        ("ㅡㅑㅇ 어디서 봐요", "mid 어디서 봐요"),
        ("How long does this REVIEW take", "how long does this review take"),
        ("the review", "the review"),
    ],
)
def test_shorthand_and_the_wrong_layout_are_typed_again(typed: str, meant: str, lexicon: Lexicon) -> None:
    assert repair(clean(typed), lexicon) == meant


def test_numbers_and_dates_do_not_end_a_sentence() -> None:
    text = clean("메일은 11.3에 왔어요. 수수료는 3.2%예요.다음은요?")

    assert sentences(text) == ["메일은 11.3에 왔어요", "수수료는 3.2 예요", "다음은요?"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("메일이 아직 안 왔는데 어디를 봐야 하나요?", ["메일이 아직 안 왔는데", "어디를 봐야 하나요?"]),
        ("신한은 승인났고 현대는 반려됐어요", ["신한은 승인났고", "현대는 반려됐어요"]),
        ("we applied last week but no mail came", ["we applied last week", "no mail came"]),
        ("계약서를 작성해서 보냈어요", ["계약서를 작성해서 보냈어요"]),
    ],
)
def test_a_message_falls_into_what_it_states_and_what_it_asks(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


@pytest.mark.parametrize(
    ("text", "english"), [("how do I add a channel", True), ("KG PG사 MID가 뭐예요", False), ("", False), ("ok", True)]
)
def test_the_language_is_the_one_most_of_it_is_in(text: str, english: bool) -> None:
    assert is_english(text) is english
