"""What Slack has told us is answered once: after a crash, after a cut line, and when too much comes at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.answers.assistant import Assistant
from bot.contracts.desk import ChangeKind
from bot.localslack.handles import MessageHandle
from bot.localslack.ids import BOT_USER_ID
from handlers.inbox import LEASE
from storage.inbox import take_event
from storage.tables import History, Inbox, InboxStatus, Question
from storage.workspaces import remember_workspace
from tests.scene import CHANNEL, Scene

QUESTION = "심사 얼마나 걸려요?"
ANSWER = "2주"


async def later(scene: Scene, span: timedelta = LEASE + timedelta(seconds=1)) -> None:
    """Time passes, and the inbox is looked through."""
    await scene.slack.quiet()
    await scene.slack.advance_by(span)
    await scene.product.take_again()
    await scene.slack.quiet()


def inbox(scene: Scene) -> list[tuple[str, Any]]:
    with scene.database.reading() as session:
        rows = session.execute(select(col(Inbox.status), col(Inbox.payload)).order_by(col(Inbox.id)))
        return [(status, payload) for status, payload in rows]


def questions(scene: Scene) -> int:
    with scene.database.reading() as session:
        return len(session.execute(select(col(Question.id))).all())


def recorded(scene: Scene) -> int:
    """How often something was finished."""
    with scene.database.reading() as session:
        return len(session.execute(select(History).where(col(History.kind) == ChangeKind.FINISHED)).all())


def answers(thread: MessageHandle) -> list[str]:
    """What everybody reads in the thread."""
    return [reply.text for reply in thread.thread if not reply.ephemeral]


@asynccontextmanager
async def no_room(scene: Scene) -> AsyncIterator[None]:
    """Others fill every place that there is for questions."""
    enough = asyncio.Event()
    held = [asyncio.create_task(scene.product.questions.do(enough.wait)) for _ in range(scene.product.questions.room)]
    await asyncio.sleep(0)
    yield
    enough.set()
    await asyncio.gather(*held)


async def test_an_event_of_a_process_that_died_is_answered_by_another(scene: Scene) -> None:
    asked = await scene.minji.says(CHANNEL, QUESTION)  # to nobody, so that nothing else answers
    event = {
        "type": "app_mention",
        "user": scene.minji.id,
        "text": f"<@{BOT_USER_ID}> {QUESTION}",
        "ts": asked.ts,
        "channel": scene.slack.channel(CHANNEL).id,
    }
    team = scene.slack.team_id
    with scene.database.writing() as session:
        now = scene.slack.clock.now()
        remember_workspace(session=session, workspace_id=team, now=now)
        take_event(
            session=session,
            workspace_id=team,
            event_id="Ev0DIED",
            message_key="by a process that died",
            payload={
                "type": "event_callback",
                "team_id": team,
                "event_id": "Ev0DIED",
                "authorizations": [{"team_id": team, "user_id": BOT_USER_ID, "is_bot": True}],
                "event": event,
            },
            now=now,
            lease=LEASE,
        )

    await later(scene)

    [answer] = answers(asked)
    assert ANSWER in answer
    assert set(inbox(scene)) == {(InboxStatus.DONE, None)}


@pytest.mark.parametrize("after_effect", [True, False], ids=["Slack took it", "Slack did not"])
async def test_an_answer_whose_line_was_cut_is_there_once(scene: Scene, after_effect: bool) -> None:
    scene.slack.trouble("chat.postMessage", "connection_reset", after_effect=after_effect)
    asked = await scene.minji.mentions(CHANNEL, QUESTION)
    await scene.slack.quiet()
    assert len(answers(asked)) == after_effect

    await later(scene)

    [answer] = answers(asked)
    assert ANSWER in answer
    assert questions(scene) == 1
    assert set(inbox(scene)) == {(InboxStatus.DONE, None)}


@pytest.mark.parametrize("after_effect", [True, False], ids=["Slack took it", "Slack did not"])
async def test_what_was_recorded_at_a_word_is_told_once_whatever_was_cut(scene: Scene, after_effect: bool) -> None:
    """The change stands, its answer does not: whoever goes on must not refuse it as done already."""
    await scene.starts_contract(scene.minji)
    root = await scene.minji.mentions(CHANNEL, "가입신청서 지난주 금요일에 냈어요")
    await scene.until_sees(scene.minji, "기록할까요", thread=root)
    scene.slack.trouble("chat.postMessage", "connection_reset", after_effect=after_effect)
    await scene.minji.says(CHANNEL, "네, 기록해 주세요", root)
    await scene.slack.quiet()
    assert recorded(scene) == 1

    await later(scene)

    said = "김민지 님이 가입신청서 제출 완료를 기록했습니다"
    assert len([one for one in answers(root) if said in one]) == 1, answers(root)
    assert recorded(scene) == 1
    await scene.until_sees(scene.minji, "1/7 단계")
    announced = [one.text for one in scene.slack.channel(CHANNEL).messages if said in one.text]
    assert len(announced) == (0 if after_effect else 1)
    assert set(inbox(scene)) == {(InboxStatus.DONE, None)}


async def test_what_was_recorded_is_told_where_nobody_may_look(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    root = await scene.minji.mentions(CHANNEL, "가입신청서 지난주 금요일에 냈어요")
    await scene.until_sees(scene.minji, "기록할까요", thread=root)
    scene.slack.trouble("chat.postMessage", "connection_reset")
    scene.slack.trouble("conversations.replies", "missing_scope")
    await scene.minji.says(CHANNEL, "네, 기록해 주세요", root)

    await later(scene)

    assert "가입신청서 제출 완료를 기록했습니다" in answers(root)[-1]


async def test_where_nobody_may_look_the_person_is_told(scene: Scene) -> None:
    scene.slack.trouble("chat.postMessage", "connection_reset")
    scene.slack.trouble("conversations.replies", "missing_scope")
    asked = await scene.minji.mentions(CHANNEL, QUESTION)

    await later(scene)

    assert answers(asked) == ["답하던 중에 끊겼습니다. 위에 답이 없으면 한 번 더 물어봐 주세요."]


async def test_what_fails_for_good_is_said_with_a_number_and_not_tried_again(scene: Scene) -> None:
    scene.slack.trouble("chat.postMessage", "invalid_blocks")
    asked = await scene.minji.mentions(CHANNEL, QUESTION)
    await scene.until_sees(scene.minji, "오류 번호")

    await later(scene)

    assert answers(asked) == []


async def test_without_room_a_question_is_written_down_said_so_and_answered_in_a_moment(scene: Scene) -> None:
    async with no_room(scene):
        asked = await scene.minji.mentions(CHANNEL, QUESTION)
        await scene.until_sees(scene.minji, "곧 이어서 답하겠습니다")
        await scene.junho.commands(CHANNEL, "/계약", QUESTION)
        await scene.until_sees(scene.junho, "곧 이어서 답하겠습니다")
        assert answers(asked) == []

    await later(scene, timedelta(seconds=4))

    [answer] = answers(asked)
    assert ANSWER in answer
    await scene.until_sees(scene.junho, ANSWER)
    assert set(inbox(scene)) == {(InboxStatus.DONE, None)}


@pytest.mark.parametrize(
    ("question", "is_ready"),
    [("저희 가게 이야기부터 할게요. " * 20 + QUESTION, True), (QUESTION, False)],
    ids=["long ones", "before the language is loaded"],
)
async def test_slow_questions_do_not_hold_up_a_command(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, question: str, is_ready: bool
) -> None:
    """Fifty that take for ever: they have threads of their own."""
    understand, begun, enough = Assistant.understand, threading.Event(), threading.Event()

    def slowly(self: Assistant, *args: Any) -> Any:
        begun.set()
        assert enough.wait(60)
        return understand(self, *args)

    monkeypatch.setattr(Assistant, "understand", slowly)
    monkeypatch.setattr(Assistant, "is_ready", is_ready)
    asked = [await scene.minji.mentions(CHANNEL, question) for _ in range(50)]
    assert await asyncio.to_thread(begun.wait, 60)

    await scene.junho.commands(CHANNEL, "/계약", "도움말")

    await scene.until_sees(scene.junho, "/계약 시작")
    assert not any(answers(one) for one in asked)
    enough.set()
    await scene.slack.quiet()
    assert all(len(answers(one)) == 1 for one in asked)
