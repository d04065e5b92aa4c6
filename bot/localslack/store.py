"""Keeps the workspace's records in one SQLite file, so that nothing acknowledged is lost with the process."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from bot.localslack.json_types import Json

_FORMAT = 1


class StoreError(Exception):
    """The file cannot be used; the text says why and what to do."""


class Store:
    """Records by kind and key, each a JSON object. Without a path nothing is kept.

    Every `put` is a committed transaction: in WAL mode that survives the end of the process, kill -9 included.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection = None if path is None else _open(path)

    def load(self, kind: str) -> dict[str, Json]:
        """The records of a kind, in the order in which they were first put."""
        if self._connection is None:
            return {}
        rows = self._connection.execute("SELECT key, record FROM records WHERE kind = ? ORDER BY id", (kind,))
        return {key: json.loads(record) for key, record in rows}

    def put(self, kind: str, key: str, record: Json) -> None:
        if self._connection is None:
            return
        self._connection.execute(
            "INSERT INTO records (kind, key, record) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET record = excluded.record",
            (kind, key, json.dumps(record)),
        )

    def delete(self, kind: str, key: str) -> None:
        if self._connection is not None:
            self._connection.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key))

    def clear(self) -> None:
        if self._connection is not None:
            self._connection.execute("DELETE FROM records")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _open(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path} cannot be made or opened ({error})") from error
    try:
        _prepare(connection, path)
    except sqlite3.OperationalError as error:
        connection.close()
        raise StoreError(f"{path} is in use by another local workspace, or cannot be written ({error})") from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StoreError(f"{path} is no workspace file ({error}); move it away to start anew") from error
    except StoreError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found not in (0, _FORMAT):
        connection.execute("ROLLBACK")
        raise StoreError(f"{path} was written by another version (format {found}, here {_FORMAT}); move it away")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS records"
        " (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (kind, key))"
    )
    connection.execute(f"PRAGMA user_version = {_FORMAT}")
    connection.execute("COMMIT")
