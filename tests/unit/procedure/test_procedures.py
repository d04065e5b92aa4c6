"""The procedure as data: what is shipped is whole, and a broken file is refused with its place and reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.answers.topic_book import OWN_TOPICS, TopicBook
from bot.datafile import BadDataFile
from bot.procedure.load import OWN_PROCEDURES, Procedures, load_procedures
from bot.procedure.model import Turn
from bot.procedure.movement import depending_on, missing_before, standings
from bot.texts.catalogue import Catalogues
from storage.tables import StepStatus

SEVEN = ["application", "guidance", "paperwork", "completion", "channel_setup", "development", "card_review"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(OWN_PROCEDURES / "kg_mobilians.yml", tmp_path)
    return tmp_path


def edit(folder: Path, change: Callable[[dict], object]) -> None:
    path = folder / "kg_mobilians.yml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def test_the_seven_steps_of_the_article(procedures: Procedures) -> None:
    kg = procedures["kg_mobilians"]

    assert [step.id for step in kg.steps] == SEVEN
    assert (kg.pg.name.ko, kg.pg.former_name and kg.pg.former_name.ko) == ("KG파이낸셜", "KG모빌리언스")
    assert (kg.step("guidance").expected or kg).model_dump(include={"least", "most", "unit"}) == {
        "least": 2,
        "most": 3,
        "unit": "business_days",
    }
    assert kg.step("guidance").turn is Turn.PG
    assert len(kg.card_companies) == 9


def test_channel_and_development_do_not_wait_for_the_contract(procedures: Procedures) -> None:
    kg = procedures["kg_mobilians"]

    assert missing_before(kg, "development", done={}) == ("channel_setup",)
    assert depending_on(kg, "channel_setup") == ("development", "card_review")


def test_the_review_waits_for_contract_and_window(procedures: Procedures) -> None:
    kg = procedures["kg_mobilians"]
    day = date(2026, 11, 23)
    done = dict.fromkeys(SEVEN[:-1], day)

    assert standings(kg, started_on=day, done=done)["card_review"].status is StepStatus.ACTIVE
    for missing in ("completion", "development"):
        rest = {step: when for step, when in done.items() if step != missing}
        assert standings(kg, started_on=day, done=rest)["card_review"].status is StepStatus.WAITING


def test_every_statement_about_others_names_its_source(procedures: Procedures) -> None:
    """Figures never stand without a source: what has a digit and no source would be our invention."""
    kg = procedures["kg_mobilians"]
    without = [
        statement.id
        for statement in kg.statements()
        if not statement.sources and any(letter.isdigit() for letter in statement.ko)
    ]

    assert without == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["steps"][0].pop("turn"), r"kg_mobilians\.yml, line \d+: steps\.0\.turn: Field required"),
        (lambda data: data["steps"][0].update(trun="merchant"), r"steps\.0\.trun: Extra inputs are not permitted"),
        (lambda data: data["steps"][1].update(starts_after=["nothing"]), "names 'nothing', which is no earlier step"),
        (lambda data: data["steps"][1].update(id="application"), "step 'application' stands twice"),
        (lambda data: data["steps"][0]["ends_when"].update(sources=["nobody"]), "source 'nobody' is not in sources"),
        (lambda data: data.update(zone="Asia/Soul"), "'Asia/Soul' is no time zone"),
        (
            lambda data: data["steps"][1]["nudges"][0]["message"].update(ko="{merchnat} 님"),
            r"no message has a field \{merchnat\}",
        ),
        (lambda data: data["steps"][1]["nudges"][0].update(checklist="none"), "has no checklist 'none'"),
        (
            lambda data: data["steps"][0]["nudges"][0].update(after={"business_days": 4}),
            r"says \[2, 3, 5, 10\], the data",
        ),
        (
            lambda data: data["steps"][0]["nudges"][0]["repeats"].update(business_days=[5, 3, 3, 10]),
            "must not come closer together",
        ),
        (
            lambda data: data["steps"][1]["nudges"][0].update(until="paperwork_idle"),
            "must name a later rule of its step",
        ),
        (lambda data: data["steps"][0]["nudges"][0].update(buttons=[]), "at least 1 item"),
        (
            lambda data: data["escalation"].update(owner={"business_days": 7}),
            "the owner is called before the managers",
        ),
        (lambda data: data["escalation"].update(managers={"business_days": 9}), "escalation: the sentence says"),
        (lambda data: data["digest"].update(id="application_idle"), "nudge rule 'application_idle' stands twice"),
        (lambda data: data["steps"][1]["expected"].update(least=9), "least must not be larger than most"),
    ],
)
def test_a_broken_procedure_is_refused_with_the_reason(
    folder: Path, change: Callable[[dict], object], said: str
) -> None:
    edit(folder, change)

    with pytest.raises(BadDataFile, match=said):
        load_procedures(folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id: a\n  b: [", r"kg_mobilians\.yml, line 2:"),
        ("", "the file is empty"),
        ("- a\n- b\n", "whole file"),
        ("id: a\nid: b\n", "line 2: id: stands twice"),
        ("as_of: 2026-13-45\n", "month must be in 1..12"),
    ],
)
def test_a_torn_file_is_refused_with_its_line(folder: Path, content: str, said: str) -> None:
    (folder / "kg_mobilians.yml").write_text(content, encoding="utf-8")

    with pytest.raises(BadDataFile, match=said):
        load_procedures(folder)


def test_a_file_that_is_no_utf8_is_refused(folder: Path) -> None:
    (folder / "kg_mobilians.yml").write_bytes("id: 가".encode("cp949"))

    with pytest.raises(BadDataFile, match="is not UTF-8 text"):
        load_procedures(folder)


def test_a_folder_without_procedures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataFile, match="holds no procedure"):
        load_procedures(tmp_path)
    with pytest.raises(BadDataFile, match="no such folder"):
        load_procedures(tmp_path / "missing")


def test_a_second_pg_is_a_file(folder: Path) -> None:
    other = yaml.safe_load((folder / "kg_mobilians.yml").read_text(encoding="utf-8"))
    other["id"] = "other_pg"
    (folder / "other_pg.yml").write_text(yaml.safe_dump(other, allow_unicode=True), encoding="utf-8")

    assert list(load_procedures(folder)) == ["kg_mobilians", "other_pg"]


class TestTopics:
    def test_the_shipped_topics_fit_the_shipped_procedure(self, procedures: Procedures, texts: Catalogues) -> None:
        book = TopicBook.load(procedures, texts)

        told = book.tell("notice.when", procedures["kg_mobilians"], "ko")

        assert "2~3영업일" in told.text
        assert "{" not in told.text
        assert any(source.as_of == date(2024, 1, 26) for source in told.sources)

    def test_no_answer_is_left_with_an_unfilled_quote(self, procedures: Procedures, texts: Catalogues) -> None:
        book = TopicBook.load(procedures, texts)
        unfilled = [
            (topic, language)
            for topic in book.topics
            for language in ("ko", "en")
            if "{" in (told := book.tell(topic, procedures["kg_mobilians"], language)).text + told.more
        ]

        assert unfilled == []

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ("answer: {ko: '{no_such_sentence}', en: 'x'}", "has no sentence 'no_such_sentence'"),
            ("answer: {ko: '{expected.application}', en: 'x'}", "has no sentence 'expected.application'"),
            ("answer: {ko: 가, en: x}\n    sources: [nobody]", "'nobody' is in no list of sources"),
            ("answer: {ko: 가, en: x}\n    contacts: [nobody]", "has no contact 'nobody'"),
            ("answer: {ko: 가, en: x}\n    step: nowhere", "has no step 'nowhere'"),
            ("kind: fact", "answer: is needed"),
        ],
    )
    def test_a_topic_that_quotes_what_is_not_there_is_refused(
        self, tmp_path: Path, procedures: Procedures, texts: Catalogues, wrong: str, said: str
    ) -> None:
        (tmp_path / "one.yml").write_text(
            f"subject: one\ntopics:\n  - id: one.topic\n    title: {{ko: 가, en: a}}\n    asked: [가]\n    {wrong}\n",
            encoding="utf-8",
        )

        with pytest.raises(BadDataFile, match=said):
            TopicBook.load(procedures, texts, tmp_path)

    def test_a_fact_of_one_file_is_quoted_by_another_and_brings_its_source(
        self, tmp_path: Path, procedures: Procedures, texts: Catalogues
    ) -> None:
        (tmp_path / "facts.yml").write_text(
            "subject: lines\nfacts:\n  - {id: toss_line, ko: 1544-7772, en: 1544-7772, sources: [help_pg_contacts]}\n"
            "topics:\n  - {id: one.topic, title: {ko: 가, en: a}, asked: [가], answer: {ko: 가, en: a}}\n",
            encoding="utf-8",
        )
        (tmp_path / "other.yml").write_text(
            "subject: other\ntopics:\n  - {id: two.topic, title: {ko: 나, en: b}, asked: [나],"
            " answer: {ko: '전화 {toss_line}', en: 'call {toss_line}'}}\n",
            encoding="utf-8",
        )

        told = TopicBook.load(procedures, texts, tmp_path).tell("two.topic", procedures["kg_mobilians"], "ko")

        assert told.text == "전화 1544-7772"
        assert [source.id for source in told.sources] == ["help_pg_contacts"]

    @pytest.mark.parametrize(
        ("fact", "said"),
        [
            ("{id: line, ko: 가, en: a, sources: [nobody]}", "'nobody' is in no list of sources"),
            ("{id: name_changed, ko: 가, en: a}", "name_changed: stands elsewhere"),
        ],
    )
    def test_a_fact_without_its_source_or_with_a_taken_name_is_refused(
        self, tmp_path: Path, procedures: Procedures, texts: Catalogues, fact: str, said: str
    ) -> None:
        shutil.copy(OWN_TOPICS / "small_talk.yml", tmp_path / "one.yml")
        text = (tmp_path / "one.yml").read_text(encoding="utf-8").replace("topics:", f"facts:\n  - {fact}\ntopics:", 1)
        (tmp_path / "one.yml").write_text(text, encoding="utf-8")

        with pytest.raises(BadDataFile, match=said):
            TopicBook.load(procedures, texts, tmp_path)

    def test_the_same_topic_twice_is_refused(self, tmp_path: Path, procedures: Procedures, texts: Catalogues) -> None:
        for name in ("one.yml", "two.yml"):
            shutil.copy(OWN_TOPICS / "small_talk.yml", tmp_path / name)

        with pytest.raises(BadDataFile, match="stands twice|stands elsewhere"):
            TopicBook.load(procedures, texts, tmp_path)
