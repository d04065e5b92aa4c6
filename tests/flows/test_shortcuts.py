"""Shortcuts: a message's question answered for one person, who may share it; a contract started from anywhere."""

from __future__ import annotations

from typing import Any

import yaml
from sqlmodel import select

from app import MANIFEST
from bot.localslack.handles import MessageHandle
from handlers.ids import ActionId, ShortcutId, ViewId
from storage.tables import Question, Workspace
from tests.reliability.isolation.forger import Forger, option, picked, pointing
from tests.scene import CHANNEL, Scene
from tests.slack_double import running_slack_double

ANSWER, START = "이 메시지에 답하기", "계약 시작"
OUTSIDER, GUEST, STALE = "설치한 워크스페이스의 멤버만", "게스트는 볼 수만", "오래된 버튼"
ELSEWHERE = "채널에 있는 멤버만"
ABOUT, SHARE = "이 메시지를 읽고 드리는 답입니다", "스레드에 답으로 올리기"


def questions(scene: Scene) -> list[Question]:
    with scene.database.reading() as session:
        return list(session.exec(select(Question).order_by("id")).all())


async def answer_of(scene: Scene, message: MessageHandle, *texts: str) -> MessageHandle:
    """What Minji sees after she has run the shortcut on the message."""
    await scene.minji.runs_shortcut(ANSWER, message)
    return await scene.until_sees(scene.minji, ABOUT, *texts)


def test_every_shortcut_of_the_manifest_is_listened_to() -> None:
    shortcuts = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))["features"]["shortcuts"]

    assert {one["callback_id"] for one in shortcuts} == set(ShortcutId)


async def test_the_answer_is_for_one_person_until_they_share_it(scene: Scene) -> None:
    asked = await scene.junho.says(CHANNEL, "<@U0NOBODY> 카드사 심사는 얼마나 걸려요? <- 급함")
    answer = await answer_of(scene, asked, "— 카드사 심사는 얼마나 걸려요? <- 급함", "카드사 심사는 보통 2주", "출처")
    assert [one.text for one in scene.junho.sees(CHANNEL)][-1] == asked.text, "nobody else reads it"
    assert len(scene.junho.sees(CHANNEL, asked)) == 1

    await scene.minji.presses(SHARE, answer)
    shared = await scene.until_sees(scene.junho, "카드사 심사는 보통 2주", thread=asked)
    assert "김민지 님이 물어보고 올린 답입니다" in shared.text
    await scene.until_sees(scene.minji, "스레드에 올렸습니다")

    # The thread goes on from there, without a mention.
    await scene.junho.says(CHANNEL, "서류는 뭐가 필요해요?", asked)
    await scene.until_sees(scene.junho, "사업자등록증", thread=asked)


