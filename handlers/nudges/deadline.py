"""Nothing leaves after its time: the last look at the clock is taken when the line to Slack stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import aiohttp

from bot.nudges.delivery import IsStale

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def not_after(moment: float) -> Iterator[None]:
    """Within it a request over a `watched` session raises IsStale once the monotonic clock has passed `moment`."""
    _check(moment)
    token = _deadline.set(moment)
    try:
        yield
    finally:
        _deadline.reset(token)


def watched() -> aiohttp.TraceConfig:
    """For a session's `trace_configs`: opening a line may take long, and a process may be frozen meanwhile."""

    async def check(*_: Any) -> None:
        moment = _deadline.get()
        if moment is not None:
            _check(moment)

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(check)
    trace.on_connection_reuseconn.append(check)
    return trace


def _check(moment: float) -> None:
    if time.monotonic() > moment:
        raise IsStale
