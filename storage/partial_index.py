"""Indexes of some of a table's rows."""

from __future__ import annotations

from sqlalchemy import Index, MetaData, text

_WHERE = "where"


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows of which `where` is true, on either engine.

    PostgreSQL is told by `tell_postgresql`: said here, it would load that dialect, for which a start on SQLite waits.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={_WHERE: text(where)})


def tell_postgresql(metadata: MetaData) -> None:
    """Says of every partial index to PostgreSQL what it is an index of: before tables are made or compared there."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if _WHERE in index.info:
                index.dialect_options["postgresql"]["where"] = index.info[_WHERE]
