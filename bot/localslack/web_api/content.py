"""What a call wants to say: text, blocks, attachments and metadata, checked as Slack checks them."""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct, field

from bot.localslack.block_kit import MESSAGE, check_blocks, total_text_length
from bot.localslack.block_kit.blocks import MARKDOWN_LIMIT
from bot.localslack.block_kit.shapes import slack_length
from bot.localslack.json_types import Json
from bot.localslack.views import fill_ids
from bot.localslack.web_api.call import Call, SlackError, invalid_arguments, refused_blocks

TEXT_LIMIT = 40_000
UPDATE_TEXT_LIMIT = 4_000
ALL_BLOCKS_LIMIT = 13_200  # observed: slackapi/bolt-js issue 2509
METADATA_BYTES = 16_000
_AUTHORSHIP = ("username", "icon_emoji", "icon_url")


class Content(Struct):
    """Checked content; None means that the argument was not given."""

    text: str | None
    blocks: list[Json] | None
    attachments: list[Json] | None
    metadata: Json | None
    warnings: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.blocks or self.attachments)


def read_content(call: Call) -> Content:
    """Reads the content arguments. Raises SlackError when Slack would refuse them."""
    if any(call.arguments.get(name) for name in _AUTHORSHIP):
        call.need_scope("chat:write.customize")
    text, warnings = call.text("text"), list[str]()
    blocks = read_blocks(call, call.arguments.get("blocks"))
    markdown = call.text("markdown_text")
    if markdown is not None:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text, blocks = markdown, _markdown_block(markdown)
    if text is not None and slack_length(text) > TEXT_LIMIT:
        text = text[:TEXT_LIMIT]
        warnings.append("message_truncated")
    return Content(text, blocks, _attachments(call), read_metadata(call), warnings)


def read_blocks(call: Call, given: Any) -> list[Json] | None:
    """Checks blocks and fills in their missing ids.

    Raises:
        SlackError: invalid_blocks_format, invalid_blocks or msg_blocks_too_long.
    """
    if given is None or given == "":
        return None
    if not isinstance(given, list):
        raise SlackError("invalid_blocks_format")
    problems = check_blocks(given, MESSAGE, call.scopes)
    if problems:
        for problem in problems.found:
            call.core.log.write("refused", f"{call.method} · {problem.pointer} · {problem.sentence}", ok=False)
        raise refused_blocks(problems)
    if total_text_length(given) > ALL_BLOCKS_LIMIT:
        raise SlackError("msg_blocks_too_long")
    return fill_ids(given)


def read_metadata(call: Call) -> Json | None:
    """`{"event_type": text, "event_payload": object}`; an empty object takes metadata away (chat.update)."""
    given = call.arguments.get("metadata")
    if given is None or given == "":
        return None
    if given == {}:
        return {}
    if not isinstance(given, dict) or not isinstance(given.get("event_payload", {}), dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(given.get("event_type"), str) or not given["event_type"] or "event_payload" not in given:
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(given, ensure_ascii=False).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return {"event_type": given["event_type"], "event_payload": given["event_payload"]}


def _markdown_block(markdown: str) -> list[Json]:
    if slack_length(markdown) > MARKDOWN_LIMIT:
        raise SlackError("msg_too_long")
    return fill_ids([{"type": "markdown", "text": markdown}]) if markdown else []


def _attachments(call: Call) -> list[Json] | None:
    given = call.arguments.get("attachments")
    if given is None or given == "":
        return None
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise invalid_arguments("must provide an array of objects [json-pointer:/attachments]")
    if len(given) > 100:
        raise SlackError("too_many_attachments")
    for attachment in given:
        if "blocks" in attachment:
            attachment["blocks"] = read_blocks(call, attachment["blocks"]) or []
    return given
