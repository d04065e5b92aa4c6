"""Talking to the assistant in a browser: what it offers, what it asks people, and its pane."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from bot.answers.situation import Situation
from bot.knowledge import Knowledge
from storage.tables import Workspace
from tests.browser.conftest import OpenPage, look
from tests.browser.test_story import composer, message, say
from tests.scene import CHANNEL, Scene


def thread(page: Page, *texts: str) -> Locator:
    """The newest message of the open thread with all these texts."""
    found = page.get_by_role("log", name="스레드 메시지").get_by_role("article")
    for text in texts:
        found = found.filter(has_text=text)
    return found.last


async def test_an_answer_says_where_we_stand_and_the_next_meaning_is_one_click_away(
    scene: Scene, open_page: OpenPage, knowledge: Knowledge
) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    page = await open_page(scene.slack.url)

    await say(page, "/계약 안내 메일 언제 와요?")
    answer = message(page, "다른 뜻이었나요?")
    await expect(answer).to_contain_text("2~3영업일")
    await expect(answer).to_contain_text("KG파이낸셜 차례")
    await expect(answer.get_by_role("button", name="메일 받았어요")).to_be_visible()
    await look(page, "answer", answer.get_by_role("button").last)

    await answer.get_by_role("button", name="도움이 됐어요").click()
    await expect(message(page, "알려 주셔서 고맙습니다")).to_be_visible()
    other = knowledge.assistant(scene.product.office).reply("안내 메일 언제 와요?", Situation("ko")).choices[0]
    await answer.get_by_role("button", name=other.title).click()
    await expect(message(page, "다른 뜻이었나요?")).to_have_count(0)


async def test_what_nobody_knows_goes_to_people_with_one_press(scene: Scene, open_page: OpenPage) -> None:
    await scene.starts_contract(scene.minji)
    help_channel = scene.slack.add_channel("도움", members=[scene.minji], with_app=True)
    with scene.database.writing() as session:
        workspace = session.get(Workspace, scene.slack.team_id)
        assert workspace is not None
        workspace.help_channel_id = help_channel.id
    page = await open_page(scene.slack.url)

    await say(page, "/계약 로켓 발사 준비됐나요?")
    answer = message(page, "답하지 못합니다")
    await expect(answer).to_contain_text("KG파이낸셜 계약 담당")
    await look(page, "hand-over", answer.get_by_role("button").last)
    await answer.get_by_role("button", name="담당자에게 물어보기").click()
    await expect(message(page, "물어보았습니다")).to_be_visible()

    await page.get_by_role("link", name="#도움").click()
    request = page.get_by_role("log", name="#도움 메시지").get_by_role("article").last
    await expect(request).to_contain_text("로켓 발사 준비됐나요?")
    await expect(request).to_contain_text("모모상점")
    await look(page, "help-channel", request)


async def test_the_pane_on_a_phone(scene: Scene, open_page: OpenPage) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    page = await open_page(scene.slack.url, width=390, height=844, touch=True)
    await page.get_by_role("link", name="계약 길잡이").click()
    await page.get_by_role("tab", name="메시지").click()

    greeting = page.get_by_text("모모상점 계약은 지금 '계약 안내 받기' 단계입니다")
    await expect(greeting).to_be_visible()
    await look(page, "pane", greeting)
    await page.get_by_role("button", name="안내를 보내는 곳").click()
    answer = page.get_by_role("article").filter(has_text="출처").last
    await expect(answer).to_be_visible()
    await look(page, "pane-answer", answer)
    await expect(page.get_by_text("답을 찾고 있어요")).to_have_count(0)
    box = await page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert box[0] <= box[1], "nothing is wider than the screen"


async def test_a_report_in_a_thread_is_corrected_and_recorded(scene: Scene, open_page: OpenPage) -> None:
    await scene.starts_contract(scene.minji)
    page = await open_page(scene.slack.url)
    root = await scene.minji.mentions(CHANNEL, "가입신청서 어제 냈어요")
    await scene.until_sees(scene.minji, "기록할까요", thread=root)

    await message(page, "가입신청서 어제 냈어요").get_by_role("button", name="답글 1개").click()
    await expect(thread(page, "기록할까요? (11월 22일 (일))")).to_be_visible()
    reply = page.get_by_role("textbox", name="스레드에 답글 쓰기")
    await reply.fill("어제가 아니라 지난주 금요일이요")
    await reply.press("Enter")
    offer = thread(page, "기록할까요? (11월 20일 (금))")
    await expect(offer).to_be_visible()
    await look(page, "correction", offer)
    await offer.get_by_role("button", name="신청 기록하기").click()
    await expect(message(page, "가입신청서 제출 완료를 기록했습니다", "11월 20일")).to_be_visible()
    assert await composer(page).is_visible()
