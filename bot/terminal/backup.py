"""`app.py backup`: a copy of the database that is whole, made while everything goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.settings import CannotStart, Settings

_WHOLE = "ok"
_PG_DUMP = "DATABASE_URL: PostgreSQL makes its own: pg_dump --format=custom --file=FILE DATABASE_URL"


def back_up(settings: Settings, file: Path) -> Iterator[str]:
    """Copies a SQLite database into a new file, and reads the copy through. Raises CannotStart."""
    source = settings.sqlite_file
    if source is None:
        raise CannotStart(_PG_DUMP)
    if not source.exists():
        raise CannotStart(f"DATABASE_URL: there is no {source}")
    try:
        file.touch(mode=0o600, exist_ok=False)  # nobody else may read what people have written
    except OSError as wrong:
        raise CannotStart(f"{file}: no new file can be made there: {wrong.strerror}") from wrong
    try:
        said = _copy(source, file)
    except sqlite3.Error as wrong:
        said = str(wrong)
    if said != _WHOLE:
        file.unlink()
        raise CannotStart(f"{source}: no whole copy of it can be made: {said}")
    yield f"{source} is copied to {file} ({file.stat().st_size} bytes), and the copy is whole"


def _copy(source: Path, file: Path) -> str:
    """What SQLite says of the copy. The file alone would miss what still stands in the write-ahead log beside it."""
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as database:
        database.execute("vacuum into ?", (str(file),))
    with closing(sqlite3.connect(file)) as copy:
        [said] = copy.execute("pragma integrity_check").fetchone()
    return str(said)
