"""A machine that stands still for seconds, with many processes on two cores, is no failure of the product."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from handlers.routes import Routes

PATIENT_SECONDS = 30


def be_patient(routes: Routes) -> None:
    """A listener is given up that has not acknowledged within Slack's three seconds, by the real clock."""
    routes.patience = PATIENT_SECONDS


async def until(is_so: Callable[[], bool]) -> None:
    """Waits for what nobody tells: what a database holds, or another process."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
