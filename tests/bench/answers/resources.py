"""What `app.py ask` costs: how long until it is ready, and how much memory it holds."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[3]
_RUNS = 3


@dataclass(frozen=True, slots=True)
class Start:
    seconds: float
    mebibytes: float


def measure_start() -> Start:
    """The best of three starts with the fitted model on disk: from the start of the process to its first answer."""
    _started()  # fits the model, where no earlier run has
    starts = [_started() for _ in range(_RUNS)]
    return Start(min(one.seconds for one in starts), max(one.mebibytes for one in starts))


def _started() -> Start:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "app.py", "ask", "--json"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("심사 얼마나 걸려요\n")
    process.stdin.flush()
    process.stdout.readline()
    seconds = time.perf_counter() - started
    memory = psutil.Process(process.pid).memory_info().rss / 2**20
    process.stdin.close()
    process.wait(timeout=10)
    return Start(seconds, memory)
