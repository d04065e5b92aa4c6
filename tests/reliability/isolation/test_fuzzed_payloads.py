"""Ten thousand torn payloads through the product's HTTP door: no server error, no traceback, no row of anybody else's.

The same ones in every run; `FUZZ=1` (or any number) tries others.
"""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec
from urllib.parse import quote, urlsplit

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
from bot.pictures import timeline
from bot.pictures.timeline import Picture
from handlers import http
from handlers.clients import slack_client
from handlers.http import LARGEST_REQUEST, add_slack_routes
from handlers.oauth.grants import OAuthApp
from handlers.oauth.routes import REDIRECT, STATE_COOKIE, InstallRoutes
from handlers.oauth.tokens import Tokens
from handlers.product import Product
from storage.contracts import remember_status_message
from storage.database import Database
from storage.history import history_of
from storage.nudges import nudges_of_contract
from storage.tables import Question
from storage.vault import Vault
from storage.workspace_settings import add_managers
from tests.conftest import address_of, new_postgres_database
from tests.patience import be_patient
from tests.reliability.isolation import fuzzing
from tests.reliability.isolation.fuzzing import BOSS, MEMBER, OTHER, Sent
from tests.reliability.isolation.payloads import SHORTCUTS, forms, presses
from tests.reliability.isolation.stage import Known
from tests.scene import MONDAY_MORNING
from tests.signing import signed
from tests.team import CHANNEL, MINJI, WORKSPACE, Team

PAYLOADS, ON_POSTGRESQL, PARTS, BATCH = 10_000, 1_000, 3, 50
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
OWN = frozenset({"inbox", "question", "suggestion", "muted_person"})
"""What anybody of the workspace may write: that something came, what they asked, what they say of the answer, quiet."""
_WRITES = re.compile(r"^\s*(?:insert into|update|delete from)\s+\"?(\w+)", re.IGNORECASE)

FUZZED = hypothesis.settings(
    max_examples=(PAYLOADS - ON_POSTGRESQL) // PARTS // BATCH,
    deadline=None,
    database=None,
    phases=[Phase.generate],
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
    if method == "files.getUploadURLExternal":
        return {"ok": False, "error": "missing_scope"}
    if method == "auth.test":
        return {"ok": True, "team_id": WORKSPACE, "team": "모모", "user_id": "U0BOT", "bot_id": "B0BOT"}
    return {"ok": True, "ts": "1.1", "channel": CHANNEL, "permalink": "https://slack.example/p", "messages": []}


@dataclass
class Door:
    """The product behind signed HTTP, and what must not happen there."""

    client: TestClient[web.Request, web.Application]
    product: Product
    genuine: list[tuple[str, dict[str, Any], bool]] = field(repr=False)
    written: set[str] = field(default_factory=set)
    logged: list[str] = field(default_factory=list)
    _events: int = 0

    def next_event_id(self) -> str:
        self._events += 1
        return f"Ev{self._events}"

    async def receives(self, sent: Sent) -> int:
        return await self.receives_with(signed(sent.body, sent.content_type, secret=SECRET), sent.body)

    async def receives_signed(self, stamp: str, signature: str, body: bytes) -> int:
        headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature}
        return await self.receives_with({"content-type": fuzzing.JSON, **headers}, body)

    async def receives_with(self, headers: dict[str, str], body: bytes) -> int:
        async with self.client.post("/slack/events", data=io.BytesIO(body), headers=headers) as response:
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
def scripted_slack() -> Iterator[None]:
    async def answer(*, api_url: str, req_args: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"data": slack_says(api_url, req_args), "headers": {}, "status_code": 200}

    asked = create_autospec(async_base_client._request_with_session, side_effect=answer)
    picture = create_autospec(timeline.timeline_picture, return_value=Picture(b"png", "drawn elsewhere"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline, "timeline_picture", picture)
        patch.setattr(async_base_client, "_request_with_session", asked)
        yield


@pytest.fixture(scope="module")
async def door(
    request: pytest.FixtureRequest,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    knowledge: Knowledge,
    scripted_slack: None,
) -> AsyncIterator[Door]:
    """On the engine that the test names, or on SQLite."""
    clock = FrozenClock(MONDAY_MORNING.astimezone(UTC))
    async with AsyncExitStack() as stack:
        if getattr(request, "param", "sqlite") == "sqlite":
            url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('door'))}"
        else:
            admin, template = request.getfixturevalue("postgres_template")
            url = address_of(admin, stack.enter_context(new_postgres_database(admin, template)))
        database = stack.enter_context(Database(url))
        office = Office(knowledge.procedures, clock)
        known = _known(database, office)
        product = Product(
            knowledge, office, database, slack_client("xoxb-fuzz", "https://slack.invalid/api/"), signing_secret=SECRET
        )
        be_patient(product.routes)
        server = web.Application(client_max_size=LARGEST_REQUEST)
        add_slack_routes(server, product.app, SECRET)
        tokens = Tokens(
            database, clock, Vault([Fernet.generate_key().decode()]), OAuthApp("1.2", "s", "https://slack.invalid/api/")
        )
        InstallRoutes(tokens, database, clock, knowledge.texts, scopes=["commands"], keep_days=30).add_to(server)
        server.router.add_post("/response", _take_answer)
        client = await stack.enter_async_context(TestClient(TestServer(server)))
        door = Door(
            client,
            product,
            fuzzing.payloads(
                {"presses": presses(known), "forms": forms(known), "shortcuts": SHORTCUTS},
                response_url=str(client.make_url("/response")),
            ),
        )
        if not database.has_shared_clock:
            event.listen(database.engine, "connect", _without_waiting_for_the_disk)
        event.listen(database.engine, "after_cursor_execute", _noting(door.written))
        gc.collect()  # what other tests have left behind is not said here
        logs = Logged(door.logged)
        logging.getLogger().addHandler(logs)
        stack.callback(logging.getLogger().removeHandler, logs)
        yield door
        await product.idle()


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("pragma synchronous = off")


async def _take_answer(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _known(database: Database, office: Office) -> Known:
    team = Team(database, office)
    team.starts()
    team.finishes("application", "guidance")
    where = {"workspace_id": WORKSPACE, "contract_id": team.contract_id}
    with database.writing() as session:
        add_managers(session=session, workspace_id=WORKSPACE, user_ids=[BOSS], added_by=BOSS, now=office.now())
        remember_status_message(session=session, **where, ts="1.1", digest="x")
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
    def note(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found = _WRITES.match(statement)
        # The row of a workspace that says hello for the first time is everybody's to write.
        greets = statement.lower().startswith("insert into workspace ")
        if found and cursor.rowcount > 0 and found[1] not in OWN and not greets and OTHER not in str(parameters):
            written.add(statement)

    return note


TORN = st.tuples(st.integers(0, 10_000), st.lists(fuzzing.TEAR, max_size=2))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
@THESE
@FUZZED
@given(batch=st.lists(TORN, min_size=BATCH, max_size=BATCH))
async def test_a_torn_payload_is_refused_and_writes_nothing(
    door: Door, part: int, batch: list[tuple[int, list[Any]]]
) -> None:
    await _refuses(door, door.genuine[part::PARTS], batch)


async def _refuses(
    door: Door, genuine_ones: Sequence[tuple[str, dict[str, Any], bool]], batch: list[tuple[int, list[Any]]]
) -> None:
    kinds, sent = [], []
    for number, tears in batch:
        kind, genuine, is_form = genuine_ones[number % len(genuine_ones)]
        payload = fuzzing.torn(genuine, tears)
        if payload.get("event_id") == fuzzing.EVENT_ID:  # the same one would be taken once only
            payload["event_id"] = door.next_event_id()
        kinds.append(kind)
        sent.append(fuzzing.as_sent(payload, is_form=is_form))
    statuses = await asyncio.gather(*(door.receives(one) for one in sent))
    await door.product.idle()

    assert [pair for pair in zip(kinds, statuses, strict=True) if pair[1] >= 500] == []
    assert door.logged == []
    assert door.written == set()


BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"", b"{", b"[]", b"null", b"payload=", b"payload=%7B", b"payload=[]", b"a=1&" * 200, b"\xff\xfe"]
    ),
    st.text(max_size=60).map(lambda text: text.encode()),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=9
    )
    .map(json.dumps)
    .map(str.encode),
)
TYPES = st.sampled_from([fuzzing.JSON, fuzzing.FORM, "text/plain", "multipart/form-data; boundary=x", ""])


