"""Every block, as Slack's reference describes it.

Limits: docs.slack.dev/reference/block-kit/blocks, slack_sdk 3.47 models, @slack/types 3.2. The types in
`NOT_IMITATED` exist at Slack, but nothing we may read gives their whole form: they are refused by name.
"""

from __future__ import annotations

from typing import Any

from bot.localslack.block_kit.composition import BLOCK_ID, SLACK_FILE, any_text, plain_text
from bot.localslack.block_kit.elements import (
    ACTIONS_ELEMENTS,
    BUTTON,
    EVERY_ELEMENT,
    FEEDBACK,
    IMAGE,
    INPUT_ELEMENTS,
    SECTION_ACCESSORIES,
)
from bot.localslack.block_kit.problems import Problems
from bot.localslack.block_kit.rich_text import RICH_TEXT
from bot.localslack.block_kit.shapes import (
    Check,
    array,
    at_least_one,
    boolean,
    exactly_one,
    integer,
    number,
    one_of,
    shape,
    slack_length,
    string,
    url,
    variants,
)
from bot.localslack.json_types import Json

MARKDOWN_LIMIT = 12_000
NOT_IMITATED = frozenset({"data_visualization", "layout", "contact_card", "auth_provider", "call"})

_ID: dict[str, Check] = {"block_id": BLOCK_ID}
_TABLE_COLUMNS = 20
_CELLS_LIMIT = 10_000  # characters in all cells of one table (docs.slack.dev, table-block)

_SECTION = shape(
    {},
    {
        **_ID,
        "text": any_text(),
        "fields": array(any_text(2000), at_least=1, at_most=10),
        "accessory": variants(SECTION_ACCESSORIES, not_here=EVERY_ELEMENT),
        "expand": boolean,
    },
    at_least_one("text", "fields"),
    type_name="section",
)

_IMAGE_BLOCK = shape(
    {"alt_text": string(2000)},
    {**_ID, "image_url": url(), "slack_file": SLACK_FILE, "title": plain_text(2000)},
    exactly_one("image_url", "slack_file"),
    type_name="image",
)

