"""Rules of the whole message or view: counts, uniqueness, what may stand where, sizes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from bot.localslack.block_kit.blocks import BLOCKS, MARKDOWN_LIMIT, NOT_IMITATED, texts_in
from bot.localslack.block_kit.composition import ID_LIMIT, OPTION, OPTION_GROUP, plain_text
from bot.localslack.block_kit.problems import Problems
from bot.localslack.block_kit.shapes import array, boolean, exactly_one, shape, slack_length, string, variants
from bot.localslack.json_types import Json

MESSAGE, MODAL, HOME = "message", "modal", "home"

MOST_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}
VIEW_BYTES = 250_000

_NOT_IN = {
    MESSAGE: ("alert", "file"),
    MODAL: ("card", "carousel", "context_actions", "file", "markdown", "plan", "table", "task_card"),
    HOME: ("alert", "context_actions", "file", "markdown", "plan", "table", "task_card"),
}
_SURFACE_KOREAN = {MESSAGE: "메시지", MODAL: "모달", HOME: "홈 탭"}
_SCOPE_FOR_BLOCK = {"video": "links.embed:write"}

_BLOCK = variants(BLOCKS)

_TITLE = plain_text(24)
_VIEW_COMMON = {
    "private_metadata": string(3000, at_least=0),
    "callback_id": string(ID_LIMIT, at_least=0),
    "external_id": string(ID_LIMIT, at_least=0),
}


def _blocks_checked_apart(_value: Any, _pointer: str, _problems: Problems) -> None:
    """`blocks` of a view is checked by check_blocks, with the surface's own rules."""


