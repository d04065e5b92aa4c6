"""Wishes in words: a reminder, another person in charge, help. Each says what will happen before it does."""

from __future__ import annotations

from sqlalchemy import select

from storage.tables import Contract, Nudge, NudgeStatus
from tests.scene import CHANNEL, Scene


def owner(scene: Scene) -> str:
    with scene.database.reading() as session:
        return session.execute(select(Contract)).scalar_one().owner_id


def scheduled(scene: Scene) -> list[Nudge]:
    with scene.database.reading() as session:
        rows = session.execute(select(Nudge)).scalars()
        return [row for row in rows if row.status == NudgeStatus.SCHEDULED]


async def test_a_reminder_comes_when_it_was_wished_for(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    asked = await scene.minji.mentions(CHANNEL, "내일 오후 3시에 다시 알려줘")
    offer = await scene.until_sees(scene.minji, "11월 24일 (화) 15:00", "계약 안내 메일", thread=asked)
    assert not any(row.snoozed for row in scheduled(scene)), "nothing is planned before the press"

    await scene.minji.presses("알림 예약", offer)
    await scene.until_sees(scene.minji, "알림을 예약했습니다", thread=asked)
    await scene.advance_to("2026-11-24T14:59")
    before = len(scene.slack.channel(CHANNEL).messages)
    await scene.advance_to("2026-11-24T15:01")

    assert "계약 안내 메일을 받으셨나요?" in scene.slack.channel(CHANNEL).messages[before].text


async def test_a_reminder_outside_business_hours_says_where_it_moves(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    asked = await scene.minji.mentions(CHANNEL, "토요일 오전에 다시 알려줘")

    await scene.until_sees(scene.minji, "11월 30일 (월) 09:30", "업무 시간에만", thread=asked)


async def test_a_mention_becomes_the_person_in_charge_with_one_press(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    asked = await scene.minji.mentions(CHANNEL, f"담당자를 <@{scene.junho.id}> 님으로 바꿔줘")
    offer = await scene.until_sees(scene.minji, "담당자를 바꿀까요", thread=asked)
    assert f"<@{scene.junho.id}>" in str(offer.raw)
    assert owner(scene) == scene.minji.id

    await scene.minji.presses("담당자로 지정", offer)
    await scene.until_channel_says("담당자를 바꿨습니다")

    assert owner(scene) == scene.junho.id


async def test_somebody_takes_it_on(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    asked = await scene.junho.mentions(CHANNEL, "담당자 나로 해줘")
    offer = await scene.until_sees(scene.junho, "담당자를 바꿀까요", thread=asked)

    await scene.junho.presses("담당자로 지정", offer)
    await scene.until_channel_says("담당자를 바꿨습니다")

    assert owner(scene) == scene.junho.id


async def test_without_a_person_the_window_asks(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    asked = await scene.minji.mentions(CHANNEL, "담당자 바꿔줘")
    offer = await scene.until_sees(scene.minji, "담당자를 바꿀까요", thread=asked)

    await scene.minji.presses("담당자 바꾸기", offer)

    await scene.until_modal(scene.minji, "담당자 바꾸기")


async def test_without_a_contract_a_wish_is_only_explained(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "내일 다시 알려줘")

    answer = await scene.until_sees(scene.minji, "/remind", thread=asked)

    assert answer.buttons == []
