"""What contracts wait for, kept with each of them: by that they are sorted and counted, however many there are.

It is written whenever a contract is changed. The reconciler looks through all of them for what is kept wrongly all the
same: a replica of an older version has changed it, or a hand in the database, or the procedure's file is another one.
"""

from __future__ import annotations

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.reading import state_of
from bot.contracts.refusals import NoContract
from bot.contracts.state import Waiting
from bot.office import Office
from storage import contracts as store


class WaitingPage(Struct, frozen=True):
    """Contracts, each by its workspace and its id, with which something else is kept than is so; `last` is where the
    next page begins, None when this was the last one."""

    wrong: list[tuple[str, int]]
    last: int | None


def wrongly_kept(*, after: int, limit: int, session: Session, office: Office) -> WaitingPage:
    """Looks at up to `limit` contracts of all workspaces with an id above `after`."""
    page = store.read_contracts_after(session=session, after=after, limit=limit)
    wrong = [(one.contract.workspace_id, one.contract.id or 0) for one in page if not _is_kept(one, office)]
    return WaitingPage(wrong, page[-1].contract.id if len(page) == limit else None)


def keep_anew(workspace_id: str, contract_id: int, *, session: Session, office: Office) -> None:
    contract = store.lock_contract(session=session, workspace_id=workspace_id, contract_id=contract_id)
    found = store.read_contract(session=session, workspace_id=workspace_id, contract_id=contract_id)
    if contract is not None and found is not None:
        state_of(found, office=office).waiting.keep_with(contract)


def _is_kept(snapshot: store.Snapshot, office: Office) -> bool:
    try:
        return Waiting.kept_with(snapshot.contract) == state_of(snapshot, office=office).waiting
    except NoContract:  # nobody sees it
        return True