_INPUT = shape(
    {"label": plain_text(2000), "element": variants(INPUT_ELEMENTS, not_here=EVERY_ELEMENT)},
    {**_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    type_name="input",
)

_VIDEO = shape(
    {"alt_text": string(), "video_url": url(), "thumbnail_url": url(), "title": plain_text(199)},
    {
        **_ID,
        "title_url": url(),
        "author_name": string(49),
        "provider_name": string(),
        "provider_icon_url": url(),
        "description": plain_text(200),
    },
    type_name="video",
)

_RAW_TEXT = shape({"text": string()}, type_name="raw_text")
_RAW_NUMBER = shape({"value": number, "text": string()}, type_name="raw_number")
_CELL = variants({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT})
_ROW = array(_CELL, at_least=1, at_most=_TABLE_COLUMNS)


def _column_setting(value: Any, pointer: str, problems: Problems) -> None:
    """A column may be skipped with null."""
    if value is not None:
        _SETTING(value, pointer, problems)


_SETTING = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _cells_within_limit(value: Json, pointer: str, problems: Problems) -> None:
    total = sum(slack_length(text) for text in texts_in(value.get("rows")))
    if total > _CELLS_LIMIT:
        message = f"must be less than {_CELLS_LIMIT + 1} characters across all cells"
        problems.add(f"{pointer}/rows", message, f"표 전체가 {_CELLS_LIMIT:,}자를 넘을 수 없습니다 (지금 {total:,}자)")


def _rows_alike(value: Json, pointer: str, problems: Problems) -> None:
    rows = value.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return
    if len({len(row) for row in rows}) > 1:
        problems.add(f"{pointer}/rows", "all rows must have the same number of cells", "행마다 칸 수가 같아야 합니다")
    for index, cell in enumerate(rows[0] if rows else []):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            where = f"{pointer}/rows/0/{index}/type"
            problems.add(where, "unsupported type: rich_text", "머리 행에는 rich_text를 쓸 수 없습니다")


_TABLE = shape(
    {"rows": array(_ROW, at_least=1, at_most=100)},
    {**_ID, "column_settings": array(_column_setting, at_most=_TABLE_COLUMNS)},
    _cells_within_limit,
    type_name="table",
)

_DATA_TABLE = shape(
    {"rows": array(_ROW, at_least=2, at_most=101), "caption": string()},
    {**_ID, "page_size": integer(1, 100), "row_header_column_index": integer(0, _TABLE_COLUMNS - 1)},
    _rows_alike,
    _cells_within_limit,
    type_name="data_table",
)

_CARD = shape(
    {},
    {
        **_ID,
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "actions": array(variants({"button": BUTTON}), at_least=1, at_most=2),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    type_name="card",
)

_SOURCE = shape({"url": url(), "text": string()}, type_name="url")
_TASK_CARD = shape(
    {"task_id": string(), "title": string()},
    {
        **_ID,
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": array(_SOURCE),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    type_name="task_card",
)

_STANDING_ALONE: dict[str, Check] = {
    "section": _SECTION,
    "header": shape({"text": plain_text(150)}, {**_ID, "level": integer(1, 4)}, type_name="header"),
    "divider": shape({}, _ID, type_name="divider"),
    "context": shape(
        {
            "elements": array(
                variants({"image": IMAGE, "plain_text": any_text(), "mrkdwn": any_text()}), at_least=1, at_most=10
            )
        },
        _ID,
        type_name="context",
    ),
    "actions": shape(
        {"elements": array(variants(ACTIONS_ELEMENTS, not_here=EVERY_ELEMENT), at_least=1, at_most=25)},
        _ID,
        type_name="actions",
    ),
    "image": _IMAGE_BLOCK,
    "input": _INPUT,
    "rich_text": RICH_TEXT,
    "table": _TABLE,
    "video": _VIDEO,
}


def _collapsed_only_if_collapsible(value: Json, pointer: str, problems: Problems) -> None:
    if value.get("default_collapsed") is True and value.get("is_collapsible") is not True:
        where = f"{pointer}/default_collapsed"
        problems.add(where, "requires is_collapsible to be true", "is_collapsible이 true일 때만 쓸 수 있습니다")
    if value.get("has_header_divider") is True and value.get("is_collapsible") is True:
        where = f"{pointer}/has_header_divider"
        problems.add(where, "cannot be set when is_collapsible is true", "is_collapsible과 함께 쓸 수 없습니다")


_CONTAINER = shape(
    {"child_blocks": array(variants(_STANDING_ALONE, not_here=("container", "card")), at_least=1, at_most=10)},
    {
        **_ID,
        "title": plain_text(150),
        "rich_text_title": RICH_TEXT,
        "subtitle": any_text(150),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": IMAGE,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    at_least_one("title", "rich_text_title"),
    _collapsed_only_if_collapsible,
    type_name="container",
)

BLOCKS: dict[str, Check] = {
    **_STANDING_ALONE,
    "markdown": shape({"text": string(MARKDOWN_LIMIT)}, _ID, type_name="markdown"),
    "context_actions": shape(
        {"elements": array(variants(FEEDBACK, not_here=EVERY_ELEMENT), at_least=1, at_most=5)},
        _ID,
        type_name="context_actions",
    ),
    "data_table": _DATA_TABLE,
    "card": _CARD,
    "carousel": shape(
        {"elements": array(variants({"card": _CARD}), at_least=1, at_most=10)}, _ID, type_name="carousel"
    ),
    "container": _CONTAINER,
    "task_card": _TASK_CARD,
    "plan": shape({"title": string()}, {**_ID, "tasks": array(variants({"task_card": _TASK_CARD}))}, type_name="plan"),
    "alert": shape(
        {"text": any_text(200)},
        {**_ID, "level": one_of("default", "info", "warning", "error", "success")},
        type_name="alert",
    ),
}


def texts_in(value: Any) -> list[str]:
    """Every string that stands under a `text` key, at any depth."""
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    if not isinstance(value, dict):
        return []
    found = [value["text"]] if isinstance(value.get("text"), str) else []
    return found + [
        text for name, item in value.items() if name != "text" or not isinstance(item, str) for text in texts_in(item)
    ]
