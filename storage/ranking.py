"""Which contracts somebody sees first: sorted and cut into pages where they are stored, however many there are.

What a step means is the caller's to say: here a step has a place in its procedure and somebody whose turn it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple
from unicodedata import normalize

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlmodel import Session, col

from storage.among import is_among
from storage.states import OPEN
from storage.tables import CardReview, CardStatus, Contract, ContractStatus, Progress, StepStatus

_LAST = date.max.isoformat()
_PLACE = 3
"""Digits of a step's place in its procedure."""


@dataclass(frozen=True, slots=True)
class StepPlace:
    procedure_id: str
    step_id: str
    place: int
    """in its procedure"""
    is_teams: bool
    """whether it is the merchant's team's turn"""
    is_card_review: bool
    """then it is the team's until a review runs, and waits since that was requested"""


@dataclass(frozen=True, slots=True)
class Ranked:
    contract_ids: list[int]
    """of the page, in its order"""
    found: int
    """on all pages"""
    page: int
    """the one that there is"""


def rank_contracts(
    *,
    session: Session,
    workspace_id: str,
    places: Sequence[StepPlace],
    page: int,
    size: int,
    channels: Collection[str] | None = None,
    waits_for: str | None = None,
    step_id: str | None = None,
    search: str = "",
) -> Ranked:
    """Contracts of these channels that are not closed; without channels, the workspace's that are active or paused.

    Those that wait for the person, or for the team, come first where there is one; then who waits longest.
    """
    kind = _Kind(channels is not None, waits_for is not None, step_id is not None)
    given = {"workspace": workspace_id, "channels": list(channels or ()), "person": waits_for, "step": step_id}
    given = {name: value for name, value in given.items() if name in _parameters(kind)}
    statements = _statements(tuple(places), kind)
    if search:
        rows = session.execute(statements.all, given)
        ids = [contract_id for contract_id, merchant in rows if _folded(search) in _folded(merchant)]
        page = _existing(page, len(ids), size)
        return Ranked(ids[page * size : (page + 1) * size], len(ids), page)

    def ranked(page: int) -> Ranked:
        rows = session.execute(statements.page, {**given, "most": size, "skipped": page * size}).all()
        return Ranked([row.id for row in rows], rows[0].found if rows else 0, page)

    there = ranked(page)
    if there.contract_ids or page == 0:
        return there
    return ranked(_existing(page, ranked(0).found, size))  # some have gone since the page was shown


