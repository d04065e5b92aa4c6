"""What a team keeps open, in a browser: the status, the card board, the way to live payments, the history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bot.contracts import cards, moves
from bot.contracts.desk import Actor
from bot.contracts.reading import contract_of_channel
from bot.contracts.state import ContractState
from storage.tables import CardStatus
from tests.browser.conftest import OpenPage, look
from tests.browser.test_story import message, say
from tests.scene import CHANNEL, Scene


class Backstage:
    """Brings a contract to where a story begins, by the use cases."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    @property
    def state(self) -> ContractState:
        channel, office = self._scene.slack.channel(CHANNEL).id, self._scene.product.office
        with self._scene.database.reading() as session:
            found = contract_of_channel(channel, workspace_id=self._scene.slack.team_id, session=session, office=office)
        assert found is not None
        return found

    def is_in_review(self) -> None:
        days = {"application": 20, "guidance": 23, "paperwork": 23, "completion": 23}
        for step, day in days.items():
            self._write(moves.finish_step, step, on=date(2026, 11, day))
        for step in ("channel_setup", "development"):
            self._write(moves.finish_step, step, on=date(2026, 11, 23))
        self._write(cards.request_review, on=date(2026, 11, 23))

    def has_come_the_whole_way(self) -> None:
        """By the middle of December, with everything that takes its time."""
        for step, day in {
            "application": date(2026, 11, 20),
            "channel_setup": date(2026, 11, 24),
            "guidance": date(2026, 11, 26),
            "paperwork": date(2026, 12, 1),
            "completion": date(2026, 12, 3),
            "development": date(2026, 12, 4),
        }.items():
            self._write(moves.finish_step, step, on=day)
        self._write(cards.request_review, on=date(2026, 12, 4))
        for number, card in enumerate(self.state.cards):
            self._write(cards.record_card_decision, [card.card.id], CardStatus.APPROVED, on=date(2026, 12, 8 + number))

    def is_approved(self) -> None:
        everyone = [card.card.id for card in self.state.cards]
        self._write(cards.record_card_decision, everyone, CardStatus.APPROVED, on=date(2026, 11, 23))

    def _write(self, use_case: Any, *args: Any, **kwargs: Any) -> None:
        scene = self._scene
        actor = Actor(scene.slack.team_id, scene.minji.id, frozenset({scene.slack.channel(CHANNEL).id}))
        where = {"contract_id": self.state.id, "office": scene.product.office, "actor": actor}
        with scene.database.writing() as session:
            use_case(*args, session=session, **where, **kwargs)


@pytest.fixture
async def backstage(scene: Scene) -> Backstage:
    await scene.starts_contract(scene.minji)
    await scene.product.idle()
    return Backstage(scene)


def status_of(page: Page) -> Locator:
    return message(page, "모모상점 · KG파이낸셜 계약")


async def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    wide, screen = await page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    return bool(wide <= screen)


async def test_one_status_that_changes_where_it_stands(scene: Scene, backstage: Backstage, open_page: OpenPage) -> None:
    page = await open_page(scene.slack.url)
    status = status_of(page)
    await expect(status).to_contain_text("고정해 두세요")
    await expect(status.get_by_role("listitem")).to_have_count(7)
    await expect(status.get_by_role("img", name="진행 중")).to_have_count(2)  # one waits, one can be done meanwhile

    await scene.finishes(scene.junho, "신청 지난주 금요일")

    await expect(status).to_contain_text("1/7 단계")
    await expect(status).to_contain_text("KG파이낸셜 차례 · 11월 20일 (금)부터 1영업일째")
    await expect(status).to_contain_text("11월 25일 (수)까지 끝날 것으로 예상합니다")
    await expect(status.get_by_role("button", name="메일 받았어요")).to_be_visible()
    await expect(status).not_to_contain_text("고정해 두세요")

    await scene.advance_to("2026-11-27 10:00")
    await scene.finishes(scene.junho, "채널 오늘")
    await expect(status).to_contain_text("⚠️ 계약 안내 받기")
    await expect(status).to_contain_text("2영업일 지났습니다")
    await look(page, "status", status)

    # Whoever asks gets a copy of it, and the way to the one that everybody looks at.
    await say(page, "/계약 현황")
    copy = message(page, "채널에 있는 현황 메시지 보기")
    await expect(copy).to_contain_text("나에게만 보입니다")


