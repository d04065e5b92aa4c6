"""The payloads that Slack puts into envelopes, field by field."""

from __future__ import annotations

from bot.localslack.cast import WORKSPACE_DOMAIN
from bot.localslack.ids import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, Member, Message
from bot.localslack.slack_objects import message_object
from bot.localslack.views import View
from bot.localslack.workspace import Workspace

_VERIFICATION_TOKEN = "local"  # deprecated at Slack; apps must not look at it


def event_callback(event: Json, event_id: str, event_time: int) -> Json:
    """The wrapper of every event (docs.slack.dev/apis/events-api#callback-field)."""
    return {
        "token": _VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "event": event,
    }


def slash_command(
    member: Member, conversation: Conversation, command: str, text: str, response_url: str, trigger_id: str
) -> Json:
    """docs.slack.dev/interactivity/implementing-slash-commands: every value is a string."""
    return {
        "token": _VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": WORKSPACE_DOMAIN,
        "channel_id": conversation.id,
        "channel_name": _channel_name(conversation),
        "user_id": member.id,
        "user_name": member.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _channel_name(conversation: Conversation) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(conversation.kind, conversation.name)


def _interaction(kind: str, member: Member, trigger_id: str | None) -> Json:
    payload: Json = {
        "type": kind,
        "token": _VERIFICATION_TOKEN,
        "api_app_id": APP_ID,
        "team": {"id": TEAM_ID, "domain": WORKSPACE_DOMAIN},
        "user": {"id": member.id, "username": member.name, "name": member.name, "team_id": TEAM_ID},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if trigger_id is not None:
        payload["trigger_id"] = trigger_id
    return payload


def _message_place(workspace: Workspace, message: Message) -> Json:
    conversation = workspace.conversations[message.channel]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.audience is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    return {
        "container": container,
        "channel": {"id": conversation.id, "name": _channel_name(conversation)},
        "message": interaction_message(workspace, message),
    }


def interaction_message(workspace: Workspace, message: Message) -> Json:
    """The message inside an interaction: an ephemeral one is reduced, since the app cannot read it back."""
    if message.audience is None:
        return message_object(workspace, message, include_metadata=True)
    reduced: Json = {"type": "message", "subtype": "bot_message", "ts": message.ts}
    if message.thread_ts is not None:
        reduced["thread_ts"] = message.thread_ts
    return reduced


def message_action_of_block(
    workspace: Workspace,
    member: Member,
    message: Message,
    action: Json,
    state: Json,
    trigger_id: str,
    response_url: str,
) -> Json:
    """block_actions from a message."""
    return {
        **_interaction("block_actions", member, trigger_id),
        **_message_place(workspace, message),
        "state": {"values": state},
        "response_url": response_url,
        "actions": [action],
    }


def view_action_of_block(member: Member, view: Json, action: Json, trigger_id: str) -> Json:
    """block_actions from a modal or the home tab: no channel, no message, no response_url."""
    return {
        **_interaction("block_actions", member, trigger_id),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [action],
    }


def view_submission(member: Member, view: Json, trigger_id: str) -> Json:
    return {**_interaction("view_submission", member, trigger_id), "view": view, "response_urls": []}


def view_closed(member: Member, view: Json, is_cleared: bool) -> Json:
    return {**_interaction("view_closed", member, None), "view": view, "is_cleared": is_cleared}


def message_suggestion(workspace: Workspace, member: Member, message: Message, asked: Json) -> Json:
    """block_suggestion from a message; `asked` is {block_id, action_id, value}. There is no trigger."""
    return {**_interaction("block_suggestion", member, None), **_message_place(workspace, message), **asked}


def view_suggestion(member: Member, view: Json, asked: Json) -> Json:
    container = {"type": "view", "view_id": view["id"]}
    return {**_interaction("block_suggestion", member, None), "container": container, "view": view, **asked}


def global_shortcut(member: Member, callback_id: str, action_ts: str, trigger_id: str) -> Json:
    return {**_interaction("shortcut", member, trigger_id), "callback_id": callback_id, "action_ts": action_ts}


def message_shortcut(
    workspace: Workspace,
    member: Member,
    message: Message,
    callback_id: str,
    action_ts: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    place = _message_place(workspace, message)
    return {
        **_interaction("message_action", member, trigger_id),
        "callback_id": callback_id,
        "message_ts": message.ts,
        "message": place["message"],
        "channel": place["channel"],
        "response_url": response_url,
        "action_ts": action_ts,
    }


def view_object(view: View) -> Json:
    """A view as every payload and answer carries it (docs.slack.dev/reference/interaction-payloads)."""
    return {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": view.state},
        "hash": view.hash,
        "title": view.title,
        "submit": view.submit,
        "close": view.close,
        "clear_on_close": view.clear_on_close,
        "notify_on_close": view.notify_on_close,
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": APP_ID,
        "external_id": view.external_id,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }
