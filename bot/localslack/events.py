"""What the app is told, if its manifest subscribes to it, and how often when it does not answer."""

from __future__ import annotations

import asyncio

from bot.localslack import payloads
from bot.localslack.ids import BOT_USER_ID, TEAM_ID
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, Message
from bot.localslack.slack_objects import message_object
from bot.localslack.socket_mode import NoSocket, NotAcknowledged, SocketMode
from bot.localslack.timing import Timing
from bot.localslack.wire_log import WireLog
from bot.localslack.workspace import Workspace

_MESSAGE_EVENT = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


class Events:
    """Builds events and delivers each in the background: three retries, every delivery in the log."""

    def __init__(self, workspace: Workspace, sockets: SocketMode, log: WireLog, timing: Timing) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self._log = log
        self._timing = timing
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Event()
        self._gate.set()
        self._sending = 0
        self.extra_deliveries = 0
        self.unheard: set[tuple[str, str]] = set()

    @property
    def in_flight(self) -> int:
        """Events on their way or waiting for an acknowledgement; neither held ones nor those between two tries."""
        return self._sending

    # ---- what happened ------------------------------------------------------------------------------------

    def message_posted(self, message: Message) -> None:
        """`message`, and `app_mention` beside it when a person names the app outside a direct message."""
        conversation = self._workspace.conversations[message.channel]
        event = self._message_event(conversation, message)
        self._send_to_channel(conversation, event, (message.channel, message.ts))
        mentioned = f"<@{BOT_USER_ID}>" in message.text and message.user != BOT_USER_ID
        if mentioned and conversation.kind != "im" and self._workspace.bot_in(conversation):
            mention = {key: value for key, value in event.items() if key != "channel_type"}
            self._send("app_mention", {**mention, "type": "app_mention"}, (message.channel, message.ts))

    def message_changed(self, message: Message, previous: Json) -> None:
        self._hidden("message_changed", message, {"previous_message": previous, "message": self._shown(message)})

    def message_deleted(self, message: Message, previous: Json) -> None:
        self._hidden("message_deleted", message, {"deleted_ts": message.ts, "previous_message": previous})

    def home_opened(self, user_id: str, channel_id: str, tab: str, view: Json | None) -> None:
        event: Json = {"type": "app_home_opened", "user": user_id, "channel": channel_id, "tab": tab}
        if view is not None:
            event["view"] = view
        self._send("app_home_opened", self._stamped(event))

    def reaction(self, message: Message, user_id: str, name: str, added: bool) -> None:
        kind = "reaction_added" if added else "reaction_removed"
        event = {
            "type": kind,
            "user": user_id,
            "reaction": name,
            "item_user": message.user,
            "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        }
        if self._workspace.bot_in(self._workspace.conversations[message.channel]):
            self._send(kind, self._stamped(event))

    def member_joined(self, conversation: Conversation, user_id: str, inviter: str | None) -> None:
        event = {
            "type": "member_joined_channel",
            "user": user_id,
            "channel": conversation.id,
            "channel_type": "G" if conversation.kind == "group" else "C",
            "team": TEAM_ID,
        }
        if inviter is not None:
            event["inviter"] = inviter
        if self._workspace.bot_in(conversation):
            self._send("member_joined_channel", self._stamped(event))

    def session_stopped(self, user_id: str, channel: str, thread_ts: str, streaming: list[str]) -> None:
        event = {
            "type": "agent_session_stopped",
            "user": user_id,
            "channel": channel,
            "thread_ts": thread_ts,
            "streaming_message_ts": streaming,
        }
        self._send("agent_session_stopped", self._stamped(event))

    # ---- trouble on demand --------------------------------------------------------------------------------

    def hold(self) -> None:
        """Events wait from now on: late delivery."""
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ---- how it gets there --------------------------------------------------------------------------------

    def _send_to_channel(self, conversation: Conversation, event: Json, about: tuple[str, str]) -> None:
        if self._workspace.bot_in(conversation):
            self._send(_MESSAGE_EVENT[conversation.kind], event, about)

    def _send(self, subscription: str, event: Json, about: tuple[str, str] | None = None) -> None:
        if subscription not in self._workspace.manifest.bot_events:
            return
        now = self._workspace.clock.now()
        wrapped = payloads.event_callback(event, self._workspace.ids.next("Ev"), int(now.timestamp()))
        held = not self._gate.is_set()
        # Counted from the moment of the change, not from the task's first step: quiet() must not slip between.
        self._sending += 0 if held else 1
        task = asyncio.get_running_loop().create_task(self._deliver(wrapped, about, held))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, wrapped: Json, about: tuple[str, str] | None, held: bool) -> None:
        event = wrapped["event"]
        title = ".".join(filter(None, (event["type"], event.get("subtype"))))
        if held:
            await self._gate.wait()
            self._sending += 1
        for attempt, pause in enumerate((None, *self._timing.retries)):
            if pause is not None:
                await asyncio.sleep(pause)
                self._sending += 1
            if await self._try(wrapped, title, attempt):
                await self._deliver_again(wrapped, title)
                return
        self._log.write(
            "unheard", f"{title} · 응답한 리스너가 없습니다", ok=False, detail={"event_id": wrapped["event_id"]}
        )
        if about is not None:
            self.unheard.add(about)
            self._workspace.changes.announce()

    async def _try(self, wrapped: Json, title: str, attempt: int) -> bool:
        """One delivery. A count in `_sending` was taken before and is given back here."""
        try:
            shown = title if attempt == 0 else f"{title} · 재전송 {attempt}"
            await self._sockets.deliver("events_api", wrapped, shown, attempt)
        except NotAcknowledged:
            self._log.write("ack", f"{title} · 3초 안에 응답 없음", ok=False)
            return False
        except NoSocket:
            self._log.write("socket", f"{title} · 연결된 앱이 없습니다", ok=False)
            return False
        finally:
            self._sending -= 1
            self._workspace.changes.announce()
        return True

    async def _deliver_again(self, wrapped: Json, title: str) -> None:
        """Trouble on demand: the event was acknowledged, and comes once more as if it had not been."""
        for attempt in range(1, self.extra_deliveries + 1):
            self._sending += 1
            await self._try(wrapped, title, attempt)

    # ---- shapes -------------------------------------------------------------------------------------------

    def _message_event(self, conversation: Conversation, message: Message) -> Json:
        shown = self._shown(message)
        for counter in ("reply_count", "reply_users_count", "reply_users", "latest_reply", "is_locked", "subscribed"):
            shown.pop(counter, None)
        return {
            **shown,
            "channel": message.channel,
            "channel_type": conversation.kind,
            "event_ts": message.ts,
        }

    def _hidden(self, subtype: str, message: Message, fields: Json) -> None:
        conversation = self._workspace.conversations[message.channel]
        event = self._stamped({"type": "message", "subtype": subtype, "hidden": True, **fields})
        event |= {"channel": message.channel, "channel_type": conversation.kind, "ts": event["event_ts"]}
        self._send_to_channel(conversation, event, (message.channel, message.ts))

    def _shown(self, message: Message) -> Json:
        return message_object(self._workspace, message, include_metadata=True)

    def _stamped(self, event: Json) -> Json:
        return {**event, "event_ts": self._workspace.ids.next_ts(self._workspace.clock.now())}
