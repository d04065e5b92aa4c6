"""Every method this workspace knows, with the scopes that Slack asks for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum

from msgspec import Struct

from bot.localslack.json_types import Json
from bot.localslack.web_api import agents, chat, conversations, files, people, reactions, streaming, surfaces
from bot.localslack.web_api.call import Call, SlackError


class Token(Enum):
    """Which token a method takes."""

    BOT = "bot"
    APP = "app"
    NONE = "none"


class Method(Struct, frozen=True):
    """`scopes`: any one of them opens the method; the method itself asks for the one of the conversation's kind."""

    run: Callable[[Call], Awaitable[Json]]
    scopes: tuple[str, ...] = ()
    token: Token = Token.BOT


async def _api_test(call: Call) -> Json:
    if error := call.text("error"):
        raise SlackError(error, args=call.arguments)
    return {"args": call.arguments}


async def _open_connection(call: Call) -> Json:
    return {"url": call.core.sockets.new_url()}


_WRITE = ("chat:write",)
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_USERS = ("users:read",)
_AGENT = ("assistant:write",)
_FILES = ("files:write",)
_REACTIONS = ("reactions:write",)

METHODS: dict[str, Method] = {
    "agents.sessions.rename": Method(agents.rename_session, _WRITE),
    "agents.sessions.setStatus": Method(agents.set_session_status, _WRITE),
    "api.test": Method(_api_test, token=Token.NONE),
    "apps.connections.open": Method(_open_connection, token=Token.APP),
    "assistant.threads.setStatus": Method(agents.set_status, _WRITE),
    "assistant.threads.setSuggestedPrompts": Method(agents.set_suggested_prompts, _AGENT),
    "assistant.threads.setTitle": Method(agents.set_title, _AGENT),
    "auth.test": Method(people.auth_test),
    "blocks.validate": Method(surfaces.validate_blocks, token=Token.NONE),
    "bots.info": Method(people.bot_info, _USERS),
    "chat.appendStream": Method(streaming.append_stream, _WRITE),
    "chat.delete": Method(chat.delete, _WRITE),
    "chat.deleteScheduledMessage": Method(chat.delete_scheduled_message, _WRITE),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, _WRITE),
    "chat.postMessage": Method(chat.post_message, _WRITE),
    "chat.scheduleMessage": Method(chat.schedule_message, _WRITE),
    "chat.scheduledMessages.list": Method(chat.list_scheduled_messages),
    "chat.startStream": Method(streaming.start_stream, _WRITE),
    "chat.stopStream": Method(streaming.stop_stream, _WRITE),
    "chat.update": Method(chat.update, _WRITE),
    "conversations.history": Method(conversations.history, _HISTORY),
    "conversations.info": Method(conversations.info, _READ),
    "conversations.join": Method(conversations.join, ("channels:join",)),
    "conversations.list": Method(conversations.list_conversations, _READ),
    "conversations.members": Method(conversations.members, _READ),
    "conversations.open": Method(conversations.open_conversation, ("im:write",)),
    "conversations.replies": Method(conversations.replies, _HISTORY),
    "files.completeUploadExternal": Method(files.complete_upload, _FILES),
    "files.getUploadURLExternal": Method(files.get_upload_url, _FILES),
    "reactions.add": Method(reactions.add, _REACTIONS),
    "reactions.remove": Method(reactions.remove, _REACTIONS),
    "team.info": Method(people.team_info, ("team:read",)),
    "users.conversations": Method(conversations.list_of_user, _READ),
    "users.info": Method(people.user_info, _USERS),
    "users.list": Method(people.list_users, _USERS),
    "views.open": Method(surfaces.open_view),
    "views.publish": Method(surfaces.publish_view),
    "views.push": Method(surfaces.push_view),
    "views.update": Method(surfaces.update_view),
}
