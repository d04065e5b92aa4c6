"""conversations.*: what the bot may read, by the scope of each kind of conversation."""

from __future__ import annotations

from bot.localslack.ids import BOT_USER_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, Message
from bot.localslack.slack_objects import conversation_object, message_object
from bot.localslack.web_api.call import Call, SlackError, invalid_arguments, offset_of, page_of

_FAMILY = {"channel": "channels", "group": "groups", "im": "im"}
_KIND_OF_TYPE = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_SCOPE_OF_TYPE = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


async def list_conversations(call: Call) -> Json:
    """Public channels, joined or not, and what else the bot is in."""
    wanted = _wanted_kinds(call)
    found = [
        each
        for each in call.workspace.conversations.values()
        if each.kind in wanted and (each.kind == "channel" or call.workspace.bot_in(each))
    ]
    return _listed(call, found)


async def list_of_user(call: Call) -> Json:
    """users.conversations: where the user is; without one, where the bot is."""
    wanted = _wanted_kinds(call)
    user = call.text("user") or BOT_USER_ID
    if call.workspace.member(user) is None:
        raise SlackError("user_not_found")
    found = [
        each
        for each in call.workspace.conversations.values()
        if each.kind in wanted and user in each.members and (each.kind == "channel" or call.workspace.bot_in(each))
    ]
    return _listed(call, found)


async def info(call: Call) -> Json:
    conversation = call.conversation()
    call.need_scope(f"{_FAMILY[conversation.kind]}:read")
    shown = conversation_object(call.workspace, conversation, call.flag("include_num_members"))
    return {"channel": shown}


async def members(call: Call) -> Json:
    conversation = call.conversation()
    call.need_scope(f"{_FAMILY[conversation.kind]}:read")
    shown, cursor = page_of(conversation.members, offset_of(call), call.limit())
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


async def open_conversation(call: Call) -> Json:
    """The direct message with one person (they all exist already); several people make an mpim, not imitated."""
    if channel := call.text("channel"):
        conversation = call.workspace.conversation(channel)
        if conversation is None or conversation.kind != "im":
            raise SlackError("channel_not_found")
    else:
        conversation = _dm_with(call)
    shown: Json = {"id": conversation.id}
    if call.flag("return_im"):
        shown = conversation_object(call.workspace, conversation)
    return {"channel": shown, "no_op": True, "already_open": True}


def _dm_with(call: Call) -> Conversation:
    given = call.text("users")
    if not given:
        raise SlackError("users_list_not_supplied")
    users = [each.strip() for each in given.split(",")]
    if len(users) > 1:
        raise invalid_arguments("group direct messages are not imitated by the local workspace")
    member = call.workspace.member(users[0])
    if member is None or member.is_bot:
        raise SlackError("user_not_found")
    return call.workspace.dm_of(member.id)


async def join(call: Call) -> Json:
    conversation = call.conversation()
    if conversation.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    joined = call.core.messenger.join(conversation, BOT_USER_ID)
    answer: Json = {"channel": conversation_object(call.workspace, conversation)}
    return answer if joined else {**answer, "warning": "already_in_channel"}


async def history(call: Call) -> Json:
    """The messages of the channel itself, newest first."""
    conversation = call.conversation()
    call.need_scope(f"{_FAMILY[conversation.kind]}:history")
    if not call.workspace.bot_in(conversation):
        raise SlackError("not_in_channel")
    found = _within(call, call.workspace.in_channel(conversation.id))[::-1]
    shown, cursor = page_of(found, offset_of(call), call.limit())
    return {**_messages(call, shown, cursor), "pin_count": 0}


async def replies(call: Call) -> Json:
    """A thread: its root, then the replies, oldest first."""
    conversation = call.conversation()
    call.need_scope(f"{_FAMILY[conversation.kind]}:history")
    if not call.workspace.bot_in(conversation):
        raise SlackError("not_in_channel")
    root = call.workspace.message(conversation.id, call.required("ts"))
    if root is None:
        raise SlackError("thread_not_found")
    thread = [root, *_within(call, call.workspace.replies(conversation.id, root.ts))]
    shown, cursor = page_of(thread, offset_of(call), call.limit())
    return _messages(call, shown, cursor)


def _messages(call: Call, shown: list[Message], cursor: str) -> Json:
    metadata = call.flag("include_all_metadata")
    return {
        "messages": [message_object(call.workspace, each, metadata) for each in shown],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _within(call: Call, messages: list[Message]) -> list[Message]:
    """Between `oldest` and `latest`; the ends themselves only with `inclusive`."""
    oldest = call.timestamp("oldest", "invalid_ts_oldest")
    latest = call.timestamp("latest", "invalid_ts_latest")
    inclusive = call.flag("inclusive")

    def fits(message: Message) -> bool:
        ts = float(message.ts)
        after = oldest is None or ts > oldest or (inclusive and ts == oldest)
        return after and (latest is None or ts < latest or (inclusive and ts == latest))

    return [message for message in messages if fits(message)]


def _wanted_kinds(call: Call) -> set[str]:
    types = [each.strip() for each in (call.text("types") or "public_channel").split(",")]
    if unknown := [each for each in types if each not in _KIND_OF_TYPE]:
        raise SlackError("invalid_types", [f"unknown type: {each}" for each in unknown])
    for each in types:
        call.need_scope(_SCOPE_OF_TYPE[each])
    return {_KIND_OF_TYPE[each] for each in types}


def _listed(call: Call, found: list[Conversation]) -> Json:
    if call.flag("exclude_archived"):
        found = [each for each in found if not each.is_archived]
    shown, cursor = page_of(found, offset_of(call), call.limit())
    return {
        "channels": [conversation_object(call.workspace, each, include_num_members=True) for each in shown],
        "response_metadata": {"next_cursor": cursor},
    }
