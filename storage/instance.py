"""Which installation a database belongs to, so that a copy of it elsewhere does not post.

Asked before every sweep, and of the plain table: a start then waits for no mapper to be configured.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from storage.tables import Instance
from storage.upsert import engine_of, insert_on, plain

_ONE_ROW = 1


def owner(*, session: Session) -> str | None:
    """The name of the installation; None while the database belongs to nobody."""
    name: str | None = session.execute(select(plain(Instance).c.name)).scalar_one_or_none()
    return name


def take_if_free(*, session: Session, name: str) -> str | None:
    """Makes a database that belongs to nobody ours. Returns whose it is now."""
    row = {"id": _ONE_ROW, "name": name}
    session.execute(insert_on(engine_of(session), plain(Instance)).values(row).on_conflict_do_nothing())
    return owner(session=session)


def adopt(*, session: Session, name: str) -> None:
    """From now on the database belongs to the installation of that name, and no other one posts."""
    session.merge(Instance(id=_ONE_ROW, name=name))
