"""Says, changes and deletes: each act alters the workspace and tells the app what Slack would tell it."""

from __future__ import annotations

from typing import Any

from bot.localslack.events import Events
from bot.localslack.ids import BOT_USER_ID, SLACKBOT_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, Message
from bot.localslack.slack_objects import message_object
from bot.localslack.workspace import Workspace

_LOADING_SECONDS = 120  # Slack removes a status after two minutes (assistant.threads.setStatus)


class Messenger:
    """The one place through which messages, reactions and memberships change."""

    def __init__(self, workspace: Workspace, events: Events) -> None:
        self._workspace = workspace
        self._events = events
        self.statuses: dict[str, Json] = {}
        self.sessions: dict[str, Json] = {}

    def post(self, channel: str, user: str, text: str, **fields: Any) -> Message:
        """A new message, visible to all; `fields` are those of Message. Clears the thread's status if the app posts."""
        now = self._workspace.clock.now()
        message = Message(channel, self._workspace.ids.next_ts(now), user, text, **fields)
        message.from_app = user == BOT_USER_ID
        if message.from_app:
            self.set_status(channel, message.thread_ts or message.ts, "", [])
        self._workspace.save_message(message)
        if not message.from_app:
            self._workspace.mark_read(user, channel)
        self._events.message_posted(message)
        return message

    def post_ephemeral(self, channel: str, audience: str, text: str, **fields: Any) -> Message:
        """A message that one person sees. The app is told of none of these, and cannot find them again."""
        ts = self._workspace.ids.next_ts(self._workspace.clock.now())
        message = Message(channel, ts, BOT_USER_ID, text, audience=audience, from_app=True, **fields)
        self._workspace.save_message(message)
        return message

    def change(self, message: Message, **fields: Any) -> None:
        """New content for a message; it shows as edited. An ephemeral one changes without an event."""
        previous = message_object(self._workspace, message, include_metadata=True)
        for name, value in fields.items():
            setattr(message, name, value)
        message.edited = {"user": message.user, "ts": self._workspace.ids.next_ts(self._workspace.clock.now())}
        self._workspace.save_message(message)
        if message.audience is None:
            self._events.message_changed(message, previous)

    def settle(self, message: Message, previous: Json) -> None:
        """A stream has ended: the message is stored whole, and the app hears of one change."""
        self._workspace.save_message(message)
        self._events.message_changed(message, previous)

    def delete(self, message: Message) -> None:
        """Removes a message. A root with replies leaves a tombstone, so that its thread can still be read."""
        previous = message_object(self._workspace, message, include_metadata=True)
        if message.audience is None and self._workspace.replies(message.channel, message.ts):
            tombstone = Message(
                message.channel, message.ts, SLACKBOT_ID, "This message was deleted.", subtype="tombstone"
            )
            self._workspace.save_message(tombstone)
        else:
            self._workspace.remove_message(message)
        if message.audience is None:
            self._events.message_deleted(message, previous)

    def react(self, message: Message, user: str, name: str) -> bool:
        """False when this user already reacted so."""
        users = message.reactions.setdefault(name, [])
        if user in users:
            return False
        users.append(user)
        self._workspace.save_message(message)
        self._events.reaction(message, user, name, added=True)
        return True

    def unreact(self, message: Message, user: str, name: str) -> bool:
        """False when there was no such reaction."""
        users = message.reactions.get(name, [])
        if user not in users:
            return False
        users.remove(user)
        if not users:
            del message.reactions[name]
        self._workspace.save_message(message)
        self._events.reaction(message, user, name, added=False)
        return True

    def join(self, conversation: Conversation, user: str, inviter: str | None = None) -> bool:
        """Makes somebody a member, with Slack's `channel_join` message. False when they already were."""
        if user in conversation.members:
            return False
        conversation.members.append(user)
        self._workspace.save_conversation(conversation)
        self._events.member_joined(conversation, user, inviter)
        self.post(conversation.id, user, f"<@{user}> has joined the channel", subtype="channel_join", inviter=inviter)
        return True

    def leave(self, conversation: Conversation, user: str) -> bool:
        """False when they were no member."""
        if user not in conversation.members:
            return False
        self.post(conversation.id, user, f"<@{user}> has left the channel", subtype="channel_leave")
        conversation.members.remove(user)
        self._workspace.save_conversation(conversation)
        return True

    def set_status(self, channel: str, thread_ts: str, status: str, loading_messages: list[str]) -> None:
        """The "… is thinking" line of a thread; an empty status takes it away."""
        key = f"{channel}:{thread_ts}"
        if status:
            until = self._workspace.clock.now().timestamp() + _LOADING_SECONDS
            self.statuses[key] = {"status": status, "loading_messages": loading_messages, "until": until}
            self._workspace.changes.announce()
        elif self.statuses.pop(key, None) is not None:
            self._workspace.changes.announce()

    def live_statuses(self) -> dict[str, Json]:
        """Statuses younger than two minutes, by `channel:thread_ts`."""
        now = self._workspace.clock.now().timestamp()
        return {key: status for key, status in self.statuses.items() if status["until"] > now}

    def set_session(self, channel: str, thread_ts: str, status: str, title: str | None) -> Json:
        """An agent session of a thread; the title counts only when the session is new."""
        key = f"{channel}:{thread_ts}"
        session = self.sessions.setdefault(key, {"status": status, "title": title or ""})
        session["status"] = status
        self._workspace.changes.announce()
        return session

    def can_be_stopped(self, channel: str, thread_ts: str) -> bool:
        """Slack shows a stop button only to people whose app would hear of it."""
        session = self.sessions.get(f"{channel}:{thread_ts}")
        hears = "agent_session_stopped" in self._workspace.manifest.bot_events
        return hears and session is not None and session["status"] == "processing"

    def forget(self) -> None:
        self.statuses.clear()
        self.sessions.clear()