@THESE
@hypothesis.settings(FUZZED, max_examples=20)
@given(batch=st.lists(st.tuples(BODIES, TYPES), min_size=BATCH, max_size=BATCH))
async def test_a_body_that_is_no_payload_at_all(door: Door, batch: list[tuple[bytes, str]]) -> None:
    statuses = await asyncio.gather(*(door.receives(Sent(body, kind)) for body, kind in batch))

    assert set(statuses) <= {400, 401}, "signed, but no text at all, counts as unsigned"
    assert (door.logged, door.written) == ([], set())


HEADERS = st.one_of(
    st.just(""),
    st.integers(-(10**12), 10**12).map(str),
    st.sampled_from(["nan", "1e9", "٣", "1" * 5000, "v0=", "v0=" + "0" * 64, "v0=\u00e9", "v1=x"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126) | st.characters(min_codepoint=161, max_codepoint=255)),
)


@THESE
@hypothesis.settings(FUZZED, max_examples=20)
@given(batch=st.lists(st.tuples(HEADERS, HEADERS, BODIES), min_size=BATCH, max_size=BATCH))
async def test_nothing_is_read_before_its_signature(door: Door, batch: list[tuple[str, str, bytes]]) -> None:
    read = create_autospec(http.read_payload)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http, "read_payload", read)
        statuses = await asyncio.gather(*(door.receives_signed(*one) for one in batch))

    assert set(statuses) == {401}
    read.assert_not_called()
    assert (door.logged, door.written) == ([], set())


async def test_a_body_that_is_too_long_is_not_even_signed_for(door: Door) -> None:
    assert await door.receives(Sent(b"x" * (LARGEST_REQUEST + 1), fuzzing.JSON)) == 413


QUERIES = st.dictionaries(
    st.sampled_from(["code", "state", "error", "x"]),
    st.text(max_size=20) | st.sampled_from(fuzzing.HOSTILE[:6]),
    max_size=4,
)


@THESE
@hypothesis.settings(FUZZED, max_examples=20)
@given(
    batch=st.lists(st.tuples(QUERIES, st.text(st.characters(codec="latin-1"), max_size=20)), min_size=25, max_size=25)
)
async def test_nobody_comes_back_from_an_installation_that_did_not_begin(
    door: Door, batch: list[tuple[dict[str, str], str]]
) -> None:
    async def comes_back(query: dict[str, str], cookie: str) -> int:
        address = door.client.make_url(REDIRECT).update_query(query)
        headers = {"Cookie": f"{STATE_COOKIE}={quote(cookie, errors='replace')}"}
        async with door.client.session.get(address, headers=headers) as response:
            assert "script" not in await response.text()
            return response.status

    assert set(await asyncio.gather(*(comes_back(*one) for one in batch))) == {400}
    assert (door.logged, door.written) == ([], set())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("door", ["postgresql"], indirect=True)
@THESE
@hypothesis.settings(FUZZED, max_examples=ON_POSTGRESQL // BATCH)
@given(batch=st.lists(TORN, min_size=BATCH, max_size=BATCH))
async def test_torn_payloads_on_postgresql(door: Door, batch: list[tuple[int, list[Any]]]) -> None:
    """Which takes no NUL in a text, and fewer numbers for one."""
    await _refuses(door, door.genuine, batch)
