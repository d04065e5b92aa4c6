"""Clicks and thumbs under answers: kept for an operator to approve, and never learned by themselves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.answers.replies import Outcome
from bot.answers.situation import Situation
from bot.answers.suggestions import learnable, unanswered
from bot.knowledge import Knowledge
from bot.office import Office
from storage.tables import Question, Suggestion, Verdict
from storage.workspace_settings import add_managers
from tests.scene import CHANNEL, MONDAY_MORNING, Scene

VAGUE = ("계약", "서류", "심사", "메일", "채널", "카드사", "계약 관련 문의", "서류 관련 질문이요")


@pytest.fixture
def vague(knowledge: Knowledge, office: Office) -> str:
    """Words so few that several topics fit: which they are, the topics of the day decide."""
    assistant = knowledge.assistant(office)
    replies = {text: assistant.reply(text, Situation("ko")) for text in VAGUE}
    return next(text for text, one in replies.items() if one.outcome is Outcome.CHOOSE and len(one.choices) > 1)


def kept(scene: Scene) -> list[Suggestion]:
    with scene.database.reading() as session:
        return list(session.execute(select(Suggestion).order_by(Suggestion.id)).scalars())  # type: ignore[arg-type]


async def test_another_topic_is_one_click_away_and_the_click_is_kept(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    answer = await scene.until_sees(scene.minji, "2주", "다른 뜻이었나요?", thread=asked)

    await scene.minji.presses("show_topic:1", answer)
    await scene.slack.until(lambda: kept(scene), what="the click is kept")

    [click] = kept(scene)
    assert (click.verdict, click.shown, click.status) == ("chosen", "review.duration", "pending")
    assert click.chosen not in {None, "review.duration"}
    with scene.database.reading() as session:
        [question] = session.execute(select(Question)).scalars()
    assert question.topic == click.chosen, "the thread goes on from the topic that was meant"


async def test_none_of_these_names_who_knows(scene: Scene, vague: str) -> None:
    asked = await scene.minji.mentions(CHANNEL, vague)
    offered = await scene.until_sees(scene.minji, "이런 질문이신가요?", thread=asked)

    await scene.minji.presses("이 중에 없어요", offered)

    await scene.until_sees(scene.minji, "확인해 줄 수 있는 곳", thread=asked)
    assert [one.verdict for one in kept(scene)] == ["none"]


async def test_thumbs_are_kept_and_the_last_word_counts(scene: Scene) -> None:
    await scene.minji.dm("심사 얼마나 걸려요?")
    answer = await scene.until_reads(scene.minji, "2주")

    await scene.minji.presses("도움이 됐어요", answer)
    await scene.until_reads(scene.minji, "알려 주셔서 고맙습니다")
    await scene.minji.presses("아쉬워요", answer)
    await scene.until_reads(scene.minji, "아쉬운 답이었군요")

    assert [(one.verdict, one.shown) for one in kept(scene)] == [("unhelpful", "review.duration")]


async def test_what_nothing_answers_is_listed_for_operators(scene: Scene) -> None:
    for _ in range(2):
        await scene.minji.dm("김철수 님 a@b.kr 로 로켓 발사 준비됐나요")
        await scene.until_reads(scene.minji, "답하지 못합니다")
        await scene.slack.quiet()

    with scene.database.reading() as session:
        [one] = unanswered(session=session)
        assert learnable(session=session) == []
    assert one.count(Verdict.UNANSWERED) == 2
    assert "a@b.kr" not in one.question
    assert "김철수" not in one.question


async def test_managers_see_what_nothing_answered_and_others_do_not(scene: Scene) -> None:
    await scene.junho.dm("로켓 발사 준비됐나요")
    await scene.until_reads(scene.junho, "답하지 못합니다")

    await scene.minji.commands(CHANNEL, "/계약", "미답변")
    await scene.until_sees(scene.minji, "온보딩 매니저가 아직 없습니다")

    with scene.database.writing() as session:
        add_managers(
            session=session,
            workspace_id=scene.slack.team_id,
            user_ids=[scene.minji.id],
            added_by=scene.minji.id,
            now=MONDAY_MORNING,
        )
    await scene.minji.commands(CHANNEL, "/계약", "미답변")
    await scene.until_sees(scene.minji, "답하지 못한 질문 1건", "로켓 발사 준비됐나요")


async def test_a_choice_in_words_counts_as_a_click(scene: Scene, vague: str) -> None:
    await scene.minji.dm(vague)
    await scene.until_reads(scene.minji, "이런 질문이신가요?")

    await scene.minji.dm("두 번째")
    await scene.slack.until(lambda: kept(scene), what="the choice is kept")

    assert [one.verdict for one in kept(scene)] == ["chosen"]
