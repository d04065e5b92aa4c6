"""What `app.py check` learns from Slack: the kind of a token, its scopes, and what time it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from bot.settings import Settings
from handlers.connection import wrong_with_slack

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
SCOPES = ("chat:write", "commands", "files:write")


class Slack:
    """Answers as it is told, by method, with these headers."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {"auth.test": {"ok": True, "team_id": "T1", "bot_id": "B1"}}
        self.scopes = ",".join(SCOPES)
        self.now = NOW
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        headers = {"Date": format_datetime(self.now, usegmt=True), "X-OAuth-Scopes": self.scopes}
        answer = self.answers.get(request.match_info["method"], {"ok": True})
        return web.json_response(answer, headers=headers)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    double, app = Slack(), web.Application()
    app.router.add_route("*", "/api/{method}", double.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    double.url = f"http://{host}:{port}/api/"
    yield double
    await runner.cleanup()


async def found(slack: Slack, **environment: str) -> list[str]:
    settings = Settings.read({"SLACK_API_URL": slack.url, **environment})
    return [line async for line in wrong_with_slack(settings, SCOPES, NOW)]


TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


async def test_nothing_is_wrong(slack: Slack) -> None:
    assert await found(slack, **TOKENS) == []
    assert await found(slack) == [], "the local workspace asks nobody"


async def test_a_token_that_slack_refuses(slack: Slack) -> None:
    slack.answers["auth.test"] = {"ok": False, "error": "token_revoked"}
    slack.answers["apps.connections.open"] = {"ok": False, "error": "missing_scope"}
    slack.now = NOW + timedelta(minutes=2)

    assert await found(slack, **TOKENS) == [
        "SLACK_BOT_TOKEN: Slack does not accept it: token_revoked",
        "clock: this machine is 120 s behind Slack: set it by NTP, or requests are refused as forged",
        "SLACK_APP_TOKEN: opens no connection: missing_scope (it needs connections:write)",
    ]


async def test_a_scope_that_is_missing(slack: Slack) -> None:
    slack.scopes = "chat:write, commands"

    assert await found(slack, **TOKENS) == [
        "SLACK_BOT_TOKEN: has not been given files:write: install the app again with this manifest"
    ]


@pytest.mark.parametrize(
    ("off", "said"), [(59, None), (-59, None), (61, "61 s behind Slack"), (-3600, "3600 s ahead of Slack")]
)
async def test_a_clock_that_is_off(slack: Slack, off: int, said: str | None) -> None:
    slack.now = NOW + timedelta(seconds=off)

    for tokens in (TOKENS, {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", **OAUTH}):
        lines = await found(slack, **tokens)
        assert [said in line for line in lines if said] == ([True] if said else [])


OAUTH = {"SLACK_SIGNING_SECRET": "s", "TOKEN_KEYS": "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="}


async def test_an_app_token_that_is_none(slack: Slack) -> None:
    slack.answers["apps.connections.open"] = {"ok": False, "error": "invalid_auth"}

    assert await found(slack, **TOKENS) == ["SLACK_APP_TOKEN: opens no connection: invalid_auth"]


@pytest.mark.parametrize("path", ["api/", "nothing/"])
async def test_another_server_is_not_taken_for_slack(slack: Slack, path: str) -> None:
    slack.answers["auth.test"] = {}
    slack.url = slack.url.replace("api/", path)

    [line] = await found(slack, **TOKENS)

    assert line.startswith("SLACK_API_URL: what answers there is not Slack: HTTP ")


async def test_slack_cannot_be_reached(slack: Slack) -> None:
    slack.url = "http://127.0.0.1:1/api/"

    [line] = await found(slack, **TOKENS)

    assert line.startswith("SLACK_API_URL: Slack cannot be reached: ")
