"""A language model's server on this machine: speaks the chat completions protocol and answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def says(text: str) -> Answer:
    return _completion({"role": "assistant", "content": text}, "stop")


def calls_a_tool() -> Answer:
    call = {"id": "call_1", "type": "function", "function": {"name": "finish_step", "arguments": "{}"}}
    return _completion({"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls")


def fails(status: int) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": "sorry", "type": "server_error"}}, status=status)

    return answer


def sends(body: str, content_type: str = "application/json") -> Answer:
    """Whatever that is."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, content_type=content_type)

    return answer


def hangs_up() -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    return answer


def never_answers() -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    return answer


class ChatServer:
    """`script` is used up answer by answer; the last one is repeated."""

    def __init__(self) -> None:
        self.url = ""
        self.script: list[Answer] = [fails(500)]
        self.requests: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []

    def told(self) -> dict[str, Any]:
        """What the last request told the model of the answer and its question."""
        content = self.requests[-1]["messages"][-1]["content"]
        told: dict[str, Any] = json.loads(content)
        return told

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(await request.json())
        self.tokens.append(request.headers.get("Authorization"))
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return await answer(request)


@asynccontextmanager
async def chat_server() -> AsyncIterator[ChatServer]:
    server, application = ChatServer(), web.Application()
    application.router.add_post("/v1/chat/completions", server._complete)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield server
    await runner.cleanup()


def _completion(message: dict[str, Any], finish: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1790000000,
                "model": "local",
                "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
                "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20},
            }
        )

    return answer
