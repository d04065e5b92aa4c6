"""HTTP mode: signed requests from Slack, and the questions of whoever runs us."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from app import MANIFEST
from bot.knowledge import Knowledge
from bot.localslack.clock import FrozenClock
from bot.localslack.server import LocalSlack
from bot.office import Office
from handlers.clients import slack_client
from handlers.http import add_slack_routes
from handlers.operators import add_operator_routes
from handlers.product import Product
from storage.database import Database
from tests.patience import be_patient
from tests.scene import MONDAY_MORNING
from tests.signing import signed

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Door:
    """Slack's requests, signed as Slack signs them, at the product's HTTP door."""

    def __init__(self, client: TestClient[web.Request, web.Application], slack: LocalSlack, product: Product) -> None:
        self.client, self.slack, self.product = client, slack, product

    async def receives(self, body: str, *, content_type: str, secret: str = SECRET, age: int = 0) -> Any:
        headers = signed(body.encode(), content_type, secret=secret, age=age)
        return await self.client.post("/slack/events", data=body, headers=headers)

    async def receives_command(self, text: str, **how: Any) -> Any:
        minji = self.slack.person("김민지")
        fields = {
            "token": "t",
            "team_id": self.slack.team_id,
            "team_domain": "momo",
            "channel_id": self.slack.channel("pg-계약").id,
            "channel_name": "pg-계약",
            "user_id": minji.id,
            "user_name": "minji",
            "command": "/계약",
            "text": text,
            "api_app_id": "A0LOCAL",
            "trigger_id": "1.2.3",
            "response_url": "http://127.0.0.1:1/nobody",
        }
        return await self.receives(urlencode(fields), content_type="application/x-www-form-urlencoded", **how)


@pytest.fixture
async def door(sqlite_url: str, knowledge: Knowledge) -> AsyncIterator[Door]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(LocalSlack(MANIFEST, clock=FrozenClock(MONDAY_MORNING)))
        database = stack.enter_context(Database(sqlite_url))
        client = slack_client(slack.bot_token, slack.api_url)
        office = Office(knowledge.procedures, slack.clock)
        product = Product(knowledge, office, database, client, signing_secret=SECRET)
        be_patient(product.routes)
        server = web.Application()
        add_slack_routes(server, product.app, SECRET)
        add_operator_routes(server, product.missing, product.metrics_text)
        http = await stack.enter_async_context(TestClient(TestServer(server)))
        yield Door(http, slack, product)
        await product.idle()


async def test_a_signed_event_is_answered(door: Door) -> None:
    channel = door.slack.channel("pg-계약")
    asked = await door.slack.person("김민지").says(channel, "<@U0BOT> 심사 얼마나 걸려요?")
    event = {
        "type": "event_callback",
        "team_id": door.slack.team_id,
        "event_id": "Ev1",
        "authorizations": [{"team_id": door.slack.team_id, "user_id": "U0BOT", "is_bot": True}],
        "event": {
            "type": "app_mention",
            "user": door.slack.person("김민지").id,
            "text": asked.raw["text"],
            "ts": asked.ts,
            "channel": channel.id,
        },
    }
    for _ in range(3):
        response = await door.receives(json.dumps(event), content_type="application/json")
        assert response.status == 200

    await door.slack.until(lambda: len(channel.thread(asked.ts)) > 1, what="the answer")
    await door.product.idle()
    assert len([message for message in channel.thread(asked.ts) if "2주" in message.text]) == 1


async def test_slack_may_check_the_address(door: Door) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c0ffee", "token": "t"})

    response = await door.receives(body, content_type="application/json")

    assert (response.status, (await response.text()).strip('"')) == (200, "c0ffee") or "c0ffee" in await response.text()


@pytest.mark.parametrize("how", [{"secret": "somebody else's"}, {"age": 400}])
async def test_a_forged_or_old_request_is_refused_and_changes_nothing(door: Door, how: dict[str, Any]) -> None:
    response = await door.receives_command("시작", **how)

    assert response.status == 401
    await door.product.idle()
    assert door.slack.channel("pg-계약").messages == []


async def test_a_signed_command_is_acknowledged(door: Door) -> None:
    response = await door.receives_command("도움말")

    assert response.status == 200


@pytest.mark.parametrize("body", ["", "{", "null", '{"type": "event_callback"}', "payload=%7B", "가" * 1000])
async def test_a_torn_payload_is_no_server_error(door: Door, body: str) -> None:
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        response = await door.receives(body, content_type=content_type)

        assert response.status < 500, await response.text()


@pytest.mark.parametrize(
    "part", [{"item": {"channel": 5}}, {"message": {"user": 5}}, {"assistant_thread": {"channel": 5}}]
)
async def test_an_event_in_which_bolt_stumbles_is_no_server_error(door: Door, part: dict[str, Any]) -> None:
    event = {"type": "reaction_added", **part}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})

    response = await door.receives(body, content_type="application/json")

    assert response.status == 400, await response.text()


async def test_health_is_about_the_process_and_ready_about_its_work(door: Door) -> None:
    assert (await door.client.get("/health")).status == 200

    not_swept = await door.client.get("/ready")
    assert (not_swept.status, (await not_swept.json())["missing"]) == (503, "sweep")

    await door.product.sweep.tick()
    assert (await door.client.get("/ready")).status == 200


async def test_a_database_that_is_behind_is_not_ready(door: Door) -> None:
    await door.product.sweep.tick()
    with door.product.database.engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = 'old'")

    response = await door.client.get("/ready")

    assert (response.status, (await response.json())["missing"]) == (503, "migrations")
