"""chat.*: post, update, delete, ephemeral, permalink, scheduled (streams stand apart)."""

from __future__ import annotations

from typing import Any

from bot.localslack.block_kit.shapes import slack_length
from bot.localslack.ids import BOT_USER_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, Message, Scheduled
from bot.localslack.slack_objects import message_object
from bot.localslack.web_api.call import Call, SlackError, invalid_arguments, offset_of, page_of
from bot.localslack.web_api.content import UPDATE_TEXT_LIMIT, Content, read_content

_LONGEST_AHEAD = 120 * 24 * 3600
_MOST_AT_ONCE = 30
_AT_ONCE = 300


async def post_message(call: Call) -> Json:
    content = read_content(call)
    conversation = _destination(call)
    if content.is_empty:
        raise SlackError("no_text")
    message = _post(call, conversation, content)
    shown = message_object(call.workspace, message, include_metadata=True)
    return _with_warnings({"channel": conversation.id, "ts": message.ts, "message": shown}, content)


async def post_ephemeral(call: Call) -> Json:
    content = read_content(call)
    conversation = call.joined_conversation()
    user = call.required("user")
    if user not in conversation.members:
        raise SlackError("user_not_in_channel")
    if content.is_empty:
        raise SlackError("no_text")
    message = call.core.messenger.post_ephemeral(
        conversation.id,
        user,
        content.text or "",
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        thread_ts=_thread(call, conversation),
    )
    return _with_warnings({"message_ts": message.ts}, content)


async def update(call: Call) -> Json:
    content = read_content(call)
    conversation = call.joined_conversation()
    message = call.own_message(conversation, "cant_update_message")
    if message.stream is not None and message.stream.state == "in_progress":
        raise SlackError("streaming_state_conflict")
    if content.text is not None and slack_length(content.text) > UPDATE_TEXT_LIMIT:
        raise SlackError("msg_too_long")
    if content.text is None and content.blocks is None and content.attachments is None:
        raise SlackError("no_text")
    call.core.messenger.change(message, **_changes(message, content))
    shown = message_object(call.workspace, message, include_metadata=True)
    return {"channel": conversation.id, "ts": message.ts, "text": message.text, "message": shown}


def _changes(message: Message, content: Content) -> dict[str, Any]:
    """Blocks stay when only other things change, and go when text comes without them (chat.update's page)."""
    changes: dict[str, Any] = {"text": content.text if content.text is not None else message.text}
    if content.blocks is not None:
        changes["blocks"] = content.blocks
    elif content.text is not None:
        changes["blocks"] = []
    if content.attachments is not None or content.text is not None:
        changes["attachments"] = content.attachments or []
    if content.metadata is not None:
        changes["metadata"] = content.metadata or None
    return changes


async def delete(call: Call) -> Json:
    conversation = call.joined_conversation()
    message = call.own_message(conversation, "cant_delete_message")
    call.core.messenger.delete(message)
    return {"channel": conversation.id, "ts": message.ts}


async def get_permalink(call: Call) -> Json:
    conversation = call.conversation()
    message = call.message(conversation, "message_ts")
    link = f"{call.core.base_url()}/archives/{conversation.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": link}


async def schedule_message(call: Call) -> Json:
    content = read_content(call)
    conversation = _destination(call)
    if content.is_empty:
        raise SlackError("no_text")
    post_at, now = call.integer("post_at"), call.workspace.clock.now().timestamp()
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + _LONGEST_AHEAD:
        raise SlackError("time_too_far")
    _refuse_crowd(call, conversation, post_at)
    arguments = {
        "text": content.text or "",
        "blocks": content.blocks or [],
        "attachments": content.attachments or [],
        "metadata": content.metadata,
        "thread_ts": _thread(call, conversation),
    }
    item = Scheduled(call.workspace.ids.next("Q"), conversation.id, post_at, int(now), arguments)
    call.workspace.save_scheduled(item)
    return {
        "channel": conversation.id,
        "scheduled_message_id": item.id,
        "post_at": post_at,
        "message": {"text": arguments["text"], "bot_id": "B0BOT", "type": "delayed_message", "subtype": "bot_message"},
    }


def _refuse_crowd(call: Call, conversation: Conversation, post_at: int) -> None:
    window = post_at // _AT_ONCE
    crowd = [
        each
        for each in call.workspace.scheduled.values()
        if each.channel == conversation.id and each.post_at // _AT_ONCE == window
    ]
    if len(crowd) >= _MOST_AT_ONCE:
        raise SlackError("restricted_too_many")


async def delete_scheduled_message(call: Call) -> Json:
    conversation = call.conversation()
    item = call.workspace.scheduled.get(call.required("scheduled_message_id"))
    if item is None or item.channel != conversation.id:
        raise SlackError("invalid_scheduled_message_id")
    call.workspace.remove_scheduled(item.id)
    return {}


async def list_scheduled_messages(call: Call) -> Json:
    channel = call.text("channel")
    oldest, latest = (call.timestamp(name, "invalid_arguments") for name in ("oldest", "latest"))
    items = [
        item
        for item in sorted(call.workspace.scheduled.values(), key=lambda each: each.post_at)
        if (channel is None or item.channel == channel)
        and (oldest is None or item.post_at >= oldest)
        and (latest is None or item.post_at <= latest)
    ]
    shown, cursor = page_of(items, offset_of(call), call.limit())
    return {
        "scheduled_messages": [
            {
                "id": item.id,
                "channel_id": item.channel,
                "post_at": item.post_at,
                "date_created": item.created,
                "text": item.arguments["text"],
            }
            for item in shown
        ],
        "response_metadata": {"next_cursor": cursor},
    }


def _destination(call: Call) -> Conversation:
    """A channel by id or name, or the direct message with a user given by id."""
    channel = call.required("channel")
    workspace = call.workspace
    member = workspace.member(channel)
    if member is not None and not member.is_bot:
        _refuse_closed_dm(call)
        return workspace.dm_of(member.id)
    named = workspace.channel_named(channel)
    if named is not None and named.kind == "channel":
        call = Call(call.core, call.method, {**call.arguments, "channel": named.id}, call.scopes)
    conversation = call.joined_conversation()
    if conversation.kind == "im":
        _refuse_closed_dm(call)
    if conversation.is_archived:
        raise SlackError("is_archived")
    return conversation


def _refuse_closed_dm(call: Call) -> None:
    if not call.workspace.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")


def _thread(call: Call, conversation: Conversation) -> str | None:
    """The thread to answer in. A reply's own ts, or one that does not exist, is refused."""
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    root = call.workspace.message(conversation.id, thread_ts)
    if root is None or root.is_reply:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def _post(call: Call, conversation: Conversation, content: Content) -> Message:
    thread_ts = _thread(call, conversation)
    broadcast = thread_ts is not None and call.flag("reply_broadcast")
    if call.flag("reply_broadcast") and thread_ts is None:
        raise invalid_arguments("reply_broadcast requires thread_ts [json-pointer:/reply_broadcast]")
    return call.core.messenger.post(
        conversation.id,
        BOT_USER_ID,
        content.text or "",
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        metadata=content.metadata or None,
        thread_ts=thread_ts,
        subtype="thread_broadcast" if broadcast else None,
    )


def _with_warnings(answer: Json, content: Content) -> Json:
    if content.warnings:
        answer["warning"] = ",".join(content.warnings)
        answer["response_metadata"] = {"warnings": content.warnings}
    return answer
