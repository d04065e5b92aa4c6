"""Users, conversations and messages as Slack's Web API and events show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.localslack.ids import APP_ID, BOT_ID, BOT_USER_ID, SLACKBOT_ID, TEAM_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, HostedFile, Member, Message
from bot.localslack.workspace import Workspace

_REPLY_USERS_SHOWN = 5


def user_object(member: Member, now: datetime, include_locale: bool = False) -> Json:
    """docs.slack.dev/reference/objects/user-object. Slackbot is no bot there, and so it is none here."""
    zone = now.astimezone(ZoneInfo(member.tz))
    offset = zone.utcoffset()
    shown: Json = {
        "id": member.id,
        "team_id": TEAM_ID,
        "name": member.name,
        "deleted": member.deleted,
        "real_name": member.real_name,
        "tz": member.tz,
        "tz_label": zone.tzname() or member.tz,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": {
            "real_name": member.real_name,
            "real_name_normalized": member.real_name,
            "display_name": member.display_name,
            "display_name_normalized": member.display_name,
            "title": member.title,
            "team": TEAM_ID,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": member.is_guest,
        "is_ultra_restricted": False,
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if member.id == BOT_USER_ID:
        shown["profile"] |= {"api_app_id": APP_ID, "bot_id": BOT_ID, "always_active": True}
    if include_locale:
        shown["locale"] = member.locale
    return shown


def conversation_object(workspace: Workspace, conversation: Conversation, include_num_members: bool = False) -> Json:
    """docs.slack.dev/reference/objects/conversation-object, as the bot sees it."""
    common: Json = {
        "id": conversation.id,
        "created": conversation.created,
        "updated": conversation.created * 1000,
        "is_archived": conversation.is_archived,
        "context_team_id": TEAM_ID,
        "is_org_shared": False,
    }
    if conversation.kind == "im":
        person = conversation.person_in(BOT_USER_ID)
        return {**common, "is_im": True, "user": person, "is_user_deleted": False, "is_open": True, "priority": 0}
    private = conversation.kind == "group"
    shown = {
        **common,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": not private,
        "is_group": private,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "is_member": workspace.bot_in(conversation),
        "creator": conversation.creator,
        "topic": {"value": conversation.topic, "creator": "", "last_set": 0},
        "purpose": {"value": conversation.purpose, "creator": "", "last_set": 0},
    }
    if include_num_members:
        shown["num_members"] = len(conversation.members)
    return shown


def bot_profile(workspace: Workspace) -> Json:
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "user_id": BOT_USER_ID,
        "name": workspace.manifest.name,
        "team_id": TEAM_ID,
        "deleted": False,
        "updated": 0,
    }


def message_object(workspace: Workspace, message: Message, include_metadata: bool = False) -> Json:
    """A message as history, events and interactions carry it: thread counters on roots, `bot_*` on the app's own."""
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": TEAM_ID}
    optional: dict[str, Any] = {
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "inviter": message.inviter,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited,
        "thread_ts": message.thread_ts,
        "metadata": message.metadata if include_metadata else None,
    }
    shown |= {key: value for key, value in optional.items() if value}
    if message.files:
        shown |= {"files": message.files, "upload": False}
    if message.from_app:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_profile(workspace)}
    if message.user == SLACKBOT_ID:
        shown["hidden"] = True
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    if message.stream is not None:
        shown["streaming_state"] = message.stream.state
    return shown | _thread_fields(workspace, message)


def _thread_fields(workspace: Workspace, message: Message) -> Json:
    if message.is_reply:
        root = workspace.message(message.channel, str(message.thread_ts))
        return {} if root is None else {"parent_user_id": root.user}
    replies = [] if message.audience else workspace.replies(message.channel, message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users[:_REPLY_USERS_SHOWN],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": any(reply.from_app for reply in replies),
    }


_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}


def picture_type(name: str) -> str | None:
    """The media type of a picture, by its file name; None for any other file."""
    return _PICTURES.get(name.rpartition(".")[2].lower())


def file_object(file: HostedFile, base_url: str) -> Json:
    """docs.slack.dev/reference/objects/file-object; the address answers only with the bot's token."""
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "filetype": file.name.rpartition(".")[2] if "." in file.name else "binary",
        "mimetype": picture_type(file.name) or "application/octet-stream",
        "alt_txt": file.alt,
        "user": BOT_USER_ID,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "size": file.size,
        "url_private": f"{base_url}/files/{file.id}/{file.name}",
        "url_private_download": f"{base_url}/files/{file.id}/download/{file.name}",
        "channels": list(file.shared_in),
    }
