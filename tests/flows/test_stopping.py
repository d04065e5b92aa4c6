"""A stop with work under way, over HTTP: it ends in time, and nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import aiohttp
import psutil
import pytest
from sqlalchemy import ColumnElement, select
from sqlmodel import col

from bot.at_work import CUT_OFF_SECONDS
from bot.knowledge import Knowledge
from bot.nudges import driver
from bot.settings import Settings
from handlers import product, serving
from handlers.ids import ViewId
from handlers.serving import serve_over_http
from storage.database import Database
from storage.tables import Inbox, InboxStatus
from tests.patience import until
from tests.reliability.isolation.forger import picked, pointing
from tests.second_processes import second_processes
from tests.signing import signed
from tests.slack_double import SlackDouble, running_slack_double
from tests.team import CHANNEL, MINJI, WORKSPACE, Team

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
QUESTIONS = 8
"""So many are worked on at once."""
SEOUL = ZoneInfo("Asia/Seoul")


class SlowSlack:
    """Takes no message until it is `awake`."""

    def __init__(self, double: SlackDouble) -> None:
        self.double, self.awake = double, asyncio.Event()
        user = {"id": MINJI, "team_id": WORKSPACE, "locale": "ko-KR", "real_name": "김민지"}
        double.answers |= {
            "auth.test": {"team_id": WORKSPACE, "team": "모모", "user_id": "U0BOT", "bot_id": "B0BOT"},
            "users.info": {"user": user},
            "users.conversations": {"channels": [{"id": CHANNEL}]},
            "conversations.history": {"messages": []},
            "conversations.replies": {"messages": []},
            "chat.postMessage": self._post,
        }

    async def _post(self, _arguments: dict[str, Any]) -> dict[str, Any]:
        await self.awake.wait()
        return {"ts": "1.1", "channel": CHANNEL}

    def answered(self) -> list[str]:
        """The threads in which an answer was posted."""
        posts = [one.arguments for one in self.double.calls("chat.postMessage")]
        return sorted(str(one["thread_ts"]) for one in posts if one.get("thread_ts"))


class Server:
    """What `app.py` runs in HTTP mode, in this process, on a port of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self._stack = settings, AsyncExitStack()

    async def start(self) -> None:
        await serve_over_http(self.settings, self._stack)

    async def stop(self) -> None:
        await self._stack.aclose()

    async def receives(self, body: str, content_type: str) -> int:
        headers = signed(body.encode(), content_type, secret=SECRET)
        address = f"http://127.0.0.1:{self.settings.port}/slack/events"
        async with (
            aiohttp.ClientSession() as session,
            session.post(address, data=body.encode(), headers=headers) as response,
        ):
            return response.status

    async def hears_question(self, number: int) -> int:
        """Each in a channel of its own: so many posts to one wait for their turn."""
        ts = f"{int(time.time())}.00000{number}"
        event = {"type": "app_mention", "user": MINJI, "text": "<@U0BOT> 심사 얼마나 걸려요?", "ts": ts}
        body = {
            "type": "event_callback",
            "team_id": WORKSPACE,
            "event_id": f"Ev{number}",
            "authorizations": [{"team_id": WORKSPACE, "user_id": "U0BOT", "is_bot": True}],
            "event": {**event, "channel": f"{CHANNEL}{number}"},
        }
        return await self.receives(json.dumps(body), "application/json")

    async def takes_command(self, response_url: str) -> int:
        """The same question, while there is no room for it."""
        said = {"command": "/계약", "text": "심사 얼마나 걸려요?", "trigger_id": "1.2.3", "response_url": response_url}
        place = {"team_id": WORKSPACE, "user_id": MINJI, "channel_id": CHANNEL}
        return await self.receives(urlencode({**said, **place}), "application/x-www-form-urlencoded")

    async def takes_form(self, contract_id: int) -> int:
        """Somebody records that the first step is done."""
        view = {
            "id": "V1",
            "type": "modal",
            "callback_id": ViewId.FINISH,
            "private_metadata": pointing(contract=contract_id, channel=CHANNEL, step="application"),
            "state": {"values": {"day": {"value": picked("selected_date", datetime.now(SEOUL).date().isoformat())}}},
        }
        payload = {
            "type": "view_submission",
            "team": {"id": WORKSPACE},
            "user": {"id": MINJI, "team_id": WORKSPACE},
            "view": view,
        }
        return await self.receives(urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded")


@pytest.fixture
async def slack() -> AsyncIterator[SlowSlack]:
    async with running_slack_double() as double:
        slow = SlowSlack(double)
        yield slow
        slow.awake.set()


@pytest.fixture
def settings(sqlite_url: str, slack: SlowSlack) -> Settings:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Settings.read(
        {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack.double.api_url,
            "DATABASE_URL": sqlite_url,
            "HOST": "127.0.0.1",
            "PORT": str(port),
        }
    )


@pytest.fixture
async def servers(settings: Settings) -> AsyncIterator[tuple[Server, Server]]:
    """Of the same installation, one after the other."""
    both = Server(settings), Server(settings)
    yield both
    for one in both:
        await one.stop()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> None:
    """A stop waits a tenth of its time for what does not end anyhow; the files are read already."""
    assert product.STOP_SECONDS + CUT_OFF_SECONDS + product._GIVE_BACK_SECONDS + serving._LAST_REQUESTS_SECONDS < 5
    monkeypatch.setattr(product, "STOP_SECONDS", 0.45)
    monkeypatch.setattr(driver, "_STOP_SECONDS", 0.4)
    monkeypatch.setattr(product, "_GIVE_BACK_SECONDS", 3)  # of a busy machine
    monkeypatch.setattr(Knowledge, "load", lambda _settings: knowledge)


async def test_a_stop_loses_nothing_that_was_acknowledged(
    slack: SlowSlack,
    servers: tuple[Server, Server],
    hurried: None,
    team: Team,
    caplog: pytest.LogCaptureFixture,
) -> None:
    contract_id = team.starts().after.id
    first, second = servers
    await first.start()
    heard = [await first.hears_question(number) for number in range(QUESTIONS)]
    await until(lambda: len(slack.answered()) == QUESTIONS)
    heard.append(await first.takes_command(f"{slack.double.api_url}response"))
    heard.append(await first.takes_form(contract_id))
    assert heard == [200] * (QUESTIONS + 2)
    await until(lambda: len(slack.answered()) == QUESTIONS and team.state.step("application").is_done)

    began = time.monotonic()
    await first.stop()

    assert time.monotonic() - began < 5
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR" or one.exc_info] == []
    left = inbox(team.database, col(Inbox.lease_until) < datetime.now(SEOUL))
    assert left == [InboxStatus.PROCESSING] * (QUESTIONS + 1)
    assert team.state.step("application").is_done

    slack.awake.set()
    slack.double.asked.clear()
    await second.start()
    await until(lambda: set(inbox(team.database)) == {InboxStatus.DONE})
    await second.stop()

    assert len(slack.answered()) == len(set(slack.answered())) == QUESTIONS
    assert [bool(one.arguments["blocks"]) for one in slack.double.calls("response")] == [True]


def inbox(database: Database, *where: ColumnElement[bool]) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(col(Inbox.status)).where(*where)).scalars())


@pytest.mark.skipif(
    not hasattr(psutil.Process, "io_counters"), reason="the system does not count what a process writes"
)
async def test_a_second_process_that_dies_loses_no_question(
    slack: SlowSlack,
    servers: tuple[Server, Server],
    hurried: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It understands messages on machines with a second core."""
    monkeypatch.setattr(serving, "_cores", lambda: 2)
    caplog.set_level(logging.INFO)
    slack.awake.set()
    server, _ = servers
    await server.start()
    await until(lambda: bool(second_processes()))
    [process] = second_processes()
    await until(lambda: "messages are understood in a second process" in caplog.text)
    before = has_said(process)
    assert await server.hears_question(1) == 200
    await until(lambda: len(slack.answered()) == 1)
    assert has_said(process) == before + 1

    process.suspend()
    assert await server.hears_question(2) == 200
    process.kill()

    await until(lambda: len(slack.answered()) == 2)
    await server.stop()
    assert second_processes() == []


def has_said(process: psutil.Process) -> int:
    """How often it has written something."""
    return int(process.io_counters().write_count)
