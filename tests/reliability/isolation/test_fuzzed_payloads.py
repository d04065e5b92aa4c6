"""Ten thousand torn payloads through the product's HTTP door: no server error, no traceback, no row of anybody else's.

The same ones in every run; `FUZZ=1` (or any number) tries others.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from unittest.mock import create_autospec
from urllib.parse import urlsplit

import hypothesis
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from slack_sdk.web import async_base_client
from sqlalchemy import event

from bot.knowledge import Knowledge
from bot.localslack.clock import FrozenClock
from bot.office import Office
from handlers.clients import slack_client
from handlers.http import LARGEST_REQUEST, add_slack_routes
from handlers.oauth.grants import OAuthApp
from handlers.oauth.routes import InstallRoutes
from handlers.oauth.tokens import Tokens
from handlers.product import Product
from storage.database import Database
from storage.history import history_of
from storage.nudges import nudges_of_contract
from storage.tables import Question
from storage.vault import Vault
from storage.workspace_settings import add_managers
from tests.reliability.isolation import fuzzing
from tests.reliability.isolation.fuzzing import BOSS, MEMBER, Sent
from tests.reliability.isolation.payloads import SHORTCUTS, forms, presses
from tests.reliability.isolation.stage import Known
from tests.scene import MONDAY_MORNING
from tests.team import CHANNEL, MINJI, WORKSPACE, Team

PAYLOADS, BATCH = 10_000, 50
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
OWN = frozenset({"inbox", "question", "suggestion", "muted_person"})
"""What anybody of the workspace may write: that something came, what they asked, what they say of the answer, quiet."""
_WRITES = re.compile(r"^\s*(?:insert into|update|delete from)\s+\"?(\w+)", re.IGNORECASE)

FUZZED = hypothesis.settings(
    max_examples=PAYLOADS // BATCH,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
THESE = hypothesis.seed(int(os.environ.get("FUZZ", "0")))


def slack_says(url: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Of people and channels what is true of this workspace, and yes to everything else."""
    method, asked = (
        urlsplit(url).path.rsplit("/", 1)[-1],
        {**(arguments.get("data") or {}), **(arguments.get("params") or {})},
    )
    if method == "users.info":
        user = {"id": asked.get("user"), "team_id": WORKSPACE, "locale": "ko-KR", "real_name": "아무개"}
        if asked.get("user") not in {MEMBER, BOSS, MINJI}:
            return {"ok": False, "error": "user_not_found"}
        return {"ok": True, "user": user}
    if method == "users.conversations":
        return {"ok": True, "channels": []}
    if method == "conversations.info":
        return {"ok": True, "channel": {"id": asked.get("channel"), "is_member": False}}
    if method == "auth.test":
        return {"ok": True, "team_id": WORKSPACE, "team": "모모", "user_id": "U0BOT", "bot_id": "B0BOT"}
    return {"ok": True, "ts": "1.1", "channel": CHANNEL, "permalink": "https://slack.example/p", "messages": []}


@dataclass
class Door:
    """The product behind signed HTTP, and what must not happen there."""

    client: TestClient[web.Request, web.Application]
    product: Product
    genuine: list[tuple[str, dict[str, Any], bool]]
    written: set[str] = field(default_factory=set)
    logged: list[str] = field(default_factory=list)

    async def receives(self, sent: Sent) -> int:
        stamp = str(int(time.time()))
        signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + sent.body, hashlib.sha256).hexdigest()
        headers = {
            "content-type": sent.content_type,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={signature}",
        }
        async with self.client.post("/slack/events", data=sent.body, headers=headers) as response:
            await response.read()
            return response.status


class Logged(logging.Handler):
    """Errors and tracebacks, as they would stand in the log."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self._found.append(logging.Formatter().format(record))


@pytest.fixture(scope="module")
def module_patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
async def door(stage_file: Any, knowledge: Knowledge, module_patch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    async def answer(*, api_url: str, req_args: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"data": slack_says(api_url, req_args), "headers": {}, "status_code": 200}

    spied = create_autospec(async_base_client._request_with_session, side_effect=answer)
    module_patch.setattr(async_base_client, "_request_with_session", spied)
    clock = FrozenClock(MONDAY_MORNING.astimezone(UTC))
    async with AsyncExitStack() as stack:
        database = stack.enter_context(Database(f"sqlite:///{stage_file}"))
        office = Office(knowledge.procedures, clock)
        known = _known(database, office)
        product = Product(
            knowledge, office, database, slack_client("xoxb-fuzz", "https://slack.invalid/api/"), signing_secret=SECRET
        )
        server = web.Application(client_max_size=LARGEST_REQUEST)
        add_slack_routes(server, product.app, SECRET)
        tokens = Tokens(
            database, clock, Vault([Fernet.generate_key().decode()]), OAuthApp("1.2", "s", "https://slack.invalid/api/")
        )
        InstallRoutes(tokens, database, clock, knowledge.texts, scopes=["commands"], keep_days=30).add_to(server)
        client = await stack.enter_async_context(TestClient(TestServer(server)))
        door = Door(
            client,
            product,
            fuzzing.payloads({"presses": presses(known), "forms": forms(known), "shortcuts": SHORTCUTS}),
        )
        event.listen(database.engine, "after_cursor_execute", _noting(door.written))
        logs = Logged(door.logged)
        logging.getLogger().addHandler(logs)
        stack.callback(logging.getLogger().removeHandler, logs)
        yield door
        await product.idle()


def _known(database: Database, office: Office) -> Known:
    team = Team(database, office)
    team.starts()
    team.finishes("application", "guidance")
    where = {"workspace_id": WORKSPACE, "contract_id": team.contract_id}
    with database.writing() as session:
        add_managers(session=session, workspace_id=WORKSPACE, user_ids=[BOSS], added_by=BOSS, now=office.now())
        rows = nudges_of_contract(session=session, **where)
        changes = tuple(row.change_id for row in reversed(history_of(session=session, **where)))
        question = Question(
            workspace_id=WORKSPACE,
            channel_id=CHANNEL,
            user_id=MINJI,
            asked_at=office.now(),
            text="x",
            outcome="answer",
            topic="review.duration",
        )
        session.add(question)
        session.flush()
        posted = next(row.id for row in rows if row.step_id == "paperwork")
        lost = next(row.id for row in rows if row.rule_id == "weekly_digest")
        return Known(team.state, posted or 0, lost or 0, changes, question.id or 0, MINJI)


def _noting(written: set[str]) -> Any:
    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        found = _WRITES.match(statement)
        # The row of a workspace that says hello for the first time is everybody's to write.
        greets = statement.lower().startswith("insert into workspace ")
        if found and cursor.rowcount > 0 and found[1] not in OWN and not greets:
            written.add(statement)

    return note


TORN = st.tuples(st.integers(0, 10_000), st.lists(fuzzing.TEAR, max_size=3))


@THESE
@FUZZED
@given(batch=st.lists(TORN, min_size=BATCH, max_size=BATCH))
async def test_a_torn_payload_is_refused_and_writes_nothing(door: Door, batch: list[tuple[int, list[Any]]]) -> None:
    for number, tears in batch:
        kind, genuine, is_form = door.genuine[number % len(door.genuine)]
        payload = fuzzing.torn(genuine, tears)
        if payload.get("event_id") == genuine.get("event_id"):
            payload |= {"event_id": f"Ev{time.monotonic_ns()}"} if "event_id" in payload else {}
        status = await door.receives(fuzzing.as_sent(payload, is_form=is_form))
        await door.product.idle()

        assert status < 500, kind
        assert door.logged == [], kind
        assert door.written == set(), kind
