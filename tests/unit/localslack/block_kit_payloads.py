"""Blocks that Slack refuses, with its words for the first problem, and blocks that it takes."""

from __future__ import annotations

from typing import Any

from bot.localslack.block_kit import HOME, MESSAGE, MODAL
from tests.unit.localslack.conftest import actions, button, section

PLAIN = {"type": "plain_text", "text": "글"}
OPTION = {"text": PLAIN, "value": "a"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "글"}]}]}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "그림"}
CARD = {"type": "card", "title": {"type": "mrkdwn", "text": "제목"}}
TASK = {"type": "task_card", "task_id": "1", "title": "신청", "status": "complete"}
CELL = {"type": "raw_text", "text": "칸"}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def field(element: dict[str, Any], **block: Any) -> dict[str, Any]:
    return {"type": "input", "label": PLAIN, "element": element, **block}


def accessory(element: dict[str, Any]) -> dict[str, Any]:
    return {**section(), "accessory": element}


def select(**fields: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", **fields}


def confirmed(**parts: Any) -> dict[str, Any]:
    confirm = {"title": PLAIN, "text": PLAIN, "confirm": PLAIN, "deny": PLAIN, **parts}
    return actions(button(confirm=confirm))


# (blocks, surface, pointer of the first problem, Slack's words for it)
REFUSED: list[tuple[str, list[Any], str, str, str]] = [
    ("51 blocks", [section()] * 51, MESSAGE, "/blocks", "no more than 50 items allowed"),
    ("101 blocks", [section()] * 101, HOME, "/blocks", "no more than 100 items allowed"),
    ("no type", [{"text": PLAIN}], MESSAGE, "/blocks/0", "missing required field: type"),
    ("unknown type", [{"type": "text"}], MESSAGE, "/blocks/0/type", "unsupported type: text"),
    ("not an object", ["글"], MESSAGE, "/blocks/0", "must provide an object"),
    ("unknown field", [{**section(), "colour": "red"}], MESSAGE, "/blocks/0", "invalid additional property: colour"),
    ("null field", [{**section(), "accessory": None}], MESSAGE, "/blocks/0/accessory", "must provide an object"),
    ("empty text", [section("")], MESSAGE, "/blocks/0/text/text", "must be more than 0 characters"),
    ("long text", [section("가" * 3001)], MESSAGE, "/blocks/0/text/text", "must be less than 3001 characters"),
    (
        "text type",
        [{"type": "section", "text": {"type": "text", "text": "글"}}],
        MESSAGE,
        "/blocks/0/text/type",
        "unsupported type: text",
    ),
    (
        "emoji in mrkdwn",
        [{"type": "section", "text": {"type": "mrkdwn", "text": "글", "emoji": True}}],
        MESSAGE,
        "/blocks/0/text",
        "invalid additional property: emoji",
    ),
    (
        "verbatim in plain",
        [{"type": "section", "text": {**PLAIN, "verbatim": True}}],
        MESSAGE,
        "/blocks/0/text",
        "invalid additional property: verbatim",
    ),
    ("empty section", [{"type": "section"}], MESSAGE, "/blocks/0", "must provide at least one of: text, fields"),
    (
        "11 fields",
        [{"type": "section", "fields": [PLAIN] * 11}],
        MESSAGE,
        "/blocks/0/fields",
        "no more than 10 items allowed",
    ),
    (
        "long field",
        [{"type": "section", "fields": [plain("가" * 2001)]}],
        MESSAGE,
        "/blocks/0/fields/0/text",
        "must be less than 2001 characters",
    ),
    (
        "datetimepicker beside text",
        [accessory({"type": "datetimepicker", "action_id": "d"})],
        MESSAGE,
        "/blocks/0/accessory/type",
        "unsupported type: datetimepicker",
    ),
    (
        "long header",
        [{"type": "header", "text": plain("가" * 151)}],
        MESSAGE,
        "/blocks/0/text/text",
        "must be less than 151 characters",
    ),
    (
        "mrkdwn header",
        [{"type": "header", "text": {"type": "mrkdwn", "text": "글"}}],
        MESSAGE,
        "/blocks/0/text/type",
        "unsupported type: mrkdwn",
    ),
    ("header level", [{"type": "header", "text": PLAIN, "level": 5}], MESSAGE, "/blocks/0/level", "must be at most 4"),
    (
        "26 buttons",
        [actions(*[button(action_id=str(n)) for n in range(26)])],
        MESSAGE,
        "/blocks/0/elements",
        "no more than 25 items allowed",
    ),
    ("no buttons", [actions()], MESSAGE, "/blocks/0/elements", "no fewer than 1 items allowed"),
    (
        "text input among buttons",
        [actions({"type": "plain_text_input", "action_id": "t"})],
        MESSAGE,
        "/blocks/0/elements/0/type",
        "unsupported type: plain_text_input",
    ),
    ("same action_id", [actions(button(), button())], MESSAGE, "/blocks", "action_id must be unique: press"),
    ("same block_id", [actions(button()), actions(button())], MESSAGE, "/blocks", "block_id must be unique: actions"),
    (
        "long block_id",
        [{**section(), "block_id": "b" * 256}],
        MESSAGE,
        "/blocks/0/block_id",
        "must be less than 256 characters",
    ),
    (
        "long action_id",
        [actions(button(action_id="a" * 256))],
        MESSAGE,
        "/blocks/0/elements/0/action_id",
        "must be less than 256 characters",
    ),
    (
        "long button",
        [actions(button("가" * 76))],
        MESSAGE,
        "/blocks/0/elements/0/text/text",
        "must be less than 76 characters",
    ),
    (
        "long button value",
        [actions(button(value="v" * 2001))],
        MESSAGE,
        "/blocks/0/elements/0/value",
        "must be less than 2001 characters",
    ),
    (
        "button style",
        [actions(button(style="warning"))],
        MESSAGE,
        "/blocks/0/elements/0/style",
        "must be a valid enum value",
    ),
    ("button url", [actions(button(url="no address"))], MESSAGE, "/blocks/0/elements/0/url", "must be a valid URL"),
    (
        "confirm title",
        [confirmed(title=plain("가" * 101))],
        MESSAGE,
        "/blocks/0/elements/0/confirm/title/text",
        "must be less than 101 characters",
    ),
    (
        "confirm button",
        [confirmed(confirm=plain("가" * 31))],
        MESSAGE,
        "/blocks/0/elements/0/confirm/confirm/text",
        "must be less than 31 characters",
    ),
    (
        "11 in context",
        [{"type": "context", "elements": [PLAIN] * 11}],
        MESSAGE,
        "/blocks/0/elements",
        "no more than 10 items allowed",
    ),
    (
        "button in context",
        [{"type": "context", "elements": [button()]}],
        MESSAGE,
        "/blocks/0/elements/0/type",
        "unsupported type: button",
    ),
    (
        "image twice",
        [{**IMAGE, "slack_file": {"id": "F1"}}],
        MESSAGE,
        "/blocks/0",
        "must provide exactly one of: image_url, slack_file",
    ),
    (
        "image without alt",
        [{"type": "image", "image_url": "https://example.com/a"}],
        MESSAGE,
        "/blocks/0",
        "missing required field: alt_text",
    ),
    (
        "long markdown",
        [{"type": "markdown", "text": "가" * 12_001}],
        MESSAGE,
        "/blocks/0/text",
        "must be less than 12001 characters",
    ),
    (
        "markdown together",
        [{"type": "markdown", "text": "가" * 7000}] * 2,
        MESSAGE,
        "/blocks",
        "markdown blocks must be less than 12001 characters together",
    ),
    (
        "markdown in a modal",
        [{"type": "markdown", "text": "글"}],
        MODAL,
        "/blocks/0/type",
        "unsupported type: markdown",
    ),
    ("markdown at home", [{"type": "markdown", "text": "글"}], HOME, "/blocks/0/type", "unsupported type: markdown"),
    ("two tables", [{"type": "table", "rows": [[CELL]]}] * 2, MESSAGE, "/blocks", "only one table allowed"),
    (
        "21 columns",
        [{"type": "table", "rows": [[CELL] * 21]}],
        MESSAGE,
        "/blocks/0/rows/0",
        "no more than 20 items allowed",
    ),
    ("table in a modal", [{"type": "table", "rows": [[CELL]]}], MODAL, "/blocks/0/type", "unsupported type: table"),
    (
        "table within a container in a modal",
        [{"type": "container", "title": PLAIN, "child_blocks": [{"type": "table", "rows": [[CELL]]}]}],
        MODAL,
        "/blocks/0/type",
        "unsupported type: table",
    ),
    (
        "uneven data table",
        [{"type": "data_table", "caption": "표", "rows": [[CELL], [CELL, CELL]]}],
        MESSAGE,
        "/blocks/0/rows",
        "all rows must have the same number of cells",
    ),
    (
        "rich header cell",
        [{"type": "data_table", "caption": "표", "rows": [[RICH], [CELL]]}],
        MESSAGE,
        "/blocks/0/rows/0/0/type",
        "unsupported type: rich_text",
    ),
    ("task status", [{**TASK, "status": "done"}], MESSAGE, "/blocks/0/status", "must be a valid enum value"),
    (
        "plan at home",
        [{"type": "plan", "title": "계획", "tasks": [TASK]}],
        HOME,
        "/blocks/0/type",
        "unsupported type: plan",
    ),
    ("alert in a message", [{"type": "alert", "text": PLAIN}], MESSAGE, "/blocks/0/type", "unsupported type: alert"),
    ("card in a modal", [CARD], MODAL, "/blocks/0/type", "unsupported type: card"),
    (
        "three card buttons",
        [{**CARD, "actions": [button(action_id=str(n)) for n in range(3)]}],
        MESSAGE,
        "/blocks/0/actions",
        "no more than 2 items allowed",
    ),
    (
        "11 cards",
        [{"type": "carousel", "elements": [CARD] * 11}],
        MESSAGE,
        "/blocks/0/elements",
        "no more than 10 items allowed",
    ),
    (
        "container in a container",
        [{"type": "container", "title": PLAIN, "child_blocks": [{"type": "container"}]}],
        MESSAGE,
        "/blocks/0/child_blocks/0/type",
        "unsupported type: container",
    ),
    (
        "collapsed but not collapsible",
        [{"type": "container", "title": PLAIN, "child_blocks": [section()], "default_collapsed": True}],
        MESSAGE,
        "/blocks/0/default_collapsed",
        "requires is_collapsible to be true",
    ),
    (
        "feedback in a modal",
        [{"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": PLAIN}]}],
        MODAL,
        "/blocks/0/type",
        "unsupported type: context_actions",
    ),
    (
        "rich text container",
        [{"type": "rich_text", "elements": [{"type": "text", "text": "글"}]}],
        MESSAGE,
        "/blocks/0/elements/0/type",
        "unsupported type: text",
    ),
    (
        "list of texts",
        [
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "text", "text": "글"}]}
                ],
            }
        ],
        MESSAGE,
        "/blocks/0/elements/0/elements/0/type",
        "unsupported type: text",
    ),
    (
        "input without label",
        [{"type": "input", "element": {"type": "plain_text_input", "action_id": "t"}}],
        MODAL,
        "/blocks/0",
        "missing required field: label",
    ),
    ("button as input", [field(button())], MODAL, "/blocks/0/element/type", "unsupported type: button"),
    (
        "text bounds",
        [field({"type": "plain_text_input", "min_length": 5, "max_length": 4})],
        MODAL,
        "/blocks/0/element/min_length",
        "must be less than or equal to max_length",
    ),
    (
        "text maximum",
        [field({"type": "plain_text_input", "max_length": 3001})],
        MODAL,
        "/blocks/0/element/max_length",
        "must be at most 3000",
    ),
    (
        "number without decimals",
        [field({"type": "number_input"})],
        MODAL,
        "/blocks/0/element",
        "missing required field: is_decimal_allowed",
    ),
    (
        "number bounds",
        [field({"type": "number_input", "is_decimal_allowed": False, "min_value": "9", "max_value": "1"})],
        MODAL,
        "/blocks/0/element/min_value",
        "must be less than or equal to max_value",
    ),
    (
        "no such day",
        [field({"type": "datepicker", "initial_date": "2026-02-30"})],
        MODAL,
        "/blocks/0/element/initial_date",
        "must be a valid date in the format YYYY-MM-DD",
    ),
    (
        "no such time",
        [field({"type": "timepicker", "initial_time": "24:00"})],
        MODAL,
        "/blocks/0/element/initial_time",
        "must be in the format HH:mm",
    ),
    (
        "milliseconds",
        [field({"type": "datetimepicker", "initial_date_time": 1_795_414_482_000})],
        MODAL,
        "/blocks/0/element/initial_date_time",
        "must be a 10 digit UNIX timestamp",
    ),
    (
        "two focused",
        [field({"type": "datepicker", "focus_on_load": True}), field({"type": "datepicker", "focus_on_load": True})],
        MODAL,
        "/blocks",
        "only one element can have focus_on_load",
    ),
    ("file input without scope", [field({"type": "file_input"})], MODAL, "/blocks/0", "missing scope: files:read"),
    (
        "101 options",
        [accessory(select(options=[{**OPTION, "value": str(n)} for n in range(101)]))],
        MESSAGE,
        "/blocks/0/accessory/options",
        "no more than 100 items allowed",
    ),
    (
        "no options",
        [accessory(select())],
        MESSAGE,
        "/blocks/0/accessory",
        "must provide exactly one of: options, option_groups",
    ),
    (
        "options and groups",
        [accessory(select(options=[OPTION], option_groups=[{"label": PLAIN, "options": [OPTION]}]))],
        MESSAGE,
        "/blocks/0/accessory",
        "must provide exactly one of: options, option_groups",
    ),
    (
        "initial not offered",
        [accessory(select(options=[OPTION], initial_option={"text": PLAIN, "value": "b"}))],
        MESSAGE,
        "/blocks/0/accessory/initial_option",
        "must match one of the options",
    ),
    (
        "long option",
        [accessory(select(options=[{"text": plain("가" * 76), "value": "a"}]))],
        MESSAGE,
        "/blocks/0/accessory/options/0/text/text",
        "must be less than 76 characters",
    ),
    (
        "long option value",
        [accessory(select(options=[{"text": PLAIN, "value": "v" * 151}]))],
        MESSAGE,
        "/blocks/0/accessory/options/0/value",
        "must be less than 151 characters",
    ),
    (
        "mrkdwn in a menu",
        [accessory(select(options=[{"text": {"type": "mrkdwn", "text": "글"}, "value": "a"}]))],
        MESSAGE,
        "/blocks/0/accessory/options/0/text/type",
        "unsupported type: mrkdwn",
    ),
    (
        "url outside overflow",
        [accessory(select(options=[{**OPTION, "url": "https://example.com"}]))],
        MESSAGE,
        "/blocks/0/accessory/options/0",
        "invalid additional property: url",
    ),
    (
        "6 in overflow",
        [accessory({"type": "overflow", "action_id": "o", "options": [OPTION] * 6})],
        MESSAGE,
        "/blocks/0/accessory/options",
        "no more than 5 items allowed",
    ),
    (
        "11 checkboxes",
        [field({"type": "checkboxes", "options": [OPTION] * 11})],
        MODAL,
        "/blocks/0/element/options",
        "no more than 10 items allowed",
    ),
    (
        "long placeholder",
        [accessory(select(options=[OPTION], placeholder=plain("가" * 151)))],
        MESSAGE,
        "/blocks/0/accessory/placeholder/text",
        "must be less than 151 characters",
    ),
    (
        "multi maximum",
        [accessory({"type": "multi_users_select", "action_id": "m", "max_selected_items": 0})],
        MESSAGE,
        "/blocks/0/accessory/max_selected_items",
        "must be at least 1",
    ),
    (
        "not imitated",
        [{"type": "data_visualization"}],
        MESSAGE,
        "/blocks/0/type",
        "unsupported type: data_visualization",
    ),
]


