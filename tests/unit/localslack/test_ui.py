"""The page's API: its contract with the page, and its guard against other pages."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import LocalSlack
from tests.unit.localslack.conftest import Install, actions, button, impatiently, modal, section, text_field

Answer = dict[str, Any]
MINJI, JUNHO = "U00000001", "U00000002"


class Window:
    """One person's browser window."""

    def __init__(self, session: aiohttp.ClientSession, url: str, user: str = MINJI) -> None:
        self._session = session
        self._url = url
        self._user = user

    async def get(self, path: str, **query: str) -> Answer:
        async with self._session.get(f"{self._url}/ui/{path}", params={"as": self._user, **query}) as response:
            assert response.status == 200
            return dict(await response.json())

    async def post(self, path: str, **body: Any) -> Answer:
        async with self._session.post(f"{self._url}/ui/{path}", json={"as": self._user, **body}) as response:
            assert response.status == 200
            return dict(await response.json())


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def minji(slack: LocalSlack, session: aiohttp.ClientSession) -> Window:
    return Window(session, slack.url)


@pytest.fixture
def junho(slack: LocalSlack, session: aiohttp.ClientSession) -> Window:
    return Window(session, slack.url, JUNHO)


async def test_the_state_holds_what_the_contract_promises(minji: Window) -> None:
    state = await minji.get("state")

    assert state["ok"]
    assert state["me"] == MINJI
    assert state["app"]["commands"][0]["command"] == "/계약"
    assert [word["word"] for word in state["app"]["command_words"]["/계약"]] == ["시작", "현황", "완료"]
    assert [(each["name"], each["kind"], each["is_member"], each["bot_in"]) for each in state["channels"]] == [
        ("길잡이", "im", True, True),
        ("pg-계약", "channel", True, True),
        ("일반", "channel", True, False),
    ]
    assert state["channels"][0]["with"] == "U0BOT"
    assert {person["real_name"] for person in state["people"]} == {"길잡이", "김민지", "박준호", "이소라", "Emma Clark"}
    assert state["prompts"][state["app"]["dm"]]["prompts"][0]["title"] == "순서"
    assert state["clock"]["zone"] == "Asia/Seoul"


async def test_nobody_sees_another_ones_things(slack: LocalSlack, minji: Window, junho: Window) -> None:
    await slack.person("박준호").dm("비밀 질문")
    secret = await slack.person("박준호").says("개발", "비공개 글")
    dm = (await junho.get("state"))["app"]["dm"]

    names = [channel["name"] for channel in (await minji.get("state"))["channels"]]

    assert "개발" not in names
    assert len(names) == 3
    for channel in (dm, secret.channel_id):
        assert (await minji.get("messages", channel=channel))["error"] == "channel_not_found"
        refused = await minji.post("say", channel=channel, text="들어가기")
        assert (refused["ok"], refused["error"]) == (False, "channel_not_found")
        assert "볼 수 없습니다" in refused["message"]


async def test_tokens_are_nowhere_in_the_page(
    slack: LocalSlack, minji: Window, app: AsyncApp, install: Install, client: AsyncWebClient
) -> None:
    await install(app)
    await client.chat_postMessage(channel="#pg-계약", text="글")

    everything = [await minji.get(path) for path in ("state", "log", "about")]

    for secret in (slack.bot_token, slack.app_token, "ticket="):
        assert secret not in json.dumps(everything)


async def test_what_is_said_is_read_by_others_and_counted_as_unread(minji: Window, junho: Window) -> None:
    channel = (await minji.get("state"))["channels"][1]["id"]

    said = await minji.post("say", channel=channel, text="<@U00000002> 서류 됐어요?")
    await junho.post("say", channel=channel, text="네", thread_ts=said["ts"])

    messages = (await minji.get("messages", channel=channel))["messages"]
    thread = (await minji.get("messages", channel=channel, thread=said["ts"]))["messages"]
    assert [message["reply_count"] for message in messages] == [1]
    assert [message["text"] for message in thread] == ["<@U00000002> 서류 됐어요?", "네"]
    assert [each["unread"] for each in (await junho.get("state"))["channels"] if each["id"] == channel] == [0]
    emma_sees = await junho.post("react", channel=channel, ts=said["ts"], name="tada")
    assert emma_sees["ok"]
    assert (await minji.get("messages", channel=channel))["messages"][0]["reactions"] == [
        {"name": "tada", "users": [JUNHO], "count": 1}
    ]


async def test_a_command_answers_at_once_and_its_outcome_arrives(
    slack: LocalSlack, minji: Window, app: AsyncApp, install: Install
) -> None:
    @app.command("/계약")
    async def on_command(ack: Any) -> None:
        await ack("현황입니다")

    await install(app)
    channel = slack.channel("pg-계약").id

    assert await minji.post("command", channel=channel, command="/계약", text="현황") == {"ok": True}
    await slack.until(lambda: slack.person("김민지").sees("pg-계약"))

    messages = (await minji.get("messages", channel=channel))["messages"]
    assert [(message["text"], message["ephemeral"]) for message in messages] == [("현황입니다", True)]
    in_thread = await minji.post("command", channel=channel, command="/계약", thread_ts="1.0")
    assert in_thread["error"] == "not_in_thread"
    assert (await minji.post("command", channel=channel, command="/nope"))["error"] == "unknown_command"


@impatiently
async def test_a_button_nobody_hears_leaves_a_notice(
    slack: LocalSlack, minji: Window, app: AsyncApp, install: Install, client: AsyncWebClient
) -> None:
    await install(app)
    posted = await client.chat_postMessage(channel="#pg-계약", text="글", blocks=[actions(button("완료"))])
    where = {"channel": posted["channel"], "ts": posted["ts"]}

    answer = await minji.post("action", where=where, block_id="actions", action_id="press", value={})

    assert answer == {"ok": True, "handled": False}
    assert "'완료': 앱이 3초 안에 응답하지 않았습니다" in (await minji.get("state"))["notices"][-1]["message"]


async def test_a_form_through_the_page(slack: LocalSlack, minji: Window, app: AsyncApp, install: Install) -> None:
    @app.command("/계약")
    async def on_command(ack: Any, body: Answer, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_field()))
        await ack()

    @app.view("form")
    async def on_submit(ack: Any) -> None:
        await ack(response_action="errors", errors={"name": "이미 있습니다"})

    await install(app)
    await minji.post("command", channel=slack.channel("pg-계약").id, command="/계약")
    await slack.until(lambda: slack.person("김민지").modal)
    view = (await minji.get("state"))["modals"][0]
    values = {"name": {"value": {"type": "plain_text_input", "value": "모모상점"}}}

    empty = await minji.post("submit", view=view["id"], state={"values": {}})
    taken = await minji.post("submit", view=view["id"], state={"values": values})
    closed = await minji.post("close", view=view["id"], clear=False)

    assert empty["errors"] == {"name": "필수 항목입니다."}
    assert (taken["error"], taken["errors"]) == ("errors", {"name": "이미 있습니다"})
    assert closed["ok"]
    assert (await minji.get("state"))["modals"] == []


async def test_the_clock_through_the_page(slack: LocalSlack, minji: Window) -> None:
    start = slack.clock.now().timestamp()

    by = await minji.post("clock", by=3600)
    tomorrow = await minji.post("clock", to="tomorrow 09:30")
    then = await minji.post("clock", to="2026-11-27T09:30")

    assert by["epoch"] == start + 3600
    assert tomorrow["epoch"] == start + 24 * 3600, "the morning is 09:30 in Seoul"
    assert then["epoch"] == start + 3 * 24 * 3600
    for body, error in (
        ({"by": -1}, "time_in_past"),
        ({"to": "?"}, "invalid_time"),
        ({"to": "next_due"}, "nothing_due"),
    ):
        assert (await minji.post("clock", **body))["error"] == error
    assert (await minji.post("reset"))["error"] == "not_supported"


async def test_channels_and_people_through_the_page(minji: Window, junho: Window) -> None:
    created = await minji.post("channel", name="새-채널", private=True)
    await minji.post("invite", channel=created["channel"], user=JUNHO)
    person = await minji.post("person", name="hana", real_name="정하나", locale="ko-KR", tz="Asia/Seoul")

    names = {each["name"]: each for each in (await junho.get("state"))["channels"]}
    assert names["새-채널"]["kind"] == "group"
    assert names["새-채널"]["members"] == [MINJI, JUNHO]
    assert person["user"] in {each["id"] for each in (await junho.get("state"))["people"]}
    assert (await minji.post("channel", name="새-채널"))["error"] == "name_taken"
    assert (await minji.post("person", name="x", tz="Nowhere/Land"))["error"] == "invalid_timezone"


async def test_trouble_through_the_page(slack: LocalSlack, minji: Window, client: AsyncWebClient) -> None:
    await minji.post("trouble", method="chat.postMessage", error="fatal_error", times=2)
    assert (await minji.get("state"))["failing"]["chat.postMessage"]["times"] == 2

    await minji.post("trouble", off=True)

    await client.chat_postMessage(channel="#pg-계약", text="글")
    assert (await minji.get("state"))["failing"] == {}


