"""Reading and writing contracts with their progress and card reviews. Every query asks for the workspace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, bindparam, case, select, update
from sqlmodel import Session, col

from storage.tables import CardReview, Contract, ContractStatus, Progress, Workspace
from storage.workspace_settings import Working, hold_settings, working_of

_OPEN = (ContractStatus.ACTIVE, ContractStatus.PAUSED)
_SHOWN = (col(Contract.status) != ContractStatus.CLOSED, col(Contract.status_message_ts).is_not(None))


@dataclass(frozen=True)
class Snapshot:
    """One contract as read at one moment: rows that have the attributes of their tables, and cannot be written."""

    contract: Contract
    progress: Sequence[Progress]
    cards: Sequence[CardReview]
    working: Working
    """when its workspace works"""


def lock_contract(
    *, session: Session, workspace_id: str, contract_id: int, channels: Collection[str] | None = None
) -> Contract | None:
    """The contract, held until the transaction ends, so that two people do not change it at once.

    The workspace's settings are held with it: nothing is planned by hours that somebody changes meanwhile.
    `channels` limits it to contracts of these channels; None is for our own sweep, which acts for nobody.
    """
    hold_settings(session=session, workspace_id=workspace_id)
    given = _the_contract(workspace_id, contract_id, channels)
    return session.execute(_locked(channels is not None), given).scalar_one_or_none()


@cache
def _locked(in_channels: bool) -> Any:
    return select(Contract).where(*_is_the_contract(in_channels)).with_for_update()


def progress_of(*, session: Session, workspace_id: str, contract_id: int) -> list[Progress]:
    rows = select(Progress).where(col(Progress.workspace_id) == workspace_id, col(Progress.contract_id) == contract_id)
    return list(session.execute(rows).scalars())


def card_reviews_of(*, session: Session, workspace_id: str, contract_id: int) -> list[CardReview]:
    rows = select(CardReview).where(
        col(CardReview.workspace_id) == workspace_id, col(CardReview.contract_id) == contract_id
    )
    return list(session.execute(rows).scalars())


def read_contract(
    *, session: Session, workspace_id: str, contract_id: int, channels: Collection[str] | None = None
) -> Snapshot | None:
    """One contract by its id; `channels` as for `lock_contract`."""
    given = _the_contract(workspace_id, contract_id, channels)
    return next(iter(_snapshots(session, _one_contract(channels is not None), given)), None)


@cache
def _one_contract(in_channels: bool) -> tuple[Any, Any]:
    return _columns_of(_is_the_contract(in_channels))


def _is_the_contract(in_channels: bool) -> list[ColumnElement[bool]]:
    mine = [col(Contract.workspace_id) == bindparam("workspace"), col(Contract.id) == bindparam("contract")]
    return [*mine, col(Contract.channel_id).in_(bindparam("channels", expanding=True))] if in_channels else mine


def _the_contract(workspace_id: str, contract_id: int, channels: Collection[str] | None) -> dict[str, Any]:
    given: dict[str, Any] = {"workspace": workspace_id, "contract": contract_id}
    return given if channels is None else {**given, "channels": list(channels)}


def read_contract_of_channel(*, session: Session, workspace_id: str, channel_id: str) -> Snapshot | None:
    """The channel's open contract, or the one that was opened last."""
    mine = [col(Contract.workspace_id) == workspace_id, col(Contract.channel_id) == channel_id]
    open_first = case((col(Contract.status).in_(_OPEN), 0), else_=1)
    newest = (
        select(col(Contract.id)).where(*mine).order_by(open_first, col(Contract.id).desc()).limit(1).scalar_subquery()
    )
    return next(iter(_read(session, [*mine, col(Contract.id) == newest])), None)


def read_contracts_of_channels(
    *, session: Session, workspace_id: str, channels: Collection[str], limit: int = 1000
) -> list[Snapshot]:
    """The contracts of these channels that are not closed, oldest first."""
    mine: list[ColumnElement[bool]] = [
        col(Contract.workspace_id) == workspace_id,
        col(Contract.channel_id).in_(channels),
        col(Contract.status) != ContractStatus.CLOSED,
    ]
    listed = select(col(Contract.id)).where(*mine).order_by(col(Contract.id)).limit(limit).scalar_subquery()
    return _read(session, [col(Contract.workspace_id) == workspace_id, col(Contract.id).in_(listed)])


def read_open_contracts(*, session: Session, workspace_id: str) -> list[Snapshot]:
    """Those of the whole workspace that are active or paused, oldest first: for what concerns all of them."""
    return _read(session, [col(Contract.workspace_id) == workspace_id, col(Contract.status).in_(_OPEN)])


