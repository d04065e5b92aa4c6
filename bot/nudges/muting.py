"""People who want quiet: no reminders for a contract, or no call by name for one person."""

from __future__ import annotations

from sqlmodel import Session

from bot.contracts.desk import Actor, Change, ChangeKind, open_file
from bot.contracts.refusals import NothingToChange
from bot.office import Office
from storage import workspace_settings as store
from storage.tables import ContractStatus
from storage.workspaces import remember_workspace

_ANY_OPEN = frozenset({ContractStatus.ACTIVE, ContractStatus.PAUSED, ContractStatus.LIVE})


def mute_contract(*, contract_id: int, session: Session, office: Office, actor: Actor) -> Change:
    """Takes back everything that is owed, the digest included. Raises NothingToChange."""
    return _set_muted(True, contract_id, session=session, office=office, actor=actor)


def unmute_contract(*, contract_id: int, session: Session, office: Office, actor: Actor) -> Change:
    """What is still owed is planned again. Raises NothingToChange."""
    return _set_muted(False, contract_id, session=session, office=office, actor=actor)


def mute_person(*, session: Session, office: Office, actor: Actor) -> None:
    """From now on no message of ours calls this person by name; the messages themselves go on."""
    now = office.now()
    remember_workspace(session=session, workspace_id=actor.workspace_id, now=now)
    store.mute_person(session=session, workspace_id=actor.workspace_id, user_id=actor.user_id, now=now)


def unmute_person(*, session: Session, office: Office, actor: Actor) -> None:
    store.unmute_person(session=session, workspace_id=actor.workspace_id, user_id=actor.user_id)


def is_muted(*, session: Session, actor: Actor) -> bool:
    return bool(store.muted_people(session=session, workspace_id=actor.workspace_id, user_ids=[actor.user_id]))


def _set_muted(muted: bool, contract_id: int, *, session: Session, office: Office, actor: Actor) -> Change:
    file = open_file(session=session, office=office, actor=actor, contract_id=contract_id, allowed=_ANY_OPEN)
    if file.contract.nudges_muted == muted:
        raise NothingToChange
    kind = ChangeKind.MUTED if muted else ChangeKind.UNMUTED
    file.contract.nudges_muted = muted
    file.write_history(kind, day=file.today)
    return file.changed(kind)
