"""The peers: what Bolt does with a request when nothing of ours is in the way. Each is a process of its own.

`python -m tests.bench.serving.peers KIND PORT API_URL`
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.serving.loopback import TOKEN
from tests.bench.serving.requests import SECRET

ASYNC, SYNC = "async", "sync"
CONSTANT = "카드사 심사는 카드사마다 다르며 보통 2주 안팎 걸립니다."


def bare_async(api_url: str) -> web.Application:
    """Acknowledges a command; posts a constant to a mention."""
    app = AsyncApp(client=AsyncWebClient(TOKEN, base_url=api_url), signing_secret=SECRET)

    @app.command("/contract")
    async def acknowledge(ack: Any) -> None:
        await ack()

    @app.event("app_mention")
    async def post(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text=CONSTANT)

    async def on_slack(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return _serving(on_slack)


def bare_sync(api_url: str) -> web.Application:
    """The same with a synchronous App, in the same server."""
    from slack_bolt import App
    from slack_bolt.request import BoltRequest
    from slack_sdk import WebClient

    app = App(client=WebClient(TOKEN, base_url=api_url), signing_secret=SECRET)

    @app.command("/contract")
    def acknowledge(ack: Any) -> None:
        ack()

    async def on_slack(request: web.Request) -> web.Response:
        headers: dict[str, Any] = dict(request.headers)
        answered = app.dispatch(BoltRequest(body=(await request.read()).decode(), headers=headers))
        return await to_aiohttp_response(answered)

    return _serving(on_slack)


def _serving(on_slack: Any) -> web.Application:
    server = web.Application()
    server.router.add_post("/slack/events", on_slack)

    async def ready(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    server.router.add_get("/ready", ready)
    return server


async def main(kind: str, port: int, api_url: str) -> None:
    runner = web.AppRunner((bare_sync if kind == SYNC else bare_async)(api_url), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
