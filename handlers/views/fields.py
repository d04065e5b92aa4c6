"""Reads the fields of a submitted modal: `values[block_id]["value"]`, whatever kind of element stood there.

What we did not put there ourselves raises StaleButton.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from handlers.values import PERSON, StaleButton
from storage.tables import CardStatus

_LONGEST = 3000
"""what a field of Slack's takes at most"""
_PERSON = re.compile(PERSON)
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")


def text_of(values: Mapping[str, Any], block_id: str) -> str:
    return (_text(values, block_id, "value") or "")[:_LONGEST].strip()


def day_of(values: Mapping[str, Any], block_id: str) -> date | None:
    return iso_day(_field(values, block_id).get("selected_date"))


def iso_day(selected: object) -> date | None:
    """A picker's day; None while nobody has picked one."""
    try:
        return date.fromisoformat(selected) if selected else None  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise StaleButton from None


def person_of(values: Mapping[str, Any], block_id: str) -> str | None:
    selected = _text(values, block_id, "selected_user")
    if selected is not None and not _PERSON.fullmatch(selected):
        raise StaleButton
    return selected


def people_of(values: Mapping[str, Any], block_id: str) -> list[str]:
    selected = _field(values, block_id).get("selected_users") or []
    if not isinstance(selected, list) or not all(isinstance(one, str) and _PERSON.fullmatch(one) for one in selected):
        raise StaleButton
    return selected


def channel_of(values: Mapping[str, Any], block_id: str) -> str | None:
    selected = _text(values, block_id, "selected_conversation")
    if selected is not None and not _CHANNEL.fullmatch(selected):
        raise StaleButton
    return selected


def time_of(values: Mapping[str, Any], block_id: str) -> time | None:
    """A picker's time; None while nobody has picked one."""
    selected = _text(values, block_id, "selected_time")
    try:
        return time.fromisoformat(selected) if selected else None
    except ValueError:
        raise StaleButton from None


def chosen(values: Mapping[str, Any], block_id: str) -> str | None:
    option = _field(values, block_id).get("selected_option")
    return None if option is None else value_of(option)


def chosen_many(values: Mapping[str, Any], block_id: str) -> list[str]:
    options = _field(values, block_id).get("selected_options") or []
    if not isinstance(options, list):
        raise StaleButton
    return [value_of(option) for option in options]


def decision_of(values: Mapping[str, Any], block_id: str) -> CardStatus:
    try:
        return CardStatus(chosen(values, block_id) or "")
    except ValueError:
        raise StaleButton from None


def value_of(option: object) -> str:
    """The value of a chosen option, of a menu or of a field."""
    value = option.get("value") if isinstance(option, Mapping) else None
    if not isinstance(value, str):
        raise StaleButton
    return value


def _text(values: Mapping[str, Any], block_id: str, name: str) -> str | None:
    value = _field(values, block_id).get(name)
    if value is not None and not isinstance(value, str):
        raise StaleButton
    return value


def _field(values: Mapping[str, Any], block_id: str) -> Mapping[str, Any]:
    block = values.get(block_id) or {}
    field = block.get("value") or {} if isinstance(block, Mapping) else {}
    return field if isinstance(field, Mapping) else {}
