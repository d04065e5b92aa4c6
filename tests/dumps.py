"""Everything that a database holds, to be compared with what it holds later."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlmodel import SQLModel

from storage.database import Database

Dump = dict[str, list[tuple[Any, ...]]]


def dump(database: Database, *, workspace_id: str | None = None, without: Collection[str] = ()) -> Dump:
    """Every row of every table, in the order of its key; `workspace_id` limits it to one workspace's rows."""
    found: Dump = {}
    with database.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            query = table.select().order_by(*table.primary_key.columns)
            if workspace_id is not None:
                whose = table.columns.id if table.name == "workspace" else table.columns.get("workspace_id")
                if whose is None:
                    continue
                query = query.where(whose == workspace_id)
            if table.name not in without:
                found[table.name] = [tuple(row) for row in session.execute(query)]
    return found
