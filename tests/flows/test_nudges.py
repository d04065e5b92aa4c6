"""Reminders as people live with them."""

from __future__ import annotations

from bot.localslack.handles import MessageHandle
from tests.flows.conftest import CHANNEL, Office

SPAM = "계약 안내 메일을 받으셨나요?"


async def spam_nudge(office: Office) -> MessageHandle:
    await office.starts_contract(office.minji)
    await office.finishes(office.minji, "신청 3일 전")
    await office.advance_to("2026-11-25 09:30")
    return await office.until_channel_says(SPAM)


def nudges_in(office: Office) -> list[MessageHandle]:
    return [message for message in office.slack.channel(CHANNEL).messages if SPAM in message.text]


async def test_it_says_why_it_came_what_to_do_and_calls_the_owner(office: Office) -> None:
    nudge = await spam_nudge(office)

    assert "스팸함" in nudge.text
    assert nudge.text.count("\n") > 5, "the five checks"
    assert "모모상점 계약의 계약 안내 받기 단계가 열려 있어" in nudge.text
    assert f"<@{office.minji.id}>" in str(nudge.raw["blocks"])
    assert nudge.buttons == ["메일 받았어요", "아직이에요", "내일 다시 알려줘"]


async def test_it_comes_once_however_often_the_clock_is_looked_at(office: Office) -> None:
    await spam_nudge(office)

    for _ in range(3):
        await office.product.sweep.tick()
    await office.advance_to("2026-11-25 17:00")

    assert len(nudges_in(office)) == 1


async def test_not_yet_keeps_the_way_to_finish_and_the_rhythm(office: Office) -> None:
    nudge = await spam_nudge(office)

    await office.junho.presses("아직이에요", nudge)

    answered = await office.until_channel_says(SPAM, "박준호 님이 아직이라고", "11월 27일 (금) 09:30")
    assert answered.ts == nudge.ts
    assert answered.buttons == ["메일 받았어요"]
    await office.advance_to("2026-11-27 09:30")
    await office.slack.until(lambda: len(nudges_in(office)) == 2, what="the next check")


async def test_tomorrow_means_the_next_business_morning(office: Office) -> None:
    nudge = await spam_nudge(office)

    await office.minji.presses("내일 다시 알려줘", nudge)

    await office.until_channel_says(SPAM, "11월 26일 (목) 09:30에 다시 알려")
    await office.advance_to("2026-11-26 09:29")
    assert len(nudges_in(office)) == 1
    await office.advance_to("2026-11-26 09:30")
    await office.slack.until(lambda: len(nudges_in(office)) == 2, what="the snoozed nudge")


async def test_whoever_presses_second_hears_who_was_first(office: Office) -> None:
    nudge = await spam_nudge(office)
    status = await office.until_channel_says("모모상점 · KG파이낸셜 계약")
    await office.minji.presses("메일 받았어요", status)
    await office.until_modal(office.minji, "완료 기록")

    await office.junho.presses("메일 받았어요", nudge)
    await office.until_channel_says("박준호 님이 계약 안내 받기 완료를 기록했습니다")
    assert await office.minji.submits() is None

    await office.slack.until(
        lambda: office.minji.modal and "이미 완료로 기록했습니다" in office.minji.modal.text, what="who was first"
    )
    assert office.minji.modal is not None
    assert "박준호" in office.minji.modal.text


async def test_a_nudge_loses_its_buttons_when_the_step_is_done_elsewhere(office: Office) -> None:
    nudge = await spam_nudge(office)

    await office.finishes(office.junho, "메일 오늘")

    settled = await office.until_channel_says(SPAM, "처리되어")
    assert (settled.ts, settled.buttons) == (nudge.ts, [])


async def test_nothing_is_said_at_night_at_weekends_or_on_holidays(office: Office) -> None:
    await office.starts_contract(office.minji)
    await office.advance_to("2026-12-23 19:00")
    await office.finishes(office.minji, "신청 오늘")
    before = len(nudges_in(office))

    await office.advance_to("2026-12-29 09:29")  # Christmas and a weekend lie between
    assert len(nudges_in(office)) == before

    await office.advance_to("2026-12-29 09:30")
    await office.slack.until(lambda: len(nudges_in(office)) == before + 1, what="the nudge after the holidays")


async def test_a_paused_contract_is_left_in_peace(office: Office) -> None:
    status = await office.starts_contract(office.minji)
    await office.minji.selects(_menu(status), "잠시 멈추기", status)
    await office.until_modal(office.minji, "계약 잠시 멈추기")
    assert await office.minji.submits() is None
    await office.until_channel_says("계약을 잠시 멈췄습니다")
    before = len(office.slack.channel(CHANNEL).messages)

    await office.advance_to("2026-12-23 10:00")

    assert len(office.slack.channel(CHANNEL).messages) == before


def _menu(message: MessageHandle) -> str:
    """The action id of the overflow menu: it has no text by which a person could name it."""
    for block in message.raw["blocks"]:
        for element in block.get("elements", []):
            if element.get("type") == "overflow":
                return str(element["action_id"])
    raise AssertionError("the message has no menu")
