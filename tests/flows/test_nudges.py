"""Reminders as people live with them."""

from __future__ import annotations

from datetime import datetime

from bot.localslack.handles import MessageHandle
from tests.scene import CHANNEL, SEOUL, Scene

SPAM = "계약 안내 메일을 받으셨나요?"


async def spam_nudge(scene: Scene) -> MessageHandle:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 3일 전")
    await scene.advance_to("2026-11-25 09:30")
    return await scene.until_channel_says(SPAM)


def nudges_in(scene: Scene) -> list[MessageHandle]:
    return [message for message in scene.slack.channel(CHANNEL).messages if SPAM in message.text]


async def test_it_says_why_it_came_and_what_to_do(scene: Scene) -> None:
    nudge = await spam_nudge(scene)

    assert "스팸함" in nudge.text
    assert nudge.text.count("\n") > 5, "the five checks"
    assert "모모상점 계약의 계약 안내 받기 단계가 열려 있어" in nudge.text
    assert "<@" not in str(nudge.raw["blocks"]), "the first one calls nobody"
    assert nudge.buttons == ["메일 받았어요", "아직이에요", "내일 다시 알려줘", "체크리스트"]


async def test_it_comes_once_however_often_the_clock_is_looked_at(scene: Scene) -> None:
    await spam_nudge(scene)

    for _ in range(3):
        await scene.product.sweep.tick()
    await scene.advance_to("2026-11-25 17:00")

    assert len(nudges_in(scene)) == 1


async def test_when_nobody_answers_the_owner_is_called(scene: Scene) -> None:
    await spam_nudge(scene)

    await scene.advance_to("2026-11-27 09:30")

    called = await scene.until_channel_says(SPAM, "아직 아무도 답하지 않았습니다")
    assert f"<@{scene.minji.id}>" in str(called.raw["blocks"])


async def test_through_a_holiday_week_people_hear_only_on_working_days(scene: Scene) -> None:
    """설 2027 is Saturday to Tuesday, with Friday before it entered as a day off by the team."""
    await scene.advance_to("2027-02-01 10:00")
    await scene.starts_contract(scene.minji)
    await scene.minji.commands(CHANNEL, "/계약", "알림 휴일 2/5 징검다리 휴무")
    await scene.until_sees(scene.minji, "2월 5일 (금)", "쉬는 날", "징검다리 휴무")
    await scene.finishes(scene.minji, "신청 오늘")
    before = len(scene.slack.channel(CHANNEL).messages)

    await scene.advance_to("2027-02-16 12:00")

    posted = scene.slack.channel(CHANNEL).messages[before:]
    moments = [datetime.fromtimestamp(float(message.ts), SEOUL).strftime("%m-%d %H:%M") for message in posted]
    assert moments == ["02-02 09:30", "02-04 09:30", "02-10 09:30", "02-11 09:30", "02-15 09:30", "02-16 09:30"]


