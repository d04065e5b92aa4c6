"""Shortcuts: a message's question answered for one person, who may share it; a contract started from anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import yaml
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlmodel import select

from app import MANIFEST
from bot.localslack.handles import MessageHandle
from handlers.ids import ActionId, ShortcutId, ViewId
from handlers.values import Pointer
from storage.tables import Question, Workspace
from tests.dumps import dump
from tests.scene import CHANNEL, Scene
from tests.slack_double import SlackDouble, running_slack_double

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


@dataclass
class Forger:
    """Sends what Slack would send, with everything in it that somebody could make up; returns what is answered."""

    scene: Scene
    answers: SlackDouble
    """where response_url leads"""

    async def runs(self, who: str, message: object, **how: Any) -> str:
        return await self._sends(
            who, "message_action", callback_id=ShortcutId.ANSWER_MESSAGE, message=message, **self._from_channel(), **how
        )

    async def shares(self, who: str, value: str, channel_id: str | None = None, **how: Any) -> str:
        action = {"type": "button", "action_id": ActionId.SHARE_ANSWER, "block_id": "b", "value": value}
        return await self._sends(who, "block_actions", actions=[action], **self._from_channel(channel_id), **how)

    async def starts(self, who: str, channel: object) -> str:
        fields = {
            "merchant": {"value": "가짜상점"},
            "payment_methods": {"selected_options": [{"value": "card"}]},
            "channel_id": {"selected_conversation": channel},
        }
        values = {name: {"value": value} for name, value in fields.items()}
        view = {"type": "modal", "callback_id": ViewId.START, "private_metadata": "{}", "state": {"values": values}}
        return await self._sends(who, "view_submission", view=view)

    def _from_channel(self, channel_id: str | None = None) -> dict[str, Any]:
        channel = channel_id or self.scene.slack.channel(CHANNEL).id
        return {"channel": {"id": channel, "name": "any"}, "response_url": f"{self.answers.url}/api/response"}

    async def _sends(self, who: str, kind: str, *, team: str | None = None, **body: Any) -> str:
        team = team or self.scene.slack.team_id
        common = {"type": kind, "team": {"id": team}, "user": {"id": who, "team_id": team}, "trigger_id": "1.2.3"}
        before = len(self.answers.asked)
        answer = await self.scene.product.app.async_dispatch(
            AsyncBoltRequest(body={**common, **body}, mode="socket_mode")
        )
        await self.scene.product.idle()
        said = [str(one.arguments.get("text")) for one in self.answers.asked[before:]]
        window = json.loads(answer.body) if answer.body.startswith("{") else {}
        return " ".join([str(window), *said])


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
    share = Pointer(question=question.id, about=asked.ts).dump()
    await scene.slack.quiet()
    minji, before = scene.minji.id, dump(scene.database, without={"inbox"})
    async with running_slack_double() as answers:
        forger = Forger(scene, answers)
        assert OUTSIDER in await forger.runs(minji, message, team="T0OTHER")
        for torn in (
            {},
            "메일",
            {"text": "메일"},
            *({**message, "ts": ts} for ts in (1, "1e300")),
            {**message, "text": ["메일"]},
        ):
            assert STALE in await forger.runs(minji, torn), torn
        assert "읽을 글이 없습니다" in await forger.runs(minji, {**message, "text": " "})

        assert STALE in await forger.shares(scene.junho.id, share), "it is Minji's answer"
        assert ELSEWHERE in await forger.shares(minji, share, secret.id)
        assert GUEST in await forger.shares(guest.id, share)
        assert OUTSIDER in await forger.shares(minji, share, team="T0OTHER")
        for value in (Pointer(question=question.id).dump(), Pointer(question=9999, about=asked.ts).dump(), "{}"):
            assert STALE in await forger.shares(minji, value)
        assert STALE in await forger.shares(minji, f'{{"question": {question.id}, "about": "x"}}')

        for channel in (secret.id, "C0NOWHERE"):
            assert "함께 들어가 있는 채널" in await forger.starts(minji, channel)
        for channel in (7, None):
            assert STALE in await forger.starts(minji, channel)
        assert dump(scene.database, without={"inbox"}) == before

        # Two quick presses: one answer in the thread.
        assert "스레드에 올렸습니다" in await forger.shares(minji, share)
        assert "이미 스레드에 올린" in await forger.shares(minji, share)
        assert len(scene.junho.sees(CHANNEL, asked)) == 2
