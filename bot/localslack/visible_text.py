"""What a person reads: a message's or view's words in reading order, without markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.localslack.composer import unescape
from bot.localslack.json_types import Json

NameOf = Callable[[str], str]

_ANGLE = re.compile(r"<([^<>]+)>")
# Slack draws a marker only with a non-word character outside it, and a Hangul syllable is a word character:
# in "*굵게*를" the asterisks stay visible.
_MARKED = tuple(
    re.compile(
        rf"(?<![\w{re.escape(mark)}]){re.escape(mark)}(?=\S)([^\n{re.escape(mark)}]+?)(?<=\S){re.escape(mark)}(?!\w)"
    )
    for mark in "*_~`"
)
_MARKDOWN_MARKS = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*|`([^`\n]+)`")

_OPEN = frozenset({"checkboxes", "radio_buttons"})


def mrkdwn(text: str, name_of: NameOf) -> str:
    """Slack's mrkdwn as it is read."""
    plain = _ANGLE.sub(lambda token: _reference(token[1], name_of), text)
    for marked in _MARKED:
        plain = marked.sub(r"\1", plain)
    return unescape(plain)


def _reference(token: str, name_of: NameOf) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return f"@{label or name_of(target[1:])}"
    if target.startswith("#"):
        return f"#{label or name_of(target[1:])}"
    if target.startswith("!date^"):
        return label or target
    if target.startswith("!"):
        return f"@{target[1:].split('^')[0]}"
    return label or target


def text_of(value: Any, name_of: NameOf) -> str:
    """The words of a text object, `{"type": "mrkdwn"|"plain_text", "text": …}`, or of a bare string."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    text = str(value.get("text", ""))
    return mrkdwn(text, name_of) if value.get("type") == "mrkdwn" else text


def blocks_text(blocks: list[Json], name_of: NameOf) -> str:
    """The words of blocks, a line each. Labels of buttons and menus are not among them; boxes to tick stand open."""
    lines = (_block_text(block, name_of) for block in blocks)
    return "\n".join(line for line in lines if line)


def message_text(text: str, blocks: list[Json], attachments: list[Json], name_of: NameOf) -> str:
    """With blocks a person sees the blocks, and `text` only in the notification."""
    lines = [blocks_text(blocks, name_of) if blocks else mrkdwn(text, name_of)]
    for attachment in attachments:
        words = [mrkdwn(str(attachment.get(key, "")), name_of) for key in ("pretext", "title", "text", "fallback")]
        lines.append(" ".join(word for word in words[:3] if word) or words[3])
        lines.append(blocks_text(attachment.get("blocks", []), name_of))
    return "\n".join(line for line in lines if line)


def _block_text(block: Json, name_of: NameOf) -> str:
    kind = block.get("type")
    if kind == "markdown":
        return _MARKDOWN_MARKS.sub(lambda found: found[1] or found[2], str(block.get("text", "")))
    if kind == "rich_text":
        return _rich_text(block.get("elements", []), name_of)
    if kind in {"table", "data_table"}:
        rows = [" | ".join(_cell(cell, name_of) for cell in row) for row in block.get("rows", [])]
        return "\n".join([str(block.get("caption", "")), *rows]).strip()
    if kind in {"context", "carousel"}:
        return "\n".join(filter(None, (_element_text(each, name_of) for each in block.get("elements", []))))
    if kind in {"task_card", "plan"}:
        return _task_text(block, name_of)
    if kind == "actions":
        boxes = [each for each in block.get("elements", []) if each.get("type") in _OPEN]
        shown = [option.get(key) for each in boxes for option in each["options"] for key in ("text", "description")]
        return "\n".join(filter(None, (text_of(each, name_of) for each in shown)))
    parts = [block.get(key) for key in ("title", "rich_text_title", "subtitle", "label", "text", "body", "hint")]
    parts += block.get("fields", [])
    lines = [_element_text(part, name_of) for part in parts if part is not None]
    lines.append(blocks_text(block.get("child_blocks", []), name_of))
    return "\n".join(line for line in lines if line)


def _element_text(value: Any, name_of: NameOf) -> str:
    if isinstance(value, dict) and value.get("type") == "image":
        return str(value.get("alt_text", ""))
    if isinstance(value, dict) and value.get("type") in {"rich_text", "card"}:
        return _block_text(value, name_of)
    return text_of(value, name_of)


def _task_text(block: Json, name_of: NameOf) -> str:
    lines = [str(block.get("title", ""))]
    lines += [_block_text(block[key], name_of) for key in ("details", "output") if key in block]
    lines += [_task_text(task, name_of) for task in block.get("tasks", [])]
    return "\n".join(line for line in lines if line)


def _cell(cell: Json, name_of: NameOf) -> str:
    return _rich_text(cell["elements"], name_of) if cell.get("type") == "rich_text" else str(cell.get("text", ""))


def _rich_text(elements: list[Json], name_of: NameOf) -> str:
    return "\n".join("".join(_inline(each, name_of) for each in _lines(container)) for container in elements)


def _lines(container: Json) -> list[Json]:
    if container.get("type") != "rich_text_list":
        return list(container.get("elements", []))
    lines: list[Json] = []
    for index, item in enumerate(container.get("elements", [])):
        lines += [{"type": "text", "text": "\n"}] if index else []
        lines += item.get("elements", [])
    return lines


def _inline(element: Json, name_of: NameOf) -> str:
    kind = element.get("type")
    if kind == "user":
        return f"@{name_of(element['user_id'])}"
    if kind == "channel":
        return f"#{name_of(element['channel_id'])}"
    if kind == "broadcast":
        return f"@{element['range']}"
    if kind == "emoji":
        return f":{element['name']}:"
    if kind == "link":
        return str(element.get("text") or element["url"])
    if kind == "date":
        fallback = datetime.fromtimestamp(element["timestamp"], UTC).isoformat()
        return str(element.get("fallback") or fallback)
    return str(element.get("text") or element.get("value") or "")
