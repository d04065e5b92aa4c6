"""Messages that the app writes piece by piece (chat.startStream, appendStream, stopStream)."""

from __future__ import annotations

import time
from typing import Any, Literal

from bot.localslack.block_kit import MESSAGE, check_blocks, slack_messages
from bot.localslack.ids import BOT_USER_ID
from bot.localslack.json_types import Json
from bot.localslack.messenger import Messenger
from bot.localslack.model import Message, Stream
from bot.localslack.slack_objects import message_object
from bot.localslack.timing import Timing
from bot.localslack.views import fill_ids
from bot.localslack.workspace import Workspace

_MARKDOWN_LIMIT = 12_000
_STATUSES = frozenset({"pending", "in_progress", "complete", "error"})


class StreamError(Exception):
    """`code` is Slack's; `messages` say which chunk was wrong."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []


class Streams:
    """Keeps what was streamed so far and draws it into the message's blocks."""

    def __init__(self, workspace: Workspace, messenger: Messenger, timing: Timing) -> None:
        self._workspace = workspace
        self._messenger = messenger
        self._timing = timing

    def start(self, channel: str, thread_ts: str, display: str, text: str | None, chunks: Any) -> Message:
        """Opens a stream. A stream opened with `markdown_text` takes no chunks later. Raises StreamError."""
        stream = Stream(None, display, time.monotonic())
        self._take_in(stream, text, chunks)
        return self._messenger.post(
            channel, BOT_USER_ID, stream.markdown, thread_ts=thread_ts, stream=stream, blocks=drawn(stream)
        )

    def append(self, message: Message, text: str | None, chunks: Any) -> None:
        """Raises StreamError."""
        stream = self._running(message)
        self._take_in(stream, text, chunks)
        self._draw(message, stream)

    def stop(self, message: Message, text: str | None, chunks: Any, blocks: list[Json], metadata: Json | None) -> None:
        """Ends the stream; `blocks` stand below the text. Raises StreamError."""
        stream = self._running(message)
        previous = message_object(self._workspace, message, include_metadata=True)
        self._take_in(stream, text, chunks)
        stream.final_blocks = fill_ids(blocks)
        stream.state = "completed"
        message.metadata = metadata or message.metadata
        message.text, message.blocks = stream.markdown, drawn(stream)
        self._messenger.settle(message, previous)

    def stop_by_user(self, message: Message) -> bool:
        """A person pressed stop. False when nothing was streaming."""
        stream = message.stream
        if stream is None or stream.state != "in_progress":
            return False
        stream.state = "stopped_by_user"
        self._workspace.save_message(message)
        return True

    def _running(self, message: Message) -> Stream:
        stream = message.stream
        if stream is not None and stream.state == "stopped_by_user":
            raise StreamError("stopped_by_user")
        expired = stream is not None and time.monotonic() - stream.started > self._timing.stream
        if stream is None or stream.state != "in_progress" or expired:
            raise StreamError("message_not_in_streaming_state")
        return stream

    def _draw(self, message: Message, stream: Stream) -> None:
        message.text, message.blocks = stream.markdown, drawn(stream)
        self._workspace.save_message(message)

    def _take_in(self, stream: Stream, text: str | None, chunks: Any) -> None:
        if text is not None and chunks:
            raise StreamError("invalid_arguments", ["markdown_text and chunks exclude each other"])
        mode: Literal["text", "chunks"] | None = "text" if text is not None else ("chunks" if chunks else None)
        if mode is not None and stream.mode not in (None, mode):
            raise StreamError("streaming_mode_mismatch")
        stream.mode = mode or stream.mode
        if text is not None:
            _take_markdown(stream, text)
        if chunks is None:
            return
        if not isinstance(chunks, list):
            raise StreamError("invalid_chunks", ["chunks must be an array"])
        for index, chunk in enumerate(chunks):
            self._take_chunk(stream, chunk, index)

    def _take_chunk(self, stream: Stream, chunk: Any, index: int) -> None:
        kind = chunk.get("type") if isinstance(chunk, dict) else None
        if kind == "markdown_text" and isinstance(chunk.get("text"), str):
            _take_markdown(stream, chunk["text"])
        elif kind == "plan_update" and isinstance(chunk.get("title"), str):
            stream.plan_title = chunk["title"]
        elif kind == "task_update":
            _take_task(stream, chunk, index)
        elif kind == "blocks":
            problems = check_blocks(
                chunk.get("blocks"), MESSAGE, self._workspace.manifest.scopes, f"/chunks/{index}/blocks"
            )
            if problems:
                raise StreamError("invalid_blocks", slack_messages(problems))
            stream.blocks.extend(fill_ids(chunk["blocks"]))
            if len(stream.blocks) > 50:
                raise StreamError("msg_blocks_too_many")
        else:
            raise StreamError("invalid_chunks", [f"unsupported chunk [json-pointer:/chunks/{index}]"])


def _take_markdown(stream: Stream, text: str) -> None:
    if len(text) > _MARKDOWN_LIMIT:
        raise StreamError("msg_too_long")
    stream.markdown += text


def _take_task(stream: Stream, chunk: Json, index: int) -> None:
    valid = all(isinstance(chunk.get(name), str) for name in ("id", "title")) and chunk.get("status") in _STATUSES
    if not valid:
        raise StreamError("invalid_chunks", [f"task_update needs id, title, status [json-pointer:/chunks/{index}]"])
    known = stream.tasks.setdefault(chunk["id"], {})
    known.update({key: value for key, value in chunk.items() if key != "type" and value is not None})


def drawn(stream: Stream) -> list[Json]:
    """The stream's content as blocks: tasks, then the text, then what was appended, then the closing blocks."""
    cards = [_task_card(task) for task in stream.tasks.values()]
    if cards and stream.display == "plan":
        cards = [{"type": "plan", "block_id": "plan", "title": stream.plan_title or "Plan", "tasks": cards}]
    text = [{"type": "markdown", "block_id": "markdown", "text": stream.markdown}] if stream.markdown else []
    return [*cards, *text, *stream.blocks, *stream.final_blocks]


def _task_card(task: Json) -> Json:
    card: Json = {"type": "task_card", "block_id": f"task-{task['id']}", "task_id": task["id"], "title": task["title"]}
    card["status"] = task["status"]
    for name in ("details", "output"):
        if name in task:
            line = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(task[name])}]}
            card[name] = {"type": "rich_text", "block_id": name, "elements": [line]}
    if "sources" in task:
        card["sources"] = task["sources"]
    return card
