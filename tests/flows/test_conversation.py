"""Talking to the assistant: mentions, direct messages, threads, and what it does not answer."""

from __future__ import annotations

from sqlalchemy import select

from storage.tables import Question
from tests.scene import CHANNEL, Scene


async def test_a_mention_is_answered_in_its_thread_with_the_source(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")

    answer = await scene.until_sees(scene.minji, "2주", thread=asked)

    assert "출처" in answer.text
    assert "2024-01-26" in answer.text
    assert len(scene.slack.channel(CHANNEL).messages) == 1, "nothing is posted outside the thread"


async def test_a_mention_that_arrives_again_and_again_is_answered_once(scene: Scene) -> None:
    scene.slack.redeliver_events(3)

    asked = await scene.minji.mentions(CHANNEL, "메일이 안 와요")
    await scene.until_sees(scene.minji, "스팸함", thread=asked)
    again = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    await scene.until_sees(scene.minji, "2주", thread=again)
    await scene.slack.quiet()

    assert len(scene.minji.sees(CHANNEL, asked)) == 2
    assert len(scene.minji.sees(CHANNEL, again)) == 2


async def test_a_direct_message_is_answered(scene: Scene) -> None:
    await scene.minji.dm("계약할 때 서류 뭐 준비해요")

    answer = await scene.until_reads(scene.minji, "인감증명서")

    assert "출처" in answer.text


async def test_a_follow_up_keeps_the_subject(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "카드사 심사가 뭐예요?")
    await scene.slack.until(lambda: len(scene.minji.sees(CHANNEL, asked)) == 2, what="the first answer")

    await scene.minji.says(CHANNEL, "그건 얼마나 걸려?", asked)

    await scene.until_sees(scene.minji, "2주", thread=asked)


async def test_people_talking_to_each_other_are_left_alone(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    await scene.until_sees(scene.minji, "2주", thread=asked)

    await scene.junho.says(CHANNEL, "점심 뭐 먹지")
    await scene.junho.says(CHANNEL, f"<@{scene.minji.id}> 심사 얼마나 걸린대요?", asked)
    await scene.junho.says(CHANNEL, "아 네 그렇군요 ㅎㅎ", asked)
    await scene.minji.mentions(CHANNEL, "메일이 안 와요")
    await scene.slack.until(lambda: len(_all_posts(scene)) == 2, what="the answer to the last mention")

    assert len(_all_posts(scene)) == 2, "two mentions, two answers"


async def test_what_nobody_knows_is_said_so_with_who_does(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "내일 서울 날씨 어때?")

    answer = await scene.slack.until(lambda: scene.minji.sees(CHANNEL, asked)[1:], what="an answer")

    assert "2주" not in answer[0].text
    assert "출처" not in answer[0].text


async def test_a_question_about_the_own_contract_is_answered_from_its_progress(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")

    asked = await scene.minji.mentions(CHANNEL, "우리 지금 어디까지 왔어?")
    answer = await scene.until_sees(scene.minji, "계약 안내 받기", thread=asked)

    assert "KG파이낸셜 차례" in answer.text
    assert "11월 26일 (목)" in answer.text


async def test_in_a_direct_message_the_own_contract_is_found(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    await scene.minji.dm("우리 지금 누구 차례야?")

    await scene.until_reads(scene.minji, "우리 팀 차례", "가입신청서 제출")


async def test_somebody_outside_the_channel_learns_nothing_of_its_contract(scene: Scene) -> None:
    stranger = scene.slack.add_person("hana.choi", "최하나")
    await scene.starts_contract(scene.minji)

    await stranger.dm("우리 지금 어디까지 왔어?")

    answer = await scene.until_reads(stranger, "계약")
    assert "모모상점" not in answer.text
    assert "볼 수 있는 계약이 없어" in answer.text


async def test_a_report_is_recorded_by_its_button_only(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    asked = await scene.minji.mentions(CHANNEL, "가입신청서 지난주 금요일에 냈어요")
    offer = await scene.until_sees(scene.minji, "기록할까요", "11월 20일 (금)", thread=asked)
    assert "가입신청서 제출 완료를 기록" not in "".join(m.text for m in scene.slack.channel(CHANNEL).messages)

    await scene.minji.presses("신청 기록하기", offer)
    await scene.until_channel_says("가입신청서 제출 완료를 기록했습니다", "11월 20일 (금)")
    await scene.slack.until(
        lambda: not any(m.buttons for m in scene.minji.sees(CHANNEL, asked)), what="the offer is closed"
    )


async def test_english_is_answered_in_english(scene: Scene) -> None:
    await scene.emma.dm("how long does the card review take?")

    answer = await scene.until_reads(scene.emma, "2 weeks")

    assert "Source" in answer.text


async def test_what_was_asked_is_kept_with_how_it_was_understood(scene: Scene) -> None:
    await scene.minji.dm("심사 얼마나 걸려요?")
    await scene.until_reads(scene.minji, "2주")

    with scene.database.reading() as session:
        kept = session.execute(select(Question)).scalars().all()

    assert [(one.topic, one.outcome, one.user_id) for one in kept] == [("review.duration", "answer", scene.minji.id)]


def _all_posts(scene: Scene) -> list[object]:
    channel = scene.slack.channel(CHANNEL)
    roots = channel.messages
    posts = [message for root in roots for message in scene.minji.sees(CHANNEL, root)]
    return [message for message in posts if message.raw.get("bot_id")]
