"""Looking without changing: one contract's status, a person's contracts, a contract's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.desk import Actor
from bot.contracts.refusals import NoContract
from bot.contracts.state import ContractState
from bot.office import Office
from bot.workspaces.settings import working_time
from storage import contracts as store
from storage.history import history_of
from storage.tables import History

_ALL_HISTORY = 1_000_000


def state_of(snapshot: store.Snapshot, *, office: Office) -> ContractState:
    """The same state for the same snapshot. Raises NoContract when its procedure is not among ours any more."""
    if snapshot.contract.procedure_id not in office.procedures:
        raise NoContract
    return _state(snapshot, office)


@lru_cache(maxsize=512)
def _state(snapshot: store.Snapshot, office: Office) -> ContractState:
    procedure = office.procedures[snapshot.contract.procedure_id]
    return ContractState.of(
        snapshot.contract, snapshot.progress, snapshot.cards, procedure, working_time(snapshot.working)
    )


def _known(found: Sequence[store.Snapshot], office: Office) -> list[ContractState]:
    """Those whose procedure is among ours."""
    return [state_of(one, office=office) for one in found if one.contract.procedure_id in office.procedures]


def contract_of_channel(
    channel_id: str, *, workspace_id: str, session: Session, office: Office
) -> ContractState | None:
    """The channel's open contract, or its last one; None when it never had any."""
    found = store.read_contract_of_channel(session=session, workspace_id=workspace_id, channel_id=channel_id)
    return state_of(found, office=office) if found else None


def contract_by_id(contract_id: int, *, session: Session, office: Office, actor: Actor) -> ContractState:
    """Raises NoContract when there is none that this person may see."""
    found = store.read_contract(
        session=session, workspace_id=actor.workspace_id, contract_id=contract_id, channels=actor.channels
    )
    if found is None:
        raise NoContract
    return state_of(found, office=office)


def contract_of_workspace(
    contract_id: int, *, workspace_id: str, session: Session, office: Office
) -> ContractState | None:
    """For what we do by ourselves, for nobody: the person's channels are not asked for."""
    found = store.read_contract(session=session, workspace_id=workspace_id, contract_id=contract_id)
    return state_of(found, office=office) if found else None


def contracts_in_order(
    contract_ids: Sequence[int], *, session: Session, office: Office, workspace_id: str
) -> list[ContractState]:
    """Those of the workspace with these ids that are not closed, in the order of the ids."""
    found = store.read_contracts(session=session, workspace_id=workspace_id, contract_ids=contract_ids)
    states = {state.id: state for state in _known(found, office)}
    return [states[one] for one in contract_ids if one in states]


def contracts_of(*, session: Session, office: Office, actor: Actor) -> list[ContractState]:
    """The contracts of the person's channels that are not closed; who waits longest comes first, live ones last."""
    found = store.read_contracts_of_channels(session=session, workspace_id=actor.workspace_id, channels=actor.channels)
    return sorted(_known(found, office), key=waiting_longest_first)


def contracts_with_status(workspace_id: str, *, session: Session, office: Office) -> list[ContractState]:
    """Those whose status message is kept up to date, for what we do by ourselves."""
    found = store.read_contracts_with_status(session=session, workspace_id=workspace_id)
    return _known(found, office)


class Page(Struct, frozen=True):
    """Some of a contract's history, newest first, and whether there is more of it on either side."""

    state: ContractState
    rows: Sequence[History]
    has_older: bool
    has_newer: bool


def history(
    contract_id: int,
    *,
    session: Session,
    office: Office,
    actor: Actor,
    before: int | None = None,
    after: int | None = None,
    limit: int = 20,
) -> Page:
    """The newest page; with `before` the page that ends before that row, with `after` the one that follows it.

    Raises NoContract.
    """
    state = contract_by_id(contract_id, session=session, office=office, actor=actor)
    where: dict[str, Any] = {"session": session, "workspace_id": actor.workspace_id, "contract_id": contract_id}
    if after is not None:
        rows = history_of(**where, after=after, limit=limit + 1)
        if len(rows) > limit:
            return Page(state, rows[1:], has_older=True, has_newer=True)
        before = None  # the newest page, and a full one
    rows = history_of(**where, before=before, limit=limit + 1)
    return Page(state, rows[:limit], has_older=len(rows) > limit, has_newer=before is not None)


def whole_history(
    contract_id: int, *, session: Session, office: Office, actor: Actor
) -> tuple[ContractState, Sequence[History]]:
    """The contract and all that happened to it, newest first. Raises NoContract."""
    state = contract_by_id(contract_id, session=session, office=office, actor=actor)
    return state, history_of(
        session=session, workspace_id=actor.workspace_id, contract_id=contract_id, limit=_ALL_HISTORY
    )


def everything(
    *, session: Session, office: Office, contract_id: int | None = None
) -> list[tuple[ContractState, Sequence[History]]]:
    """Every contract of every workspace with its history, for the operator who exports them."""
    found: list[tuple[ContractState, Sequence[History]]] = []
    for snapshot in store.read_every_contract(session=session, contract_id=contract_id):
        state = state_of(snapshot, office=office)
        rows = history_of(session=session, workspace_id=state.workspace_id, contract_id=state.id, limit=_ALL_HISTORY)
        found.append((state, rows))
    return found


def waiting_longest_first(state: ContractState) -> tuple[bool, date, int]:
    """A key to sort contracts by."""
    return (not state.is_open, state.waiting.waits_since, state.id)
