from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.cards import CardNames
from bot.answers.fitted import OWN_LEXICON
from bot.answers.lexicon import Lexicon, load_lexicon
from bot.answers.text import clean, read, repair
from bot.datafile import BadDataFile
from bot.procedure.load import load_procedures


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(list(load_procedures().values()))


def concepts(lexicon: Lexicon, text: str) -> frozenset[str]:
    return lexicon.find(read(repair(clean(text), lexicon)))


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("카드 사 심 사", "review"),
        ("카드사 심싸 언제", "review"),
        ("보증 보험 들어야 하나요", "insurance"),
        ("체널 설정", "channel"),
        ("MID는 어디서 봐요", "mid"),
        ("submitted it yesterday", "submit"),
        ("how much is it", "how_much"),
        ("모빌 계약", "this_pg"),
        ("현카 승인", "card_name"),
        ("드디어 눌렀습니다", "past_tense"),
    ],
)
def test_a_concept_is_found_in_any_spelling(text: str, concept: str, lexicon: Lexicon) -> None:
    assert concept in concepts(lexicon, text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("계약 관련 문의", "legal"),
        ("결제가 안 돼요", "party_us"),
        ("포트원인지 모빌인지", "why"),
        ("안내 메일", "negation"),
        ("화재보험 들었어요", "insurance"),
        ("우리 심사 언제 끝나요", "card_name"),
        ("입점심사", "time_ref"),
        ("해외카드 부분취소", "undo"),
        ("바로오픈", "open"),
    ],
)
def test_a_term_does_not_count_inside_another_word(text: str, concept: str, lexicon: Lexicon) -> None:
    assert concept not in concepts(lexicon, text)


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("신한카드 승인났어요", ("shinhan",)),
        ("씬한카드 반려", ("shinhan",)),
        ("현카랑 롯카 통과", ("hyundai", "lotte")),
        ("신한, 우리, 하나 승인", ("shinhan", "woori", "hana")),
        ("우리 신한카드 승인났어요", ("shinhan",)),
        ("우리 승인났어요", ()),
        ("삼성 하나만 남았어요", ("samsung",)),
        ("삼성전자 주가", ()),
        ("어제신한카드승인났어요", ("shinhan",)),
        ("kb card and bc approved us", ("kb", "bc")),
    ],
)
def test_card_companies_that_a_message_names(text: str, cards: tuple[str, ...], lexicon: Lexicon) -> None:
    names = CardNames(list(load_procedures().values()), lexicon.everyday_card_words)

    assert names.find(text) == cards


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("filler: >-", "filer: >-", "filler"),
        ("nouns: 심사, 카드심사", "nouns: 심사,, 카드심사", "review"),
        ("nouns: 심사, 카드심사", "nouns: 심사, 심사", "심사"),
        ("  past_tense: {}", "  past_tense: 3", "past_tense"),
        ("  past_tense: {}", "  review: {}\n  past_tense: {}", "two groups: review"),
        ("  past_tense: {}", "", "past_tense"),
    ],
)
def test_a_broken_lexicon_is_refused_with_its_file_and_key(old: str, new: str, complaint: str, tmp_path: Path) -> None:
    broken = tmp_path / "words.yml"
    text = OWN_LEXICON.read_text(encoding="utf-8")
    assert old in text
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(BadDataFile, match=r"words\.yml") as refused:
        load_lexicon(path=broken)

    assert complaint in str(refused.value)
