"""What a start keeps of the files it has parsed, and when the next one believes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.answers.fitted import OWN_LEXICON
from bot.answers.lexicon import LexiconFile
from bot.answers.topic_book import TopicBook
from bot.datafile import BadDataFile, read_data_file
from bot.parsed import ParsedFiles, parsed_once
from bot.procedure.data import Data
from bot.procedure.load import load_procedures
from bot.texts.catalogue import LANGUAGES, Catalogues


class Rule(Data):
    name: str
    since: date
    days: int = 0


GOOD = "name: 심사\nsince: 2026-11-23\n"


def start(folder: Path, text: str, file: Path) -> Rule:
    """Reads the file as a start does."""
    file.write_text(text, encoding="utf-8")
    parsed = ParsedFiles(folder)
    rule = read_data_file(file, Rule, parsed)
    parsed.keep()
    return rule


def everything(parsed: ParsedFiles) -> list[Any]:
    texts, procedures = Catalogues.load(parsed=parsed), load_procedures(parsed=parsed)
    book = TopicBook.load(procedures, texts, parsed=parsed)
    speakers = [texts.speaker(language) for language in LANGUAGES]
    sentences = [{key: say.pattern(key) for key in say} for say in speakers]
    return [sentences, procedures, book.topics, read_data_file(OWN_LEXICON, LexiconFile, parsed)]


def test_what_we_ship_is_the_same_without_parsing_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ParsedFiles(tmp_path)
    read = everything(first)
    first.keep()

    def not_again(*_: object) -> None:
        raise AssertionError("it is parsed again")

    monkeypatch.setattr("bot.yamlfile._parse", not_again)
    assert everything(ParsedFiles(tmp_path)) == read


def test_a_changed_file_is_read_anew_and_a_broken_one_is_told_of(tmp_path: Path) -> None:
    kept, file = tmp_path / "kept", tmp_path / "rule.yml"

    assert start(kept, GOOD, file).days == 0
    assert start(kept, GOOD + "days: 3\n", file).days == 3
    with pytest.raises(BadDataFile, match=r"rule\.yml, line 3: days: "):
        start(kept, GOOD + "days: many\n", file)
    with pytest.raises(BadDataFile, match=r"rule\.yml, line 3: name: stands twice"):
        start(kept, GOOD + "name: 접수\n", file)
    assert start(kept, GOOD, file).since == date(2026, 11, 23)


def test_what_a_later_version_refuses_is_told_with_its_line(tmp_path: Path) -> None:
    class LaterRule(Data):
        name: int

    start(tmp_path, GOOD, tmp_path / "rule.yml")

    with pytest.raises(BadDataFile, match=r"rule\.yml, line 1: name: "):
        read_data_file(tmp_path / "rule.yml", LaterRule, ParsedFiles(tmp_path))


@pytest.mark.parametrize(
    "tear", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"\xff\xfe", lambda data: data[:65]]
)
def test_a_torn_file_costs_nothing_but_time(tear: Callable[[bytes], bytes], tmp_path: Path) -> None:
    rule = start(tmp_path, GOOD, tmp_path / "rule.yml")
    [file] = tmp_path.glob("*.jsonl")
    file.write_bytes(tear(file.read_bytes()))

    assert start(tmp_path, GOOD, tmp_path / "rule.yml") == rule


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")

    assert start(tmp_path / "taken", GOOD, tmp_path / "rule.yml").name == "심사"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rule.yml", "taken"]


def test_a_text_is_parsed_once(tmp_path: Path) -> None:
    parses = list[str]()

    def parse(text: str) -> list[str]:
        parses.append(text)
        return text.split()

    def content(text: str) -> Any:
        return parsed_once(tmp_path, "words.jsonl", text, parse)

    assert [content("심사 접수"), content("심사 접수"), content("심사")] == [
        ["심사", "접수"],
        ["심사", "접수"],
        ["심사"],
    ]
    assert parses == ["심사 접수", "심사"]


def test_what_is_still_to_be_used_is_not_forgotten(tmp_path: Path) -> None:
    first = ParsedFiles(tmp_path)
    first.add(b"used later", 1)
    first.keep()

    second = ParsedFiles(tmp_path)
    second.add(b"new", 2)
    second.keep(is_all=False)
    third = ParsedFiles(tmp_path)

    assert (third.find(b"used later"), third.find(b"new")) == (b"1", b"2")
