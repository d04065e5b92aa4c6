"""Talking to the assistant: mentions, direct messages, threads, and what it does not answer."""

from __future__ import annotations

from sqlalchemy import select

from storage.tables import Question
from tests.flows.conftest import CHANNEL, Office


async def test_a_mention_is_answered_in_its_thread_with_the_source(office: Office) -> None:
    asked = await office.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")

    answer = await office.until_sees(office.minji, "2주", thread=asked)

    assert "출처" in answer.text
    assert "2024-01-26" in answer.text
    assert len(office.slack.channel(CHANNEL).messages) == 1, "nothing is posted outside the thread"


async def test_a_mention_that_arrives_again_and_again_is_answered_once(office: Office) -> None:
    office.slack.redeliver_events(3)

    asked = await office.minji.mentions(CHANNEL, "메일이 안 와요")
    await office.until_sees(office.minji, "스팸함", thread=asked)
    again = await office.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    await office.until_sees(office.minji, "2주", thread=again)
    await office.slack.quiet()

    assert len(office.minji.sees(CHANNEL, asked)) == 2
    assert len(office.minji.sees(CHANNEL, again)) == 2


async def test_a_direct_message_is_answered(office: Office) -> None:
    await office.minji.dm("계약할 때 서류 뭐 준비해요")

    answer = await office.until_reads(office.minji, "인감증명서")

    assert "출처" in answer.text


async def test_a_follow_up_keeps_the_subject(office: Office) -> None:
    asked = await office.minji.mentions(CHANNEL, "카드사 심사가 뭐예요?")
    await office.slack.until(lambda: len(office.minji.sees(CHANNEL, asked)) == 2, what="the first answer")

    await office.minji.says(CHANNEL, "그건 얼마나 걸려?", asked)

    await office.until_sees(office.minji, "2주", thread=asked)


async def test_people_talking_to_each_other_are_left_alone(office: Office) -> None:
    asked = await office.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    await office.until_sees(office.minji, "2주", thread=asked)

    await office.junho.says(CHANNEL, "점심 뭐 먹지")
    await office.junho.says(CHANNEL, f"<@{office.minji.id}> 심사 얼마나 걸린대요?", asked)
    await office.junho.says(CHANNEL, "아 네 그렇군요 ㅎㅎ", asked)
    await office.minji.mentions(CHANNEL, "메일이 안 와요")
    await office.slack.until(lambda: len(_all_posts(office)) == 2, what="the answer to the last mention")

    assert len(_all_posts(office)) == 2, "two mentions, two answers"


async def test_what_nobody_knows_is_said_so_with_who_does(office: Office) -> None:
    asked = await office.minji.mentions(CHANNEL, "내일 서울 날씨 어때?")

    answer = await office.slack.until(lambda: office.minji.sees(CHANNEL, asked)[1:], what="an answer")

    assert "2주" not in answer[0].text
    assert "출처" not in answer[0].text


async def test_a_question_about_the_own_contract_is_answered_from_its_progress(office: Office) -> None:
    await office.starts_contract(office.minji)
    await office.finishes(office.minji, "신청 오늘")

    asked = await office.minji.mentions(CHANNEL, "우리 지금 어디까지 왔어?")
    answer = await office.until_sees(office.minji, "계약 안내 받기", thread=asked)

    assert "KG파이낸셜 차례" in answer.text
    assert "11월 26일 (목)" in answer.text


async def test_in_a_direct_message_the_own_contract_is_found(office: Office) -> None:
    await office.starts_contract(office.minji)

    await office.minji.dm("우리 지금 누구 차례야?")

    await office.until_reads(office.minji, "우리 팀 차례", "가입신청서 제출")


async def test_somebody_outside_the_channel_learns_nothing_of_its_contract(office: Office) -> None:
    stranger = office.slack.add_person("hana.choi", "최하나")
    await office.starts_contract(office.minji)

    await stranger.dm("우리 지금 어디까지 왔어?")

    answer = await office.until_reads(stranger, "계약")
    assert "모모상점" not in answer.text
    assert "볼 수 있는 계약이 없어" in answer.text


async def test_a_report_is_recorded_by_its_button_only(office: Office) -> None:
    await office.starts_contract(office.minji)

    asked = await office.minji.mentions(CHANNEL, "가입신청서 지난주 금요일에 냈어요")
    offer = await office.until_sees(office.minji, "기록할까요", "11월 20일 (금)", thread=asked)
    assert "가입신청서 제출 완료를 기록" not in "".join(m.text for m in office.slack.channel(CHANNEL).messages)

    await office.minji.presses("신청 기록하기", offer)
    await office.until_channel_says("가입신청서 제출 완료를 기록했습니다", "11월 20일 (금)")
    await office.slack.until(
        lambda: not any(m.buttons for m in office.minji.sees(CHANNEL, asked)), what="the offer is closed"
    )


async def test_english_is_answered_in_english(office: Office) -> None:
    await office.emma.dm("how long does the card review take?")

    answer = await office.until_reads(office.emma, "2 weeks")

    assert "Source" in answer.text


async def test_what_was_asked_is_kept_with_how_it_was_understood(office: Office) -> None:
    await office.minji.dm("심사 얼마나 걸려요?")
    await office.until_reads(office.minji, "2주")

    with office.database.reading() as session:
        kept = session.execute(select(Question)).scalars().all()

    assert [(one.topic, one.outcome, one.user_id) for one in kept] == [("review.duration", "answer", office.minji.id)]


def _all_posts(office: Office) -> list[object]:
    channel = office.slack.channel(CHANNEL)
    roots = channel.messages
    posts = [message for root in roots for message in office.minji.sees(CHANNEL, root)]
    return [message for message in posts if message.raw.get("bot_id")]
