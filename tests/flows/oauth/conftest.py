"""The product for many workspaces behind its HTTP door, with a double of Slack at the other end."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.fernet import Fernet

from app import manifest
from bot.knowledge import Knowledge
from bot.office import Office
from handlers.clients import slack_client
from handlers.http import add_slack_routes
from handlers.oauth.grants import OAuthApp
from handlers.oauth.routes import INSTALL, REDIRECT, STATE_COOKIE, InstallRoutes
from handlers.oauth.tokens import Tokens
from handlers.product import Product
from storage.database import Database
from storage.vault import Vault
from tests.conftest import SettableClock
from tests.patience import be_patient
from tests.signing import signed
from tests.slack_double import SlackDouble, running_slack_double

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
KEY = Fernet.generate_key().decode()
KEEP_DAYS = 30
HALF_A_DAY = 43_200


def granted(workspace: str, token: str, **more: Any) -> dict[str, Any]:
    """What oauth.v2.access answers for one workspace."""
    return {
        "app_id": "A0GUIDE",
        "token_type": "bot",
        "access_token": token,
        "scope": ",".join(manifest().scopes),
        "bot_user_id": "U0BOT",
        "authed_user": {"id": "U0ADMIN"},
        "team": {"id": workspace, "name": f"Team {workspace}"},
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


@dataclass
class House:
    """One replica: its door, and what stands behind it."""

    door: TestClient[web.Request, web.Application]
    slack: SlackDouble
    product: Product
    tokens: Tokens
    database: Database
    clock: SettableClock

    async def opens_install_page(self, **headers: str) -> tuple[ClientResponse, str, dict[str, str]]:
        """The page, the state that it sends to Slack, and the cookie that it leaves."""
        response = await self.door.get(INSTALL, headers=headers)
        link = (await response.text()).split('href="')[1].split('"')[0].replace("&amp;", "&")
        state = parse_qs(urlsplit(link).query)["state"][0]
        return response, state, {"Cookie": f"{STATE_COOKIE}={response.cookies[STATE_COOKIE].value}"}

    async def comes_back(self, cookie: dict[str, str], **query: str) -> ClientResponse:
        return await self.door.get(REDIRECT, params=query, headers=cookie)

    async def installs(self, workspace: str, token: str, **more: Any) -> ClientResponse:
        """From the page to the end, as Slack and a browser do it."""
        self.slack.answers["oauth.v2.access"] = granted(workspace, token, **more)
        _, state, cookie = await self.opens_install_page()
        return await self.comes_back(cookie, state=state, code="c0de")

    async def receives(self, body: str, content_type: str) -> ClientResponse:
        headers = signed(body.encode(), content_type, secret=SECRET)
        response = await self.door.post("/slack/events", data=body, headers=headers)
        await self.product.idle()
        return response

    async def command(self, workspace: str, text: str, **more: str) -> ClientResponse:
        fields = {
            "team_id": workspace,
            "channel_id": "C0PG",
            "user_id": "U0MINJI",
            "command": "/계약",
            "text": text,
            "trigger_id": "1.2.3",
            "response_url": f"{self.slack.url}/api/response",
            **more,
        }
        return await self.receives(urlencode(fields), "application/x-www-form-urlencoded")

    async def event(self, workspace: str | None, event: dict[str, Any], **more: Any) -> ClientResponse:
        body = {
            "type": "event_callback",
            "team_id": workspace,
            "event_id": f"Ev{time.perf_counter_ns()}",
            "event_time": int(self.clock.now().timestamp()),
            "event": event,
            **more,
        }
        return await self.receives(json.dumps(body), "application/json")

    def rows(self, query: str) -> list[Any]:
        with self.database.reading() as session:
            return list(session.connection().exec_driver_sql(query).scalars())


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with running_slack_double() as double:
        double.answers["auth.test"] = {"bot_id": "B0BOT", "user_id": "U0BOT"}
        double.answers["users.info"] = lambda asked: {
            "user": {"id": asked["user"], "team_id": asked.get("team_id"), "name": "minji", "locale": "ko-KR"}
        }
        double.answers["chat.postMessage"] = {"ts": "1.1", "channel": "C0PG"}
        yield double


@pytest.fixture
def database_url_of_house(sqlite_url: str) -> str:
    """A module whose promises rest on the database overrides this with `database_url`."""
    return sqlite_url


@pytest.fixture
async def house(
    database_url_of_house: str, knowledge: Knowledge, clock: SettableClock, slack: SlackDouble
) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await build_house(database_url_of_house, knowledge, clock, slack, stack)


async def build_house(
    url: str, knowledge: Knowledge, clock: SettableClock, slack: SlackDouble, stack: AsyncExitStack
) -> House:
    database = stack.enter_context(Database(url))
    office = Office(knowledge.procedures, clock)
    tokens = Tokens(database, clock, Vault([KEY]), OAuthApp("1.2", "c1ient-secret", slack.api_url))
    client = slack_client(None, slack.api_url)
    product = Product(knowledge, office, database, client, signing_secret=SECRET, tokens=tokens)
    be_patient(product.routes)
    server = web.Application()
    add_slack_routes(server, product.app, SECRET)
    routes = InstallRoutes(tokens, database, clock, knowledge.texts, scopes=manifest().scopes, keep_days=KEEP_DAYS)
    routes.add_to(server)
    door = await stack.enter_async_context(TestClient(TestServer(server)))
    stack.push_async_callback(product.idle)
    return House(door, slack, product, tokens, database, clock)


def expires(moment: datetime) -> int:
    return int(moment.timestamp())
