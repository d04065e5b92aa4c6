"""What people reach for, in a browser: shortcuts, checklists, App Home, settings, files."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, look
from tests.browser.test_story import composer, message, say
from tests.browser.test_talk import thread
from tests.flows.test_home import manages
from tests.scene import CHANNEL, Scene


def window(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


async def test_shortcuts_and_a_checklist(scene: Scene, open_page: OpenPage) -> None:
    page = await open_page(scene.slack.url)

    # Start from the shortcuts' menu: the open channel is chosen already.
    await page.get_by_role("button", name="단축키").click()
    await page.get_by_role("menuitem", name="계약 시작").click()
    form = window(page, "계약 시작")
    await expect(form.get_by_label("함께 챙길 채널")).to_contain_text(f"#{CHANNEL}")
    await form.get_by_label("가맹점 이름").fill("모모상점")
    await look(page, "start-anywhere")
    await form.get_by_role("button", name="시작").click()
    await expect(message(page, "모모상점 · KG파이낸셜 계약")).to_be_visible()

    # Somebody asks the others; Minji has it answered, and shares the answer.
    asked = await scene.junho.says(CHANNEL, "카드사 심사는 얼마나 걸려요?")
    shown = message(page, asked.text)
    await shown.hover()
    await shown.get_by_role("button", name="메시지 메뉴").click()
    await page.get_by_role("menuitem", name="이 메시지에 답하기").click()
    answer = message(page, "이 메시지를 읽고 드리는 답입니다")
    await expect(answer).to_contain_text("나에게만 보입니다")
    await look(page, "answer-to-message", answer.get_by_role("button").last)
    await answer.get_by_role("button", name="스레드에 답으로 올리기").click()
    await expect(message(page, "스레드에 올렸습니다")).to_be_visible()
    await message(page, asked.text).get_by_role("button", name="답글 1개").click()
    await expect(thread(page, "카드사 심사는 보통 2주", "김민지 님이 물어보고 올린 답입니다")).to_be_visible()

    # The papers: who ticked what, and until when a paper is good.
    await say(page, "/계약 서류")
    papers = window(page, "함께 챙기는 체크리스트")
    await papers.get_by_label("법인사업자").check()
    await expect(papers).to_contain_text("법인인감증명서 원본")
    await papers.get_by_role("checkbox", name="PG 계약서 2부").check()
    await expect(papers).to_contain_text("김민지")
    await expect(papers).to_contain_text("3개월")
    await look(page, "papers")


async def test_home_of_an_onboarding_manager(scene: Scene, open_page: OpenPage) -> None:
    await scene.starts_contract(scene.minji)
    manages(scene, scene.minji)
    for number, merchant in enumerate(("가나커피", "다라서점")):
        channel = scene.slack.add_channel(f"pg-{number}", members=[scene.junho], with_app=True)
        await scene.junho.commands(channel, "/계약", "시작")
        await scene.until_modal(scene.junho, "계약 시작")
        await scene.junho.fills(None, {"가맹점 이름": merchant})
        assert await scene.junho.submits() is None
    await scene.finishes(scene.minji, "신청 지난주 금요일")
    await scene.advance_to("2026-11-27 10:00")
    page = await open_page(scene.slack.url)
    await page.get_by_role("link", name="계약 길잡이").click()
    home = page.get_by_role("tabpanel", name="홈")

    # Every contract of the workspace, also of channels where the manager is not.
    await expect(home).to_contain_text("진행 중인 계약 3건")
    await expect(home).to_contain_text("⚠️ 모모상점")
    await look(page, "home-workspace")
    await home.get_by_role("button", name="가맹점 찾기").click()
    form = window(page, "가맹점 찾기")
    await form.get_by_label("가맹점 이름").fill("서점")
    await form.get_by_role("button", name="찾기", exact=True).click()
    await expect(home).to_contain_text("진행 중인 계약 1건")
    await home.get_by_role("button", name="살펴보기").click()
    await expect(window(page, "계약 살펴보기")).to_contain_text("다라서점")
    await expect(window(page, "계약 살펴보기")).to_contain_text("보낼 메시지")
    await look(page, "look-into")
    await window(page, "계약 살펴보기").get_by_role("button", name="닫기").first.click()

    # The own contracts, and the settings of all of them.
    await home.get_by_role("button", name="내 계약").click()
    await expect(home).to_contain_text("내가 챙길 계약")
    await expect(home).to_contain_text("2영업일 지났습니다")
    await look(page, "home")
    await home.get_by_role("button", name="설정", exact=True).click()
    await expect(window(page, "알림 설정").get_by_label("온보딩 매니저")).to_be_visible()
    await look(page, "settings")
    await window(page, "알림 설정").get_by_role("button", name="닫기").first.click()

    # Taken along as a file.
    await page.get_by_role("link", name=f"#{CHANNEL}").click()
    await say(page, "/계약 내보내기")
    await expect(message(page, "다이렉트 메시지로 보냈습니다")).to_be_visible()
    files = [file["name"] for one in scene.minji.direct_messages for file in one.raw.get("files", [])]
    assert [name.rpartition(".")[2] for name in files] == ["csv"]
    assert await composer(page).is_visible()
