"""Progress, card reviews and history of contracts as CSV, for people who keep their books elsewhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from bot.contracts.state import ContractState
from storage.tables import History

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("contract", "merchant", "procedure", "row", "what", "status", "since", "day", "at", "by", "note")


def as_csv(contracts: Iterable[tuple[ContractState, Sequence[History]]]) -> str:
    """One row a step, a card company and an event; dates are ISO 8601, times in UTC. Starts with a byte order mark,
    by which spreadsheet programs know that the text is UTF-8."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for state, events in contracts:
        for row in _rows(state, events):
            writer.writerow([_harmless(cell) for cell in row])
    return "\ufeff" + sheet.getvalue()


def _rows(state: ContractState, events: Sequence[History]) -> Iterable[Sequence[object]]:
    head = (state.id, state.merchant, state.procedure.id)
    for step in state.steps:
        yield (
            *head,
            "step",
            step.step.id,
            step.status,
            step.active_on,
            step.done_on,
            step.recorded_at,
            step.done_by,
            "",
        )
    for card in state.cards:
        yield (
            *head, "card", card.card.id, card.status, card.requested_on, card.decided_on, "", "", card.reason,
        )  # fmt: skip
    for event in sorted(events, key=lambda one: one.id or 0):
        about = event.card_id or event.step_id or ""
        yield (*head, "event", about, event.kind, "", event.day, event.at, event.actor, event.details.get("reason", ""))


def _harmless(cell: object) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    text = "" if cell is None else str(getattr(cell, "isoformat", lambda: cell)())
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
