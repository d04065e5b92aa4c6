"""What people would miss after a restart is still there; what Slack forgets is forgotten."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import FrozenClock, LocalSlack, StoreError, load_manifest
from bot.localslack.changes import Changes
from bot.localslack.events import Events
from bot.localslack.messenger import Messenger
from bot.localslack.slack_objects import message_object
from bot.localslack.socket_mode import SocketMode
from bot.localslack.store import Store
from bot.localslack.wire_log import WireLog
from bot.localslack.workspace import Workspace
from tests.unit.localslack.conftest import FAST, MANIFEST, MORNING, actions, button, section


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[tuple[LocalSlack, AsyncWebClient]]:
    async with LocalSlack(MANIFEST, store=path, clock=FrozenClock(MORNING), timing=FAST) as slack:
        yield slack, AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "workspace.db"


async def test_a_restart_loses_nothing_that_people_would_miss(file: Path) -> None:
    async with opened(file) as (slack, client):
        minji = slack.person("김민지")
        new = slack.add_person("hana", "정하나", locale="en-US")
        slack.add_channel("비밀", members=[minji, new], private=True, with_app=True)
        root = await minji.says("pg-계약", "뿌리 <@U00000002>")
        await client.chat_postMessage(channel="#pg-계약", text="답", thread_ts=root.ts, blocks=[actions(button())])
        await client.chat_update(channel=root.channel_id, ts=root.thread[0].ts, text="고친 답")
        await minji.reacts(root, "tada")
        await client.views_publish(user_id=minji.id, view={"type": "home", "blocks": [section("우리 팀")]})
        prompts = [{"title": "서류", "message": "서류?"}]
        dm = slack.workspace.dm_of(minji.id).id
        await client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts)
        at = int((MORNING + timedelta(days=3)).timestamp())
        await client.chat_scheduleMessage(channel="#pg-계약", text="나중에", post_at=at)
        await client.chat_postEphemeral(channel=root.channel_id, user=minji.id, text="쉿")
        await slack.advance_by(timedelta(days=2))

    async with opened(file) as (slack, client):
        minji, channel = slack.person("김민지"), slack.channel("pg-계약")
        assert slack.clock.now() == MORNING + timedelta(days=2)
        assert slack.person("정하나").member.locale == "en-US"
        assert slack.channel("비밀").id
        assert [message.text for message in minji.sees(channel)] == ["뿌리 @박준호"], "the ephemeral one is gone"
        assert [reply.text for reply in channel.last.thread] == ["고친 답"]
        assert channel.last.reactions == ["tada"]
        assert minji.home is not None
        assert minji.home.text == "우리 팀"
        assert minji.prompts == ["서류"]
        later = await minji.says("pg-계약", "다음")
        assert float(later.ts) > float(channel.messages[0].ts)
        await slack.advance_by(timedelta(days=2))
        assert channel.last.text == "나중에"


async def test_read_marks_survive(file: Path) -> None:
    async with opened(file) as (slack, client):
        await client.chat_postMessage(channel="#pg-계약", text="하나")
        slack.workspace.mark_read(slack.person("김민지").id, slack.channel("pg-계약").id)
        await client.chat_postMessage(channel="#pg-계약", text="둘")

    async with opened(file) as (slack, _):
        conversation = slack.workspace.conversations[slack.channel("pg-계약").id]
        unread = [slack.workspace.unread(slack.person(name).id, conversation) for name in ("김민지", "박준호")]
        assert unread == [1, 2]


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.localslack import FrozenClock, LocalSlack

async def main():
    clock = FrozenClock(datetime(2026, 11, 24, tzinfo=UTC))
    slack = LocalSlack(Path(sys.argv[1]), store=Path(sys.argv[2]), clock=clock)
    await slack.start()
    for number in range(20):
        await slack.person("김민지").says("pg-계약", str(number))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_killed_process_loses_nothing_acknowledged(file: Path) -> None:
    ended = subprocess.run(  # noqa: ASYNC221
        [sys.executable, "-c", KILLED, str(MANIFEST), str(file)], check=False, timeout=60
    )
    assert ended.returncode == -9

    async with opened(file) as (slack, _):
        assert [message.text for message in slack.channel("pg-계약").messages] == [str(n) for n in range(20)]


async def test_two_workspaces_do_not_share_a_file(file: Path) -> None:
    async with opened(file):
        with pytest.raises(StoreError, match="in use"):
            LocalSlack(MANIFEST, store=file)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be made or opened"):
        LocalSlack(MANIFEST, store=tmp_path / "nowhere" / "workspace.db")


def test_another_file_is_not_taken_for_a_workspace(file: Path) -> None:
    file.write_text("this is no database, and long enough to be looked at as one" * 20, encoding="utf-8")

    with pytest.raises(StoreError, match="no workspace file"):
        LocalSlack(MANIFEST, store=file)


def test_a_file_of_another_format_is_left_alone(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StoreError, match="format 99"):
        LocalSlack(MANIFEST, store=file)


async def test_reset_goes_back_to_the_first_morning_with_the_product(file: Path) -> None:
    erased: list[bool] = []

    async def nothing() -> None:
        return None

    async def reset() -> None:
        erased.append(True)

    async with opened(file) as (slack, client):
        assert await slack.reset() is False, "without the product's hook nothing is erased"
        slack.drive(nothing, nothing, reset)
        minji = slack.person("김민지")
        slack.add_person("hana", "정하나")
        await minji.says("pg-계약", "글")
        await client.views_publish(user_id=minji.id, view={"type": "home", "blocks": [section()]})
        await slack.advance_by(timedelta(days=2))

        assert await slack.reset() is True

        assert erased == [True]
        assert slack.clock.now() == MORNING
        assert slack.channel("pg-계약").messages == []
        assert slack.person("김민지").home is None
        with pytest.raises(LookupError, match="정하나"):
            slack.person("정하나")

    async with opened(file) as (slack, _):
        assert slack.channel("pg-계약").messages == []


_acts = st.lists(
    st.tuples(
        st.sampled_from(["say", "reply", "bot", "ephemeral", "react", "unreact", "change", "delete", "join", "leave"]),
        st.integers(0, 3),
        st.text(max_size=20),
    ),
    max_size=25,
)


def _open(manifest: Path, file: Path) -> tuple[Workspace, Messenger]:
    """State and acts without a server; the manifest subscribes to nothing, so that nothing is sent."""
    changes = Changes()
    workspace = Workspace(load_manifest(manifest), Store(file), FrozenClock(MORNING), changes)
    log = WireLog(changes)
    events = Events(workspace, SocketMode(log, FAST, str), log, FAST)
    return workspace, Messenger(workspace, events)


def _perform(workspace: Workspace, messenger: Messenger, act: str, who: int, text: str) -> None:
    user, channel = workspace.people()[who], workspace.conversations["C00000001"]
    messages = list(workspace.messages[channel.id].values())
    target = messages[len(text) % len(messages)] if messages else None
    if act == "say":
        messenger.post(channel.id, user.id, text)
    elif act == "bot":
        messenger.post(channel.id, "U0BOT", text, metadata={"event_type": "x", "event_payload": {"text": text}})
    elif act == "ephemeral":
        messenger.post_ephemeral(channel.id, user.id, text)
    elif act == "join":
        messenger.join(channel, user.id)
    elif act == "leave":
        messenger.leave(channel, user.id)
    elif target is None:
        return
    elif act == "reply" and not target.is_reply:
        messenger.post(channel.id, user.id, text, thread_ts=target.ts)
    elif act == "react":
        messenger.react(target, user.id, "tada")
    elif act == "unreact":
        messenger.unreact(target, user.id, "tada")
    elif act == "change":
        messenger.change(target, text=text)
    elif act == "delete":
        messenger.delete(target)


def _shown(workspace: Workspace) -> object:
    channel = workspace.conversations["C00000001"]
    messages = [message_object(workspace, message, True) for message in workspace.messages[channel.id].values()]
    return messages, channel, [workspace.unread(person.id, channel) for person in workspace.people()]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_acts)
def test_whatever_was_done_is_the_same_after_a_restart(
    manifest_with: Callable[..., Path], acts: list[tuple[str, int, str]]
) -> None:
    manifest = manifest_with(events=[])
    with TemporaryDirectory() as folder:
        file = Path(folder) / "workspace.db"
        workspace, messenger = _open(manifest, file)
        for act in acts:
            _perform(workspace, messenger, *act)
        before = _shown(workspace)
        workspace.store.close()

        again, _ = _open(manifest, file)
        assert _shown(again) == before
        again.store.close()
