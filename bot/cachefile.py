"""Files that only save the next start time: whatever happens to them, nothing else is lost."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import platformdirs

log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """Where this machine keeps such files."""
    return platformdirs.user_cache_path("contract-guide")


def replace_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Has the whole file written, or leaves the old one; a folder that cannot be written is logged."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    except OSError as refused:
        log.warning("%s is not stored: %s", path.name, refused.strerror)
        return
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())  # or a power cut leaves the new name on what was never written
        unfinished.replace(path)
    except OSError as refused:
        unfinished.unlink(missing_ok=True)
        log.warning("%s is not stored: %s", path.name, refused.strerror)