async def test_muting_stops_the_reminders_of_the_contract_and_unmuting_brings_them_back(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 3일 전")
    await scene.minji.commands(CHANNEL, "/계약", "알림 끄기")
    await scene.until_channel_says("김민지 님이 모모상점 계약의 알림을 껐습니다")

    await scene.advance_to("2026-12-01 12:00")
    assert nudges_in(scene) == []

    await scene.junho.commands(CHANNEL, "/계약", "알림 켜기")
    await scene.until_channel_says("박준호 님이 모모상점 계약의 알림을 다시 켰습니다")
    await scene.advance_to("2026-12-02 09:30")
    await scene.slack.until(lambda: len(nudges_in(scene)) == 1, what="the reminder that is still owed")


async def test_the_list_says_what_comes_when_and_why(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    await scene.minji.commands(CHANNEL, "/계약", "알림")

    listed = await scene.until_sees(scene.minji, "예정된 알림", "가입신청서를 내셨나요?", "11월 25일 (수) 09:30")
    assert "가입신청서 제출 · 11월 23일 (월)부터 기다리는 중" in listed.text
    assert "이번 주 계약 현황" in listed.text
    await scene.minji.presses("나는 부르지 않기", listed)
    await scene.until_sees(scene.minji, "예정된 알림", "나를 부르지 않도록")


async def test_on_monday_the_summary_and_the_reminder_come_as_one_message(scene: Scene) -> None:
    await scene.advance_to("2026-11-26 10:00")
    await scene.starts_contract(scene.minji)
    await scene.until_channel_says("계약을 시작했습니다")
    before = len(scene.slack.channel(CHANNEL).messages)

    await scene.advance_to("2026-11-30 09:30")

    together = await scene.until_channel_says("이번 주 계약 현황", "가입신청서를 내셨나요?", "0/7 단계")
    assert len(scene.slack.channel(CHANNEL).messages) == before + 1
    await scene.junho.presses("아직이에요", together)
    answered = await scene.until_channel_says("이번 주 계약 현황", "박준호 님이 아직이라고", "0/7 단계")
    assert answered.ts == together.ts


async def test_not_yet_keeps_the_way_to_finish_and_the_rhythm(scene: Scene) -> None:
    nudge = await spam_nudge(scene)

    await scene.junho.presses("아직이에요", nudge)

    answered = await scene.until_channel_says(SPAM, "박준호 님이 아직이라고", "11월 27일 (금) 09:30")
    assert answered.ts == nudge.ts
    assert answered.buttons == ["메일 받았어요", "체크리스트"]
    await scene.advance_to("2026-11-27 09:30")
    await scene.slack.until(lambda: len(nudges_in(scene)) == 2, what="the next check")


async def test_tomorrow_means_the_next_business_morning(scene: Scene) -> None:
    nudge = await spam_nudge(scene)

    await scene.minji.presses("내일 다시 알려줘", nudge)

    await scene.until_channel_says(SPAM, "11월 26일 (목) 09:30에 다시 알려")
    await scene.advance_to("2026-11-26 09:29")
    assert len(nudges_in(scene)) == 1
    await scene.advance_to("2026-11-26 09:30")
    await scene.slack.until(lambda: len(nudges_in(scene)) == 2, what="the snoozed nudge")


async def test_whoever_presses_second_hears_who_was_first(scene: Scene) -> None:
    nudge = await spam_nudge(scene)
    status = await scene.until_channel_says("모모상점 · KG파이낸셜 계약")
    await scene.minji.presses("메일 받았어요", status)
    await scene.until_modal(scene.minji, "완료 기록")

    await scene.junho.presses("메일 받았어요", nudge)
    await scene.until_channel_says("박준호 님이 계약 안내 받기 완료를 기록했습니다")
    assert await scene.minji.submits() is None

    await scene.slack.until(
        lambda: scene.minji.modal and "이미 완료로 기록했습니다" in scene.minji.modal.text, what="who was first"
    )
    assert scene.minji.modal is not None
    assert "박준호" in scene.minji.modal.text


async def test_a_nudge_loses_its_buttons_when_the_step_is_done_elsewhere(scene: Scene) -> None:
    nudge = await spam_nudge(scene)

    await scene.finishes(scene.junho, "메일 오늘")

    settled = await scene.until_channel_says(SPAM, "처리되어")
    assert (settled.ts, settled.buttons) == (nudge.ts, [])


async def test_nothing_is_said_at_night_at_weekends_or_on_holidays(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.advance_to("2026-12-23 19:00")
    await scene.finishes(scene.minji, "신청 오늘")
    before = len(nudges_in(scene))

    await scene.advance_to("2026-12-29 09:29")  # Christmas and a weekend lie between
    assert len(nudges_in(scene)) == before

    await scene.advance_to("2026-12-29 09:30")
    await scene.slack.until(lambda: len(nudges_in(scene)) == before + 1, what="the nudge after the holidays")


async def test_a_paused_contract_is_left_in_peace(scene: Scene) -> None:
    status = await scene.starts_contract(scene.minji)
    await scene.minji.selects(_menu(status), "잠시 멈추기", status)
    await scene.until_modal(scene.minji, "계약 잠시 멈추기")
    assert await scene.minji.submits() is None
    await scene.until_channel_says("계약을 잠시 멈췄습니다")
    before = len(scene.slack.channel(CHANNEL).messages)

    await scene.advance_to("2026-12-23 10:00")

    assert len(scene.slack.channel(CHANNEL).messages) == before


def _menu(message: MessageHandle) -> str:
    """The action id of the overflow menu: it has no text by which a person could name it."""
    for block in message.raw["blocks"]:
        for element in block.get("elements", []):
            if element.get("type") == "overflow":
                return str(element["action_id"])
    raise AssertionError("the message has no menu")