def move_open_contracts(*, session: Session, workspace_id: str, zone: str, language: str | None) -> None:
    """Gives them the zone, and the language where one is given."""
    values: dict[str, str] = {"zone": zone, **({"language": language} if language else {})}
    mine = (col(Contract.workspace_id) == workspace_id, col(Contract.status) != ContractStatus.CLOSED)
    session.execute(update(Contract).where(*mine).values(values))


def read_every_contract(*, session: Session, contract_id: int | None = None) -> list[Snapshot]:
    """The contracts of every workspace, for the operator; `contract_id` limits it to one."""
    return _read(session, [col(Contract.id) == contract_id] if contract_id is not None else [])


def workspaces_with_status(*, session: Session) -> list[str]:
    """Those that have the app and in which a status message of an active contract stands."""
    rows = (
        select(col(Contract.workspace_id))
        .join(Workspace, col(Workspace.id) == col(Contract.workspace_id))
        .where(*_SHOWN, col(Contract.status) == ContractStatus.ACTIVE, col(Workspace.uninstalled_at).is_(None))
        .distinct()
        .order_by(col(Contract.workspace_id))
    )
    return list(session.execute(rows).scalars())


def read_contracts_with_status(*, session: Session, workspace_id: str) -> list[Snapshot]:
    """Those that are not closed and whose status message stands in their channel, oldest first."""
    return _read(session, [*_SHOWN, col(Contract.workspace_id) == workspace_id])


def remember_status_message(
    *, session: Session, workspace_id: str, contract_id: int, ts: str, digest: str
) -> str | None:
    """Makes `ts` the status message that is kept up to date. Returns the one that was until now."""
    contract = lock_contract(session=session, workspace_id=workspace_id, contract_id=contract_id)
    if contract is None:
        return None
    before, contract.status_message_ts, contract.status_digest = contract.status_message_ts, ts, digest
    return before


def remember_status_shown(*, session: Session, workspace_id: str, contract_id: int, digest: str) -> None:
    """The status message is about to show this."""
    mine = (col(Contract.workspace_id) == workspace_id, col(Contract.id) == contract_id)
    session.execute(update(Contract).where(*mine).values(status_digest=digest))


def _read(session: Session, mine: Sequence[ColumnElement[bool]]) -> list[Snapshot]:
    return _snapshots(session, _columns_of(mine), {})


def _columns_of(mine: Sequence[ColumnElement[bool]]) -> tuple[Any, Any]:
    """The statements for contracts with their progress, and for their card reviews."""
    # Columns, not objects: reading a status is the hottest path, and a graph of objects costs twice the time.
    steps = (
        select(
            *Contract.__table__.columns,  # type: ignore[attr-defined]
            col(Progress.step_id),
            col(Progress.status).label("step_status"),
            col(Progress.entry),
            col(Progress.active_on),
            col(Progress.done_on),
            col(Progress.done_by),
            col(Progress.recorded_at),
        )
        .join(Progress, col(Progress.contract_id) == col(Contract.id), isouter=True)
        .where(*mine)
        .order_by(col(Contract.id))
    )
    cards = (
        select(*CardReview.__table__.columns)  # type: ignore[attr-defined]
        .join(Contract, col(CardReview.contract_id) == col(Contract.id))
        .where(*mine)
    )
    return steps, cards


def _snapshots(session: Session, statements: tuple[Any, Any], given: dict[str, Any]) -> list[Snapshot]:
    steps, cards = statements
    by_contract: dict[int, tuple[Row[Any], list[_ProgressRow], list[Row[Any]]]] = {}
    for row in session.execute(steps, given):
        _, progress, _ = by_contract.setdefault(row.id, (row, [], []))
        if row.step_id is not None:
            progress.append(_ProgressRow(*row[-7:]))
    for card in session.execute(cards, given):
        by_contract[card.contract_id][2].append(card)
    working = working_of(session=session, workspace_ids={row.workspace_id for row, _, _ in by_contract.values()})
    return [
        Snapshot(
            cast("Contract", row),
            cast("list[Progress]", progress),
            cast("list[CardReview]", reviews),
            working[row.workspace_id],
        )
        for row, progress, reviews in by_contract.values()
    ]


@dataclass(frozen=True, slots=True)
class _ProgressRow:
    step_id: str
    status: str
    entry: int
    active_on: Any
    done_on: Any
    done_by: str | None
    recorded_at: Any
