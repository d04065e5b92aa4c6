"""A workspace on a frozen Tuesday morning, and a scripted app that connects to it as to Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import FrozenClock, LocalSlack, Timing

MANIFEST = Path(__file__).parent / "manifest.yml"
MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 09:30 in Seoul
FAST = Timing(retries=(0.0, 0.0, 0.0))
IMPATIENT = Timing(acknowledge=0.05, retries=(0.0, 0.0, 0.0))  # for tests in which nobody answers

Install = Callable[[AsyncApp], Awaitable[None]]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def manifest_with(tmp_path: Path) -> Callable[..., Path]:
    """Writes the tests' manifest with other scopes, events or sections: `manifest_with(scopes=[…], features={…})`."""

    def write(
        scopes: list[str] | None = None, events: list[str] | None = None, features: dict[str, Any] | None = None
    ) -> Path:
        content = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
        if scopes is not None:
            content["oauth_config"]["scopes"]["bot"] = scopes
        if events is not None:
            content["settings"]["event_subscriptions"]["bot_events"] = events
        content["features"] |= features or {}
        path = tmp_path / "manifest.yml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return write


@pytest.fixture
def timing() -> Timing:
    """Slack's own deadlines, so that a slow machine changes nothing; `impatiently` shortens them for one test."""
    return FAST


impatiently = pytest.mark.parametrize("timing", [IMPATIENT], ids=["impatient"])


@pytest.fixture
async def slack(timing: Timing) -> AsyncIterator[LocalSlack]:
    async with LocalSlack(MANIFEST, clock=FrozenClock(MORNING), timing=timing) as workspace:
        yield workspace


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


@pytest.fixture
async def install(slack: LocalSlack) -> AsyncIterator[Install]:
    """Connects a Bolt app; the test adds its listeners before."""
    handlers: list[AsyncSocketModeHandler] = []

    async def connect(app: AsyncApp) -> None:
        handler = AsyncSocketModeHandler(app, slack.app_token)
        handlers.append(handler)
        before = slack.connected
        await handler.connect_async()
        await slack.until(lambda: slack.connected > before, what="the app's connection")

    yield connect
    for handler in handlers:
        await disconnect(handler)


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client)


async def disconnect(handler: AsyncSocketModeHandler) -> None:
    handler.client.auto_reconnect_enabled = False
    handler.client.default_auto_reconnect_enabled = False
    await handler.close_async()


async def refusal(call: Awaitable[Any]) -> dict[str, Any]:
    """The answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    data = caught.value.response.data
    assert isinstance(data, dict)
    return data


async def error_of(call: Awaitable[Any]) -> str:
    return str((await refusal(call))["error"])


def section(text: str = "글") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(text: str = "누르기", action_id: str = "press", **fields: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}, **fields}


def actions(*elements: dict[str, Any], block_id: str = "actions") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def modal(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "양식"},
        "submit": {"type": "plain_text", "text": "저장"},
        "blocks": list(blocks) or [section()],
        **fields,
    }


def text_field(label: str = "상호", block_id: str = "name", **element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "element": {"type": "plain_text_input", "action_id": "value", **element},
    }
