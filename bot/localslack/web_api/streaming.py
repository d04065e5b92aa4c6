"""chat.startStream, chat.appendStream, chat.stopStream."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.localslack.ids import BOT_USER_ID, TEAM_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, Message
from bot.localslack.slack_objects import message_object
from bot.localslack.streams import StreamError
from bot.localslack.web_api.call import Call, SlackError, invalid_arguments
from bot.localslack.web_api.content import read_blocks, read_metadata

_DISPLAYS = frozenset({"timeline", "plan", "dense"})
_SESSION_STATUSES = frozenset({"active", "processing", "suspended", "closed"})

Result = TypeVar("Result")


async def start_stream(call: Call) -> Json:
    conversation = call.joined_conversation()
    root = call.workspace.message(conversation.id, call.required("thread_ts"))
    if root is None or root.is_reply:
        raise SlackError("cannot_reply_to_message")
    _check_recipient(call, conversation)
    display = call.text("task_display_mode") or "timeline"
    if display not in _DISPLAYS:
        raise invalid_arguments("must be a valid enum value [json-pointer:/task_display_mode]")
    text, chunks = call.text("markdown_text"), call.arguments.get("chunks")
    message = _in_slacks_words(lambda: call.core.streams.start(conversation.id, root.ts, display, text, chunks))
    return {"channel": conversation.id, "ts": message.ts}


async def append_stream(call: Call) -> Json:
    conversation, message = _streaming(call)
    text, chunks = call.text("markdown_text"), call.arguments.get("chunks")
    if not text and not chunks:
        raise SlackError("no_text")
    _in_slacks_words(lambda: call.core.streams.append(message, text, chunks))
    return {"channel": conversation.id, "ts": message.ts}


async def stop_stream(call: Call) -> Json:
    conversation, message = _streaming(call)
    text, chunks = call.text("markdown_text"), call.arguments.get("chunks")
    blocks = read_blocks(call, call.arguments.get("blocks")) or []
    metadata = read_metadata(call)
    status = call.text("session_status")
    if status is not None and status not in _SESSION_STATUSES:
        raise invalid_arguments("must be a valid enum value [json-pointer:/session_status]")
    _in_slacks_words(lambda: call.core.streams.stop(message, text, chunks, blocks, metadata))
    if status is not None:
        call.core.messenger.set_session(conversation.id, message.thread_ts or message.ts, status, None)
    shown = message_object(call.workspace, message, include_metadata=True)
    return {"channel": conversation.id, "ts": message.ts, "message": shown}


def _streaming(call: Call) -> tuple[Conversation, Message]:
    conversation = call.joined_conversation()
    message = call.message(conversation)
    if message.user != BOT_USER_ID:
        raise SlackError("message_not_owned_by_app")
    return conversation, message


def _check_recipient(call: Call, conversation: Conversation) -> None:
    """Outside a direct message Slack wants to know for whom the stream is (observed)."""
    if conversation.kind == "im":
        return
    user, team = call.text("recipient_user_id"), call.text("recipient_team_id")
    if not user:
        raise SlackError("missing_recipient_user_id")
    if not team:
        raise SlackError("missing_recipient_team_id")
    if call.workspace.member(user) is None:
        raise SlackError("user_not_found")
    if team != TEAM_ID:
        raise SlackError("team_not_found")


def _in_slacks_words(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except StreamError as error:
        raise SlackError(error.code, error.messages or None) from error
