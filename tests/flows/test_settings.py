"""Settings of the workspace, as its onboarding managers enter them in Slack."""

from __future__ import annotations

from bot.workspaces.settings import WorkspaceSettings, settings_of
from tests.scene import CHANNEL, Scene


def now_set(scene: Scene) -> WorkspaceSettings:
    with scene.database.reading() as session:
        return settings_of(scene.slack.team_id, session=session, office=scene.product.office)


async def test_settings_from_home_move_what_is_planned(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.minji.opens_home()
    await scene.slack.until(lambda: scene.minji.home and "설정" in scene.minji.home.buttons, what="the button on Home")

    await scene.minji.presses("설정", scene.minji.home)
    await scene.until_modal(scene.minji, "알림 설정")
    await scene.minji.fills(None, {"알림을 보낼 시각": "11:00"})
    assert await scene.minji.submits() is None
    await scene.slack.until(lambda: scene.minji.modal is None, what="the window is closed")

    assert now_set(scene).managers == (scene.minji.id,)
    await scene.minji.commands(CHANNEL, "/계약", "알림")
    await scene.until_sees(scene.minji, "예정된 알림", "11월 25일 (수) 11:00")


async def test_hours_that_make_no_sense_are_said_under_their_field(scene: Scene) -> None:
    await scene.minji.commands(CHANNEL, "/계약", "알림 설정")
    await scene.until_modal(scene.minji, "알림 설정")
    await scene.minji.fills(None, {"업무 끝": "08:00"})

    assert await scene.minji.submits() == {"업무 끝": "업무 끝은 업무 시작보다 늦어야 합니다."}


async def test_whoever_is_no_manager_hears_who_is(scene: Scene) -> None:
    await scene.minji.commands(CHANNEL, "/계약", "알림 휴일 12/4 창립기념일")
    await scene.until_sees(scene.minji, "12월 4일 (금)", "창립기념일")

    await scene.junho.commands(CHANNEL, "/계약", "알림 근무일 12/5")

    await scene.until_sees(scene.junho, "온보딩 매니저만", "김민지")
    assert [day.note for day in now_set(scene).special_days] == ["창립기념일"]


async def test_days_are_listed_added_and_removed_in_their_window(scene: Scene) -> None:
    await scene.minji.commands(CHANNEL, "/계약", "알림 휴일")
    await scene.until_modal(scene.minji, "휴일과 근무일")
    assert scene.minji.modal is not None
    assert "따로 적어 둔 날이 없습니다" in scene.minji.modal.text

    await scene.minji.fills(None, {"날짜": "2026-12-05", "어떤 날인가요?": "근무하는 날", "메모": "보충 근무"})
    await scene.minji.submits()
    await scene.slack.until(
        lambda: scene.minji.modal and "12월 5일 (토)  ·  근무하는 날  ·  보충 근무" in scene.minji.modal.text,
        what="the day is listed",
    )

    await scene.minji.presses("지우기")
    await scene.slack.until(
        lambda: scene.minji.modal and "따로 적어 둔 날이 없습니다" in scene.minji.modal.text, what="the day is gone"
    )
    assert now_set(scene).special_days == ()


async def test_a_day_off_moves_what_the_status_expects(scene: Scene) -> None:
    status = await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    await scene.product.idle()
    assert "11월 26일 (목)까지" in status.text

    await scene.minji.commands(CHANNEL, "/계약", "알림 휴일 11/25 창립기념일")
    await scene.until_sees(scene.minji, "창립기념일")
    await scene.product.redraw_statuses()
    await scene.product.idle()

    assert "11월 27일 (금)까지" in status.text


async def test_a_day_can_be_removed_by_command(scene: Scene) -> None:
    await scene.minji.commands(CHANNEL, "/계약", "알림 휴일 12/4 창립기념일")
    await scene.until_sees(scene.minji, "창립기념일")

    await scene.minji.commands(CHANNEL, "/계약", "알림 휴일 삭제 12/4")

    await scene.until_sees(scene.minji, "12월 4일 (금)을 지웠습니다")
    assert now_set(scene).special_days == ()


async def test_a_question_about_reminders_stays_a_question(scene: Scene) -> None:
    outcome = await scene.minji.commands(CHANNEL, "/계약", "알림 휴일에도 오나요?")

    assert outcome.error is None
    assert now_set(scene).special_days == ()
