"""`app.py suggestions`: what people's clicks say becomes a phrasing only when somebody approves it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.suggestions import learnable, unanswered, without_personal_data
from bot.answers.topic_book import TopicBook
from bot.answers.topic_files import CannotAdd, add_phrasing, phrasing_line
from bot.procedure.load import Procedures
from bot.terminal.suggestions import NotPossible, approve, listed, reject
from bot.texts.catalogue import Catalogues
from storage.suggestions import keep_suggestion
from storage.tables import Question, Verdict
from storage.workspaces import remember_workspace
from tests.conftest import MONDAY_MORNING
from tests.team import WORKSPACE, Team

FILE = """\
# A comment that has to survive.
subject: Mail

topics:
  - id: mail.when
    title: {ko: 메일이 오는 때, en: When mail comes}   # and this one
    asked:
      - 메일 언제 와요
      - "메일: 며칠 걸려요"

    answer: {ko: 곧 옵니다., en: Soon.}
  - id: mail.where
    title: {ko: 메일이 오는 곳, en: Where mail comes}
    asked: [메일 어디로 와요]
    answer: {ko: 여기., en: Here.}
"""


@pytest.fixture
def book(tmp_path: Path, procedures: Procedures, texts: Catalogues) -> TopicBook:
    (tmp_path / "mail.yml").write_text(FILE, encoding="utf-8")
    return TopicBook.load(procedures, texts, tmp_path)


class Clicks:
    def __init__(self, team: Team) -> None:
        self.database = team.database

    def says(self, text: str, verdict: Verdict, *, shown: str | None, chosen: str | None, by: str = "U1") -> None:
        with self.database.writing() as session:
            remember_workspace(session=session, workspace_id=WORKSPACE, now=MONDAY_MORNING)
            question = Question(
                workspace_id=WORKSPACE, channel_id="C1", user_id=by, asked_at=MONDAY_MORNING, text=text,
                outcome="answer", topic=shown,
            )  # fmt: skip
            session.add(question)
            session.flush()
            assert question.id is not None
            keep_suggestion(
                session=session, workspace_id=WORKSPACE, question_id=question.id, user_id=by, now=MONDAY_MORNING,
                verdict=verdict, shown=shown, chosen=chosen,
            )  # fmt: skip


@pytest.fixture
def clicks(team: Team) -> Clicks:
    return Clicks(team)


def test_the_same_click_of_several_people_is_one_line(clicks: Clicks) -> None:
    for person in ("U1", "U2"):
        clicks.says("메일 소식 없나", Verdict.CHOSEN, shown="mail.where", chosen="mail.when", by=person)
    clicks.says("메일은?", Verdict.HELPFUL, shown="mail.when", chosen=None)

    lines = list(listed(clicks.database, only_unanswered=False))

    assert lines == [
        "1\t2\t메일 소식 없나\tshown: mail.where, meant: mail.when",
        "3\t1\t메일은?\tshown: mail.when, thumbs: +1 -0",
    ]


def test_approving_prints_the_line_and_settles_it(clicks: Clicks, book: TopicBook) -> None:
    clicks.says("메일 소식 없나", Verdict.CHOSEN, shown="mail.where", chosen="mail.when")

    said = approve(clicks.database, book, [1], topic=None, write=False)

    assert said == ["# mail.yml, mail.when, under asked:\n      - 메일 소식 없나"]
    assert book.files["mail.when"].read_text(encoding="utf-8") == FILE, "nothing is written unless it is asked for"
    with clicks.database.reading() as session:
        assert learnable(session=session) == []


def test_approving_with_write_adds_one_line_to_the_file(clicks: Clicks, book: TopicBook) -> None:
    clicks.says("메일 소식: 없나요 #1", Verdict.CHOSEN, shown="mail.where", chosen="mail.when")

    approve(clicks.database, book, [1], topic=None, write=True)

    written = book.files["mail.when"].read_text(encoding="utf-8")
    entry = '      - "메일 소식: 없나요 #1"\n'
    assert written == FILE.replace('      - "메일: 며칠 걸려요"\n', '      - "메일: 며칠 걸려요"\n' + entry)


def test_what_nobody_has_named_a_topic_for_needs_one(clicks: Clicks, book: TopicBook) -> None:
    clicks.says("메일 뭐 없나", Verdict.UNANSWERED, shown=None, chosen=None)

    with pytest.raises(NotPossible, match="--topic"):
        approve(clicks.database, book, [1], topic=None, write=False)
    with pytest.raises(NotPossible, match="no topic 'mail.what'"):
        approve(clicks.database, book, [1], topic="mail.what", write=False)
    with clicks.database.reading() as session:
        assert len(unanswered(session=session)) == 1
    assert approve(clicks.database, book, [1], topic="mail.when", write=False)


def test_rejecting_takes_it_off_the_list(clicks: Clicks) -> None:
    clicks.says("날씨 어때", Verdict.UNANSWERED, shown=None, chosen=None)

    assert reject(clicks.database, [1]) == 1
    assert list(listed(clicks.database, only_unanswered=True)) == []
    with pytest.raises(NotPossible, match="1: no such suggestion"):
        reject(clicks.database, [1])


def test_a_list_that_no_line_can_be_added_to_is_left_alone(book: TopicBook) -> None:
    path = book.files["mail.where"]

    with pytest.raises(CannotAdd, match="layout"):
        add_phrasing(path, "mail.where", "메일 어디에")

    assert path.read_text(encoding="utf-8") == FILE


def test_what_is_asked_like_that_already_is_not_written_twice(book: TopicBook) -> None:
    assert not add_phrasing(book.files["mail.when"], "mail.when", "메일 언제 와요")


@given(st.text(min_size=1).map(without_personal_data).filter(bool))
def test_every_phrasing_is_read_back_as_it_was(text: str) -> None:
    assert yaml.safe_load(phrasing_line(text)) == [text]


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("민지 님 메일 a.b+c@momo.co.kr 로 왔나요", "○○ 님 메일 ○○ 로 왔나요"),
        ("<@U0MINJI> 010-1234-5678 로 연락 주세요", "○○ 로 연락 주세요"),
        ("담당자님이 누구예요", "담당자님이 누구예요"),
        ("1800-0678 은 어디\n번호예요", "○○ 은 어디 번호예요"),
        ("\x1b[2J지우기", "[2J지우기"),
    ],
)
def test_nothing_personal_is_printed(said: str, printed: str) -> None:
    assert without_personal_data(said) == printed
