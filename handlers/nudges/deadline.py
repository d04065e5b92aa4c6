"""Nothing leaves after its time: the last look at the clock is taken in the step in which the request is written.

What is left is a freeze between that look and the kernel's taking of the bytes, some microseconds. Whoever is thawed
there sends late. The message is doubled only where the freeze also outlasts the lease and both looks at the history;
after a shorter one the second look finds it. Nobody but Slack could close that gap, by a key for each post.
"""

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
    token = _deadline.set(moment)
    try:
        yield
    except aiohttp.ClientConnectionError as cut:
        if isinstance(cut.__cause__, IsStale):
            raise cut.__cause__ from None
        raise
    finally:
        _deadline.reset(token)


def watched() -> aiohttp.TraceConfig:
    """For a session's `trace_configs`: everything before the writing may take long, and a process may be frozen."""

    async def check(*_: Any) -> None:
        moment = _deadline.get()
        if moment is not None and time.monotonic() > moment:
            raise IsStale

    trace = aiohttp.TraceConfig()
    trace.on_request_chunk_sent.append(check)  # called right before; the headers wait for the first chunk
    return trace
