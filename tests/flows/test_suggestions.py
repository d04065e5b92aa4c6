"""Clicks and thumbs under answers: kept for an operator to approve, and never learned by themselves."""

from __future__ import annotations

from sqlalchemy import select

from bot.answers.suggestions import learnable, unanswered
from storage.tables import Question, Suggestion, Verdict
from tests.scene import CHANNEL, Scene


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


async def test_none_of_these_names_who_knows(scene: Scene) -> None:
    await scene.minji.commands(CHANNEL, "/계약", "계약 관련해서 뭐가 필요한지")
    offered = await scene.until_sees(scene.minji, "이런 질문이신가요?")

    await scene.minji.presses("이 중에 없어요", offered)

    await scene.until_sees(scene.minji, "확인해 줄 수 있는 곳")
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


async def test_a_choice_in_words_counts_as_a_click(scene: Scene) -> None:
    await scene.minji.dm("계약 관련해서 뭐가 필요한지")
    await scene.until_reads(scene.minji, "이런 질문이신가요?")

    await scene.minji.dm("두 번째")
    await scene.slack.until(lambda: kept(scene), what="the choice is kept")

    assert [one.verdict for one in kept(scene)] == ["chosen"]
