"""What counts as confirming, forgetting or correcting an offer, and what is something else."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answers.corrections import Correction, Said, read_correction

MONDAY = date(2026, 11, 23)
CARDS = {"신한": "shinhan", "삼성": "samsung", "shinhan": "shinhan", "samsung": "samsung"}


def read(text: str) -> Correction | None:
    return read_correction(
        text.lower(),
        today=MONDAY,
        cards_in=lambda part: tuple(dict.fromkeys(card for word, card in CARDS.items() if word in part)),
        is_question=text.endswith("?"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "네, 기록해 주세요",
        "응 기록해줘",
        "기록해줘",
        "네 그렇게 기록해 주세요.",
        "기록 부탁해요",
        "기록을 부탁드려요",
        "yes, record it",
    ],
)
def test_the_word_for_recording_confirms(text: str) -> None:
    assert read(text) == Correction(Said.RECORD)


@pytest.mark.parametrize(
    "text",
    [
        "네",
        "응",
        "좋아요",
        "ok",
        "기록은 어디서 봐요?",
        "기록해 두면 뭐가 좋아요?",
        "기록하지 마세요 아직",
        "네 기록해 주세요 하고 준호님이 그러던데",
        "심사 취소되면 어떻게 되나요?",
        "메일은 아직 안 왔어요",
        "메일도 어제 받았어요",
        "신한도 승인났어요",
        "서류는 어제 보냈어요",
    ],
)
def test_nothing_else_confirms_and_nothing_else_corrects(text: str) -> None:
    found = read(text)

    assert found is None or found.said is Said.FORGET
    assert found is None or "기록하지" in text


@pytest.mark.parametrize("text", ["아직 안 냈어요, 취소", "취소", "잘못 눌렀어요", "아직이에요", "not yet", "undo"])
def test_what_forgets(text: str) -> None:
    assert read(text) == Correction(Said.FORGET)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("어제가 아니라 그저께요", "2026-11-21"),
        ("아니 그저께 냈어요", "2026-11-21"),
        ("지난주 금요일이요", "2026-11-20"),
        ("11/20이요", "2026-11-20"),
        ("not yesterday, the day before yesterday", "2026-11-21"),
        ("no, last Friday", "2026-11-20"),
    ],
)
def test_another_day(text: str, day: str) -> None:
    assert read(text) == Correction(Said.ANOTHER, day=date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "meant", "not_meant"),
    [
        ("신한 아니고 삼성이요", ("samsung",), ("shinhan",)),
        ("not Shinhan but Samsung", ("samsung",), ("shinhan",)),
        ("잘못 말했어요 삼성이에요", ("samsung",), ()),
        ("삼성이요", ("samsung",), ()),
    ],
)
def test_another_card(text: str, meant: tuple[str, ...], not_meant: tuple[str, ...]) -> None:
    assert read(text) == Correction(Said.ANOTHER, cards=meant, not_cards=not_meant)
