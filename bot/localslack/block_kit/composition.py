"""Composition objects: text, confirm, option, filter.

Limits: docs.slack.dev/reference/block-kit/composition-objects, slack_sdk 3.47 models, @slack/types 3.2.
"""

from __future__ import annotations

from bot.localslack.block_kit.problems import Problems
from bot.localslack.block_kit.shapes import (
    Check,
    array,
    at_least_one,
    boolean,
    exactly_one,
    one_of,
    shape,
    string,
    url,
    variants,
)
from bot.localslack.json_types import Json

TEXT_LIMIT = 3000
ID_LIMIT = 255


def _plain(at_most: int) -> Check:
    return shape({"text": string(at_most)}, {"emoji": boolean}, type_name="plain_text")


def _mrkdwn(at_most: int) -> Check:
    return shape({"text": string(at_most)}, {"verbatim": boolean}, type_name="mrkdwn")


def plain_text(at_most: int = TEXT_LIMIT) -> Check:
    return variants({"plain_text": _plain(at_most)}, not_here=("mrkdwn",))


def any_text(at_most: int = TEXT_LIMIT) -> Check:
    return variants({"plain_text": _plain(at_most), "mrkdwn": _mrkdwn(at_most)})


ACTION_ID = string(ID_LIMIT)
BLOCK_ID = string(ID_LIMIT)
PLACEHOLDER = plain_text(150)

CONFIRM = shape(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)

SLACK_FILE = shape({}, {"url": url(), "id": string()}, exactly_one("url", "id"))

CONVERSATION_FILTER = shape(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), at_least=1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

DISPATCH_CONFIG = shape(
    {},
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), at_least=1, at_most=2)},
)

OPTION = shape({"text": plain_text(75), "value": string(150)}, {"description": plain_text(75)})
RICH_OPTION = shape({"text": any_text(75), "value": string(150)}, {"description": any_text(75)})
OVERFLOW_OPTION = shape({"text": plain_text(75), "value": string(150)}, {"description": plain_text(75), "url": url()})
OPTION_GROUP = shape({"label": plain_text(75), "options": array(OPTION, at_least=1, at_most=100)})


def option_values(element: Json) -> list[Json]:
    """Every option of an element, those in groups included."""
    options = element.get("options")
    groups = element.get("option_groups")
    found = list(options) if isinstance(options, list) else []
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, dict) and isinstance(group.get("options"), list):
            found.extend(group["options"])
    return [option for option in found if isinstance(option, dict)]


def initial_among_options(element: Json, pointer: str, problems: Problems) -> None:
    """A pre-selected option must equal one of the options, text and description included."""
    wanted: list[tuple[str, object]] = []
    if "initial_option" in element:
        wanted.append((f"{pointer}/initial_option", element["initial_option"]))
    initial = element.get("initial_options")
    if isinstance(initial, list):
        wanted.extend((f"{pointer}/initial_options/{index}", option) for index, option in enumerate(initial))
    options = option_values(element)
    for where, option in wanted:
        if option not in options:
            problems.add(where, "must match one of the options", "보기 가운데 하나와 똑같아야 합니다")
