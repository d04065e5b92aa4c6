"""The state of the workspace: who is there, what was said, who may see it. It tells nobody but the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import takewhile

from msgspec.structs import replace

from bot.localslack.cast import CHANNELS, PEOPLE, WORKSPACE_NAME
from bot.localslack.changes import Changes
from bot.localslack.clock import WorkspaceClock
from bot.localslack.ids import BOT_USER_ID, SLACKBOT_ID, Ids
from bot.localslack.json_types import Json
from bot.localslack.manifest import Manifest
from bot.localslack.model import (
    Conversation,
    HostedFile,
    Kind,
    Member,
    Message,
    Refused,
    Scheduled,
    as_record,
    message_of,
)
from bot.localslack.store import Store

_NOTICES_KEPT = 50


class Workspace:
    """Records and their rules. Every change is stored before the call returns, and announced."""

    def __init__(self, manifest: Manifest, store: Store, clock: WorkspaceClock, changes: Changes) -> None:
        self.manifest = manifest
        self.clock = clock
        self.changes = changes
        self.store = store
        self.name = WORKSPACE_NAME
        self.ids = Ids(store)
        self._load()
        if not self.members:
            self._first_morning()

    # ---- people -------------------------------------------------------------------------------------------

    def member(self, user_id: str) -> Member | None:
        return self.members.get(user_id)

    def people(self) -> list[Member]:
        """Those a person may act as: no bots, no Slackbot."""
        return [member for member in self.members.values() if not member.is_bot and member.id != SLACKBOT_ID]

    def add_person(
        self, name: str, real_name: str, title: str, locale: str, tz: str, *, is_guest: bool = False
    ) -> Member:
        """A new person, with a direct message to the app. Raises Refused when the name is taken or empty."""
        if not name or any(name == member.name for member in self.members.values()):
            raise Refused("name_taken", f"이름 '{name}'은(는) 비어 있거나 이미 쓰이고 있습니다.")
        member = Member(self.ids.next("U"), name, real_name or name, title, tz=tz, locale=locale, is_guest=is_guest)
        self._save_member(member)
        self._open_dm(member.id)
        return member

    def name_of(self, reference: str) -> str:
        """The shown name of a user or channel id; the id itself when nobody has it."""
        if member := self.members.get(reference):
            return member.real_name
        if conversation := self.conversations.get(reference):
            return conversation.name
        return reference

    # ---- conversations ------------------------------------------------------------------------------------

    def conversation(self, channel_id: str) -> Conversation | None:
        return self.conversations.get(channel_id)

    def channel_named(self, name: str) -> Conversation | None:
        wanted = name.removeprefix("#")
        named = (each for each in self.conversations.values() if each.kind != "im" and each.name == wanted)
        return next(named, None)

    def dm_of(self, user_id: str) -> Conversation:
        """The person's direct message with the app."""
        return next(each for each in self.conversations.values() if each.kind == "im" and user_id in each.members)

    def bot_in(self, conversation: Conversation) -> bool:
        return BOT_USER_ID in conversation.members

    def add_channel(self, name: str, kind: Kind, creator: str, members: Iterable[str]) -> Conversation:
        """Raises Refused when the name is empty or taken."""
        plain = name.strip().removeprefix("#").lower()
        if not plain or len(plain) > 80 or any(each in plain for each in " .,"):
            raise Refused("invalid_name", "채널 이름은 빈칸과 마침표, 쉼표가 없는 1~80자여야 합니다.")
        if self.channel_named(plain) is not None:
            raise Refused("name_taken", f"#{plain} 채널이 이미 있습니다.")
        conversation = Conversation(
            self.ids.next("C"), plain, kind, creator, int(self.clock.now().timestamp()), list(members)
        )
        self.save_conversation(conversation)
        return conversation

    def save_conversation(self, conversation: Conversation) -> None:
        self.conversations[conversation.id] = conversation
        self.store.put("conversation", conversation.id, as_record(conversation))
        self.changes.announce()

    def visible_to(self, user_id: str) -> list[Conversation]:
        """Public channels, joined or not; private ones and direct messages only with this person in them."""
        return [each for each in self.conversations.values() if each.kind == "channel" or user_id in each.members]

    def seen_by(self, user_id: str, channel_id: str) -> Conversation:
        """The conversation, when this person may look at it. Raises Refused otherwise."""
        conversation = self.conversations.get(channel_id)
        if conversation is None or conversation not in self.visible_to(user_id):
            raise Refused("channel_not_found", "그 채널을 찾을 수 없거나 볼 수 없습니다.")
        return conversation

    # ---- messages -----------------------------------------------------------------------------------------

    def save_message(self, message: Message) -> None:
        """Puts a message where it belongs. An ephemeral one is gone with the process, as with a reload at Slack."""
        if message.audience is not None:
            self.ephemerals[message.channel][message.ts] = message
        else:
            known = message.ts in self.messages[message.channel]
            self.messages[message.channel][message.ts] = message
            if message.is_reply and not known:
                self._replies[message.channel, str(message.thread_ts)].append(message.ts)
            self.store.put("message", f"{message.channel}:{message.ts}", as_record(message))
        self.changes.announce()

    def remove_message(self, message: Message) -> None:
        if message.audience is not None:
            self.ephemerals[message.channel].pop(message.ts, None)
        else:
            self.messages[message.channel].pop(message.ts, None)
            if message.is_reply:
                self._replies[message.channel, str(message.thread_ts)].remove(message.ts)
            self.store.delete("message", f"{message.channel}:{message.ts}")
        self.changes.announce()

    def message(self, channel_id: str, ts: str) -> Message | None:
        return self.messages[channel_id].get(ts) if channel_id in self.messages else None

    def any_message(self, channel_id: str, ts: str, user_id: str) -> Message | None:
        """Like `message`, with the ephemeral ones this person sees."""
        found = self.message(channel_id, ts) or self.ephemerals[channel_id].get(ts)
        return found if found is not None and found.audience in (None, user_id) else None

    def in_channel(self, channel_id: str) -> list[Message]:
        """What stands in the channel itself, oldest first: no replies unless broadcast, nothing ephemeral."""
        return [message for message in self.messages[channel_id].values() if message.in_channel]

    def replies(self, channel_id: str, root_ts: str) -> list[Message]:
        """The replies of a thread, oldest first."""
        return [self.messages[channel_id][ts] for ts in self._replies[channel_id, root_ts]]

    def ephemeral_for(self, user_id: str, channel_id: str, thread_ts: str | None) -> list[Message]:
        """Messages only this person sees, in the channel (no thread) or in one of its threads."""
        return [
            message
            for message in self.ephemerals[channel_id].values()
            if message.audience == user_id and message.thread_ts == thread_ts
        ]

    # ---- what a person has and has not seen ---------------------------------------------------------------

    def mark_read(self, user_id: str, channel_id: str) -> None:
        latest = next(reversed(self.messages[channel_id]), "0")
        if self.last_read.get((user_id, channel_id)) != latest:
            self.last_read[user_id, channel_id] = latest
            self.store.put("read", f"{user_id}:{channel_id}", {"ts": latest})
            self.changes.announce()

    def unread(self, user_id: str, conversation: Conversation) -> int:
        """Messages after the person's mark, own ones and thread replies aside (a direct message counts replies)."""
        if user_id not in conversation.members:
            return 0
        mark = float(self.last_read.get((user_id, conversation.id), "0"))
        newest_first = reversed(self.messages[conversation.id].values())
        since = takewhile(lambda message: float(message.ts) > mark, newest_first)
        counts = (message.user != user_id and (message.in_channel or conversation.kind == "im") for message in since)
        return sum(counts)

    def notify(self, user_id: str, kind: str, text: str) -> None:
        """A sentence for one person, e.g. that a command failed."""
        kept = self.notices[user_id]
        self._notice_count += 1
        kept.append({"id": self._notice_count, "kind": kind, "message": text, "at": self.clock.now().timestamp()})
        del kept[:-_NOTICES_KEPT]
        self.changes.announce()

    # ---- the app's things ---------------------------------------------------------------------------------

    def save_prompts(self, key: str, prompts: Json | None) -> None:
        """Suggested prompts of a direct message (`D…`) or of one of its threads (`D…:ts`)."""
        if prompts is None:
            self.prompts.pop(key, None)
            self.store.delete("prompts", key)
        else:
            self.prompts[key] = prompts
            self.store.put("prompts", key, prompts)
        self.changes.announce()

    def save_scheduled(self, item: Scheduled) -> None:
        self.scheduled[item.id] = item
        self.store.put("scheduled", item.id, as_record(item))
        self.changes.announce()

    def remove_scheduled(self, item_id: str) -> None:
        self.scheduled.pop(item_id, None)
        self.store.delete("scheduled", item_id)
        self.changes.announce()

    def save_file(self, file: HostedFile) -> None:
        self.files[file.id] = file
        self.store.put("file", file.id, as_record(file))
        self.changes.announce()

    def save_clock(self) -> None:
        self.store.put("clock", "offset", {"seconds": self.clock.offset.total_seconds()})
        self.changes.announce()

    def reset(self) -> None:
        """Back to the first morning: default people and channels, nothing said, real time."""
        self.store.clear()
        self.ids.forget()
        self.clock.restore(timedelta(0))
        self._load()
        self._first_morning()

    # ---- beginnings ---------------------------------------------------------------------------------------

    def _load(self) -> None:
        store = self.store
        self.members = {key: Member(**record) for key, record in store.load("member").items()}
        self.conversations = {key: Conversation(**record) for key, record in store.load("conversation").items()}
        self.messages: defaultdict[str, dict[str, Message]] = defaultdict(dict)
        self.ephemerals: defaultdict[str, dict[str, Message]] = defaultdict(dict)
        self._replies: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for record in store.load("message").values():
            self._take_up(message_of(record))
        self.last_read = {
            (key.split(":")[0], key.split(":")[1]): str(record["ts"]) for key, record in store.load("read").items()
        }
        self.prompts = store.load("prompts")
        self.scheduled = {key: Scheduled(**record) for key, record in store.load("scheduled").items()}
        self.files = {key: HostedFile(**record) for key, record in store.load("file").items()}
        self.notices: defaultdict[str, list[Json]] = defaultdict(list)
        self._notice_count = 0
        if "offset" in (clock := store.load("clock")):
            self.clock.restore(timedelta(seconds=clock["offset"]["seconds"]))

    def _take_up(self, message: Message) -> None:
        self.messages[message.channel][message.ts] = message
        if message.is_reply:
            self._replies[message.channel, str(message.thread_ts)].append(message.ts)

    def _first_morning(self) -> None:
        bot = self.manifest.bot_name
        self._save_member(Member(BOT_USER_ID, bot, self.manifest.name, is_bot=True))
        self._save_member(Member(SLACKBOT_ID, "slackbot", "Slackbot", tz="America/Los_Angeles", locale="en-US"))
        by_name = {}
        for person in PEOPLE:
            member = replace(person, id=self.ids.next("U"))
            by_name[member.name] = member.id
            self._save_member(member)
            self._open_dm(member.id)
        for name, kind, people, has_bot in CHANNELS:
            members = [by_name[each] for each in people] + ([BOT_USER_ID] if has_bot else [])
            self.add_channel(name, kind, members[0], members)

    def _save_member(self, member: Member) -> None:
        self.members[member.id] = member
        self.store.put("member", member.id, as_record(member))
        self.changes.announce()

    def _open_dm(self, user_id: str) -> None:
        created = int(self.clock.now().timestamp())
        self.save_conversation(
            Conversation(self.ids.next("D"), "directmessage", "im", user_id, created, [user_id, BOT_USER_ID])
        )
