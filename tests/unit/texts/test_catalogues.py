from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest

from bot.datafile import BadDataFile
from bot.texts.catalogue import LANGUAGES, Catalogues
from bot.texts.particles import Count, Word

ROOT = Path(__file__).parents[3]
CODE = [
    path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py") if "localslack" not in path.parts
]


def keys_in_code() -> Iterator[str]:
    """Every text that could be a key: a constant as it is, an f-string as a pattern."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value) if isinstance(part, ast.Constant) else r"[a-z_]+" for part in node.values
                ]
                yield "".join(parts)


def test_every_key_is_used(texts: Catalogues) -> None:
    used = [re.compile(pattern) for pattern in set(keys_in_code()) if r"\." in pattern]

    unused = [key for key in texts.speaker("ko") if not any(one.fullmatch(key) for one in used)]

    assert unused == []


def test_every_key_that_is_said_exists(texts: Catalogues) -> None:
    say = texts.speaker("ko")
    said = set()
    for path in CODE:
        said |= set(re.findall(r"\bsay\(\s*\"([a-z_.]+)\"", path.read_text(encoding="utf-8")))

    assert [key for key in sorted(said) if key not in say] == []


def test_both_languages_take_the_same_fields(texts: Catalogues) -> None:
    def fields(language: str, key: str) -> set[str]:
        sentence = texts.speaker(language).pattern(key)
        return {name for _, name, _, _ in Formatter().parse(sentence) if name}

    keys = list(texts.speaker("ko"))
    differing = {key: (fields("ko", key), fields("en", key)) for key in keys if fields("ko", key) != fields("en", key)}

    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_a_narrow_place_is_short(texts: Catalogues, language: str) -> None:
    """Slack cuts a modal's title and buttons at 24 characters, a button's text at 75."""
    say = texts.speaker(language)
    narrow = [key for key in say if key.endswith((".title", ".submit")) and key.split(".")[0] in _MODALS]
    too_long = {key: say.pattern(key) for key in narrow if len(say.pattern(key)) > 24}

    assert too_long == {}


_MODALS = {
    "start",
    "finish",
    "take_back",
    "card_decision",
    "request_review",
    "owner",
    "pause_contract",
    "resume_contract",
    "close_contract",
    "settings",
    "days",
}


def test_no_korean_letter_follows_a_bold_text(texts: Catalogues) -> None:
    """Slack would show the stars: '*굵게*를' is not bold."""
    say = texts.speaker("ko")
    wrong = [key for key in say if re.search(r"\*[^*\s][^*\n]*\*[가-힣A-Za-z0-9]", say.pattern(key))]

    assert wrong == []


def test_a_missing_key_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "ko.yml").write_text("a: 하나\nb: 둘\n", encoding="utf-8")
    (tmp_path / "en.yml").write_text("a: one\n", encoding="utf-8")

    with pytest.raises(BadDataFile, match="b: stands in one catalogue only"):
        Catalogues.load(tmp_path)


@pytest.mark.parametrize(
    ("word", "spec", "said"),
    [
        ("모모상점", "을", "모모상점을"),
        ("우리카드", "을", "우리카드를"),
        ("가게", "이", "가게가"),
        ("점", "은", "점은"),
        ("서울", "으로", "서울로"),
        ("부산", "으로", "부산으로"),
        ("7", "으로", "7로"),
        ("MOMO", "을", "MOMO을(를)"),
        ("가게 (본점)", "이", "가게 (본점)이"),
        ("", "을", "을(를)"),
    ],
)
def test_particles_follow_the_sound(word: str, spec: str, said: str) -> None:
    assert f"{Word(word):{spec}}" == said


def test_numbers_take_their_noun() -> None:
    assert [f"{Count(n):day|days}" for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_an_unknown_language_is_spoken_to_in_english(texts: Catalogues) -> None:
    assert texts.speaker("fr-FR").language == "en"
    assert texts.speaker(None).language == "ko"


def test_dates_are_said_as_the_language_says_them(texts: Catalogues) -> None:
    assert texts.speaker("ko").day(date(2026, 11, 25)) == "11월 25일 (수)"
    assert texts.speaker("en").day(date(2026, 11, 25)) == "Wed, Nov 25"
    assert texts.speaker("ko").moment(datetime(2026, 11, 25, 0, 30, tzinfo=UTC), "Asia/Seoul") == "11월 25일 (수) 09:30"
