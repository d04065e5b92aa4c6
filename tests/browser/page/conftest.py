"""Two ways to look at the page: its drawing functions on a blank page, and the whole window on a local workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import FrozenClock, LocalSlack, Timing
from bot.localslack.ui import PAGE
from tests.patience import PATIENT_SECONDS

MANIFEST = Path(__file__).parent / "manifest.yml"
MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
"""A Tuesday, 09:30 in Seoul."""

_HERE = Path(__file__).parent

Draw = Callable[..., Awaitable[str]]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
async def static_url() -> AsyncIterator[str]:
    """Serves the page's modules, and a blank page that draws with them."""
    app = web.Application()
    app.router.add_static("/static/", PAGE)
    app.router.add_get("/blank", _file("blank.html"))
    app.router.add_get("/blank.js", _file("blank.js"))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


def _file(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_HERE / name)

    return serve


@pytest.fixture(scope="session")
async def shared_page(chromium: Browser, static_url: str) -> AsyncIterator[Page]:
    page = await chromium.new_page(viewport={"width": 900, "height": 700}, locale="ko-KR")
    await page.goto(f"{static_url}/blank")
    await page.wait_for_function("window.draw !== undefined")
    yield page
    await page.close()


@pytest.fixture
async def blank(shared_page: Page) -> AsyncIterator[Page]:
    """The blank page with `window.draw` (see blank.js) and nothing on it. A script that throws fails the test."""
    thrown: list[str] = []

    def note(error: object) -> None:
        thrown.append(str(error))

    shared_page.on("pageerror", note)
    await shared_page.evaluate("window.startOver()")
    yield shared_page
    shared_page.remove_listener("pageerror", note)
    assert thrown == []


@pytest.fixture
def draw(blank: Page) -> Draw:
    """`await draw("mrkdwn", text)`: what was drawn, as HTML."""

    async def drawn(what: str, argument: Any, options: dict[str, Any] | None = None) -> str:
        html: str = await blank.evaluate(
            "([what, argument, options]) => window.draw[what](argument, options)", [what, argument, options]
        )
        return html

    return drawn


@pytest.fixture
def acknowledged_within() -> float:
    """Seconds. A test in which nobody acknowledges has less patience."""
    return PATIENT_SECONDS


@pytest.fixture
async def slack(acknowledged_within: float) -> AsyncIterator[LocalSlack]:
    timing = Timing(acknowledge=acknowledged_within, trigger=PATIENT_SECONDS)
    async with LocalSlack(MANIFEST, clock=FrozenClock(MORNING), timing=timing) as workspace:
        yield workspace


@pytest.fixture
def app(slack: LocalSlack) -> AsyncApp:
    """A scripted app: the test adds its listeners before `connect`."""
    return AsyncApp(client=AsyncWebClient(token=slack.bot_token, base_url=slack.api_url))


@pytest.fixture
async def connect(slack: LocalSlack, app: AsyncApp) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    handler = AsyncSocketModeHandler(app, slack.app_token)

    async def connect_() -> None:
        await handler.connect_async()
        await slack.until(lambda: slack.connected > 0, what="the app's connection")

    yield connect_
    handler.client.auto_reconnect_enabled = False
    handler.client.default_auto_reconnect_enabled = False
    await handler.close_async()
