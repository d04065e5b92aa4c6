"""The workspace as one person's window shows it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from bot.localslack.cast import WORKSPACE_ZONE
from bot.localslack.events import Events
from bot.localslack.ids import APP_ID, BOT_USER_ID, SLACKBOT_ID, TEAM_ID
from bot.localslack.json_types import Json
from bot.localslack.manifest import SlashCommand
from bot.localslack.model import Conversation, Message, as_record
from bot.localslack.payloads import view_object
from bot.localslack.slack_objects import message_object
from bot.localslack.time_travel import TimeTravel
from bot.localslack.trouble import Troubles
from bot.localslack.visible_text import message_text
from bot.localslack.web_api.call import Core

_MESSAGES_SHOWN = 200
_WORD_SEPARATORS = re.compile(r" [·|] ")


class UiState:
    """Builds the JSON of GET /ui/state and GET /ui/messages."""

    def __init__(self, core: Core, events: Events, travel: TimeTravel, troubles: Troubles) -> None:
        self._core = core
        self._workspace = core.workspace
        self._events = events
        self._travel = travel
        self._troubles = troubles

    async def state(self, user_id: str) -> Json:
        """Everything but the messages. A window of somebody who is gone (after a reset) becomes the first person's."""
        workspace, people = self._workspace, self._workspace.people()
        person = next((each for each in people if each.id == user_id), people[0])
        home = self._core.views.home(person.id)
        return {
            "version": workspace.changes.version,
            "me": person.id,
            "workspace": {"id": TEAM_ID, "name": workspace.name},
            "app": self._app(person.id),
            "people": [as_record(member) for member in workspace.members.values() if member.id != SLACKBOT_ID],
            "channels": [self._channel(person.id, each) for each in workspace.visible_to(person.id)],
            "clock": await self._clock(),
            "home": None if home is None else view_object(home),
            "modals": [view_object(view) for view in self._core.views.stack(person.id)],
            "prompts": self._prompts(person.id),
            "statuses": self._statuses(person.id),
            "sessions": self._sessions(person.id),
            "notices": workspace.notices[person.id],
            "failing": self._troubles.as_json(),
        }

    def messages(self, user_id: str, channel_id: str, thread_ts: str | None) -> list[Json]:
        """The channel's messages or one thread, oldest first, with what only this person sees. Raises Refused."""
        workspace = self._workspace
        workspace.seen_by(user_id, channel_id)
        if thread_ts is None:
            found = workspace.in_channel(channel_id)
        else:
            root = workspace.message(channel_id, thread_ts)
            found = ([root] if root is not None else []) + workspace.replies(channel_id, thread_ts)
        found = found + workspace.ephemeral_for(user_id, channel_id, thread_ts)
        found.sort(key=lambda message: float(message.ts))
        shown = found if thread_ts else found[-_MESSAGES_SHOWN:]
        return [self._message(message) for message in shown]

    def _app(self, user_id: str) -> Json:
        manifest = self._workspace.manifest
        return {
            "id": APP_ID,
            "name": manifest.name,
            "description": manifest.description,
            "bot_user_id": BOT_USER_ID,
            "dm": self._workspace.dm_of(user_id).id,
            "connected": self._core.sockets.connected > 0,
            "sockets": self._core.sockets.connected,
            "commands": [as_record(command) for command in manifest.commands],
            "shortcuts": [as_record(shortcut) for shortcut in manifest.shortcuts],
            "command_words": {command.command: _words(command) for command in manifest.commands},
            "home_tab": manifest.home_tab,
            "messages_tab": manifest.messages_tab,
            "read_only": manifest.messages_read_only,
        }

    def _channel(self, user_id: str, conversation: Conversation) -> Json:
        is_im = conversation.kind == "im"
        return {
            "id": conversation.id,
            "name": self._workspace.manifest.name if is_im else conversation.name,
            "kind": conversation.kind,
            "topic": conversation.topic,
            "is_member": user_id in conversation.members,
            "members": conversation.members,
            "bot_in": self._workspace.bot_in(conversation),
            "unread": self._workspace.unread(user_id, conversation),
            **({"with": BOT_USER_ID} if is_im else {}),
        }

    async def _clock(self) -> Json:
        due = await self._travel.next_due()
        return {
            "epoch": self._workspace.clock.now().timestamp(),
            "zone": WORKSPACE_ZONE,
            "moving": self._travel.moving,
            "flowing": self._workspace.clock.flows,
            "next_due": None if due is None else due.timestamp(),
            "queue": await self._queue(),
        }

    async def _queue(self) -> list[Json]:
        product = self._travel.product
        dues = [] if product is None or product.queue is None else await product.queue()
        queue = [_queued(due.at, due.what, due.channel) for due in dues]
        for item in self._workspace.scheduled.values():
            text = message_text(item.arguments["text"], item.arguments["blocks"], [], self._workspace.name_of)
            queue.append({"at": item.post_at, "what": text[:80], "channel": item.channel})
        return sorted(queue, key=lambda each: each["at"])

    def _sessions(self, user_id: str) -> dict[str, Json]:
        messenger = self._core.messenger
        return {
            key: {**session, "can_be_stopped": messenger.can_be_stopped(*key.split(":"))}
            for key, session in messenger.sessions.items()
            if self._sees(user_id, key)
        }

    def _prompts(self, user_id: str) -> dict[str, Json]:
        """What the app pinned, else what the manifest suggests."""
        dm = self._workspace.dm_of(user_id).id
        shown: dict[str, Json] = {}
        if self._workspace.manifest.prompts:
            shown[dm] = {"title": "", "prompts": list(self._workspace.manifest.prompts)}
        return shown | {key: prompts for key, prompts in self._workspace.prompts.items() if key.partition(":")[0] == dm}

    def _statuses(self, user_id: str) -> dict[str, Json]:
        return {
            key: {"status": status["status"], "loading_messages": status["loading_messages"]}
            for key, status in self._core.messenger.live_statuses().items()
            if self._sees(user_id, key)
        }

    def _sees(self, user_id: str, key: str) -> bool:
        conversation = self._workspace.conversation(key.partition(":")[0])
        return conversation is not None and conversation in self._workspace.visible_to(user_id)

    def _message(self, message: Message) -> Json:
        extra: dict[str, Any] = {
            "ephemeral": message.audience is not None,
            "edited": message.edited is not None,
            "deleted": message.subtype == "tombstone",
            "streaming": message.stream is not None and message.stream.state == "in_progress",
            "hidden_unheard": (message.channel, message.ts) in self._events.unheard,
            "reply_count": 0,
            "reply_users": [],
            "latest_reply": None,
            "reactions": [],
        }
        return {**extra, **message_object(self._workspace, message), "edited": extra["edited"]}


def _words(command: SlashCommand) -> list[Json]:
    """The words of a usage hint, for completion: separated by ` · ` or ` | `, the first of each part."""
    parts = _WORD_SEPARATORS.split(command.usage_hint)
    words = [part.split(",")[0].strip() for part in parts]
    return [{"word": word, "hint": ""} for word in words if word and " " not in word]


def _queued(at: datetime, what: str, channel: str) -> Json:
    return {"at": at.timestamp(), "what": what, "channel": channel}