async def test_the_log_continues_where_the_page_left_off(minji: Window, client: AsyncWebClient) -> None:
    await client.auth_test()
    first = (await minji.get("log"))["lines"]
    await client.auth_test()
    later = (await minji.get("log", after=str(first[-1]["n"])))["lines"]

    assert [line["title"] for line in later] == ["auth.test → ok"]
    assert later[0]["kind"] == "api"


async def test_changes_are_told_as_they_happen(slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{slack.url}/ui/events") as events:
        first = json.loads((await events.content.readline()).removeprefix(b"data: "))
        await events.content.readline()
        await slack.person("김민지").says("pg-계약", "바뀜")
        second = json.loads((await events.content.readline()).removeprefix(b"data: "))

    assert second["version"] > first["version"]


async def test_about_names_what_is_not_imitated(minji: Window) -> None:
    about = await minji.get("about")

    assert about["not_imitated"]
    assert "chat.postMessage" in about["methods"]
    assert "slash_commands" in about["manifest"]


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"Host": "evil.example:3000"}, "foreign_host"),
        ({"Host": "127.0.0.1.evil.example"}, "foreign_host"),
        ({"Origin": "http://evil.example"}, "foreign_origin"),
        ({"Origin": "null"}, "foreign_origin"),
        ({"Origin": "http://127.0.0.1:1"}, "foreign_origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "cross_site"),
        ({"Content-Type": "text/plain"}, "wrong_content_type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "wrong_content_type"),
    ],
)
async def test_another_web_page_cannot_drive_the_workspace(
    slack: LocalSlack, session: aiohttp.ClientSession, headers: dict[str, str], error: str
) -> None:
    channel = slack.channel("pg-계약")
    body = json.dumps({"as": MINJI, "channel": channel.id, "text": "남의 글"})
    sent = {"Content-Type": "application/json", **headers}

    async with session.post(f"{slack.url}/ui/say", data=body, headers=sent) as response:
        assert response.status == 403
        assert (await response.json())["error"] == error
    assert channel.messages == []


@pytest.mark.parametrize("path", ["/ui/state", "/", "/files/F1/a.csv"])
async def test_reading_is_guarded_too(slack: LocalSlack, session: aiohttp.ClientSession, path: str) -> None:
    async with session.get(f"{slack.url}{path}", headers={"Host": "evil.example"}) as response:
        assert response.status == 403


async def test_the_page_loads_nothing_from_elsewhere(slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{slack.url}/") as response:
        policy = response.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "script-src" not in policy, "no exception for scripts"


async def test_ones_own_origin_comes_in(slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    url = slack.url.replace("127.0.0.1", "localhost")
    headers = {"Origin": url, "Sec-Fetch-Site": "same-origin", "Host": url.removeprefix("http://")}

    async with session.post(
        f"{slack.url}/ui/read", json={"as": MINJI, "channel": "C00000001"}, headers=headers
    ) as response:
        assert (await response.json())["ok"]


@pytest.mark.parametrize(
    "body", ["{", "[]", json.dumps({"as": MINJI}), json.dumps({"as": MINJI, "channel": 7, "text": []})]
)
async def test_a_torn_request_is_refused_and_changes_nothing(
    slack: LocalSlack, session: aiohttp.ClientSession, body: str
) -> None:
    headers = {"Content-Type": "application/json"}
    async with session.post(f"{slack.url}/ui/say", data=body, headers=headers) as response:
        answer = await response.json()

    assert (response.status, answer["ok"]) == (200, False)
    assert answer["error"] in {"invalid_json", "invalid_arguments", "channel_not_found"}


async def test_a_body_over_a_megabyte_is_refused(slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    body = {"as": MINJI, "channel": slack.channel("pg-계약").id, "text": "x" * 1_050_000}
    sent = io.BytesIO(json.dumps(body).encode())

    headers = {"Content-Type": "application/json"}
    async with session.post(f"{slack.url}/ui/say", data=sent, headers=headers) as response:
        assert (await response.json())["error"] == "body_too_large"
    assert slack.channel("pg-계약").messages == []


async def test_it_serves_on_loopback_only(slack: LocalSlack) -> None:
    with pytest.raises(ValueError, match="loopback"):
        await slack.start(host="0.0.0.0")


async def test_an_app_can_break_nothing_by_posting_markup(minji: Window, client: AsyncWebClient) -> None:
    hostile = '<script>alert(1)</script> " onerror=x'
    posted = await client.chat_postMessage(channel="#pg-계약", text=hostile, blocks=[section(hostile)])

    messages = (await minji.get("messages", channel=posted["channel"]))["messages"]

    assert messages[0]["text"] == hostile, "the page draws text as text"
