"""A whole contract from the start to live payments, as its team lives through it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.contracts.reading import contract_of_channel
from bot.contracts.state import ContractState
from bot.localslack.person import Person
from storage.tables import ContractStatus
from tests.scene import CHANNEL, Scene


@pytest.fixture
def scene_database_url(database_url: str) -> str:
    return database_url


async def test_from_the_application_to_live_payments(scene: Scene) -> None:
    minji, junho = scene.minji, scene.junho

    # A Monday: the contract starts, and the application of last Friday is recorded.
    status = await scene.starts_contract(minji)
    assert "지금은 가입신청서 제출 단계입니다" in status.text
    await minji.presses("신청서 냈어요", status)
    await scene.until_modal(minji, "완료 기록")
    await minji.fills(None, {"실제로 끝난 날": "2026-11-20"})
    assert await minji.submits() is None
    await scene.until_channel_says("가입신청서 제출 완료를 기록했습니다", "11월 20일 (금)")
    status = await scene.until_channel_says("모모상점 · KG파이낸셜 계약", "KG파이낸셜 차례", "1영업일째")
    assert "11월 25일 (수)까지" in status.text

    # Three business days later no mail has come.
    await scene.advance_to("2026-11-25 09:30")
    nudge = await scene.until_channel_says("계약 안내 메일을 받으셨나요?", "스팸함", "3영업일")
    drawn_again = await scene.until_channel_says("모모상점 · KG파이낸셜 계약", "3영업일째", "11월 25일 (수) 기준")
    assert drawn_again.ts == status.ts
    await minji.presses("메일 받았어요", nudge)
    await scene.until_channel_says("계약 안내 받기 완료를 기록했습니다", "11월 25일 (수)")
    settled = await scene.until_channel_says("계약 안내 메일을 받으셨나요?", "처리되어")
    assert settled.ts == nudge.ts
    assert settled.buttons == []

    # The developer does not wait for the contract.
    await scene.finishes(junho, "채널 오늘")
    await scene.advance_to("2026-11-27 11:00")
    await scene.finishes(minji, "서류 어제")
    await scene.advance_to("2026-12-01 15:00")
    await scene.finishes(minji, "보증보험 오늘")
    await scene.finishes(junho, "개발 오늘")

    # The review does not start by itself.
    await scene.advance_to("2026-12-02 09:30")
    nudge = await scene.until_channel_says("카드사 심사를 요청하셨나요?")
    await minji.presses("심사 요청했어요", nudge)
    await scene.until_modal(minji, "카드사 심사 요청")
    assert await minji.submits() is None
    requested = await scene.until_channel_says("카드사 심사를 요청했다고 기록했습니다")
    assert "신한카드" in requested.text
    assert "가격" in requested.text, "the freeze rule is said when the review starts"

    # Two weeks later two companies are still open, and the chase names them and nobody else.
    await scene.advance_to("2026-12-10 10:00")
    await _decides(
        scene, ["신한카드", "현대카드", "롯데카드", "KB국민카드", "NH농협카드", "하나카드", "우리카드"], "승인"
    )
    await scene.until_channel_says("승인 7/9")
    await scene.advance_to("2026-12-16 09:30")
    chase = await scene.until_channel_says("PG에 그대로 보낼 수 있는 글", "삼성카드", "비씨카드")
    assert "신한카드" not in chase.text

    # The last decisions come in: what is left is the way to live payments.
    await _decides(scene, ["삼성카드", "비씨카드"], "승인")
    live = await scene.until_channel_says("🎉", "모든 단계가 끝났습니다", "채널키(channelKey)", "환불까지")
    assert _state(scene).status is ContractStatus.LIVE
    assert [one.headline for one in await scene.product.coming(most=5)] == ["이제 실연동으로 바꿀 차례입니다"]

    # The first live payment: everybody looks back, and nothing is owed any more.
    await scene.advance_to("2026-12-17 15:00")
    await junho.presses("체크리스트", live)
    await scene.until_modal(junho, "함께 챙기는 체크리스트")
    going_live = _state(scene).procedure.going_live
    assert going_live is not None
    for item in going_live.items:
        await scene.slack.until(lambda item=item: _can_tick(junho, item.id), what=f"{item.id} to tick")
        await junho.selects(f"check:{item.id}", [item.id])
    await scene.slack.until(lambda: junho.modal and "opened" in str(junho.modal.blocks), what="the last button")
    await junho.presses("첫 실결제까지 확인했어요")
    look_back = await scene.until_channel_says("실결제를 시작했습니다", "11월 20일 (금) 시작", "12월 17일 (목) 오픈")
    assert "계약 안내 받기 | 3영업일 | 2~3영업일" in look_back.text
    assert "김민지" in look_back.text
    picture = await scene.slack.until(lambda: _picture(scene), what="the picture of the whole way")
    assert "비씨카드: 승인 (12월 16일 (수))" in picture["alt_txt"]
    await scene.until_channel_says("12월 17일 (목)부터 실결제를 받고 있습니다")
    assert await scene.product.sweep.next_due() is None


def _can_tick(person: Person, item_id: str) -> bool:
    return person.modal is not None and f"check:{item_id}" in str(person.modal.blocks)


def _state(scene: Scene) -> ContractState:
    with scene.database.reading() as session:
        state = contract_of_channel(
            scene.slack.channel(CHANNEL).id,
            workspace_id=scene.slack.team_id,
            session=session,
            office=scene.product.office,
        )
    assert state is not None
    return state


def _picture(scene: Scene) -> dict[str, Any] | None:
    files = [file for one in scene.slack.channel(CHANNEL).messages for file in one.raw.get("files", [])]
    return next((file for file in files if file["mimetype"] == "image/png"), None)


async def _decides(scene: Scene, cards: list[str], decision: str) -> None:
    person = scene.minji
    await person.commands(CHANNEL, "/계약", "심사")
    board = await scene.until_sees(person, "모모상점 · 카드사 심사")
    await person.presses("카드사 결과 기록", board)
    await scene.until_modal(person, "카드사 결과 기록")
    await person.fills(None, dict.fromkeys(cards, decision))
    assert await person.submits() is None