ACCEPTED: list[tuple[str, list[Any], str]] = [
    (
        "every message block",
        [
            section("가" * 3000),
            {"type": "header", "text": plain("가" * 150), "level": 2},
            {"type": "divider"},
            {"type": "context", "elements": [IMAGE, PLAIN, {"type": "mrkdwn", "text": "글", "verbatim": True}]},
            actions(button(value="v" * 2000, style="danger", agent_prompt="말"), block_id="a1"),
            {**IMAGE, "title": PLAIN},
            RICH,
            {"type": "markdown", "text": "**글**"},
            {
                "type": "table",
                "rows": [[CELL, RICH, {"type": "raw_number", "value": 3, "text": "3"}]],
                "column_settings": [None, {"align": "right"}],
            },
            {"type": "plan", "title": "계획", "tasks": [TASK]},
            {"type": "carousel", "elements": [CARD]},
            {
                "type": "context_actions",
                "elements": [
                    {
                        "type": "feedback_buttons",
                        "action_id": "f",
                        "positive_button": {"text": PLAIN, "value": "y"},
                        "negative_button": {"text": PLAIN, "value": "n"},
                    }
                ],
            },
            {"type": "container", "title": PLAIN, "child_blocks": [section(), {"type": "divider"}]},
            {"type": "data_table", "caption": "표", "rows": [[CELL], [RICH]]},
        ],
        MESSAGE,
    ),
    (
        "every element",
        [
            field({"type": kind, "action_id": "x", **extra})
            for kind, extra in {
                "plain_text_input": {
                    "multiline": True,
                    "max_length": 3000,
                    "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
                },
                "number_input": {"is_decimal_allowed": True, "initial_value": "1.5"},
                "email_text_input": {},
                "url_text_input": {},
                "rich_text_input": {"initial_value": RICH},
                "datepicker": {"initial_date": "2028-02-29"},
                "timepicker": {"initial_time": "09:05"},
                "datetimepicker": {"initial_date_time": 1_795_414_482},
                "radio_buttons": {"options": [{"text": {"type": "mrkdwn", "text": "*글*"}, "value": "a"}]},
                "checkboxes": {"options": [OPTION], "initial_options": [OPTION]},
                "static_select": {"option_groups": [{"label": PLAIN, "options": [OPTION]}], "initial_option": OPTION},
                "external_select": {"min_query_length": 0},
                "users_select": {"initial_user": "U1"},
                "channels_select": {"response_url_enabled": True},
                "conversations_select": {"filter": {"include": ["im"]}},
                "multi_static_select": {"options": [OPTION], "max_selected_items": 1},
                "multi_external_select": {},
                "multi_users_select": {},
                "multi_channels_select": {},
                "multi_conversations_select": {},
            }.items()
        ],
        MODAL,
    ),
    ("alert in a modal", [{"type": "alert", "text": PLAIN, "level": "warning"}], MODAL),
    ("card at home", [CARD], HOME),
    ("same action_id in two blocks", [actions(button(), block_id="a"), actions(button(), block_id="b")], MESSAGE),
]
