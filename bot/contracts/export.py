"""Progress, card reviews and history of contracts as CSV, for people who keep their books elsewhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.contracts.outlook import Outlook
from bot.contracts.state import ContractState
from bot.contracts.timeline import timeline
from bot.texts.catalogue import Speaker
from storage.tables import History

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "contract",
    "merchant",
    "procedure",
    "row",
    "what",
    "title",
    "status",
    "since",
    "day",
    "expected",
    "business_days",
    "at",
    "by",
    "note",
)
Cells = Sequence[object]


def as_csv(
    contracts: Iterable[tuple[Outlook, Sequence[History]]], *, say: Speaker, names: Mapping[str, str] | None = None
) -> str:
    """One row a step, a card company and an event; dates and times are ISO 8601, times in the contract's zone.

    `expected` is the day by which a step should usually be over, `business_days` how long it took or takes already.
    `names` puts people's names in the place of their Slack ids. The text starts with a byte order mark, by which
    spreadsheet programs know that it is UTF-8.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for outlook, events in contracts:
        state = outlook.state
        head = (state.id, state.merchant, state.procedure.id)
        rows = (*_steps(outlook, names or {}, say), *_cards(state, say), *_events(state, events, names or {}, say))
        for row in rows:
            writer.writerow([_harmless(cell) for cell in (*head, *row)])
    return "\ufeff" + sheet.getvalue()


def _steps(outlook: Outlook, names: Mapping[str, str], say: Speaker) -> Iterator[Cells]:
    taken = {row.step.id: row for row in timeline(outlook).steps}
    for step in outlook.state.steps:
        yield (
            "step",
            step.step.id,
            step.step.title.in_language(say.language),
            step.status,
            step.active_on,
            step.done_on,
            outlook.usually_over_on(step),
            taken[step.step.id].business_days if taken[step.step.id].spans else "",
            _local(step.recorded_at, outlook.state),
            names.get(step.done_by or "", step.done_by),
            "",
        )


def _cards(state: ContractState, say: Speaker) -> Iterator[Cells]:
    for card in state.cards:
        name = card.card.name.in_language(say.language)
        yield "card", card.card.id, name, card.status, card.requested_on, card.decided_on, "", "", "", "", card.reason


def _events(state: ContractState, events: Sequence[History], names: Mapping[str, str], say: Speaker) -> Iterator[Cells]:
    for event in sorted(events, key=lambda one: one.id or 0):
        about, title = event.card_id or event.step_id or "", say(f"history.{event.kind}")
        at, by = _local(event.at, state), names.get(event.actor, event.actor)
        note = ": ".join(str(part) for part in (event.details.get("decision"), event.details.get("reason")) if part)
        yield "event", about, title, event.kind, "", event.day, "", "", at, by, note


def _local(moment: datetime | None, state: ContractState) -> datetime | None:
    return moment.astimezone(ZoneInfo(state.zone)) if moment else None


def _harmless(cell: object) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    text = "" if cell is None else str(getattr(cell, "isoformat", lambda: cell)())
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