async def test_what_a_message_reports_is_offered_with_the_day_it_was_written(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    told = await scene.junho.says(CHANNEL, "가입신청서 오늘 냈어요")
    await scene.advance_to("2026-11-25 10:00")

    answer = await answer_of(scene, told, "기록할까요? (11월 23일 (월))")
    assert SHARE not in answer.buttons
    await scene.minji.presses("신청 기록하기", answer)

    await scene.until_channel_says("✅", "가입신청서 제출 완료를 기록했습니다", "11월 23일")


async def test_it_answers_where_the_app_is_not_and_asks_people_when_it_does_not_know(scene: Scene) -> None:
    help_channel = scene.slack.add_channel("도움", members=[scene.sora], with_app=True)
    elsewhere = scene.slack.add_channel("우리끼리", members=[scene.minji, scene.junho])
    with scene.database.writing() as session:
        session.add(
            Workspace(id=scene.slack.team_id, created_at=scene.product.office.now(), help_channel_id=help_channel.id)
        )
    asked = await scene.junho.says(elsewhere, "로켓 발사 준비됐나요?")

    await scene.minji.runs_shortcut(ANSWER, asked)
    answer = await scene.slack.until(
        lambda: next((one for one in scene.minji.sees(elsewhere) if ABOUT in one.text), None), what="the answer"
    )
    await scene.minji.presses("담당자에게 물어보기", answer)
    await scene.slack.until(
        lambda: any("로켓 발사" in one.text and "질문이 있는 곳 보기" in one.text for one in help_channel.messages),
        what="the question, with the way to the message",
    )

    # An answer cannot be shared there, and the button stays good for when the app is invited.
    asked = await scene.junho.says(elsewhere, "카드사 심사는 얼마나 걸려요?")
    await scene.minji.runs_shortcut(ANSWER, asked)
    answer = await scene.slack.until(
        lambda: next((one for one in scene.minji.sees(elsewhere) if SHARE in one.buttons), None), what="the answer"
    )
    await scene.minji.presses(SHARE, answer)
    await scene.slack.until(
        lambda: any("/invite" in one.text or "채널에 있는 멤버만" in one.text for one in scene.minji.sees(elsewhere)),
        what="the way in",
    )
    await scene.minji.invites(elsewhere)
    await scene.minji.presses(SHARE, answer)
    await scene.slack.until(lambda: len(scene.junho.sees(elsewhere, asked)) == 2, what="the answer in the thread")


async def test_a_contract_starts_from_anywhere_in_the_channel_that_is_chosen(scene: Scene) -> None:
    private = scene.slack.add_channel("pg-비밀", members=[scene.junho], private=True, with_app=True)
    await scene.minji.runs_shortcut(START)
    await scene.until_modal(scene.minji, "계약 시작")
    await scene.minji.fills(None, {"가맹점 이름": "모모상점"})
    assert "함께 챙길 채널" in str(await scene.minji.submits()), "a channel has to be chosen"

    for channel in ("일반", private.id):  # without the app; without Minji
        await scene.minji.fills(None, {"함께 챙길 채널": channel})
        assert "함께 들어가 있는 채널" in str(await scene.minji.submits())
    await scene.minji.fills(None, {"함께 챙길 채널": CHANNEL})
    assert await scene.minji.submits() is None
    await scene.until_channel_says("모모상점 · KG파이낸셜 계약")

    # From App Home, which shows it then; a channel has one contract at a time.
    await scene.sora.opens_home()
    await scene.slack.until(lambda: scene.sora.home, what="Home")
    await scene.minji.runs_shortcut(START)
    await scene.until_modal(scene.minji, "계약 시작")
    await scene.minji.fills(None, {"가맹점 이름": "다른상점", "함께 챙길 채널": CHANNEL})
    assert "이미 진행 중인 계약" in str(await scene.minji.submits())


async def test_nobody_uses_what_is_not_theirs(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.product.idle()
    asked = await scene.junho.says(CHANNEL, "카드사 심사는 얼마나 걸려요?")
    await answer_of(scene, asked)
    [question] = questions(scene)
    guest = scene.slack.add_person("guest", "김게스트", is_guest=True)
    await scene.minji.invites(CHANNEL, guest)
    secret = scene.slack.add_channel("pg-비밀", members=[scene.junho], private=True, with_app=True)
    message = {"type": "message", "text": "메일이 안 와요", "ts": asked.ts, "user": scene.junho.id}
    share = pointing(question=question.id, about=asked.ts)
    start: dict[str, Any] = {
        "procedure_id": picked("selected_option", option("kg_mobilians")),
        "merchant": picked("value", "가짜상점"),
        "payment_methods": picked("selected_options", [option("card")]),
    }
    async with running_slack_double() as answers:
        forger = Forger(scene, answers)
        before = forger.database()
        minji, junho = scene.minji.id, scene.junho.id

        assert OUTSIDER in await forger.runs(minji, ShortcutId.ANSWER_MESSAGE, message, team="T0OTHER")
        for torn in (
            {},
            "메일",
            {"text": "메일"},
            {"text": "메일", "ts": 1},
            {"text": "메일", "ts": "1e300"},
            {"text": ["메일"], "ts": "1.0"},
        ):
            assert STALE in await forger.runs(minji, ShortcutId.ANSWER_MESSAGE, torn)
        assert "읽을 글이 없습니다" in await forger.runs(minji, ShortcutId.ANSWER_MESSAGE, {**message, "text": " "})

        assert STALE in await forger.presses(junho, ActionId.SHARE_ANSWER, share), "it is Minji's answer"
        assert ELSEWHERE in await forger.presses(minji, ActionId.SHARE_ANSWER, share, channel_id=secret.id)
        assert GUEST in await forger.presses(guest.id, ActionId.SHARE_ANSWER, share)
        assert OUTSIDER in await forger.presses(minji, ActionId.SHARE_ANSWER, share, team="T0OTHER")
        for value in (pointing(question=question.id), pointing(question=10_000, about=asked.ts), '{"about": "x"}'):
            assert STALE in await forger.presses(minji, ActionId.SHARE_ANSWER, value)

        for channel in (secret.id, "C0NOWHERE", 7, None):
            told = await forger.submits(
                minji, ViewId.START, pointing(), {**start, "channel_id": picked("selected_conversation", channel)}
            )
            assert "함께 들어가 있는 채널" in told or STALE in told
        assert forger.database() == before

        # Two quick presses: one answer in the thread.
        assert (
            await forger.presses(minji, ActionId.SHARE_ANSWER, share)
            == "스레드에 올렸습니다. 이어지는 질문에도 그곳에서 답합니다."
        )
        assert "이미 스레드에 올린" in await forger.presses(minji, ActionId.SHARE_ANSWER, share)
        assert len(scene.junho.sees(CHANNEL, asked)) == 2
