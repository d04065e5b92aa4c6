"""The first thing that a newcomer does, in a browser: from starting a contract to the mail that came."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from bot.contracts.reading import contract_of_channel
from storage.tables import StepStatus
from tests.browser.conftest import OpenPage
from tests.scene import CHANNEL, Scene


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name=f"#{CHANNEL}에 메시지 보내기")


def message(page: Page, *texts: str) -> Locator:
    """The newest message of the channel with all these texts."""
    found = page.get_by_role("log", name=f"#{CHANNEL} 메시지").get_by_role("article")
    for text in texts:
        found = found.filter(has_text=text)
    return found.last


async def say(page: Page, text: str) -> None:
    await composer(page).fill(text)
    await composer(page).press("Enter")


async def test_a_newcomers_first_contract(scene: Scene, open_page: OpenPage) -> None:
    page = await open_page(scene.slack.url)

    # Start a contract.
    await say(page, "/계약 시작")
    form = page.get_by_role("dialog", name="계약 시작")
    await form.get_by_label("가맹점 이름").fill("모모상점")
    await form.get_by_role("button", name="시작").click()
    await expect(form).to_be_hidden()
    status = message(page, "모모상점 · KG파이낸셜 계약")
    await expect(status).to_contain_text("지금은 가입신청서 제출 단계입니다")
    await expect(status).to_contain_text("0/7 단계")

    # Ask a question: only the asker sees the answer.
    await say(page, "/계약 심사 얼마나 걸려요?")
    answer = message(page, "카드사 심사는 보통 2주")
    await expect(answer).to_contain_text("나에게만 보입니다")
    await expect(answer.get_by_role("link", name="KG모빌리언스 상세 계약절차")).to_be_visible()

    # Finish the application, today.
    await status.get_by_role("button", name="신청서 냈어요").click()
    form = page.get_by_role("dialog", name="완료 기록")
    await form.get_by_role("button", name="완료로 기록").click()
    await expect(message(page, "가입신청서 제출 완료를 기록했습니다")).to_be_visible()
    await expect(status).to_contain_text("1/7 단계")
    await expect(status).to_contain_text("KG파이낸셜 차례")

    # Three business days later the spam nudge is there.
    clock = page.get_by_role("group", name="워크스페이스 시계")
    for day in ("11월 24일", "11월 25일", "11월 26일"):
        await clock.get_by_role("button", name="내일 09:30").click()
        await expect(clock).to_contain_text(f"{day} (")
    nudge = message(page, "계약 안내 메일을 받으셨나요?")
    await expect(nudge).to_contain_text("스팸함")
    await expect(nudge).to_contain_text("안내가 안 올 때 다섯 가지 확인")

    # The mail has come: the step is done, everywhere.
    await nudge.get_by_role("button", name="메일 받았어요").click()
    await expect(message(page, "계약 안내 받기 완료를 기록했습니다")).to_be_visible()
    await expect(nudge.get_by_role("button", name="메일 받았어요")).to_have_count(0)
    await expect(status).to_contain_text("2/7 단계")
    with scene.database.reading() as session:
        state = contract_of_channel(
            scene.slack.channel(CHANNEL).id,
            workspace_id=scene.slack.team_id,
            session=session,
            office=scene.product.office,
        )
    assert state is not None
    assert state.step("guidance").status is StepStatus.DONE

    # App Home shows the same.
    await page.get_by_role("link", name="계약 길잡이").click()
    await expect(page.get_by_role("tabpanel", name="홈")).to_contain_text("2/7 단계")


async def test_on_a_phone_everything_can_be_reached(scene: Scene, open_page: OpenPage) -> None:
    await scene.starts_contract(scene.minji)
    page = await open_page(scene.slack.url, width=390, height=844, touch=True)

    await page.get_by_role("link", name=f"#{CHANNEL}").click()
    await message(page, "모모상점 · KG파이낸셜 계약").get_by_role("button", name="신청서 냈어요").click()
    form = page.get_by_role("dialog", name="완료 기록")
    await form.get_by_role("button", name="완료로 기록").click()

    await expect(message(page, "가입신청서 제출 완료를 기록했습니다")).to_be_visible()
    box = await page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert box[0] <= box[1], "nothing is wider than the screen"
