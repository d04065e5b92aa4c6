"""A reminder of which nobody can say whether it arrived, as people live with it."""

from __future__ import annotations

from datetime import timedelta

from bot.localslack.handles import MessageHandle
from tests.scene import CHANNEL, Scene

HEADLINE = "가입신청서를 내셨나요?"
IN_DOUBT = "전달되었는지 확인하지 못했습니다"


async def lost_nudge(scene: Scene) -> MessageHandle:
    """Slack neither takes the message nor lets us look whether it did. Returns the question to the channel."""
    await scene.starts_contract(scene.minji)
    scene.slack.trouble("chat.postMessage", "fatal_error")
    scene.slack.trouble("conversations.history", "missing_scope", times=5)
    await scene.advance_to("2026-11-25 09:30")
    await scene.slack.advance_by(timedelta(minutes=1))
    question = await scene.until_channel_says(IN_DOUBT)
    scene.slack.no_more_trouble()
    return question


def reminders(scene: Scene) -> list[MessageHandle]:
    messages = scene.slack.channel(CHANNEL).messages
    return [one for one in messages if HEADLINE in one.text and IN_DOUBT not in one.text]


async def test_it_is_asked_about_in_the_channel_and_sent_again_on_demand(scene: Scene) -> None:
    question = await lost_nudge(scene)
    assert question.buttons == ["다시 보내기", "이미 받았어요"]
    assert reminders(scene) == []

    await scene.junho.presses("다시 보내기", question)

    await scene.until_channel_says("박준호 님이", "다시 보내 달라고")
    await scene.slack.advance_by(timedelta(minutes=1))
    await scene.slack.until(lambda: len(reminders(scene)) == 1, what="the reminder")


async def test_somebody_who_has_read_it_says_so(scene: Scene) -> None:
    question = await lost_nudge(scene)

    await scene.minji.presses("이미 받았어요", question)

    settled = await scene.until_channel_says("김민지 님이", "이미 받았다고")
    assert (settled.ts, settled.buttons) == (question.ts, [])
    await scene.slack.advance_by(timedelta(hours=4))
    assert reminders(scene) == []


async def test_home_shows_it_too_and_settles_it(scene: Scene) -> None:
    await lost_nudge(scene)
    await scene.junho.opens_home()
    await scene.slack.until(lambda: scene.junho.home and IN_DOUBT in scene.junho.home.text, what="Home")

    await scene.junho.presses("이미 받았어요", scene.junho.home)

    await scene.slack.until(lambda: scene.junho.home and IN_DOUBT not in scene.junho.home.text, what="Home without")


async def test_our_own_message_is_its_own_confirmation(scene: Scene) -> None:
    """The answer to the request is lost, but Slack tells us of every message in the channel, ours too."""
    await scene.starts_contract(scene.minji)
    scene.slack.trouble("chat.postMessage", "connection_reset", after_effect=True)
    scene.slack.trouble("conversations.history", "internal_error", times=100)

    await scene.advance_to("2026-11-25 09:30")
    await scene.slack.until(lambda: len(reminders(scene)) == 1, what="the reminder")
    await scene.slack.quiet()
    await scene.slack.advance_by(timedelta(hours=2))

    assert len(reminders(scene)) == 1
    metrics = (await scene.product.metrics_text()).decode()
    assert "nudge_confirmed_total 1.0" in metrics
    assert "nudge_unknown 0.0" in metrics
