"""Reading and writing contracts with their progress and card reviews. Every query asks for the workspace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, case, select, update
from sqlmodel import Session, col

from storage.among import is_among, is_one_of
from storage.snapshots import Snapshot as Snapshot
from storage.snapshots import Where, read_snapshots
from storage.states import OPEN
from storage.tables import CardReview, Contract, ContractStatus, Progress, Workspace
from storage.workspace_settings import hold_settings

_SHOWN = (col(Contract.status) != ContractStatus.CLOSED, col(Contract.status_message_ts).is_not(None))


def lock_contract(
    *, session: Session, workspace_id: str, contract_id: int, channels: Collection[str] | None = None
) -> Contract | None:
    """The contract, held until the transaction ends, so that two people do not change it at once.

    The workspace's settings are held with it: nothing is planned by hours that somebody changes meanwhile.
    `channels` limits it to contracts of these channels; None is for our own sweep, which acts for nobody.
    """
    hold_settings(session=session, workspace_id=workspace_id)
    given = {"workspace": workspace_id, "contract": contract_id}
    if channels is None:
        return session.execute(_locked(_by_id), given).scalar_one_or_none()
    return session.execute(_locked(_by_id_in_channels), {**given, "channels": channels}).scalar_one_or_none()


@cache
def _locked(where: Where) -> Any:
    return select(Contract).where(*where()).with_for_update()


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
    mine = {"workspace": workspace_id, "contract": contract_id}
    if channels is None:
        found = read_snapshots(_by_id, session=session, **mine)
    else:
        found = read_snapshots(_by_id_in_channels, session=session, channels=channels, **mine)
    return next(iter(found), None)


def read_contract_of_channel(*, session: Session, workspace_id: str, channel_id: str) -> Snapshot | None:
    """The channel's open contract, or the one that was opened last."""
    found = read_snapshots(_newest_of_channel, session=session, workspace=workspace_id, channel=channel_id)
    return next(iter(found), None)


def read_contracts_of_channels(
    *, session: Session, workspace_id: str, channels: Collection[str], limit: int = 1000
) -> list[Snapshot]:
    """The contracts of these channels that are not closed, oldest first."""
    mine = {"workspace": workspace_id, "channels": channels, "most": limit}
    return read_snapshots(_not_closed_of_channels, session=session, **mine)


def read_contracts(*, session: Session, workspace_id: str, contract_ids: Collection[int]) -> list[Snapshot]:
    """Those of these that are not closed."""
    if not contract_ids:
        return []
    return read_snapshots(_by_ids, session=session, workspace=workspace_id, contracts=list(contract_ids))


def procedures_in_use(*, session: Session, workspace_id: str) -> list[str]:
    """Of the contracts that are active or paused."""
    mine = col(Contract.workspace_id) == workspace_id, col(Contract.status).in_(OPEN)
    return list(session.execute(select(col(Contract.procedure_id)).where(*mine).distinct()).scalars())


def read_open_contracts(*, session: Session, workspace_id: str) -> list[Snapshot]:
    """Those of the whole workspace that are active or paused, oldest first: for what concerns all of them."""
    return read_snapshots(_open_of_workspace, session=session, workspace=workspace_id)


def move_open_contracts(*, session: Session, workspace_id: str, zone: str, language: str | None) -> None:
    """Gives them the zone, and the language where one is given."""
    values: dict[str, str] = {"zone": zone, **({"language": language} if language else {})}
    mine = (col(Contract.workspace_id) == workspace_id, col(Contract.status) != ContractStatus.CLOSED)
    session.execute(update(Contract).where(*mine).values(values))


def read_every_contract(*, session: Session, contract_id: int | None = None) -> list[Snapshot]:
    """The contracts of every workspace, for the operator; `contract_id` limits it to one."""
    if contract_id is None:
        return read_snapshots(_every, session=session)
    return read_snapshots(_of_any_workspace, session=session, contract=contract_id)


def read_contracts_after(*, session: Session, after: int, limit: int) -> list[Snapshot]:
    """Up to `limit` contracts of all workspaces that are not closed, with an id above `after`; oldest first."""
    return read_snapshots(_not_closed_after, session=session, after=after, most=limit)


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
    return read_snapshots(_with_status, session=session, workspace=workspace_id)


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


def _by_id() -> Sequence[ColumnElement[bool]]:
    return _workspace(), col(Contract.id) == bindparam("contract")


def _by_id_in_channels() -> Sequence[ColumnElement[bool]]:
    return *_by_id(), _channels()


def _by_ids() -> Sequence[ColumnElement[bool]]:
    named = col(Contract.id).in_(bindparam("contracts", expanding=True))
    return _workspace(), named, col(Contract.status) != ContractStatus.CLOSED


def _newest_of_channel() -> Sequence[ColumnElement[bool]]:
    mine = _workspace(), col(Contract.channel_id) == bindparam("channel")
    open_first = case((is_one_of(col(Contract.status), OPEN), 0), else_=1)
    newest = select(col(Contract.id)).where(*mine).order_by(open_first, col(Contract.id).desc()).limit(1)
    return *mine, col(Contract.id) == newest.scalar_subquery()


def _not_closed_of_channels() -> Sequence[ColumnElement[bool]]:
    mine = _workspace(), _channels(), col(Contract.status) != ContractStatus.CLOSED
    listed = select(col(Contract.id)).where(*mine).order_by(col(Contract.id)).limit(bindparam("most", type_=Integer))
    return _workspace(), col(Contract.id).in_(listed.scalar_subquery())


def _not_closed_after() -> Sequence[ColumnElement[bool]]:
    mine = col(Contract.id) > bindparam("after"), col(Contract.status) != ContractStatus.CLOSED
    listed = select(col(Contract.id)).where(*mine).order_by(col(Contract.id)).limit(bindparam("most", type_=Integer))
    return (col(Contract.id).in_(listed.scalar_subquery()),)


def _open_of_workspace() -> Sequence[ColumnElement[bool]]:
    return _workspace(), col(Contract.status).in_(OPEN)


def _with_status() -> Sequence[ColumnElement[bool]]:
    return *_SHOWN, _workspace()


def _of_any_workspace() -> Sequence[ColumnElement[bool]]:
    return (col(Contract.id) == bindparam("contract"),)


def _every() -> Sequence[ColumnElement[bool]]:
    return ()


def _workspace() -> ColumnElement[bool]:
    return col(Contract.workspace_id) == bindparam("workspace")


def _channels() -> ColumnElement[bool]:
    return is_among(col(Contract.channel_id), "channels")
