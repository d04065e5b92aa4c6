"""The few Block Kit pieces that we use, each inside Slack's limits whatever it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Block = dict[str, Any]
Element = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
NOTIFICATION = 3000
"""A message's `text`: Slack takes more, but not everywhere a message is updated."""
_TEXT = 3000
_HEADER = 150
_BUTTON = 75
OPTION = 75
DESCRIPTION = 75
_ACTIONS = 25
_CONTEXT = 10
_OPTIONS = 100
_OVERFLOW = 5
_CHECKBOXES = 10
_ROWS = 100
_TITLE = 24
_PLACEHOLDER = 150
_LABEL = 2000
_CONFIRM_TITLE, _CONFIRM_TEXT, _CONFIRM_BUTTON = 100, 300, 30
_BAR_FULL, _BAR_EMPTY = "▰", "▱"


def escape(text: str) -> str:
    """A text that came from a person, made harmless in mrkdwn: no mention, no link, no channel ping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """A text as Slack writes it, as people read it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mention(user_id: str | None, nobody: str) -> str:
    """Calls somebody by name; `nobody` stands for a person who was forgotten."""
    return f"<@{user_id}>" if user_id else nobody


def clip(text: str, limit: int) -> str:
    """At most `limit` characters as Slack may count them (an emoji outside the basic plane counts twice)."""
    if _length(text) <= limit:
        return text
    kept = text[: limit - 1]
    while _length(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def plain(text: str, limit: int = _TEXT) -> dict[str, Any]:
    return {"type": "plain_text", "text": clip(text, limit) or " ", "emoji": True}


def mrkdwn(text: str, limit: int = _TEXT) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": clip(text, limit) or " "}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, _HEADER)}


def section(text: str, *, accessory: Element | None = None, block_id: str | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return _with(block, accessory=accessory, block_id=block_id)


def ready_text(title: str, text: str) -> Block:
    """A text to be copied and sent as it stands."""
    return section(f"*{title}*\n```{escape(text).replace('```', '')}```")


def context(*texts: str, block_id: str | None = None) -> Block:
    return _with({"type": "context", "elements": [mrkdwn(text) for text in texts[:_CONTEXT]]}, block_id=block_id)


def plain_context(text: str) -> Block:
    """Small words that nothing in them can turn into markup."""
    return {"type": "context", "elements": [plain(text)]}


def rich_quote(label: str, place: str, text: str) -> Block:
    """A quotation with its label and where it stands. Slack reads no markup, mention or emoji code in any of it."""
    named = [{"type": "text", "text": label, "style": {"bold": True}}, {"type": "text", "text": f"\n{place}"}]
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": named},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": text or " "}]},
        ],
    }


def divider() -> Block:
    return {"type": "divider"}


def rich_text(text: str) -> Block:
    """Plain words, which nothing in them can turn into markup."""
    words = {"type": "text", "text": clip(text, _TEXT)}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [words]}]}


def plan(title: str, tasks: Sequence[Block]) -> Block:
    return {"type": "plan", "title": clip(title, _HEADER), "tasks": list(tasks)}


def task_card(task_id: str, title: str, status: str, *, details: Block | None = None) -> Block:
    """`status` is pending, in_progress, complete or error."""
    card: Block = {"type": "task_card", "task_id": task_id, "title": clip(title, _HEADER), "status": status}
    return _with(card, details=details)


def table(rows: Sequence[Sequence[str]]) -> Block:
    """The first row is the heading. One table a message."""
    cells = [[{"type": "raw_text", "text": clip(cell, _HEADER) or " "} for cell in row] for row in rows[:_ROWS]]
    return {"type": "table", "rows": cells, "column_settings": [{"is_wrapped": True}] * len(cells[0])}


def actions(*elements: Element | None, block_id: str | None = None) -> Block:
    shown = [element for element in elements if element is not None]
    return _with({"type": "actions", "elements": shown[:_ACTIONS]}, block_id=block_id)


def button(
    label: str,
    action_id: str,
    *,
    value: str | None = None,
    url: str | None = None,
    style: str | None = None,
    confirm: Mapping[str, Any] | None = None,
) -> Element:
    element: Element = {"type": "button", "text": plain(label, _BUTTON), "action_id": action_id}
    return _with(element, value=value, url=url, style=style, confirm=confirm)


def feedback(action_id: str, *, good: str, bad: str, value: str) -> Block:
    """Thumbs under an answer. `value` comes back with `:good` or `:bad` behind it."""
    buttons = {
        "type": "feedback_buttons",
        "action_id": action_id,
        "positive_button": {"text": plain(good, _BUTTON), "value": f"{value}:good"},
        "negative_button": {"text": plain(bad, _BUTTON), "value": f"{value}:bad"},
    }
    return {"type": "context_actions", "elements": [buttons]}


