"""Which contracts somebody sees first: sorted and cut into pages where they are stored, however many there are."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple
from unicodedata import normalize

from msgspec import Struct
from sqlalchemy import CTE, BindParameter, ColumnElement, Integer, Table, and_, bindparam, case, func, or_, select
from sqlmodel import Session

from storage.among import is_among, is_one_of
from storage.states import OPEN
from storage.tables import Contract, ContractStatus
from storage.upsert import plain

_SORTED_BY = ("id", "status", "owner_id", "waits_at", "waits_since", "waits_for_team")


class Ranked(Struct, frozen=True):
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
    procedures: Collection[str],
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
    given = {"channels": channels, "person": waits_for, "step": step_id}
    given = {name: value for (name, value), is_given in zip(given.items(), kind, strict=True) if is_given}
    given |= {"workspace": workspace_id, "procedures": procedures}
    statements = _statements(kind)
    if search:
        rows = session.connection().execute(statements.all, given)
        ids = [contract_id for contract_id, merchant in rows if _folded(search) in _folded(merchant)]
        page = _existing(page, len(ids), size)
        return Ranked(ids[page * size : (page + 1) * size], len(ids), page)

    def ranked(page: int) -> Ranked:
        rows = session.connection().execute(statements.page, {**given, "most": size, "skipped": page * size}).all()
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


@cache
def _statements(kind: _Kind) -> _Statements:
    """Made once: to put them together takes longer than to run them."""
    contract = plain(Contract)
    chosen = _chosen(contract, kind)
    # Who is in which channel is found once, to be sorted and to be counted. A workspace's contracts have an index that
    # does both faster than they are written down.
    how = "MATERIALIZED" if kind.in_channels else "NOT MATERIALIZED"
    those = select(*(contract.c[name] for name in _SORTED_BY)).where(*chosen).cte("those").prefix_with(how)
    found = select(func.count()).select_from(those).scalar_subquery().label("found")
    page = select(those.c.id, found).order_by(*_order(those, kind))
    return _Statements(
        page.limit(_whole_number("most")).offset(_whole_number("skipped")),
        select(contract.c.id, contract.c.merchant).where(*chosen).order_by(*_order(contract, kind)),
    )


def _chosen(contract: Table, kind: _Kind) -> list[ColumnElement[bool]]:
    chosen = [contract.c.workspace_id == bindparam("workspace"), is_among(contract.c.procedure_id, "procedures")]
    if kind.in_channels:
        chosen += [contract.c.status != ContractStatus.CLOSED, is_among(contract.c.channel_id, "channels")]
    else:
        chosen.append(is_one_of(contract.c.status, OPEN))
    if kind.at_step:
        chosen.append(contract.c.waits_at == bindparam("step"))
    return chosen


def _order(contract: Table | CTE, kind: _Kind) -> list[ColumnElement[Any]]:
    order: list[ColumnElement[Any]] = []
    if kind.for_person:
        running = and_(contract.c.status == ContractStatus.ACTIVE, contract.c.waits_at.is_not(None))
        mine = or_(contract.c.owner_id == bindparam("person"), contract.c.waits_for_team)
        order.append(_first(and_(running, mine)))
    # The index has them by their status: who is active comes before who is paused.
    order.append(_first(is_one_of(contract.c.status, OPEN)) if kind.in_channels else contract.c.status)
    return [*order, contract.c.waits_since, contract.c.id]


def _whole_number(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer)


def _first(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 0), else_=1)
