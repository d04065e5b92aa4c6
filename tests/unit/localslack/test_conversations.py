"""What the bot may read: conversations, history, members, users; by scope and membership."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.localslack import FrozenClock, LocalSlack
from tests.unit.localslack.conftest import FAST, MORNING, error_of, refusal


async def test_the_bot_lists_public_channels_and_knows_where_it_is(slack: LocalSlack, client: AsyncWebClient) -> None:
    listed = await client.conversations_list(types="public_channel,private_channel")

    assert {each["name"]: each["is_member"] for each in listed["channels"]} == {"pg-계약": True, "일반": False}


async def test_users_conversations_is_where_somebody_is(slack: LocalSlack, client: AsyncWebClient) -> None:
    own = await client.users_conversations(types="public_channel,private_channel")
    junho = await client.users_conversations(user=slack.person("박준호").id, types="public_channel,private_channel")

    assert [each["name"] for each in own["channels"]] == ["pg-계약"]
    assert [each["name"] for each in junho["channels"]] == ["pg-계약", "일반"], "the private one is not ours to see"


async def test_each_type_of_conversation_needs_its_scope(client: AsyncWebClient) -> None:
    answer = await refusal(client.conversations_list(types="im"))

    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:read")
    assert await error_of(client.conversations_list(types="friends")) == "invalid_types"


async def test_members_and_info(slack: LocalSlack, client: AsyncWebClient) -> None:
    channel = slack.channel("pg-계약").id

    members = await client.conversations_members(channel=channel, limit=3)
    rest = await client.conversations_members(channel=channel, cursor=members["response_metadata"]["next_cursor"])
    info = await client.conversations_info(channel=channel, include_num_members=True)

    assert len(members["members"]) == 3
    assert members["members"] + rest["members"] == ["U00000001", "U00000002", "U00000003", "U00000004", "U0BOT"]
    assert info["channel"]["num_members"] == 5


@pytest.mark.parametrize(
    ("method", "channel", "error"),
    [
        ("conversations.history", "일반", "not_in_channel"),
        ("conversations.history", "개발", "channel_not_found"),
        ("conversations.info", "개발", "channel_not_found"),
        ("conversations.members", "C404", "channel_not_found"),
    ],
)
async def test_what_the_bot_may_not_see(
    slack: LocalSlack, client: AsyncWebClient, method: str, channel: str, error: str
) -> None:
    channel_id = channel if channel == "C404" else slack.channel(channel).id

    assert await error_of(client.api_call(method, json={"channel": channel_id})) == error


async def test_history_holds_roots_newest_first_page_by_page(slack: LocalSlack, client: AsyncWebClient) -> None:
    minji, channel = slack.person("김민지"), slack.channel("pg-계약").id
    roots = [await minji.says("pg-계약", str(number)) for number in range(5)]
    await minji.says("pg-계약", "답글", thread=roots[0])

    first = await client.conversations_history(channel=channel, limit=3)
    second = await client.conversations_history(
        channel=channel, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )

    assert [message["text"] for message in first["messages"]] == ["4", "3", "2"]
    assert first["has_more"]
    assert [message["text"] for message in second["messages"]] == ["1", "0"]
    assert not second["has_more"]
    assert second["messages"][1]["reply_count"] == 1


@pytest.mark.parametrize(
    ("inclusive", "texts"),
    [(False, ["2"]), (True, ["3", "2", "1"])],
)
async def test_history_between_two_moments(
    slack: LocalSlack, client: AsyncWebClient, inclusive: bool, texts: list[str]
) -> None:
    said = [await slack.person("김민지").says("pg-계약", str(number)) for number in range(5)]

    found = await client.conversations_history(
        channel=said[0].channel_id, oldest=said[1].ts, latest=said[3].ts, inclusive=inclusive
    )

    assert [message["text"] for message in found["messages"]] == texts


async def test_replies_start_with_the_root(slack: LocalSlack, client: AsyncWebClient) -> None:
    minji = slack.person("김민지")
    root = await minji.says("pg-계약", "뿌리")
    reply = await minji.says("pg-계약", "답글", thread=root)

    thread = await client.conversations_replies(channel=root.channel_id, ts=root.ts)
    alone = await client.conversations_replies(channel=root.channel_id, ts=reply.ts)

    assert [message["text"] for message in thread["messages"]] == ["뿌리", "답글"]
    assert thread["messages"][1]["parent_user_id"] == minji.id
    assert [message["text"] for message in alone["messages"]] == ["답글"]
    assert await error_of(client.conversations_replies(channel=root.channel_id, ts="1.0")) == "thread_not_found"


async def test_metadata_comes_back_only_when_asked_for(slack: LocalSlack, client: AsyncWebClient) -> None:
    metadata = {"event_type": "nudge", "event_payload": {"key": "7"}}
    posted = await client.chat_postMessage(channel="#pg-계약", text="글", metadata=metadata)

    plain = await client.conversations_history(channel=posted["channel"])
    full = await client.conversations_history(channel=posted["channel"], include_all_metadata=True)

    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_a_user_has_zone_and_locale_and_slackbot_is_no_bot(slack: LocalSlack, client: AsyncWebClient) -> None:
    emma = (await client.users_info(user=slack.person("Emma Clark").id, include_locale=True))["user"]
    everybody = (await client.users_list())["members"]

    assert (emma["locale"], emma["tz"], emma["tz_offset"]) == ("en-US", "America/New_York", -5 * 3600)
    assert emma["profile"]["display_name"] == "", "not everybody has one"
    assert {user["id"]: user["is_bot"] for user in everybody}["USLACKBOT"] is False
    assert await error_of(client.users_info(user="U404")) == "user_not_found"


async def test_joining_and_opening_need_their_scopes(manifest_with: Callable[..., Path]) -> None:
    scopes = ["channels:join", "channels:read", "im:write", "commands", "assistant:write"]
    path = manifest_with(scopes=scopes, events=[])
    async with LocalSlack(path, clock=FrozenClock(MORNING), timing=FAST) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        minji = slack.person("김민지")

        joined = await client.conversations_join(channel=slack.channel("일반").id)
        opened = await client.conversations_open(users=minji.id)

        assert joined["channel"]["is_member"]
        assert slack.channel("일반").last.raw["subtype"] == "channel_join"
        assert opened["channel"]["id"] == slack.workspace.dm_of(minji.id).id
        assert await error_of(client.conversations_open(users="U404")) == "user_not_found"


async def test_reactions_need_a_scope(client: AsyncWebClient) -> None:
    call = client.reactions_add(channel="C00000001", timestamp="1.0", name="tada")

    assert (await refusal(call))["needed"] == "reactions:write"


async def test_reactions_are_added_once(manifest_with: Callable[..., Path]) -> None:
    scopes = ["reactions:write", "chat:write", "commands", "assistant:write"]
    async with LocalSlack(manifest_with(scopes=scopes, events=[]), clock=FrozenClock(MORNING), timing=FAST) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        said = await slack.person("김민지").says("pg-계약", "받았어요")
        place = {"channel": said.channel_id, "timestamp": said.ts}

        await client.reactions_add(**place, name="tada")

        assert said.reactions == ["tada"]
        assert await error_of(client.reactions_add(**place, name="tada")) == "already_reacted"
        await client.reactions_remove(**place, name="tada")
        assert said.reactions == []
        assert await error_of(client.reactions_remove(**place, name="tada")) == "no_reaction"
