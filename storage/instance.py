"""Which installation a database belongs to, so that a copy of it elsewhere does not post."""

from __future__ import annotations

from sqlmodel import Session

from storage.tables import Instance
from storage.upsert import insert_for

_ONE_ROW = 1


def is_ours(*, session: Session, name: str) -> bool:
    """Whether this database belongs to the installation of that name; one that belongs to nobody becomes its."""
    found = session.get(Instance, _ONE_ROW)
    if found is None:
        row = {"id": _ONE_ROW, "name": name}
        session.execute(insert_for(session, Instance).values(row).on_conflict_do_nothing())
        found = session.get_one(Instance, _ONE_ROW)
    return found.name == name


def adopt(*, session: Session, name: str) -> None:
    """From now on the database belongs to the installation of that name, and no other one posts."""
    session.merge(Instance(id=_ONE_ROW, name=name))
