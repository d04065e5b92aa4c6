"""Block elements: buttons, menus, pickers, inputs, and where each may stand.

Limits: docs.slack.dev/reference/block-kit/block-elements, slack_sdk 3.47 models, @slack/types 3.2.
"""

from __future__ import annotations

from bot.localslack.block_kit.composition import (
    ACTION_ID,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLACEHOLDER,
    RICH_OPTION,
    SLACK_FILE,
    initial_among_options,
    plain_text,
)
from bot.localslack.block_kit.problems import Problems
from bot.localslack.block_kit.rich_text import RICH_TEXT
from bot.localslack.block_kit.shapes import (
    Check,
    Rule,
    array,
    as_number,
    boolean,
    clock_time,
    epoch_seconds,
    exactly_one,
    integer,
    numeric_text,
    one_of,
    real_date,
    shape,
    slack_length,
    string,
    url,
)
from bot.localslack.json_types import Json

_ACTION: dict[str, Check] = {"action_id": ACTION_ID}
_CONFIRMED: dict[str, Check] = {**_ACTION, "confirm": CONFIRM}
_FIELD: dict[str, Check] = {**_CONFIRMED, "focus_on_load": boolean}
_MENU: dict[str, Check] = {**_FIELD, "placeholder": PLACEHOLDER}
_MULTI: dict[str, Check] = {**_MENU, "max_selected_items": integer(1)}
_TYPED: dict[str, Check] = {
    **_ACTION,
    "focus_on_load": boolean,
    "placeholder": PLACEHOLDER,
    "dispatch_action_config": DISPATCH_CONFIG,
}
_LABEL = string(75)
_BUTTON_STYLE = one_of("primary", "danger")
_ID = string()
_IDS = array(string(), at_least=1)

_STATIC_OPTIONS: dict[str, Check] = {
    "options": array(OPTION, at_least=1, at_most=100),
    "option_groups": array(OPTION_GROUP, at_least=1, at_most=100),
}
_ONE_LIST = exactly_one("options", "option_groups")


def _minimum_below_maximum(low: str, high: str) -> Rule:
    """Builds the rule that a lower bound must not exceed the upper one."""

    def rule(value: Json, pointer: str, problems: Problems) -> None:
        bounds = [_bound(value.get(low)), _bound(value.get(high))]
        if bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
            problems.add(f"{pointer}/{low}", f"must be less than or equal to {high}", f"{high}보다 클 수 없습니다")

    return rule


def _bound(value: object) -> float | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return as_number(value)


def _initial_within_limits(value: Json, pointer: str, problems: Problems) -> None:
    initial, limit = value.get("initial_value"), value.get("max_length")
    if isinstance(initial, str) and isinstance(limit, int) and slack_length(initial) > limit:
        problems.add(f"{pointer}/initial_value", f"must be less than {limit + 1} characters", f"{limit}자까지입니다")


def _initial_within_maximum(value: Json, pointer: str, problems: Problems) -> None:
    limit = value.get("max_selected_items")
    for name in ("initial_options", "initial_users", "initial_channels", "initial_conversations"):
        initial = value.get(name)
        if isinstance(limit, int) and isinstance(initial, list) and len(initial) > limit:
            problems.add(
                f"{pointer}/{name}", f"no more than {limit} items allowed", f"{limit}개까지만 고를 수 있습니다"
            )


