"""What people do without the app's answer: write, read, react, join, invite, open the app's home."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.localslack.composer import compose
from bot.localslack.events import Events
from bot.localslack.ids import BOT_USER_ID
from bot.localslack.messenger import Messenger
from bot.localslack.model import Conversation, Kind, Member, Message, Refused
from bot.localslack.payloads import view_object
from bot.localslack.streams import Streams
from bot.localslack.views import Views
from bot.localslack.workspace import Workspace

_LONGEST_MESSAGE = 40_000


class MemberActs:
    """Each act raises Refused where Slack's window would not offer it."""

    def __init__(
        self, workspace: Workspace, messenger: Messenger, views: Views, streams: Streams, events: Events
    ) -> None:
        self._workspace = workspace
        self._messenger = messenger
        self._views = views
        self._streams = streams
        self._events = events

    def say(
        self, user_id: str, channel_id: str, typed: str, thread_ts: str | None = None, broadcast: bool = False
    ) -> Message:
        """Writes a message; `<@U…>`, `<#C…>` and `<!here>` in it are mentions. Cut at 40,000 characters."""
        conversation = self._joined(user_id, channel_id)
        if not typed.strip():
            raise Refused("no_text", "빈 메시지는 보낼 수 없습니다.")
        if conversation.kind == "im":
            self._refuse_closed_messages_tab()
        root = self._root(conversation, thread_ts)
        text, blocks = compose(typed[:_LONGEST_MESSAGE])
        message = self._messenger.post(
            channel_id,
            user_id,
            text,
            blocks=blocks,
            thread_ts=root,
            subtype="thread_broadcast" if root and broadcast else None,
            client_msg_id=str(uuid.uuid4()),
        )
        if f"<@{BOT_USER_ID}>" in text and not self._workspace.bot_in(conversation):
            name = self._workspace.manifest.name
            sentence = f"{name} 앱은 이 채널에 없어서 메시지를 보지 못합니다. 채널에 초대해 주세요."
            self._workspace.notify(user_id, "info", sentence)
        return message

    def react(self, user_id: str, channel_id: str, ts: str, name: str, remove: bool = False) -> None:
        self._joined(user_id, channel_id)
        message = self._workspace.message(channel_id, ts)
        if message is None:
            raise Refused("message_not_found", "그 메시지에는 반응할 수 없습니다.")
        change = self._messenger.unreact if remove else self._messenger.react
        change(message, user_id, name.strip(":"))

    def read(self, user_id: str, channel_id: str) -> None:
        self._workspace.seen_by(user_id, channel_id)
        self._workspace.mark_read(user_id, channel_id)

    def open_app(self, user_id: str, tab: str) -> None:
        """Opens the app: its home tab or its messages. Both tell it with app_home_opened."""
        manifest = self._workspace.manifest
        self._person(user_id)
        if not {"home": manifest.home_tab, "messages": manifest.messages_tab}.get(tab, False):
            raise Refused("not_enabled", "이 앱에는 그 탭이 없습니다.")
        dm = self._workspace.dm_of(user_id)
        home = self._views.home(user_id)
        shown = view_object(home) if home is not None and tab == "home" else None
        self._events.home_opened(user_id, dm.id, tab, shown)

    def stop(self, user_id: str, channel_id: str, ts: str) -> None:
        """Presses stop, in the thread of a message: whatever the app is writing there ends, and the app is told.

        It stays for the app to lead the session away from `processing`.
        """
        self._joined(user_id, channel_id)
        message = self._workspace.message(channel_id, ts)
        if message is None:
            raise Refused("message_not_found", "그 메시지를 찾을 수 없습니다.")
        thread_ts = message.thread_ts or message.ts
        in_thread = [message, *self._workspace.replies(channel_id, thread_ts)]
        stopped = {each.ts for each in in_thread if self._streams.stop_by_user(each)}
        if not stopped and not self._messenger.can_be_stopped(channel_id, thread_ts):
            raise Refused("not_processing", "지금 하고 있는 일이 없습니다.")
        self._events.session_stopped(user_id, channel_id, thread_ts, sorted(stopped))

    # ---- channels and people ------------------------------------------------------------------------------

    def create_channel(self, user_id: str, name: str, private: bool) -> Conversation:
        self._person(user_id)
        kind: Kind = "group" if private else "channel"
        return self._workspace.add_channel(name, kind, user_id, [user_id])

    def join(self, user_id: str, channel_id: str) -> None:
        conversation = self._workspace.seen_by(user_id, channel_id)
        self._person(user_id)
        self._messenger.join(conversation, user_id)

    def leave(self, user_id: str, channel_id: str) -> None:
        conversation = self._joined(user_id, channel_id)
        if conversation.kind == "im":
            raise Refused("cant_leave", "앱과의 다이렉트 메시지는 나갈 수 없습니다.")
        self._messenger.leave(conversation, user_id)

    def invite(self, user_id: str, channel_id: str, invited: str) -> None:
        """Adds somebody, or the app, to a channel."""
        conversation = self._joined(user_id, channel_id)
        if conversation.kind == "im":
            raise Refused("cant_invite", "다이렉트 메시지에는 초대할 수 없습니다.")
        if self._workspace.member(invited) is None:
            raise Refused("user_not_found", "초대할 사람을 찾을 수 없습니다.")
        if not self._messenger.join(conversation, invited, inviter=user_id):
            raise Refused("already_in_channel", "이미 채널에 있습니다.")

    def create_person(
        self, name: str, real_name: str, title: str, locale: str, tz: str, *, is_guest: bool = False
    ) -> Member:
        try:
            ZoneInfo(tz)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Refused("invalid_timezone", f"시간대를 알 수 없습니다: {tz}") from error
        return self._workspace.add_person(name.strip(), real_name.strip(), title, locale, tz, is_guest=is_guest)

    # ---- checks -------------------------------------------------------------------------------------------

    def _person(self, user_id: str) -> Member:
        member = self._workspace.member(user_id)
        if member is None or member.is_bot:
            raise Refused("user_not_found", "그런 사람이 없습니다.")
        return member

    def _joined(self, user_id: str, channel_id: str) -> Conversation:
        self._person(user_id)
        conversation = self._workspace.seen_by(user_id, channel_id)
        if user_id not in conversation.members:
            raise Refused("not_in_channel", "참여하지 않은 채널입니다. 먼저 참여해 주세요.")
        return conversation

    def _root(self, conversation: Conversation, thread_ts: str | None) -> str | None:
        if not thread_ts:
            return None
        root = self._workspace.message(conversation.id, thread_ts)
        if root is None or root.is_reply:
            raise Refused("thread_not_found", "그 스레드를 찾을 수 없습니다.")
        return thread_ts

    def _refuse_closed_messages_tab(self) -> None:
        manifest = self._workspace.manifest
        if not manifest.messages_tab or manifest.messages_read_only:
            raise Refused("messages_tab_disabled", "이 앱은 메시지를 받지 않습니다 (manifest의 app_home).")