async def test_card_companies_decide_one_by_one(scene: Scene, backstage: Backstage, open_page: OpenPage) -> None:
    backstage.is_in_review()
    page = await open_page(scene.slack.url)
    await say(page, "/계약 심사")
    board = message(page, "모모상점 · 카드사 심사")
    await expect(board).to_contain_text("승인 0/9")
    await look(page, "board", board)
    await board.get_by_role("button", name="카드사 결과 기록").click()

    form = page.get_by_role("dialog", name="카드사 결과 기록")
    for company, decision in (("신한카드", "승인"), ("하나카드", "반려"), ("비씨카드", "사용 안 함")):
        await choose(page, form, company, decision)
    await form.get_by_role("button", name="저장").click()

    again = page.get_by_role("dialog", name="반려와 재심사")
    await expect(again).to_contain_text("자주 있는 반려 사유")
    await expect(again).to_contain_text("출처")
    await expect(again).to_contain_text("모모상점입니다. 하나카드 심사에서 지적해 주신 부분을 고쳤습니다")
    await look(page, "rejection")
    await again.get_by_label("하나카드 반려 사유").fill("하단 정보가 사업자등록증과 다름")
    await again.get_by_role("button", name="사유 저장").click()

    said = message(page, "하나카드 반려 사유: 하단 정보가 사업자등록증과 다름")
    await expect(said).to_contain_text("승인 1/8")
    await expect(said).to_contain_text("카드사 승인을 기록했습니다: 신한카드")
    await expect(page.get_by_text("카드사 반려를 기록했습니다")).to_have_count(1)
    await look(page, "rejected", said)
    await expect(said.get_by_role("button", name="반려 사유와 재심사")).to_be_visible()
    await expect(status_of(page)).to_contain_text("승인 1/8")

    await said.get_by_role("button", name="반려 사유와 재심사").click()
    await again.get_by_label("하나카드 반려 사유").fill("대표자 이름이 다름")
    await again.get_by_role("button", name="사유 저장").click()
    await expect(message(page, "반려 사유를 적었습니다")).to_contain_text("하나카드 반려 사유: 대표자 이름이 다름")
    assert {card.card.id: card.status for card in backstage.state.cards}["bc"] is CardStatus.NOT_WANTED


async def choose(page: Page, form: Locator, company: str, decision: str) -> None:
    await form.get_by_label(company).click()
    await page.get_by_role("option", name=decision, exact=True).click()


async def test_from_the_last_approval_to_the_look_back(scene: Scene, backstage: Backstage, open_page: OpenPage) -> None:
    await scene.advance_to("2026-12-17 14:00")
    backstage.has_come_the_whole_way()
    page = await open_page(scene.slack.url)
    await say(page, "/계약 현황")
    status = message(page, "심사가 모두 끝났습니다")
    await status.get_by_role("button", name="체크리스트").click()
    window = page.get_by_role("dialog", name="함께 챙기는 체크리스트")
    await expect(window).to_contain_text("채널키(channelKey)")
    await look(page, "going-live")
    await window.get_by_role("button", name="닫기").first.click()

    await status.get_by_role("button", name="첫 실결제까지 확인했어요").click()
    await page.get_by_role("dialog", name="첫 실결제를 확인했나요?").get_by_role("button", name="확인했어요").click()

    look_back = message(page, "모모상점, 실결제를 시작했습니다")
    await expect(look_back).to_contain_text("걸린 시간")
    await expect(look_back).to_contain_text("함께한 사람")
    picture = page.get_by_role("img", name="모모상점 · KG파이낸셜 계약")
    await expect(picture).to_have_js_property("naturalWidth", 960)
    await look(page, "look-back", picture)
    await expect(message(page, "부터 실결제를 받고 있습니다")).to_be_visible()


async def test_the_history_is_turned_and_taken_along(scene: Scene, backstage: Backstage, open_page: OpenPage) -> None:
    backstage.is_in_review()
    for _ in range(12):  # each time a step and the card review with it
        backstage._write(moves.reopen_step, "development")
        backstage._write(moves.finish_step, "development", on=date(2026, 11, 23))
    page = await open_page(scene.slack.url)
    await status_of(page).get_by_role("button", name="이력").click()

    window = page.get_by_role("dialog", name="계약 이력")
    await look(page, "history")
    await window.get_by_role("button", name="더 오래된 기록").click()
    await expect(window).to_contain_text("심사 요청")
    await window.get_by_role("button", name="더 새로운 기록").click()
    await expect(window).not_to_contain_text("심사 요청")
    await window.get_by_role("button", name="그림으로 보기").click()
    await expect(page.get_by_role("dialog", name="계약 이력")).to_contain_text("다이렉트 메시지로 보냈습니다")

    files = [file["name"] for one in scene.minji.direct_messages for file in one.raw.get("files", [])]
    assert files == [f"contract-{backstage.state.id}.png"]


async def test_on_a_phone(scene: Scene, backstage: Backstage, open_page: OpenPage) -> None:
    page = await open_page(scene.slack.url, width=390, height=844, touch=True)
    await page.get_by_role("link", name=f"#{CHANNEL}").click()
    for words, come_here in (
        ("가입신청서 제출 단계입니다", lambda: None),
        ("카드사 심사 단계입니다", backstage.is_in_review),
        ("심사가 모두 끝났습니다", backstage.is_approved),
    ):
        come_here()
        await say(page, "/계약 현황")
        await expect(message(page, "진행 단계", words)).to_be_visible()
        assert await fits(page)