_VIEWS = variants(
    {
        "modal": shape(
            {"title": _TITLE, "blocks": _blocks_checked_apart},
            {
                **_VIEW_COMMON,
                "submit": _TITLE,
                "close": _TITLE,
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
            type_name="modal",
        ),
        "home": shape({"blocks": _blocks_checked_apart}, _VIEW_COMMON, type_name="home"),
    }
)

_OPTIONS_ANSWER = shape(
    {},
    {"options": array(OPTION, at_most=100), "option_groups": array(OPTION_GROUP, at_most=100)},
    exactly_one("options", "option_groups"),
)


def check_blocks(blocks: Any, surface: str, granted: Collection[str] = (), pointer: str = "/blocks") -> Problems:
    """Checks the blocks of a message or view; `granted` are the bot's scopes, since some blocks need one."""
    problems = Problems()
    array(_block_on(surface, granted), at_most=MOST_BLOCKS[surface])(blocks, pointer, problems)
    if isinstance(blocks, list):
        _check_together([block for block in blocks if isinstance(block, dict)], surface, pointer, problems)
    return problems


def check_view(view: Any, granted: Collection[str] = ()) -> Problems:
    """Checks a modal or a home tab, its blocks included. The size limit is `view_too_large`, asked apart."""
    problems = Problems()
    _VIEWS(view, "/view", problems)
    if not isinstance(view, dict) or view.get("type") not in (MODAL, HOME) or "blocks" not in view:
        return problems
    problems.found.extend(check_blocks(view["blocks"], view["type"], granted, "/view/blocks").found)
    if view["type"] == MODAL and "submit" not in view and _has_input(view["blocks"]):
        problems.add(
            "/view",
            "missing required field: submit",
            "입력 블록이 있는 모달에는 `submit`이 있어야 합니다",
            "missing_field",
        )
    return problems


def check_options(answer: Any) -> Problems:
    """Checks the acknowledgement of a block_suggestion."""
    problems = Problems()
    _OPTIONS_ANSWER(answer, "", problems)
    return problems


def view_is_too_large(view: Any) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def total_text_length(blocks: list[Json]) -> int:
    """Characters of all texts of a message's blocks together, against `msg_blocks_too_long`."""
    return sum(slack_length(text) for text in texts_in(blocks))


def elements_of(blocks: Any) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with the block that holds it, in reading order."""
    for block in _flattened(blocks):
        element = block.get("element") or block.get("accessory")
        if isinstance(element, dict):
            yield block, element
        held = block.get("actions") if block.get("type") == "card" else block.get("elements")
        if block.get("type") in ("actions", "context_actions", "card") and isinstance(held, list):
            for item in held:
                if isinstance(item, dict):
                    yield block, item


def _block_on(surface: str, granted: Collection[str]) -> Any:
    def check(block: Any, pointer: str, problems: Problems) -> None:
        name = block.get("type") if isinstance(block, dict) else None
        if isinstance(name, str) and name in NOT_IMITATED:
            message = f"unsupported type: {name}"
            sentence = f"{name} 블록은 이 로컬 워크스페이스가 흉내 내지 않아 확인할 수 없습니다"
            problems.add(f"{pointer}/type", message, sentence, "not_imitated")
            return
        if not _check_type_on(name, surface, pointer, problems):
            return
        _BLOCK(block, pointer, problems)
        for nested in _flattened([block]):
            if nested is not block:
                _check_type_on(nested.get("type"), surface, pointer, problems)
            _check_scope_and_place(nested, surface, granted, pointer, problems)

    return check


def _check_type_on(name: Any, surface: str, pointer: str, problems: Problems) -> bool:
    if name not in _NOT_IN[surface]:
        return True
    sentence = f"{name} 블록은 {_SURFACE_KOREAN[surface]}에 올 수 없습니다"
    problems.add(f"{pointer}/type", f"unsupported type: {name}", sentence)
    return False


def _check_scope_and_place(
    block: Json, surface: str, granted: Collection[str], pointer: str, problems: Problems
) -> None:
    needed = _SCOPE_FOR_BLOCK.get(str(block.get("type")))
    element = block.get("element")
    is_file_input = isinstance(element, dict) and element.get("type") == "file_input"
    if is_file_input and surface != MODAL:
        problems.add(f"{pointer}/element/type", "unsupported type: file_input", "파일 입력은 모달에만 올 수 있습니다")
    needed = "files:read" if is_file_input else needed
    if needed is not None and needed not in granted:
        problems.add(pointer, f"missing scope: {needed}", f"manifest에 {needed} 권한이 있어야 합니다", "missing_scope")


def _check_together(blocks: list[Json], surface: str, pointer: str, problems: Problems) -> None:
    every = list(_flattened(blocks))
    _check_unique_block_ids(every, pointer, problems)
    for block in every:
        _check_unique_action_ids(block, pointer, problems)
    focused = [element for _, element in elements_of(blocks) if element.get("focus_on_load") is True]
    if len(focused) > 1:
        problems.add(pointer, "only one element can have focus_on_load", "focus_on_load는 한 곳에만 쓸 수 있습니다")
    if surface == MESSAGE:
        _check_message_totals(blocks, every, pointer, problems)


def _check_message_totals(blocks: list[Json], every: list[Json], pointer: str, problems: Problems) -> None:
    if sum(1 for block in every if block.get("type") == "table") > 1:
        problems.add(pointer, "only one table allowed", "표는 메시지에 하나만 둘 수 있습니다", "only_one_table_allowed")
    markdown = sum(slack_length(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN_LIMIT:
        message = f"markdown blocks must be less than {MARKDOWN_LIMIT + 1} characters together"
        problems.add(pointer, message, f"markdown 블록을 모두 합쳐 {MARKDOWN_LIMIT:,}자까지입니다")


def _check_unique_block_ids(blocks: list[Json], pointer: str, problems: Problems) -> None:
    counted = Counter(block["block_id"] for block in blocks if isinstance(block.get("block_id"), str))
    for block_id, times in counted.items():
        if times > 1:
            sentence = f"block_id `{block_id}`가 {times}번 쓰였습니다"
            problems.add(pointer, f"block_id must be unique: {block_id}", sentence, "duplicate_block_id")


def _check_unique_action_ids(block: Json, pointer: str, problems: Problems) -> None:
    ids = [element.get("action_id") for holder, element in elements_of([block]) if holder is block]
    for action_id, times in Counter(each for each in ids if isinstance(each, str)).items():
        if times > 1:
            sentence = f"한 블록 안에서 action_id `{action_id}`가 {times}번 쓰였습니다"
            problems.add(pointer, f"action_id must be unique: {action_id}", sentence, "duplicate_action_id")


def _has_input(blocks: Any) -> bool:
    return any(block.get("type") == "input" for block in _flattened(blocks))


def _flattened(blocks: Any) -> Iterator[Json]:
    """Blocks with those inside containers and carousels, in reading order."""
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, dict):
            continue
        yield block
        if block.get("type") == "container":
            yield from _flattened(block.get("child_blocks"))
        elif block.get("type") == "carousel":
            yield from _flattened(block.get("elements"))
