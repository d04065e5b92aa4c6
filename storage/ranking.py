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

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, func, literal, literal_column, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.tables import CardReview, CardStatus, Contract, ContractStatus, Progress, StepStatus

_OPEN = (ContractStatus.ACTIVE, ContractStatus.PAUSED)
_LAST = date.max


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
    found = session.execute(statements.count, given).scalar_one()
    page = _existing(page, found, size)
    ids = list(session.execute(statements.page, {**given, "most": size, "skipped": page * size}).scalars())
    return Ranked(ids, found, page)


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
    count: Any
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
    is_review, since_review = at(lambda one: one.is_card_review), row.c.review_since
    in_review = and_(is_review, since_review.is_not(None))
    since = func.coalesce(case((in_review, since_review), else_=row.c.active_on), literal(_LAST))
    order: list[Any] = [case((row.c.status.in_(_OPEN), 0), else_=1), since, row.c.id]
    if not kind.in_channels:
        order.insert(0, case((row.c.status == ContractStatus.ACTIVE, 0), else_=1))
    if kind.for_person:
        teams = or_(and_(is_review, row.c.has_cards, ~in_review), and_(at(lambda one: one.is_teams), ~in_review))
        running = and_(row.c.status == ContractStatus.ACTIVE, row.c.place.is_not(None))
        order.insert(0, case((and_(running, or_(row.c.owner_id == bindparam("person"), teams)), 0), else_=1))
    listed = select(row.c.id)
    if kind.at_step:
        listed = listed.where(at(lambda one: one.step_id) == bindparam("step"))
    page = bindparam("most", type_=Integer), bindparam("skipped", type_=Integer)
    counted = select(func.count()).select_from(listed.subquery())
    ordered = listed.order_by(*order)
    return _Statements(ordered.limit(page[0]).offset(page[1]), counted, ordered.add_columns(row.c.merchant))


def _where_each_stands(places: tuple[StepPlace, ...], kind: _Kind) -> Any:
    """Each contract with the place and the day of the first step that can be worked on, and with its reviews.

    Subqueries for each contract, not joined tables: SQLite would look through all of the other table for each row.
    """
    contracts = [
        col(Contract.workspace_id) == bindparam("workspace"),
        col(Contract.procedure_id).in_(sorted({place.procedure_id for place in places})),
        col(Contract.status) != ContractStatus.CLOSED if kind.in_channels else col(Contract.status).in_(_OPEN),
    ]
    if kind.in_channels:
        contracts.append(col(Contract.channel_id).in_(bindparam("channels", expanding=True)))
    same = aliased(Contract)  # SQLite does not let an ORDER BY within a subquery name the row outside
    active = col(Progress.contract_id) == col(Contract.id), col(Progress.status) == _written(StepStatus.ACTIVE)
    place = case(
        *(
            (and_(col(same.procedure_id) == one.procedure_id, col(Progress.step_id) == one.step_id), one.place)
            for one in places
        )
    )

    def first(what: Any) -> Any:
        rows = select(what).select_from(Progress).join(same, col(same.id) == col(Progress.contract_id))
        return rows.where(*active).order_by(place).limit(1).correlate(Contract).scalar_subquery()

    in_review = (
        col(CardReview.contract_id) == col(Contract.id),
        col(CardReview.status) == _written(CardStatus.IN_REVIEW),
    )
    reviews = select(func.min(col(CardReview.requested_on))).where(*in_review)
    cards = select(col(CardReview.id)).where(col(CardReview.contract_id) == col(Contract.id))
    return (
        select(
            col(Contract.id),
            col(Contract.status),
            col(Contract.owner_id),
            col(Contract.merchant),
            col(Contract.procedure_id),
            first(place).label("place"),
            first(col(Progress.active_on)).label("active_on"),
            reviews.correlate(Contract).scalar_subquery().label("review_since"),
            cards.correlate(Contract).exists().label("has_cards"),
        )
        .where(*contracts)
        .subquery()
    )


def _at_place(places: tuple[StepPlace, ...], row: Any, what: Callable[[StepPlace], Any]) -> ColumnElement[Any]:
    """What is said of the step at which the contract stands."""
    return case(
        *(
            (and_(row.c.procedure_id == one.procedure_id, row.c.place == one.place), literal(what(one)))
            for one in places
        )
    )


def _written(status: str) -> ColumnElement[str]:
    """As it stands in the index: with a parameter SQLite does not know that the index has the row."""
    return literal_column(f"'{status}'", String)
