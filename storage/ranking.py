"""Which contracts somebody sees first: sorted and cut into pages where they are stored, however many there are.

What a step means is the caller's to say: here a step has a place in its procedure and somebody whose turn it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, func, literal, or_, select
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
    kind = _Kind(channels is not None, waits_for is not None, step_id is not None, bool(search))
    given = {
        "workspace": workspace_id,
        "channels": list(channels or ()),
        "person": waits_for,
        "step": step_id,
        "search": _escaped(search),
    }
    listed, counted = _statements(tuple(places), kind)
    given = {name: value for name, value in given.items() if name in _parameters(kind)}
    found = session.execute(counted, given).scalar_one()
    page = min(page, max(found - 1, 0) // size)
    ids = session.execute(listed, {**given, "most": size, "skipped": page * size}).scalars()
    return Ranked(list(ids), found, page)


def _escaped(search: str) -> str:
    """What stands for any letter in a LIKE stands for itself in a name."""
    return search.replace("/", "//").replace("%", "/%").replace("_", "/_")


class _Kind(NamedTuple):
    in_channels: bool
    for_person: bool
    at_step: bool
    by_name: bool


def _parameters(kind: _Kind) -> set[str]:
    named = zip(("channels", "person", "step", "search"), kind, strict=True)
    return {"workspace", *(name for name, is_given in named if is_given)}


@cache
def _statements(places: tuple[StepPlace, ...], kind: _Kind) -> tuple[Any, Any]:
    """The page, and how many there are. Made once: to put them together takes longer than to run them."""
    current, review = _current(places), _reviews()
    contracts = [
        col(Contract.workspace_id) == bindparam("workspace"),
        col(Contract.procedure_id).in_(sorted({place.procedure_id for place in places})),
        col(Contract.status) != ContractStatus.CLOSED if kind.in_channels else col(Contract.status).in_(_OPEN),
    ]
    if kind.in_channels:
        contracts.append(col(Contract.channel_id).in_(bindparam("channels", expanding=True)))
    if kind.by_name:
        contracts.append(col(Contract.merchant).icontains(bindparam("search", type_=String), escape="/"))
    if kind.at_step:
        contracts.append(current.c.step_id == bindparam("step"))
    in_review = and_(current.c.is_card_review, review.c.since.is_not(None))
    since = func.coalesce(case((in_review, review.c.since), else_=current.c.active_on), literal(_LAST))
    order: list[Any] = [case((col(Contract.status).in_(_OPEN), 0), else_=1), since, col(Contract.id)]
    if not kind.in_channels:
        order.insert(0, case((col(Contract.status) == ContractStatus.ACTIVE, 0), else_=1))
    if kind.for_person:
        before_review = and_(current.c.is_card_review, review.c.contract_id.is_not(None), review.c.since.is_(None))
        teams = or_(before_review, and_(current.c.is_teams, ~in_review))
        running = and_(col(Contract.status) == ContractStatus.ACTIVE, current.c.step_id.is_not(None))
        mine = or_(col(Contract.owner_id) == bindparam("person"), teams)
        order.insert(0, case((and_(running, mine), 0), else_=1))
    joined = (
        select(col(Contract.id))
        .join(current, current.c.contract_id == col(Contract.id), isouter=True)
        .join(review, review.c.contract_id == col(Contract.id), isouter=True)
        .where(*contracts)
    )
    page = bindparam("most", type_=Integer), bindparam("skipped", type_=Integer)
    counted = select(func.count()).select_from(joined.subquery())
    return joined.order_by(*order).limit(page[0]).offset(page[1]), counted


def _current(places: tuple[StepPlace, ...]) -> Any:
    """The step that each contract waits for: the first that can be worked on."""

    def by_place(what: Any) -> ColumnElement[Any]:
        here = col(Contract.procedure_id), col(Progress.step_id)
        return case(
            *((and_(here[0] == one.procedure_id, here[1] == one.step_id), literal(what(one))) for one in places)
        )

    first = func.row_number().over(partition_by=col(Progress.contract_id), order_by=by_place(lambda one: one.place))
    rows = (
        select(
            col(Progress.contract_id),
            col(Progress.step_id),
            col(Progress.active_on),
            by_place(lambda one: one.is_teams).label("is_teams"),
            by_place(lambda one: one.is_card_review).label("is_card_review"),
            first.label("number"),
        )
        .join(Contract, col(Contract.id) == col(Progress.contract_id))
        .where(
            col(Progress.workspace_id) == bindparam("workspace"),
            col(Progress.status) == StepStatus.ACTIVE,
        )
        .subquery()
    )
    return select(rows).where(rows.c.number == 1).subquery("step")


def _reviews() -> Any:
    """Whether a contract has cards, and since when the oldest review that runs was requested."""
    runs = case((col(CardReview.status) == CardStatus.IN_REVIEW, col(CardReview.requested_on)))
    return (
        select(col(CardReview.contract_id), func.min(runs).label("since"))
        .where(col(CardReview.workspace_id) == bindparam("workspace"))
        .group_by(col(CardReview.contract_id))
        .subquery("review")
    )
