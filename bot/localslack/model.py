"""The records of a workspace: people, conversations, messages, what waits to be posted."""

from __future__ import annotations

import math
from typing import Any, Literal

from msgspec import Struct, field, to_builtins

from bot.localslack.json_types import Json

Kind = Literal["channel", "group", "im"]


class Refused(Exception):
    """A person tried something that Slack's own window would not do. `message` is a Korean sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Member(Struct):
    """A person, or the app's bot user. `display_name` may be empty, as for many people at Slack."""

    id: str
    name: str
    real_name: str
    title: str = ""
    display_name: str = ""
    tz: str = "Asia/Seoul"
    locale: str = "ko-KR"
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False


class Conversation(Struct):
    """A public channel, a private one (`group`), or one person's direct message with the app (`im`)."""

    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: list[str]
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False

    def person_in(self, bot_user_id: str) -> str:
        """The person of an `im`."""
        return next(member for member in self.members if member != bot_user_id)


class Stream(Struct):
    """The state of a message that the app is still writing (chat.startStream)."""

    mode: Literal["text", "chunks"] | None
    display: str
    started: float
    markdown: str = ""
    tasks: dict[str, Json] = field(default_factory=dict)
    plan_title: str | None = None
    blocks: list[Json] = field(default_factory=list)
    final_blocks: list[Json] = field(default_factory=list)
    state: Literal["in_progress", "completed", "stopped_by_user"] = "in_progress"


class Message(Struct):
    """One message. `audience` is the person an ephemeral message is for; None means everybody in the channel."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    from_app: bool = False
    audience: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    client_msg_id: str | None = None
    inviter: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    stream: Stream | None = None

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Whether it stands in the channel itself, not only in a thread."""
        return not self.is_reply or self.subtype == "thread_broadcast"


class Scheduled(Struct):
    """A message waiting for its time (chat.scheduleMessage). `arguments` are those of the later post."""

    id: str
    channel: str
    post_at: int
    created: int
    arguments: Json


class HostedFile(Struct):
    """A file of the upload flow; `content` is base64 text, None until it was uploaded."""

    id: str
    name: str
    size: int
    title: str
    created: int
    content: str | None = None
    alt: str = ""
    """what the file shows, in words"""
    shared_in: list[str] = field(default_factory=list)


def as_record(value: Any) -> Json:
    """A Struct as a JSON object."""
    record: Json = to_builtins(value)
    return record


def message_of(record: Json) -> Message:
    """A message from its record. A stream cannot go on in another process: it counts as expired."""
    stream = record.get("stream")
    if stream is not None:
        stream = Stream(**{**stream, "started": -math.inf})
    return Message(**{**record, "stream": stream})
