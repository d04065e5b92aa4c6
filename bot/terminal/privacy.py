"""`app.py forget` and `app.py rotate-keys`: what an operator does for people's privacy and for the tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.database import Database
from storage.forgetting import Forgotten, forget_contract, forget_person
from storage.installations import every_installation, replace_sealed
from storage.tables import Installation
from storage.vault import CannotUnseal, Vault

_PERSON = re.compile(r"[UW][A-Z0-9]{2,30}|[^@\s]+@[^@\s]+\.[^@\s]+")
_IN_SLACK = "Messages in Slack stay: they belong to the workspace."


class NotPossible(Exception):
    """The message is the line that the operator reads."""


def forget(
    database: Database, *, person: str | None, contract_id: int | None, workspace_id: str | None
) -> Iterator[str]:
    """Raises NotPossible when there is nothing of that name."""
    if person is not None and not _PERSON.fullmatch(person):
        raise NotPossible(f"{person!r} is no Slack id (U…) and no mail address")
    with database.writing() as session:
        if person is not None:
            done: Forgotten | None = forget_person(session=session, person=person, workspace_id=workspace_id)
        else:
            assert contract_id is not None
            done = forget_contract(session=session, contract_id=contract_id)
    if done is None:
        raise NotPossible(f"there is no contract {contract_id}")
    yield f"{done.deleted} rows deleted, {done.changed} without the person now"
    yield _IN_SLACK


def rotate_keys(database: Database, vault: Vault) -> Iterator[str]:
    """Seals every token with the first key. Raises NotPossible when one cannot be opened: nothing is lost by that."""
    done, closed = 0, []
    with database.reading() as session:
        found = every_installation(session=session)
    for installation in found:
        try:
            done += _reseal(database, vault, installation)
        except CannotUnseal:
            closed.append(installation.workspace_id or installation.enterprise_id or "?")
    yield f"{done} installations are sealed with the first of TOKEN_KEYS"
    if closed:
        raise NotPossible(f"none of TOKEN_KEYS opens the tokens of {', '.join(closed)}: they have to install again")


def _reseal(database: Database, vault: Vault, installation: Installation) -> bool:
    refresh = installation.refresh_token
    with database.writing() as session:
        # False where a token was refreshed just now: the server has sealed that one with the first key already.
        return replace_sealed(
            session=session,
            before=installation,
            token=vault.reseal(installation.token),
            refresh_token=vault.reseal(refresh) if refresh else None,
        )