IMAGE = shape(
    {"alt_text": string(2000)},
    {"image_url": url(), "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
    type_name="image",
)

BUTTON = shape(
    {"text": plain_text(75)},
    {
        **_CONFIRMED,
        "value": string(2000),
        "url": url(),
        "style": _BUTTON_STYLE,
        "accessibility_label": _LABEL,
        "agent_prompt": string(4000),
        "visible_to_user_ids": _IDS,
    },
    type_name="button",
)

_FEEDBACK = shape({"text": plain_text(75), "value": string(2000)}, {"accessibility_label": _LABEL})

_WORKFLOW_TRIGGER = shape(
    {"url": url()},
    {"customizable_input_parameters": array(shape({"name": string(), "value": string()}))},
)

BUTTONS: dict[str, Check] = {
    "button": BUTTON,
    "workflow_button": shape(
        {"text": plain_text(75), "workflow": shape({"trigger": _WORKFLOW_TRIGGER}), "action_id": ACTION_ID},
        {"style": _BUTTON_STYLE, "accessibility_label": _LABEL, "confirm": CONFIRM},
        type_name="workflow_button",
    ),
    "overflow": shape({"options": array(OVERFLOW_OPTION, at_least=1, at_most=5)}, _CONFIRMED, type_name="overflow"),
}

FEEDBACK: dict[str, Check] = {
    "feedback_buttons": shape(
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ACTION, type_name="feedback_buttons"
    ),
    "icon_button": shape(
        {"icon": one_of("trash"), "text": plain_text(75)},
        {**_CONFIRMED, "value": string(2000), "accessibility_label": _LABEL, "visible_to_user_ids": _IDS},
        type_name="icon_button",
    ),
}

CHOICES: dict[str, Check] = {
    "checkboxes": shape(
        {"options": array(RICH_OPTION, at_least=1, at_most=10)},
        {**_FIELD, "initial_options": array(RICH_OPTION, at_least=1)},
        initial_among_options,
        type_name="checkboxes",
    ),
    "radio_buttons": shape(
        {"options": array(RICH_OPTION, at_least=1, at_most=10)},
        {**_FIELD, "initial_option": RICH_OPTION},
        initial_among_options,
        type_name="radio_buttons",
    ),
}

SELECTS: dict[str, Check] = {
    "static_select": shape(
        {},
        {**_MENU, **_STATIC_OPTIONS, "initial_option": OPTION},
        _ONE_LIST,
        initial_among_options,
        type_name="static_select",
    ),
    "external_select": shape(
        {},
        {**_MENU, "initial_option": OPTION, "min_query_length": integer(0)},
        type_name="external_select",
    ),
    "users_select": shape({}, {**_MENU, "initial_user": _ID}, type_name="users_select"),
    "channels_select": shape(
        {}, {**_MENU, "initial_channel": _ID, "response_url_enabled": boolean}, type_name="channels_select"
    ),
    "conversations_select": shape(
        {},
        {
            **_MENU,
            "initial_conversation": _ID,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": CONVERSATION_FILTER,
        },
        type_name="conversations_select",
    ),
}

MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": shape(
        {},
        {**_MULTI, **_STATIC_OPTIONS, "initial_options": array(OPTION, at_least=1)},
        _ONE_LIST,
        initial_among_options,
        _initial_within_maximum,
        type_name="multi_static_select",
    ),
    "multi_external_select": shape(
        {},
        {**_MULTI, "initial_options": array(OPTION, at_least=1), "min_query_length": integer(0)},
        _initial_within_maximum,
        type_name="multi_external_select",
    ),
    "multi_users_select": shape(
        {}, {**_MULTI, "initial_users": _IDS}, _initial_within_maximum, type_name="multi_users_select"
    ),
    "multi_channels_select": shape(
        {}, {**_MULTI, "initial_channels": _IDS}, _initial_within_maximum, type_name="multi_channels_select"
    ),
    "multi_conversations_select": shape(
        {},
        {
            **_MULTI,
            "initial_conversations": _IDS,
            "default_to_current_conversation": boolean,
            "filter": CONVERSATION_FILTER,
        },
        _initial_within_maximum,
        type_name="multi_conversations_select",
    ),
}

PICKERS: dict[str, Check] = {
    "datepicker": shape({}, {**_MENU, "initial_date": real_date()}, type_name="datepicker"),
    "timepicker": shape({}, {**_MENU, "initial_time": clock_time(), "timezone": string()}, type_name="timepicker"),
}

DATETIME_PICKER: dict[str, Check] = {
    "datetimepicker": shape({}, {**_FIELD, "initial_date_time": epoch_seconds()}, type_name="datetimepicker"),
}

_LINES = integer(1, 100)

TEXT_INPUTS: dict[str, Check] = {
    "plain_text_input": shape(
        {},
        {
            **_TYPED,
            "initial_value": string(at_least=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
            "min_lines": _LINES,
            "max_lines": _LINES,
        },
        _minimum_below_maximum("min_length", "max_length"),
        _minimum_below_maximum("min_lines", "max_lines"),
        _initial_within_limits,
        type_name="plain_text_input",
    ),
    "email_text_input": shape({}, {**_TYPED, "initial_value": string(at_least=0)}, type_name="email_text_input"),
    "url_text_input": shape({}, {**_TYPED, "initial_value": string(at_least=0)}, type_name="url_text_input"),
    "number_input": shape(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": numeric_text(), "min_value": numeric_text(), "max_value": numeric_text()},
        _minimum_below_maximum("min_value", "max_value"),
        type_name="number_input",
    ),
    "rich_text_input": shape(
        {},
        {**_TYPED, "initial_value": RICH_TEXT, "min_lines": _LINES, "max_lines": _LINES},
        _minimum_below_maximum("min_lines", "max_lines"),
        type_name="rich_text_input",
    ),
}

FILE_INPUT: dict[str, Check] = {
    "file_input": shape(
        {},
        {**_ACTION, "filetypes": array(string(), at_least=1), "max_files": integer(1, 10)},
        type_name="file_input",
    ),
}

SECTION_ACCESSORIES: dict[str, Check] = {
    **BUTTONS,
    **CHOICES,
    **SELECTS,
    **MULTI_SELECTS,
    **PICKERS,
    "image": IMAGE,
}
ACTIONS_ELEMENTS: dict[str, Check] = {**BUTTONS, **CHOICES, **SELECTS, **MULTI_SELECTS, **PICKERS, **DATETIME_PICKER}
INPUT_ELEMENTS: dict[str, Check] = {
    **CHOICES,
    **SELECTS,
    **MULTI_SELECTS,
    **PICKERS,
    **DATETIME_PICKER,
    **TEXT_INPUTS,
    **FILE_INPUT,
}
EVERY_ELEMENT = frozenset({**SECTION_ACCESSORIES, **ACTIONS_ELEMENTS, **INPUT_ELEMENTS, **FEEDBACK})
