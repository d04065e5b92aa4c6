"""App Home and the messages tab."""

from __future__ import annotations

from tests.flows.conftest import CHANNEL, Office


async def opened_home(office: Office, text: str) -> str:
    await office.minji.opens_home()
    return str(
        await office.slack.until(
            lambda: office.minji.home and text in office.minji.home.text and office.minji.home.text,
            what=f"Home: {text}",
        )
    )


async def test_without_a_contract_it_says_how_to_start(office: Office) -> None:
    text = await opened_home(office, "아직 함께 챙기는 계약이 없습니다")

    assert "/계약 시작" in text


async def test_it_shows_the_contract_whose_turn_it_is_and_until_when(office: Office) -> None:
    await office.starts_contract(office.minji)
    await office.finishes(office.minji, "신청 오늘")

    text = await opened_home(office, "모모상점")

    assert "1/7 단계" in text
    assert "KG파이낸셜 차례" in text
    assert "11월 26일 (목)까지" in text


async def test_a_step_finished_from_home_shows_there_and_in_the_channel(office: Office) -> None:
    await office.starts_contract(office.minji)
    await opened_home(office, "모모상점")

    await office.minji.presses("신청서 냈어요", office.minji.home)
    await office.until_modal(office.minji, "완료 기록")
    assert await office.minji.submits() is None

    await office.until_channel_says("가입신청서 제출 완료를 기록했습니다")
    await office.slack.until(
        lambda: office.minji.home and "1/7 단계" in office.minji.home.text, what="Home is up to date"
    )


async def test_the_messages_tab_suggests_what_fits(office: Office) -> None:
    await office.minji.opens_messages()
    await office.slack.until(lambda: "계약 절차 보기" in office.minji.prompts, what="prompts for a newcomer")

    await office.starts_contract(office.minji)
    await office.minji.opens_messages()
    await office.slack.until(lambda: "지금 어디까지 왔어?" in office.minji.prompts, what="prompts for a contract")

    assert len(office.minji.prompts) <= 4


async def test_history_opens_in_a_window_and_turns_its_pages(office: Office) -> None:
    status = await office.starts_contract(office.minji)
    for _ in range(6):
        await office.finishes(office.minji, "채널 오늘")
        await office.minji.commands(CHANNEL, "/계약", "취소")
        await office.until_modal(office.minji, "되돌리기")
        assert await office.minji.submits() is None
        await office.slack.until(lambda: office.minji.modal is None, what="the window is closed")
    for step in ("신청", "메일", "서류", "보증보험", "채널", "개발"):
        await office.finishes(office.minji, f"{step} 오늘")
    for _ in range(3):
        await office.minji.commands(CHANNEL, "/계약", "취소")
        await office.until_modal(office.minji, "되돌리기")
        assert await office.minji.submits() is None
        await office.slack.until(lambda: office.minji.modal is None, what="the window is closed")

    await office.minji.presses("이력", status)
    await office.until_modal(office.minji, "계약 이력")
    assert office.minji.modal is not None
    first = office.minji.modal.text
    await office.minji.presses("더 오래된 기록")

    await office.slack.until(lambda: office.minji.modal and office.minji.modal.text != first, what="the older page")
    assert "시작" in office.minji.modal.text
