"""chat.*: what the bot may say, where, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import FrozenClock, LocalSlack
from tests.unit.localslack.conftest import FAST, MORNING, actions, button, error_of, refusal, section


async def test_a_posted_message_stands_in_the_channel_as_the_apps_own(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    channel = slack.channel("pg-계약")

    answer = await client.chat_postMessage(channel=channel.id, text="안녕하세요", blocks=[section("*안녕* 하세요")])

    assert channel.last.text == "안녕 하세요"
    assert channel.last.notification == "안녕하세요"
    assert answer["ts"] == channel.last.ts
    assert answer["message"]["bot_id"] == channel.last.raw["bot_id"]
    assert answer["message"]["blocks"][0]["block_id"], "Slack fills in a missing block_id"


async def test_a_user_id_posts_into_the_persons_direct_message(slack: LocalSlack, client: AsyncWebClient) -> None:
    minji, junho = slack.person("김민지"), slack.person("박준호")

    await client.chat_postMessage(channel=minji.id, text="알림")

    assert [message.text for message in minji.direct_messages] == ["알림"]
    assert junho.direct_messages == []


async def test_a_public_channel_can_be_named(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="#pg-계약", text="이름으로")

    assert slack.channel("pg-계약").last.text == "이름으로"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "pg-계약"}, "no_text"),
        ({"channel": "C404", "text": "글"}, "channel_not_found"),
        ({"channel": "개발", "text": "글"}, "channel_not_found"),  # private, without the bot
        ({"channel": "일반", "text": "글"}, "not_in_channel"),
        ({"channel": "pg-계약", "text": "글", "thread_ts": "1.0"}, "cannot_reply_to_message"),
        ({"channel": "pg-계약", "text": "글", "username": "다른 이름"}, "missing_scope"),
        ({"channel": "pg-계약", "text": "글", "markdown_text": "글"}, "markdown_text_conflict"),
        ({"channel": "pg-계약", "text": "글", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        (
            {"channel": "pg-계약", "text": "글", "metadata": {"event_type": "x", "event_payload": {"a": "b" * 17_000}}},
            "metadata_too_large",
        ),
        ({"channel": "pg-계약", "blocks": [section("가" * 3000)] * 5}, "msg_blocks_too_long"),
        ({"channel": "pg-계약", "blocks": "글"}, "invalid_blocks_format"),
        ({"channel": "pg-계약", "text": "글", "attachments": [{}] * 101}, "too_many_attachments"),
    ],
)
async def test_what_slack_refuses_is_refused(client: AsyncWebClient, arguments: dict, error: str) -> None:  # type: ignore[type-arg]
    assert await error_of(client.api_call("chat.postMessage", json=arguments)) == error


async def test_bad_blocks_get_slacks_answer_and_a_korean_line(slack: LocalSlack, client: AsyncWebClient) -> None:
    answer = await refusal(client.chat_postMessage(channel="#pg-계약", text="글", blocks=[section("가" * 3001)]))

    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {line}" for line in answer["errors"]]
    assert any("3,000자를 넘을 수 없습니다" in line.title for line in slack.log.lines if line.kind == "refused")
    assert slack.channel("pg-계약").messages == []


async def test_text_over_forty_thousand_characters_is_cut_with_a_warning(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    answer = await client.chat_postMessage(channel="#pg-계약", text="가" * 40_001)

    assert len(slack.channel("pg-계약").last.text) == 40_000
    assert answer["warning"] == "message_truncated"


async def test_an_update_with_text_alone_drops_the_blocks(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#pg-계약", text="전", blocks=[section("블록")])

    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="후")

    assert slack.channel("pg-계약").last.text == "후"
    assert "blocks" not in slack.channel("pg-계약").last.raw
    assert slack.channel("pg-계약").last.raw["edited"]["user"] == "U0BOT"


async def test_an_update_of_blocks_alone_keeps_text_and_metadata(slack: LocalSlack, client: AsyncWebClient) -> None:
    metadata = {"event_type": "nudge", "event_payload": {"key": "7"}}
    posted = await client.chat_postMessage(channel="#pg-계약", text="알림글", metadata=metadata)

    place = {"channel": posted["channel"], "ts": posted["ts"]}
    await client.api_call("chat.update", json={**place, "blocks": [section("새 블록")]})

    last = slack.channel("pg-계약").last
    assert (last.text, last.notification) == ("새 블록", "알림글")
    assert last.raw["metadata"] == metadata


async def test_only_the_apps_own_messages_can_be_changed_or_deleted(slack: LocalSlack, client: AsyncWebClient) -> None:
    said = await slack.person("김민지").says("pg-계약", "제 글이에요")
    place = {"channel": said.channel_id, "ts": said.ts}

    assert await error_of(client.chat_update(**place, text="바꿈")) == "cant_update_message"
    assert await error_of(client.chat_delete(**place)) == "cant_delete_message"
    assert await error_of(client.chat_update(channel=said.channel_id, ts="1.0", text="글")) == "message_not_found"
    assert said.text == "제 글이에요"


async def test_an_update_takes_four_thousand_characters(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#pg-계약", text="글")
    place = {"channel": posted["channel"], "ts": posted["ts"]}

    await client.chat_update(**place, text="가" * 4000)

    assert await error_of(client.chat_update(**place, text="가" * 4001)) == "msg_too_long"


async def test_a_deleted_root_with_replies_leaves_a_tombstone(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#pg-계약", text="뿌리")
    await slack.person("김민지").says("pg-계약", "답글", thread=posted["ts"])

    await client.chat_delete(channel=posted["channel"], ts=posted["ts"])

    thread = slack.channel("pg-계약").thread(posted["ts"])
    assert [message.text for message in thread] == ["This message was deleted.", "답글"]
    assert thread[0].raw["subtype"] == "tombstone"


async def test_an_ephemeral_message_is_for_one_person_and_out_of_the_apps_reach(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    channel, minji, junho = slack.channel("pg-계약"), slack.person("김민지"), slack.person("박준호")

    answer = await client.chat_postEphemeral(channel=channel.id, user=minji.id, text="쉿")

    assert [message.text for message in minji.sees(channel)] == ["쉿"]
    assert minji.sees(channel)[0].ephemeral
    assert junho.sees(channel) == []
    history = await client.conversations_history(channel=channel.id)
    assert history["messages"] == []
    place = {"channel": channel.id, "ts": answer["message_ts"]}
    assert await error_of(client.chat_update(**place, text="바꿈")) == "message_not_found"


async def test_an_ephemeral_message_needs_a_member(slack: LocalSlack, client: AsyncWebClient) -> None:
    newcomer = slack.add_person("new", "새 사람")
    call = client.chat_postEphemeral(channel=slack.channel("pg-계약").id, user=newcomer.id, text="쉿")

    assert await error_of(call) == "user_not_in_channel"


async def test_a_permalink_leads_to_the_page(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#pg-계약", text="글")

    answer = await client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])

    assert answer["permalink"] == f"{slack.url}/archives/{posted['channel']}/p{posted['ts'].replace('.', '')}"


async def test_a_broadcast_reply_stands_in_thread_and_channel(slack: LocalSlack, client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel="#pg-계약", text="뿌리")
    await client.chat_postMessage(channel="#pg-계약", text="안에만", thread_ts=root["ts"])
    await client.chat_postMessage(channel="#pg-계약", text="모두에게", thread_ts=root["ts"], reply_broadcast=True)

    channel = slack.channel("pg-계약")
    assert [message.text for message in channel.messages] == ["뿌리", "모두에게"]
    assert [message.text for message in channel.thread(root["ts"])] == ["뿌리", "안에만", "모두에게"]
    assert channel.messages[0].raw["reply_count"] == 2


# ---- scheduled messages -----------------------------------------------------------------------------------------


def at(hours: float) -> int:
    return int((MORNING + timedelta(hours=hours)).timestamp())


async def test_a_scheduled_message_comes_at_its_time(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_scheduleMessage(channel="#pg-계약", text="나중에", post_at=at(2))

    await slack.advance_by(timedelta(hours=1))
    assert slack.channel("pg-계약").messages == []
    await slack.advance_by(timedelta(hours=5))

    assert slack.channel("pg-계약").last.text == "나중에"
    assert float(slack.channel("pg-계약").last.ts) == pytest.approx(at(2))


async def test_a_scheduled_message_can_be_listed_and_withdrawn(slack: LocalSlack, client: AsyncWebClient) -> None:
    channel = slack.channel("pg-계약").id
    answer = await client.chat_scheduleMessage(channel=channel, text="나중에", post_at=at(2))
    listed = await client.chat_scheduledMessages_list()
    assert [item["id"] for item in listed["scheduled_messages"]] == [answer["scheduled_message_id"]]

    await client.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=answer["scheduled_message_id"])
    await slack.advance_by(timedelta(hours=3))

    assert slack.channel("pg-계약").messages == []


async def test_a_scheduled_message_with_metadata_is_never_posted(slack: LocalSlack, client: AsyncWebClient) -> None:
    metadata = {"event_type": "nudge", "event_payload": {}}
    await client.chat_scheduleMessage(channel="#pg-계약", text="나중에", post_at=at(2), metadata=metadata)

    await slack.advance_by(timedelta(hours=3))

    assert slack.channel("pg-계약").messages == []
    assert any("metadata" in line.title for line in slack.log.lines if line.kind == "refused")


@pytest.mark.parametrize(("hours", "error"), [(-1, "time_in_past"), (24 * 121, "time_too_far")])
async def test_a_time_out_of_range_is_refused(client: AsyncWebClient, hours: int, error: str) -> None:
    assert await error_of(client.chat_scheduleMessage(channel="#pg-계약", text="글", post_at=at(hours))) == error


async def test_thirty_messages_in_five_minutes_are_enough(client: AsyncWebClient) -> None:
    for number in range(30):
        await client.chat_scheduleMessage(channel="#pg-계약", text=str(number), post_at=at(2))

    late = client.chat_scheduleMessage(channel="#pg-계약", text="31", post_at=at(2))
    assert await error_of(late) == "restricted_too_many"


# ---- tokens and scopes ------------------------------------------------------------------------------------------


async def test_a_missing_scope_says_what_is_needed(manifest_with: Callable[..., Path]) -> None:
    path = manifest_with(scopes=["commands", "assistant:write", "users:read"], events=["app_home_opened"])
    async with LocalSlack(path, clock=FrozenClock(MORNING), timing=FAST) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)

        answer = await refusal(client.chat_postMessage(channel="#pg-계약", text="글"))

        assert answer["error"] == "missing_scope"
        assert (answer["needed"], answer["provided"]) == ("chat:write", "assistant:write,commands,users:read")


async def test_every_answer_names_the_granted_scopes(slack: LocalSlack, client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert answer.headers["x-oauth-scopes"] == ",".join(slack.manifest.scopes)


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("app", "auth.test", "not_allowed_token_type"),
        ("bot", "apps.connections.open", "not_allowed_token_type"),
        ("bot", "chat.meMessage", "unknown_method"),
    ],
)
async def test_tokens_and_methods_are_checked(slack: LocalSlack, token: str, method: str, error: str) -> None:
    given = {"app": slack.app_token, "bot": slack.bot_token}.get(token, token)
    client = AsyncWebClient(token=given, base_url=slack.api_url)

    assert await error_of(client.api_call(method)) == error


async def test_a_method_that_is_not_imitated_leaves_a_line(slack: LocalSlack, client: AsyncWebClient) -> None:
    await error_of(client.api_call("canvases.create"))

    assert any("canvases.create" in line.title for line in slack.log.lines if line.kind == "refused")


async def test_arguments_may_come_as_form_json_or_query(slack: LocalSlack, client: AsyncWebClient) -> None:
    channel = slack.channel("pg-계약")
    blocks = '[{"type": "section", "text": {"type": "plain_text", "text": "글"}}]'

    await client.api_call("chat.postMessage", data={"channel": channel.id, "blocks": blocks})
    await client.api_call("chat.postMessage", params={"channel": channel.id, "blocks": blocks})
    await client.api_call("chat.postMessage", json={"channel": channel.id, "blocks": [section()]})

    assert [message.text for message in channel.messages] == ["글", "글", "글"]


async def test_blocks_validate_names_pointer_and_constraint(client: AsyncWebClient) -> None:
    answer = await refusal(client.api_call("blocks.validate", json={"blocks": [actions(button("가" * 76))]}))

    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/0/elements/0/text/text"
    assert answer["errors"][0]["constraint"] == {"type": "max_length", "expected": 75, "got": 76}
