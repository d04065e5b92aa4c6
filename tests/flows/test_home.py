"""App Home and the messages tab."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.localslack.ids import TEAM_ID
from bot.localslack.person import Person
from storage.workspace_settings import add_managers
from tests.scene import CHANNEL, Scene


async def opened_home(scene: Scene, text: str, person: Person | None = None) -> str:
    who = person or scene.minji
    await who.opens_home()
    return str(
        await scene.slack.until(lambda: who.home and text in who.home.text and who.home.text, what=f"Home: {text}")
    )


async def test_without_a_contract_it_says_how_to_start(scene: Scene) -> None:
    await opened_home(scene, "아직 함께 챙기는 계약이 없습니다")

    await scene.minji.presses("계약 시작하기")
    await scene.until_modal(scene.minji, "계약 시작")
    await scene.minji.fills(None, {"함께 챙길 채널": CHANNEL, "가맹점 이름": "모모상점"})
    assert await scene.minji.submits() is None
    await opened_home(scene, "모모상점")


async def test_it_shows_the_contract_whose_turn_it_is_and_until_when(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")

    text = await opened_home(scene, "모모상점")

    assert "1/7 단계" in text
    assert "KG파이낸셜 차례" in text
    assert "11월 26일 (목)까지" in text


async def test_a_step_finished_from_home_shows_there_and_in_the_channel(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await opened_home(scene, "모모상점")

    await scene.minji.presses("신청서 냈어요", scene.minji.home)
    await scene.until_modal(scene.minji, "완료 기록")
    assert await scene.minji.submits() is None

    await scene.until_channel_says("가입신청서 제출 완료를 기록했습니다")
    await scene.slack.until(lambda: scene.minji.home and "1/7 단계" in scene.minji.home.text, what="Home is up to date")


async def test_the_messages_tab_suggests_what_fits(scene: Scene) -> None:
    await scene.minji.opens_messages()
    await scene.slack.until(lambda: "계약 절차 보기" in scene.minji.prompts, what="prompts for a newcomer")

    await scene.starts_contract(scene.minji)
    await scene.minji.opens_messages()
    await scene.slack.until(lambda: "지금 어디까지 왔어?" in scene.minji.prompts, what="prompts for a contract")

    assert len(scene.minji.prompts) <= 4


async def test_the_pane_greets_with_where_the_contract_stands(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.minji.opens_messages()
    await scene.slack.until(lambda: "신청할 때 서류" in scene.minji.prompts, what="prompts for the application")

    await scene.finishes(scene.minji, "신청 오늘")
    await scene.minji.opens_messages()
    await scene.slack.until(lambda: "안내를 보내는 곳" in scene.minji.prompts, what="prompts for the guide")

    assert "신청할 때 서류" not in scene.minji.prompts
    [pinned] = scene.slack.workspace.prompts.values()
    assert pinned["title"].startswith("모모상점 계약은 지금 '계약 안내 받기' 단계입니다")


async def test_the_pane_shows_that_it_works_and_stops_showing_it(scene: Scene) -> None:
    await scene.minji.dm("심사 얼마나 걸려요?")
    await scene.until_reads(scene.minji, "2주")
    await scene.slack.quiet()

    assert status_calls(scene) == 2, "shown, and taken away"
    assert (await scene.slack.state_for(scene.minji))["statuses"] == {}


async def test_the_status_line_goes_away_when_the_answer_cannot_be_posted(scene: Scene) -> None:
    scene.slack.trouble("chat.postMessage", "invalid_blocks")
    await scene.minji.dm("심사 얼마나 걸려요?")
    await scene.until_reads(scene.minji, "오류 번호")
    await scene.slack.quiet()

    assert status_calls(scene) == 2
    assert (await scene.slack.state_for(scene.minji))["statuses"] == {}


async def test_in_a_channel_no_status_line_is_asked_for(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    await scene.until_sees(scene.minji, "2주", thread=asked)

    assert status_calls(scene) == 0


def status_calls(scene: Scene) -> int:
    return sum("assistant.threads.setStatus" in line.title for line in scene.slack.log.lines)


async def test_history_opens_in_a_window_and_turns_its_pages(scene: Scene) -> None:
    status = await scene.starts_contract(scene.minji)
    for _ in range(6):
        await scene.finishes(scene.minji, "채널 오늘")
        await scene.minji.commands(CHANNEL, "/계약", "취소")
        await scene.until_modal(scene.minji, "되돌리기")
        assert await scene.minji.submits() is None
        await scene.slack.until(lambda: scene.minji.modal is None, what="the window is closed")
    for step in ("신청", "메일", "서류", "보증보험", "채널", "개발"):
        await scene.finishes(scene.minji, f"{step} 오늘")
    for _ in range(3):
        await scene.minji.commands(CHANNEL, "/계약", "취소")
        await scene.until_modal(scene.minji, "되돌리기")
        assert await scene.minji.submits() is None
        await scene.slack.until(lambda: scene.minji.modal is None, what="the window is closed")

    await scene.minji.presses("이력", status)
    await scene.until_modal(scene.minji, "계약 이력")
    assert scene.minji.modal is not None
    first = scene.minji.modal.text
    await scene.minji.presses("더 오래된 기록")

    await scene.slack.until(lambda: scene.minji.modal and scene.minji.modal.text != first, what="the older page")
    assert "시작" in scene.minji.modal.text


async def test_a_manager_filters_searches_and_gets_a_message_to_send(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    manages(scene, scene.sora)

    assert "KG파이낸셜 차례" in await opened_home(scene, "모모상점", scene.sora)
    await scene.sora.selects("home_step", "서류", scene.sora.home)
    await until_home(scene, scene.sora, "여기에 맞는 계약이 없습니다")
    await scene.sora.selects("home_step", "모든 단계", scene.sora.home)
    await until_home(scene, scene.sora, "모모상점")

    await scene.sora.presses("가맹점 찾기", scene.sora.home)
    await scene.until_modal(scene.sora, "가맹점 찾기")
    await scene.sora.fills(None, {"가맹점 이름": "다른 가게"})
    assert await scene.sora.submits() is None
    await until_home(scene, scene.sora, "찾은 이름: 다른 가게", "여기에 맞는 계약이 없습니다")
    await scene.sora.presses("찾기 지우기", scene.sora.home)
    await until_home(scene, scene.sora, "모모상점")

    await scene.sora.presses("살펴보기", scene.sora.home)
    await scene.until_modal(scene.sora, "계약 살펴보기")
    assert scene.sora.modal is not None
    for told in ("1/7 단계", "안녕하세요, 모모상점입니다", "최근 기록", "김민지"):
        assert told in scene.sora.modal.text


async def test_home_is_published_again_only_when_it_looks_different(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await opened_home(scene, "모모상점")
    await scene.slack.quiet()
    before = published(scene)

    await scene.minji.opens_home()
    await scene.slack.quiet()
    assert published(scene) == before

    await scene.finishes(scene.minji, "신청 오늘")
    await opened_home(scene, "1/7 단계")
    await scene.slack.quiet()
    assert published(scene) == before + 1


async def test_the_last_answers_can_be_read_again(scene: Scene) -> None:
    await scene.minji.dm("심사 얼마나 걸려요?")
    await scene.until_reads(scene.minji, "2주")

    await opened_home(scene, "최근에 받은 답")
    await scene.minji.presses("답 다시 보기", scene.minji.home)

    await scene.until_modal(scene.minji, "다시 보는 답")
    assert scene.minji.modal is not None
    assert "2주" in scene.minji.modal.text
    await scene.junho.opens_home()
    await until_home(scene, scene.junho, "아직 함께 챙기는 계약이 없습니다")
    assert scene.junho.home is not None
    assert "최근에 받은 답" not in scene.junho.home.text


async def test_a_reminder_that_nobody_answered_stands_on_home(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.advance_to("2026-11-30T12:00")

    text = await opened_home(scene, "아직 답하지 않은 알림")

    assert "내가 챙길 계약" in text


def manages(scene: Scene, person: Person) -> None:
    with scene.database.writing() as session:
        add_managers(
            session=session,
            workspace_id=TEAM_ID,
            user_ids=[person.id],
            added_by=person.id,
            now=datetime(2026, 11, 23, tzinfo=UTC),
        )


def published(scene: Scene) -> int:
    return sum("views.publish" in line.title for line in scene.slack.log.lines)


async def until_home(scene: Scene, person: Person, *texts: str) -> None:
    await scene.slack.until(
        lambda: person.home and all(text in person.home.text for text in texts), what=f"Home of {person.name}: {texts}"
    )
