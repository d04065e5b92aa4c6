"""Streams, thread status, prompts, sessions and files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.models.messages.chunk import MarkdownTextChunk, TaskUpdateChunk
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import FrozenClock, LocalSlack, MessageHandle, Timing
from bot.localslack.model import Refused
from tests.unit.localslack.conftest import (
    FAST,
    MORNING,
    Install,
    actions,
    button,
    disconnect,
    error_of,
    refusal,
    section,
)


@pytest.fixture
async def asked(slack: LocalSlack) -> MessageHandle:
    return await slack.person("김민지").dm("서류 뭐 준비해요?")


async def start(client: AsyncWebClient, asked: MessageHandle, **fields: Any) -> dict[str, Any]:
    answer = await client.api_call(
        "chat.startStream", json={"channel": asked.channel_id, "thread_ts": asked.ts, **fields}
    )
    return {"channel": answer["channel"], "ts": answer["ts"]}


async def test_the_sdks_stream_ends_as_one_message(
    slack: LocalSlack, client: AsyncWebClient, asked: MessageHandle
) -> None:
    stream = await client.chat_stream(channel=asked.channel_id, thread_ts=asked.ts, task_display_mode="plan")
    await stream.append(chunks=[TaskUpdateChunk(id="1", title="찾는 중", status="in_progress")])
    await stream.append(chunks=[MarkdownTextChunk(text="사업자등록증과 ")])
    reply = asked.thread[0]
    assert reply.raw["streaming_state"] == "in_progress"

    await stream.append(chunks=[TaskUpdateChunk(id="1", title="찾았어요", status="complete")])
    await stream.stop(markdown_text="**통장 사본**", blocks=[actions(button("도움됐어요"))])

    assert reply.text == "Plan\n찾았어요\n사업자등록증과 통장 사본"
    assert reply.buttons == ["도움됐어요"]
    assert reply.raw["streaming_state"] == "completed"


async def test_a_stream_is_one_message_event_and_one_change(
    slack: LocalSlack, client: AsyncWebClient, asked: MessageHandle, install: Install
) -> None:
    heard: list[dict[str, Any]] = []
    app = AsyncApp(client=client, ignoring_self_events_enabled=False)

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.append(event)

    await install(app)
    place = await start(client, asked, markdown_text="하나")
    await client.api_call("chat.appendStream", json={**place, "markdown_text": " 둘"})
    await client.api_call("chat.stopStream", json=place)
    await slack.until(lambda: len(heard) == 2)
    await slack.quiet()

    assert [event.get("subtype") for event in heard] == [None, "message_changed"]
    assert heard[1]["message"]["text"] == "하나 둘"
    assert heard[1]["hidden"] is True


async def test_a_stream_keeps_its_mode(client: AsyncWebClient, asked: MessageHandle) -> None:
    place = await start(client, asked, markdown_text="글")
    chunk = {"type": "markdown_text", "text": "더"}

    call = client.api_call("chat.appendStream", json={**place, "chunks": [chunk]})
    assert await error_of(call) == "streaming_mode_mismatch"


async def test_a_stream_opened_empty_takes_text(
    slack: LocalSlack, client: AsyncWebClient, asked: MessageHandle
) -> None:
    place = await start(client, asked)

    await client.api_call("chat.appendStream", json={**place, "markdown_text": "글"})
    await client.api_call("chat.stopStream", json=place)

    assert asked.thread[0].text == "글"


async def test_outside_a_direct_message_the_recipient_is_named(slack: LocalSlack, client: AsyncWebClient) -> None:
    minji = slack.person("김민지")
    said = await minji.says("pg-계약", "질문")

    assert await error_of(start(client, said)) == "missing_recipient_user_id"
    assert await error_of(start(client, said, recipient_user_id=minji.id)) == "missing_recipient_team_id"
    await start(client, said, recipient_user_id=minji.id, recipient_team_id=slack.team_id)


async def test_a_stream_cannot_be_edited_or_continued_after_its_end(
    client: AsyncWebClient, asked: MessageHandle
) -> None:
    place = await start(client, asked, markdown_text="글")
    assert await error_of(client.chat_update(**place, text="바꿈")) == "streaming_state_conflict"

    await client.api_call("chat.stopStream", json=place)

    late = client.api_call("chat.appendStream", json={**place, "markdown_text": "더"})
    assert await error_of(late) == "message_not_in_streaming_state"


async def test_somebody_elses_message_is_no_stream(client: AsyncWebClient, asked: MessageHandle) -> None:
    place = {"channel": asked.channel_id, "ts": asked.ts}

    call = client.api_call("chat.appendStream", json={**place, "markdown_text": "글"})
    assert await error_of(call) == "message_not_owned_by_app"


async def test_a_person_can_stop_a_stream(slack: LocalSlack, client: AsyncWebClient, asked: MessageHandle) -> None:
    place = await start(client, asked, markdown_text="길고 긴")

    await slack.person("김민지").stops(asked.thread[0])

    call = client.api_call("chat.appendStream", json={**place, "markdown_text": " 답"})
    assert await error_of(call) == "stopped_by_user"


@pytest.mark.parametrize("timing", [Timing(stream=-1.0)])
async def test_a_stream_expires(client: AsyncWebClient, asked: MessageHandle) -> None:
    place = await start(client, asked, markdown_text="글")

    call = client.api_call("chat.appendStream", json={**place, "markdown_text": "더"})
    assert await error_of(call) == "message_not_in_streaming_state"


@pytest.mark.parametrize(
    ("chunk", "error"),
    [
        ({"type": "task_update", "id": "1", "title": "글", "status": "done"}, "invalid_chunks"),
        ({"type": "picture"}, "invalid_chunks"),
        ({"type": "blocks", "blocks": [section("")]}, "invalid_blocks"),
        ({"type": "markdown_text", "text": "가" * 12_001}, "msg_too_long"),
    ],
)
async def test_bad_chunks_are_refused(
    client: AsyncWebClient, asked: MessageHandle, chunk: dict[str, Any], error: str
) -> None:
    place = await start(client, asked)

    call = client.api_call("chat.appendStream", json={**place, "chunks": [chunk]})
    assert await error_of(call) == error


# ---- status, prompts, sessions ----------------------------------------------------------------------------------


async def statuses(slack: LocalSlack) -> dict[str, Any]:
    state = await slack.state_for(slack.person("김민지"))
    found: dict[str, Any] = state["statuses"]
    return found


async def test_a_status_goes_with_the_answer(slack: LocalSlack, client: AsyncWebClient, asked: MessageHandle) -> None:
    place = {"channel_id": asked.channel_id, "thread_ts": asked.ts}
    await client.assistant_threads_setStatus(**place, status="찾아보고 있어요", loading_messages=["서류함을 여는 중"])
    assert list((await statuses(slack)).values()) == [
        {"status": "찾아보고 있어요", "loading_messages": ["서류함을 여는 중"]}
    ]

    await client.chat_postMessage(channel=asked.channel_id, thread_ts=asked.ts, text="답")

    assert await statuses(slack) == {}


async def test_a_status_goes_after_two_minutes(slack: LocalSlack, client: AsyncWebClient, asked: MessageHandle) -> None:
    await client.assistant_threads_setStatus(channel_id=asked.channel_id, thread_ts=asked.ts, status="생각 중")

    await slack.advance_by(timedelta(seconds=121))

    assert await statuses(slack) == {}


async def test_prompts_are_pinned_to_the_messages_tab(slack: LocalSlack, client: AsyncWebClient) -> None:
    minji = slack.person("김민지")
    dm = slack.workspace.dm_of(minji.id).id
    prompts = [{"title": "서류", "message": "서류 뭐 준비해요?"}]

    await client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts)

    assert minji.prompts == ["서류"]
    too_many = client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts * 5)
    assert await error_of(too_many) == "invalid_arguments"


async def test_prompts_with_a_thread_do_nothing_for_an_agent_app(
    slack: LocalSlack, client: AsyncWebClient, asked: MessageHandle
) -> None:
    prompts = [{"title": "서류", "message": "서류 뭐 준비해요?"}]

    await client.assistant_threads_setSuggestedPrompts(channel_id=asked.channel_id, thread_ts=asked.ts, prompts=prompts)

    assert slack.person("김민지").prompts == []
    assert any("thread_ts" in line.title for line in slack.log.lines if line.kind == "refused")


async def test_a_session_warns_without_its_event(client: AsyncWebClient, asked: MessageHandle) -> None:
    place = {"channel_id": asked.channel_id, "thread_ts": asked.ts}

    answer = await client.agents_sessions_setStatus(**place, status="processing", title="서류 질문")
    again = await client.agents_sessions_setStatus(**place, status="suspended", title="다른 제목")

    assert answer["warning"] == "missing_agent_session_stopped_event_subscription"
    assert (again["status"], again["title"]) == ("suspended", "서류 질문"), "a title counts only at the beginning"
    assert await error_of(client.agents_sessions_setStatus(**place, status="asleep")) == "invalid_arguments"


async def test_a_person_can_stop_a_session(manifest_with: Callable[..., Path]) -> None:
    scopes = ["chat:write", "im:history", "commands", "assistant:write"]
    path, told = manifest_with(scopes=scopes, events=["message.im", "agent_session_stopped"]), []
    async with LocalSlack(path, clock=FrozenClock(MORNING), timing=FAST) as slack:
        app, minji = (
            AsyncApp(client=AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)),
            slack.person("김민지"),
        )

        @app.event("agent_session_stopped")
        async def on_stop(event: dict[str, Any]) -> None:
            told.append({key: value for key, value in event.items() if key != "event_ts"})

        handler = AsyncSocketModeHandler(app, slack.app_token)
        await handler.connect_async()
        asked = await minji.dm("서류 뭐 준비해요?")
        place = {"channel_id": asked.channel_id, "thread_ts": asked.ts}
        with pytest.raises(Refused):
            await minji.stops(asked)
        answer = await app.client.agents_sessions_setStatus(**place, status="processing")
        with pytest.raises(Refused):
            await slack.person("박준호").stops(asked)
        await minji.stops(asked)
        await slack.until(lambda: told, what="the event")
        await disconnect(handler)

        assert "warning" not in answer
        where = {"channel": asked.channel_id, "thread_ts": asked.ts, "user": minji.id}
        assert told == [{"type": "agent_session_stopped", **where, "streaming_message_ts": []}]
        assert list(slack.sessions.values()) == ["processing"], "the app leads it away from there"


# ---- files ------------------------------------------------------------------------------------------------------


async def test_a_file_is_uploaded_and_shared(manifest_with: Callable[..., Path]) -> None:
    path = manifest_with(scopes=["files:write", "commands", "assistant:write"], events=[])
    async with LocalSlack(path, clock=FrozenClock(MORNING), timing=FAST) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)

        await client.files_upload_v2(
            channel=slack.channel("pg-계약").id,
            filename="진행.csv",
            content="단계,상태\n",
            initial_comment="내보냈어요",
        )

        last = slack.channel("pg-계약").last
        assert last.text == "내보냈어요\n진행.csv"
        assert last.raw["files"][0]["size"] == len("단계,상태\n".encode())


async def test_files_need_their_scope(client: AsyncWebClient) -> None:
    answer = await refusal(client.files_getUploadURLExternal(filename="a.csv", length=3))

    assert answer["needed"] == "files:write"