def _existing(page: int, found: int, size: int) -> int:
    return min(page, max(found - 1, 0) // size)


def _folded(name: str) -> str:
    """One spelling of a name: capitals, full-width letters, ㈜ and (주), Hangul as macOS takes it apart.

    Not in SQL: SQLite knows the capitals of ASCII only, PostgreSQL those of the locale that it was made with.
    """
    return normalize("NFKC", normalize("NFKC", name).casefold())


class _Kind(NamedTuple):
    in_channels: bool
    for_person: bool
    at_step: bool


class _Statements(NamedTuple):
    page: Any
    """with how many there are on all pages"""
    all: Any
    """in the same order, with the merchants' names"""


def _parameters(kind: _Kind) -> set[str]:
    named = zip(("channels", "person", "step"), kind, strict=True)
    return {"workspace", *(name for name, is_given in named if is_given)}


@cache
def _statements(places: tuple[StepPlace, ...], kind: _Kind) -> _Statements:
    """Made once: to put them together takes longer than to run them."""
    row = _where_each_stands(places, kind)
    at = partial(_at_place, places, row)
    is_review, review_since = at(lambda one: one.is_card_review), row.c.review_since
    in_review = review_since.is_not(None)
    since = func.coalesce(review_since, row.c.since, _LAST)
    order: list[Any] = [case((row.c.status.in_(OPEN), 0), else_=1), since, row.c.id]
    if not kind.in_channels:
        order.insert(0, case((row.c.status == ContractStatus.ACTIVE, 0), else_=1))
    if kind.for_person:
        reviews = select(col(CardReview.id)).where(col(CardReview.contract_id) == row.c.id)
        teams = or_(at(lambda one: one.is_teams), and_(is_review, reviews.correlate(row).exists()))
        running = and_(row.c.status == ContractStatus.ACTIVE, row.c.place.is_not(None))
        mine = or_(row.c.owner_id == bindparam("person"), and_(~in_review, teams))
        order.insert(0, case((and_(running, mine), 0), else_=1))
    listed = select(row.c.id)
    if kind.at_step:
        listed = listed.where(at(lambda one: one.step_id) == bindparam("step"))
    page = bindparam("most", type_=Integer), bindparam("skipped", type_=Integer)
    ordered = listed.order_by(*order)
    counted = ordered.add_columns(func.count().over().label("found"))
    return _Statements(counted.limit(page[0]).offset(page[1]), ordered.add_columns(row.c.merchant))


def _chosen(places: tuple[StepPlace, ...], kind: _Kind) -> list[ColumnElement[bool]]:
    contracts = [
        col(Contract.workspace_id) == bindparam("workspace"),
        col(Contract.procedure_id).in_(sorted({place.procedure_id for place in places})),
        col(Contract.status) != ContractStatus.CLOSED if kind.in_channels else col(Contract.status).in_(OPEN),
    ]
    if kind.in_channels:
        contracts.append(is_among(col(Contract.channel_id), "channels"))
    return contracts


def _where_each_stands(places: tuple[StepPlace, ...], kind: _Kind) -> Any:
    """Each contract with the place and the day of the first step that can be worked on, and since when it is reviewed.

    The place and the day are one text, of which the smallest is wanted: each contract's steps are looked at once, and
    reviews only where a contract stands at them. Both engines read a thousand contracts so in a few milliseconds.
    """
    written = _by_step(places, col(Contract.procedure_id), lambda one: one.step_id, col(Progress.step_id), _at)
    day = func.coalesce(cast(col(Progress.active_on), String), _LAST)
    active = col(Progress.contract_id) == col(Contract.id), col(Progress.status) == _written(StepStatus.ACTIVE)
    first = select(func.min(written + day)).where(*active).correlate(Contract).scalar_subquery()
    stands = (
        select(
            col(Contract.id),
            col(Contract.status),
            col(Contract.owner_id),
            col(Contract.merchant),
            col(Contract.procedure_id),
            first.label("first"),
        )
        .where(*_chosen(places, kind))
        .cte("stands")
        .prefix_with("MATERIALIZED")  # otherwise SQLite looks for the first step wherever it is named below
    )
    place = func.substr(stands.c.first, 1, _PLACE)
    at_review = _by_step(places, stands.c.procedure_id, _digits, place, lambda one: literal(one.is_card_review))
    in_review = col(CardReview.contract_id) == stands.c.id, col(CardReview.status) == _written(CardStatus.IN_REVIEW)
    reviews = select(cast(func.min(col(CardReview.requested_on)), String)).where(*in_review)
    return select(
        stands.c.id,
        stands.c.status,
        stands.c.owner_id,
        stands.c.merchant,
        stands.c.procedure_id,
        place.label("place"),
        func.substr(stands.c.first, _PLACE + 1).label("since"),
        case((at_review, reviews.correlate(stands).scalar_subquery())).label("review_since"),
    ).subquery()


def _digits(place: StepPlace) -> str:
    return f"{place.place:0{_PLACE}d}"


def _at(place: StepPlace) -> ColumnElement[str]:
    return literal_column(f"'{_digits(place)}'", String)


def _at_place(places: tuple[StepPlace, ...], row: Any, what: Callable[[StepPlace], Any]) -> ColumnElement[Any]:
    """What is said of the step at which the contract stands."""
    return _by_step(places, row.c.procedure_id, _digits, row.c.place, lambda one: literal(what(one)))


def _by_step(
    places: tuple[StepPlace, ...],
    procedure_id: Any,
    key: Callable[[StepPlace], str],
    step: Any,
    what: Callable[[StepPlace], ColumnElement[Any]],
) -> ColumnElement[Any]:
    """First by the procedure, then by the step: of each row few values are compared."""
    of_procedure: dict[str, dict[str, ColumnElement[Any]]] = {}
    for one in places:
        of_procedure.setdefault(one.procedure_id, {})[key(one)] = what(one)
    return case({name: case(steps, value=step) for name, steps in of_procedure.items()}, value=procedure_id)


def _written(status: str) -> ColumnElement[str]:
    """As it stands in the index: with a parameter SQLite does not know that the index has the row."""
    return literal_column(f"'{status}'", String)
