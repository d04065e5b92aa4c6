"""The processes in which messages are understood beside this one."""

from __future__ import annotations

from contextlib import suppress

import psutil


def second_processes() -> list[psutil.Process]:
    """Those that this process has started."""
    found = []
    for one in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it has just ended
            if "bot.answers.apart.worker" in one.cmdline():
                found.append(one)
    return found
