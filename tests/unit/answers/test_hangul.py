from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.hangul import compose, decompose, in_past_tense, same_sound, same_spelling, spoken_letters
from bot.answers.keyboard import as_english, as_korean, share_of_syllables

syllables = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


@given(syllables)
def test_a_syllable_taken_apart_goes_together_again(syllable: str) -> None:
    assert compose(*decompose(syllable)) == syllable


@given(st.text(st.one_of(syllables, st.characters(max_codepoint=0x2FF))))
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(same_sound(text)) == len(same_spelling(text)) == len(text)
    assert same_sound(same_sound(text)) == same_sound(text)


@pytest.mark.parametrize(
    ("written", "meant"), [("심싸", "심사"), ("체널", "채널"), ("됬어요", "됐어요"), ("메일", "매일"), ("않돼", "안되")]
)
def test_what_sounds_alike_folds_alike(written: str, meant: str) -> None:
    assert spoken_letters(written) == spoken_letters(meant)


def test_a_final_spoken_with_the_next_syllable_is_the_same_letter() -> None:
    assert spoken_letters("바다써") == spoken_letters("받았어")


@pytest.mark.parametrize(
    ("text", "past"), [("보냈어요", True), ("메일 왔음", True), ("서류가 있어요", False), ("보내겠습니다", False)]
)
def test_the_past_is_seen_in_any_verb(text: str, past: bool) -> None:
    assert in_past_tense(text) is past


@given(st.text(syllables, min_size=1, max_size=20))
def test_korean_typed_on_the_english_layout_comes_back(text: str) -> None:
    typed = as_english(text)

    assert as_korean(typed) == text
    assert share_of_syllables(typed) == 1


@pytest.mark.parametrize("text", ["what is next", "hello world", "merchant id", "how long does the review take"])
def test_english_is_not_taken_for_korean(text: str) -> None:
    assert share_of_syllables(text) < 0.9
