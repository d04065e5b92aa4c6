"""Reads the fields of a submitted modal: `values[block_id]["value"]`, whatever kind of element stood there."""

from __future__ import annotations

from datetime import date
from typing import Any


def text_of(values: dict[str, Any], block_id: str) -> str:
    return (_field(values, block_id).get("value") or "").strip()


def day_of(values: dict[str, Any], block_id: str) -> date | None:
    selected = _field(values, block_id).get("selected_date")
    return date.fromisoformat(selected) if selected else None


def person_of(values: dict[str, Any], block_id: str) -> str | None:
    return _field(values, block_id).get("selected_user")


def chosen(values: dict[str, Any], block_id: str) -> str | None:
    option = _field(values, block_id).get("selected_option")
    return option["value"] if option else None


def chosen_many(values: dict[str, Any], block_id: str) -> list[str]:
    return [option["value"] for option in _field(values, block_id).get("selected_options") or []]


def _field(values: dict[str, Any], block_id: str) -> dict[str, Any]:
    field = values.get(block_id, {}).get("value", {})
    return field if isinstance(field, dict) else {}
