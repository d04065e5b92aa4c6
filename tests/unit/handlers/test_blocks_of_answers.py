"""Answers, offers and questions that go to people: sound whatever was asked, and whatever is known."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.answers.replies import Act, ActKind, Choice, Does, Offer, Outcome, Quoted, Reply
from bot.answers.suggestions import Proposal
from bot.answers.topic_book import known_contacts
from bot.articles.excerpts import Excerpt
from bot.contracts.outlook import Outlook
from bot.texts.catalogue import Speaker
from handlers import blocks
from handlers.blocks.answers import answer_message, done_offer
from handlers.blocks.answers_to_messages import about_message, shared_message
from handlers.blocks.asking import handed_over, help_request
from handlers.blocks.lists import unanswered_list
from handlers.blocks.parts import escape
from storage.tables import Question
from tests.unit.handlers.soundness import assert_sound_message, some_settings, speakers
from tests.unit.handlers.states import PROCEDURE, hostile, names, outlooks, reasons

HERE = Path(__file__).parent
PIECES = "parts.py"


@given(
    text=st.text(min_size=1, max_size=5000) | hostile.map(lambda one: one * 400),
    more=reasons,
    outcome=st.sampled_from(list(Outcome)),
    titles=st.lists(names, max_size=3),
    asked=st.booleans(),
    say=speakers,
)
@some_settings
def test_answers(text: str, more: str, outcome: Outcome, titles: list[str], asked: bool, say: Speaker) -> None:
    reply = Reply(
        outcome=outcome,
        text=text,
        language=say.language,
        own=more,
        more=more,
        sources=PROCEDURE.sources,
        contacts=known_contacts(PROCEDURE, [contact.id for contact in PROCEDURE.contacts]),
        choices=tuple(Choice("notice.when", title) for title in titles),
        offers=tuple(
            Offer(title, "report.mail_received", 1, does=does) for title, does in zip(titles, Does, strict=False)
        ),
        acts=tuple(Act(kind, title, 1, step="guidance") for title in titles for kind in ActKind),
        quoted=Quoted(say("articles.label"), _excerpt(text, titles, dated=asked)) if more else None,
        asks_a_person=asked,
    )

    question_id, about = (10**9, "1795395600.000000") if asked else (None, None)
    message = answer_message(reply, say, question_id=question_id, has_help_channel=asked, about=about)
    assert_sound_message(message)
    assert_sound_message(about_message(text, message, say))
    assert_sound_message(shared_message(message, escape(text[:80]), say))
    told = escape(text[:300])
    for done in (done_offer(message.blocks, "record_report:1", told), handed_over(message.blocks, told)):
        assert_sound_message(done)


def _excerpt(text: str, titles: list[str], *, dated: bool) -> Excerpt:
    url = "https://help.example/a?b&c" if dated else ""
    return Excerpt(titles[0] if titles else text, tuple(titles), text[:300], url, date(2026, 11, 25), is_dated=dated)


@given(st.lists(hostile | names, max_size=60), speakers)
@some_settings
def test_unanswered_questions(asked: list[str], say: Speaker) -> None:
    found = [Proposal((number,), text, None, None, ("unanswered",)) for number, text in enumerate(asked, start=1)]

    assert_sound_message(unanswered_list(found, say))


@given(hostile.map(lambda one: one * 400) | st.text(min_size=1, max_size=5000), outlooks(), st.booleans(), speakers)
@some_settings
def test_questions_that_are_handed_over(text: str, outlook: Outlook, linked: bool, say: Speaker) -> None:
    question = Question(
        workspace_id="T", channel_id="C", user_id="U0MINJI", asked_at=datetime(2026, 11, 23, tzinfo=UTC), text=text,
        outcome="hand_over",
    )  # fmt: skip
    link = "https://slack.example/archives/C1/p1" if linked else None

    assert_sound_message(help_request(question, [outlook], link, "U0JUNHO", say))


def test_every_builder_is_among_these_tests() -> None:
    """Whatever makes a message or a view is called in a test of this folder, with any state there may be."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_blocks*.py"))
    builders = [
        node.name
        for path in sorted(Path(blocks.__path__[0]).glob("*.py"))
        if path.name != PIECES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns is not None
        if ast.unparse(node.returns) in {"Message", "dict[str, Any]"}
    ]

    assert len(builders) > 30
    assert [name for name in builders if f"{name}(" not in tests] == []
