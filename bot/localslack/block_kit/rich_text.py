"""The rich_text block and what stands in it.

Fields: docs.slack.dev/reference/block-kit/blocks/rich-text-block, @slack/types 3.2.
"""

from __future__ import annotations

import re

from bot.localslack.block_kit.composition import BLOCK_ID
from bot.localslack.block_kit.shapes import (
    Check,
    array,
    boolean,
    integer,
    matching,
    one_of,
    shape,
    string,
    url,
    variants,
)

_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = shape({}, dict.fromkeys(_STYLES, boolean))
_STYLED: dict[str, Check] = {"style": _STYLE}
_ID = string()
_HEX = matching(7, re.compile(r"#[0-9a-fA-F]{6}"), "must be a hex color", "#RRGGBB 색이어야 합니다")

_TEXT = shape({"text": string()}, _STYLED, type_name="text")
_LINK = shape({"url": url()}, {**_STYLED, "text": string(), "unsafe": boolean}, type_name="link")

_INLINE: dict[str, Check] = {
    "text": _TEXT,
    "link": _LINK,
    "user": shape({"user_id": _ID}, _STYLED, type_name="user"),
    "usergroup": shape({"usergroup_id": _ID}, _STYLED, type_name="usergroup"),
    "channel": shape({"channel_id": _ID}, _STYLED, type_name="channel"),
    "team": shape({"team_id": _ID}, _STYLED, type_name="team"),
    "emoji": shape(
        {"name": string()},
        {**_STYLED, "unicode": string(), "url": url(), "skin_tone": integer(1, 6)},
        type_name="emoji",
    ),
    "broadcast": shape({"range": one_of("here", "channel", "everyone")}, _STYLED, type_name="broadcast"),
    "color": shape({"value": _HEX}, _STYLED, type_name="color"),
    "date": shape(
        {"timestamp": integer(0), "format": string()},
        {**_STYLED, "url": url(), "fallback": string()},
        type_name="date",
    ),
}

_LINE = array(variants(_INLINE))
_SECTION = shape({"elements": _LINE}, type_name="rich_text_section")
_BORDER = one_of(0, 1)

_CONTAINERS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": shape(
        {"elements": array(variants({"rich_text_section": _SECTION})), "style": one_of("bullet", "ordered")},
        {"indent": integer(0, 8), "offset": integer(0), "border": _BORDER},
        type_name="rich_text_list",
    ),
    "rich_text_quote": shape({"elements": _LINE}, {"border": _BORDER}, type_name="rich_text_quote"),
    "rich_text_preformatted": shape(
        {"elements": array(variants({"text": _TEXT, "link": _LINK}))},
        {"border": _BORDER, "language": string()},
        type_name="rich_text_preformatted",
    ),
}

RICH_TEXT = shape({"elements": array(variants(_CONTAINERS))}, {"block_id": BLOCK_ID}, type_name="rich_text")
