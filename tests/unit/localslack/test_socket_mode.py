"""Socket Mode as slack_sdk's own client and Bolt see it: envelopes, deadlines, retries, reconnection."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import LocalSlack, Unheard
from tests.unit.localslack.conftest import Install, actions, button, disconnect, impatiently


def lines(slack: LocalSlack, kind: str) -> list[str]:
    return [line.title for line in slack.log.lines if line.kind == kind]


async def test_an_event_reaches_a_bolt_listener_with_all_its_fields(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    heard: list[dict[str, Any]] = []

    @app.event("message")
    async def on_message(body: dict[str, Any]) -> None:
        heard.append(body)

    await install(app)
    said = await slack.person("김민지").says("pg-계약", "서류 뭐 준비해요? <b>")
    await slack.until(lambda: heard)

    body, event = heard[0], heard[0]["event"]
    assert body["team_id"] == slack.team_id
    assert body["authorizations"][0]["is_bot"] is True
    assert event["text"] == "서류 뭐 준비해요? &lt;b&gt;", "Slack escapes three characters in text"
    assert (event["channel"], event["channel_type"], event["ts"]) == (said.channel_id, "channel", said.ts)
    assert event["event_ts"] == event["ts"]
    assert event["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "서류 뭐 준비해요? <b>"}]
    assert event["client_msg_id"]


async def test_a_first_delivery_carries_retry_number_zero(slack: LocalSlack, app: AsyncApp, install: Install) -> None:
    numbers: list[Any] = []

    @app.middleware
    async def look(req: Any, next: Any) -> None:
        numbers.append(req.headers.get("x-slack-retry-num"))
        await next()

    @app.event("message")
    async def on_message() -> None: ...

    await install(app)
    await slack.person("김민지").says("pg-계약", "안녕하세요")
    await slack.until(lambda: numbers)

    assert numbers == [["0"]]


async def test_a_mention_is_two_events(slack: LocalSlack, app: AsyncApp, install: Install) -> None:
    heard: list[dict[str, Any]] = []

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.append(event)

    @app.event("app_mention")
    async def on_mention(event: dict[str, Any]) -> None:
        heard.append(event)

    await install(app)
    await slack.person("김민지").mentions("pg-계약", "현황")
    await slack.until(lambda: len(heard) == 2)

    by_type = {event["type"]: event for event in heard}
    assert by_type["message"]["ts"] == by_type["app_mention"]["ts"]
    assert "channel_type" in by_type["message"]
    assert "channel_type" not in by_type["app_mention"]


async def test_the_apps_own_message_comes_back_as_an_event(
    slack: LocalSlack, client: AsyncWebClient, install: Install
) -> None:
    heard: list[dict[str, Any]] = []
    app = AsyncApp(client=client, ignoring_self_events_enabled=False)

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.append(event)

    await install(app)
    metadata = {"event_type": "nudge", "event_payload": {"key": "7"}}
    await client.chat_postMessage(channel="#pg-계약", text="알림", metadata=metadata)
    await slack.until(lambda: heard)

    assert heard[0]["bot_profile"]["name"] == "길잡이"
    assert heard[0]["metadata"] == metadata


@impatiently
async def test_an_event_nobody_hears_comes_four_times_and_is_shown(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    await install(app)
    said = await slack.person("김민지").says("pg-계약", "아무도 안 들어요")

    await slack.until(lambda: lines(slack, "unheard"), what="the end of the retries")

    deliveries = [line for line in slack.log.lines if line.kind == "event"]
    assert [line.detail["retry_attempt"] for line in deliveries] == [0, 1, 2, 3]
    assert [line.detail["retry_reason"] for line in deliveries] == ["", "timeout", "timeout", "timeout"]
    assert len({line.detail["payload"]["event_id"] for line in deliveries}) == 1
    assert (said.channel_id, said.ts) in slack.unheard_messages


@impatiently
async def test_a_command_without_listener_times_out_once(slack: LocalSlack, app: AsyncApp, install: Install) -> None:
    await install(app)
    minji = slack.person("김민지")

    outcome = await minji.commands("pg-계약", "/계약", "현황")

    assert outcome.error == "operation_timeout"
    assert "3초 안에 응답하지 않았습니다" in minji.notices[-1]
    assert len(lines(slack, "command")) == 1


async def test_without_any_socket_the_dispatch_fails(slack: LocalSlack) -> None:
    minji = slack.person("김민지")

    outcome = await minji.commands("pg-계약", "/계약", "현황")

    assert outcome.error == "dispatch_failed"
    assert "연결된 앱이 없습니다" in minji.notices[-1]


@impatiently
async def test_a_button_nobody_hears_is_told_to_who_pressed(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    await install(app)
    await client.chat_postMessage(channel="#pg-계약", text="글", blocks=[actions(button("완료"))])

    with pytest.raises(Unheard, match="operation_timeout"):
        await slack.person("김민지").presses("완료", slack.channel("pg-계약").last)


async def test_after_a_refresh_the_client_comes_back_and_hears(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    heard: list[str] = []

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    await install(app)
    await slack.refresh_sockets()
    await slack.person("김민지").says("pg-계약", "다시 들려요?")
    await slack.until(lambda: heard)

    assert heard == ["다시 들려요?"]
    assert lines(slack, "socket").count("hello") == 2


async def test_only_one_of_two_connections_gets_an_event(
    slack: LocalSlack, client: AsyncWebClient, install: Install
) -> None:
    heard: list[str] = []

    def app_named(name: str) -> AsyncApp:
        app = AsyncApp(client=client)

        @app.event("message")
        async def on_message() -> None:
            heard.append(name)

        return app

    await install(app_named("first"))
    await install(app_named("second"))
    await slack.person("김민지").says("pg-계약", "누가 받아요?")
    await slack.until(lambda: heard)
    await slack.quiet()

    assert heard == ["second"]


async def test_a_ticket_opens_one_connection(slack: LocalSlack) -> None:
    client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]

    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        hello = await socket.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)

    assert hello["type"] == "hello"
    assert hello["connection_info"] == {"app_id": "A0LOCAL"}


async def test_the_eleventh_connection_is_sent_away(slack: LocalSlack) -> None:
    client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
            sockets.append(await session.ws_connect(url))
        last = await sockets[-1].receive_json()

    assert (last["type"], last["reason"]) == ("disconnect", "too_many_websockets")
    assert sockets


async def test_closing_after_the_workspace_has_stopped_takes_no_reconnection(slack: LocalSlack, app: AsyncApp) -> None:
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()
    await slack.until(lambda: slack.connected)
    opened = lines(slack, "api").count("apps.connections.open → ok")

    handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
    await slack.stop()
    await disconnect(handler)

    assert lines(slack, "api").count("apps.connections.open → ok") == opened
    assert slack.connected == 0


async def test_events_are_sent_only_where_the_app_is(slack: LocalSlack, app: AsyncApp, install: Install) -> None:
    heard: list[str] = []

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    await install(app)
    minji, junho = slack.person("김민지"), slack.person("박준호")
    await minji.says("일반", "앱이 없는 채널")
    await junho.says("개발", "비공개 채널")
    await junho.dm("앱에게 직접")
    await slack.until(lambda: heard)
    await slack.quiet()

    assert heard == ["앱에게 직접"]


async def test_a_mention_where_the_app_is_not_tells_the_person_to_invite_it(slack: LocalSlack) -> None:
    minji = slack.person("김민지")

    await minji.mentions("일반", "현황")

    assert "초대해 주세요" in minji.notices[-1]


async def test_an_invitation_of_the_app_is_a_message_it_hears(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    heard: list[dict[str, Any]] = []

    @app.event({"type": "message", "subtype": "channel_join"})
    async def on_join(event: dict[str, Any]) -> None:
        heard.append(event)

    await install(app)
    minji, junho = slack.person("김민지"), slack.person("박준호")
    channel = slack.add_channel("새-채널", members=[minji, junho])
    await minji.invites(channel)
    hana = slack.add_person("hana", "정하나")
    await minji.invites(channel, hana)
    await slack.until(lambda: heard)

    assert (heard[0]["user"], heard[0]["inviter"], heard[0]["channel"]) == (hana.id, minji.id, channel.id)
    assert len(heard) == 1, "Bolt drops what the app itself did, its own joining included"
