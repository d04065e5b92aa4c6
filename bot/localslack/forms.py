"""What a form holds: `state.values` of a view or message, and what Slack's window refuses to submit."""

from __future__ import annotations

import re
from typing import Any

from bot.localslack.block_kit import elements_of
from bot.localslack.block_kit.shapes import as_number, slack_length
from bot.localslack.json_types import Json

# element type -> (field of its value, field of its initial value)
VALUE_FIELDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}

_LISTS = frozenset(field for field, _ in VALUE_FIELDS.values() if field.endswith("s"))
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def initial_state(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """`state.values` of an untouched form: every stateful element, with null or [] where nothing was set."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in elements_of(blocks):
        if element.get("type") in VALUE_FIELDS:
            values.setdefault(block["block_id"], {})[element["action_id"]] = _entry(element, None)
    return values


def merged_state(blocks: list[Json], typed: Any) -> dict[str, dict[str, Json]]:
    """The form's state with what was typed, as far as block_id, action_id and element type still fit."""
    values = initial_state(blocks)
    for block_id, actions in values.items():
        for action_id, entry in actions.items():
            given = _given(typed, block_id, action_id)
            field = VALUE_FIELDS[entry["type"]][0]
            if isinstance(given, dict) and given.get("type", entry["type"]) == entry["type"] and field in given:
                actions[action_id] = {**entry, field: given[field]}
    return values


def _given(typed: Any, block_id: str, action_id: str) -> Any:
    actions = typed.get(block_id) if isinstance(typed, dict) else None
    return actions.get(action_id) if isinstance(actions, dict) else None


def _entry(element: Json, value: Any) -> Json:
    field, initial = VALUE_FIELDS[element["type"]]
    if value is None:
        value = element.get(initial)
    if value is None and field in _LISTS:
        value = []
    entry = {"type": element["type"], field: value}
    if element["type"] == "timepicker" and "timezone" in element:
        entry["timezone"] = element["timezone"]
    return entry


def submission_errors(blocks: list[Json], state: dict[str, dict[str, Json]]) -> dict[str, str]:
    """What Slack's window says under a field instead of sending the form: {block_id: Korean sentence}."""
    errors = {}
    for block, element in elements_of(blocks):
        if block.get("type") != "input" or element.get("type") not in VALUE_FIELDS:
            continue
        value = state[block["block_id"]][element["action_id"]][VALUE_FIELDS[element["type"]][0]]
        if value in (None, "", []):
            if not block.get("optional", False):
                errors[block["block_id"]] = "필수 항목입니다."
        elif problem := _problem_with(element, value):
            errors[block["block_id"]] = problem
    return errors


def _problem_with(element: Json, value: Any) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_problem(value, element.get("min_length", 0), element.get("max_length", 3000))
    if kind == "email_text_input" and not _EMAIL.fullmatch(value):
        return "올바른 이메일 주소를 입력해 주세요."
    if kind == "url_text_input" and not _URL.fullmatch(value):
        return "올바른 링크를 입력해 주세요."
    if kind == "number_input":
        return _number_problem(element, value)
    most = element.get("max_selected_items")
    if isinstance(most, int) and isinstance(value, list) and len(value) > most:
        return f"{most}개까지 고를 수 있습니다."
    return None


def _length_problem(text: str, least: int, most: int) -> str | None:
    length = slack_length(text)
    if length < least:
        return f"{least}자 이상 입력해 주세요."
    return f"{most:,}자까지 입력할 수 있습니다." if length > most else None


def _number_problem(element: Json, text: str) -> str | None:
    number = as_number(text)
    if number is None:
        return "숫자를 입력해 주세요."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "정수를 입력해 주세요."
    low, high = as_number(element.get("min_value")), as_number(element.get("max_value"))
    if low is not None and number < low:
        return f"{element['min_value']} 이상이어야 합니다."
    return f"{element['max_value']} 이하여야 합니다." if high is not None and number > high else None
