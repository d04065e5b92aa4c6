"""Where the tests' databases stand: processes die here, not machines, so no commit and no new file waits for a disk."""

from __future__ import annotations

import os
from pathlib import Path

_SHARED_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30
"""bytes; a container may have as little as 64 MiB there"""


def folder_in_memory() -> Path | None:
    """None where the machine has no such place, or where it is small or runs no programs."""
    if not _SHARED_MEMORY.is_dir():
        return None
    place = os.statvfs(_SHARED_MEMORY)
    has_room = place.f_bavail * place.f_frsize >= _ROOM
    return _SHARED_MEMORY if has_room and not place.f_flag & os.ST_NOEXEC else None