def confirm(*, title: str, text: str, yes: str, no: str) -> dict[str, Any]:
    return {
        "title": plain(title, _CONFIRM_TITLE),
        "text": plain(text, _CONFIRM_TEXT),
        "confirm": plain(yes, _CONFIRM_BUTTON),
        "deny": plain(no, _CONFIRM_BUTTON),
    }


def option(label: str, value: str, *, description: str | None = None) -> dict[str, Any]:
    return _with(
        {"text": plain(label, OPTION), "value": value},
        description=plain(description, DESCRIPTION) if description else None,
    )


def overflow(action_id: str, options: Sequence[Mapping[str, Any]]) -> Element:
    return {"type": "overflow", "action_id": action_id, "options": list(options[:_OVERFLOW])}


def input_block(
    label: str, element: Element, *, block_id: str, optional: bool = False, hint: str | None = None
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, _LABEL),
        "element": element,
        "optional": optional,
    }
    return _with(block, hint=plain(hint, _LABEL) if hint else None)


def text_input(
    *,
    kind: str = "plain_text_input",
    initial: str = "",
    placeholder: str = "",
    max_length: int | None = None,
    multiline: bool = False,
) -> Element:
    element: Element = {"type": kind, "action_id": "value"}
    return _with(
        element,
        initial_value=initial or None,
        placeholder=plain(placeholder, _PLACEHOLDER) if placeholder else None,
        max_length=max_length,
        multiline=multiline or None,
    )


def date_input(initial: str) -> Element:
    return {"type": "datepicker", "action_id": "value", "initial_date": initial}


def select(options: Sequence[Mapping[str, Any]], *, initial: Mapping[str, Any] | None = None) -> Element:
    element: Element = {"type": "static_select", "action_id": "value", "options": list(options[:_OPTIONS])}
    return _with(element, initial_option=initial)


def menu(action_id: str, options: Sequence[Mapping[str, Any]], *, initial: Mapping[str, Any] | None = None) -> Element:
    """A select that acts at once, outside a form."""
    return {**select(options, initial=initial), "action_id": action_id}


def checkboxes(options: Sequence[Mapping[str, Any]], *, initial: Sequence[Mapping[str, Any]] = ()) -> Element:
    element: Element = {"type": "checkboxes", "action_id": "value", "options": list(options[:_CHECKBOXES])}
    return _with(element, initial_options=list(initial) or None)


def radio(options: Sequence[Mapping[str, Any]], *, initial: Mapping[str, Any] | None = None) -> Element:
    element: Element = {"type": "radio_buttons", "action_id": "value", "options": list(options[:_CHECKBOXES])}
    return _with(element, initial_option=initial)


def person_select(initial: str | None = None) -> Element:
    return _with({"type": "users_select", "action_id": "value"}, initial_user=initial)


def people_select(initial: Sequence[str], *, most: int) -> Element:
    return {
        "type": "multi_users_select",
        "action_id": "value",
        "initial_users": list(initial),
        "max_selected_items": most,
    }


def channel_select(initial: str | None = None, *, or_current: bool = False) -> Element:
    """Channels that a team shares; no direct messages. `or_current` begins with the one that is open now."""
    element: Element = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return _with(element, initial_conversation=initial, default_to_current_conversation=or_current or None)


def time_input(initial: str) -> Element:
    """`initial` as 'HH:MM'."""
    return {"type": "timepicker", "action_id": "value", "initial_time": initial}


def modal(
    *,
    title: str,
    blocks: Iterable[Block],
    close: str,
    callback_id: str = "",
    submit: str | None = None,
    private_metadata: str = "",
) -> dict[str, Any]:
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, _TITLE),
        "close": plain(close, _TITLE),
        "blocks": list(blocks)[:VIEW_BLOCKS],
        "private_metadata": private_metadata,
    }
    return _with(view, submit=plain(submit, _TITLE) if submit else None)


def home(blocks: Iterable[Block], *, private_metadata: str = "") -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)[:VIEW_BLOCKS], "private_metadata": private_metadata}


def progress_bar(done: int, total: int) -> str:
    return _BAR_FULL * done + _BAR_EMPTY * (total - done)


def _with(block: dict[str, Any], **optional: Any) -> dict[str, Any]:
    block.update({name: value for name, value in optional.items() if value is not None})
    return block


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
