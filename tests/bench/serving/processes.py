"""Servers as processes of their own, the assistant as its operator starts it: each has a memory to weigh."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

from tests.bench.serving.loopback import TOKEN
from tests.bench.serving.requests import SECRET

ROOT = Path(__file__).parents[3]
_PATIENCE = 60.0
_NOT_KEPT = ("SLACK_", "DATABASE_", "PYTHONDONTWRITEBYTECODE")
"""Compiled code is kept, as it is everywhere but on a machine that is told not to."""


@dataclass(frozen=True)
class Server:
    url: str
    seconds: float
    """from the start of the process until it was ready"""
    process: subprocess.Popen[bytes]

    @property
    def mebibytes(self) -> float:
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20


@contextmanager
def assistant_over_http(api_url: str, database_url: str) -> Iterator[Server]:
    given = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": api_url,
        "DATABASE_URL": database_url,
        "HOST": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
    }
    with _started(["app.py"], given) as server:
        yield server


@contextmanager
def assistant_at_home(database_url: str) -> Iterator[Server]:
    """As it starts where nothing is set: a Slack workspace of its own, in a folder of its own."""
    with _started(["app.py"], {"DATABASE_URL": database_url}) as server:
        yield server


@contextmanager
def peer(kind: str, api_url: str) -> Iterator[Server]:
    with _started(["-m", "tests.bench.serving.peers", kind, "{port}", api_url], {}) as server:
        yield server


@contextmanager
def _started(arguments: list[str], given: dict[str, str]) -> Iterator[Server]:
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_KEPT)}
    command = [sys.executable, *(argument.format(port=port) for argument in arguments)]
    began = time.perf_counter()
    bytecode = {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "contract-guide-bench")}
    process = subprocess.Popen(
        command, cwd=ROOT, env={**kept, **bytecode, "PORT": str(port), **given}, stdout=subprocess.DEVNULL
    )
    try:
        _until_ready(port, process)
        yield Server(f"http://127.0.0.1:{port}", time.perf_counter() - began, process)
    finally:
        process.terminate()
        process.wait(timeout=15)


def _until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.01)
    raise RuntimeError(f"{process.args} was not ready within {_PATIENCE} s")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
