"""A server of the tests takes its handlers along when it goes: one that waits on would be garbage, and asyncio says so
in the middle of whichever test comes later."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from tests.chat_server import chat_server, never_answers
from tests.reliability.fake_slack import FakeSlack, Fault
from tests.slack_double import running_slack_double

Silent = Callable[[asyncio.Event], AbstractAsyncContextManager[str]]
"""Yields where to ask for what is never answered; the event says that somebody has."""


@asynccontextmanager
async def silent_model(asked: asyncio.Event) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.StreamResponse:
        asked.set()
        return await never_answers()(request)

    async with chat_server() as server:
        server.script = [answer]
        yield f"{server.url}/chat/completions"


@asynccontextmanager
async def silent_fake(asked: asyncio.Event) -> AsyncIterator[str]:
    def hang(*_: object) -> Fault:
        asked.set()
        return Fault("hang")

    async with FakeSlack(hang) as slack:
        yield f"{slack.api_url}chat.postMessage"


@asynccontextmanager
async def silent_double(asked: asyncio.Event) -> AsyncIterator[str]:
    async def answer(_: dict[str, object]) -> object:
        asked.set()
        return await asyncio.Event().wait()

    async with running_slack_double() as double:
        double.answers["chat.postMessage"] = answer
        yield f"{double.url}/api/chat.postMessage"


@pytest.mark.parametrize("server", [silent_model, silent_fake, silent_double])
@pytest.mark.parametrize("who_goes_first", ["client", "server"])
async def test_nothing_waits_on_behind_a_server_that_is_gone(
    server: Silent, who_goes_first: str, caplog: pytest.LogCaptureFixture
) -> None:
    before, asked = asyncio.all_tasks(), asyncio.Event()
    async with aiohttp.ClientSession() as client:
        async with server(asked) as url:
            asking = asyncio.create_task(client.post(url, json={"channel": "C1"}))
            await asked.wait()
            if who_goes_first == "client":
                asking.cancel()
                await asyncio.wait({asking})
        await asyncio.gather(asking, return_exceptions=True)
    left = [str(task.get_coro()) for task in asyncio.all_tasks() - before]
    gc.collect()

    assert left == []
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []
