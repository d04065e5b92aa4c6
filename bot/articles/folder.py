"""The files of a folder that can be articles, whatever else lies in it."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from bot.articles.model import LeftOut, Unreadable
from bot.articles.reading import LARGEST

_ENDINGS = (".md", ".mdx", ".markdown")
_NOT_OURS = frozenset({"node_modules", "__pycache__"})


class Found(Struct, frozen=True):
    """A file, or a folder that cannot be read."""

    path: str
    """from the folder, with slashes, in NFC"""
    file: Path
    is_folder: bool = False

    def content(self) -> bytes:
        """Raises Unreadable, LeftOut."""
        if any(part.startswith("_") for part in self.path.split("/")):
            raise LeftOut(self.path)  # a piece that other pages include; it has no page of its own
        if not self.path.isprintable():
            raise Unreadable("its name is not text")
        try:
            return self._read()
        except OSError as broken:
            raise Unreadable(f"cannot be read ({broken.strerror})") from broken

    def _read(self) -> bytes:
        status = self.file.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise Unreadable("is a symbolic link, which is not followed")
        if self.is_folder:
            os.listdir(self.file)  # says why
            raise Unreadable("cannot be read")
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("is not a file")
        if status.st_size > LARGEST:
            raise Unreadable(f"is larger than {LARGEST // 1024 // 1024} MB")
        return self.file.read_bytes()


def files_of(folder: Path) -> Iterator[Found]:
    """Every Markdown and MDX file below `folder`, one folder after the other, and every folder that stays closed.

    Symbolic links are not followed: they may run in circles, or lead to files that nobody meant to publish.
    """
    closed: list[str] = []
    for place, folders, files in os.walk(folder, onerror=lambda error: closed.append(str(error.filename))):
        ours = sorted(name for name in folders if not _is_private(name))
        links = [name for name in ours if os.path.islink(os.path.join(place, name))]
        folders[:] = [name for name in ours if name not in links]
        for name in sorted([*files, *links]):
            if name in links or name.lower().endswith(_ENDINGS):
                yield _found(folder, Path(place, name), is_folder=name in links)
        yield from (_found(folder, Path(path), is_folder=True) for path in closed)
        closed.clear()
    yield from (_found(folder, Path(path), is_folder=True) for path in closed)


def _found(folder: Path, file: Path, *, is_folder: bool) -> Found:
    path = file.relative_to(folder).as_posix()
    return Found(unicodedata.normalize("NFC", path), file, is_folder)


def _is_private(name: str) -> bool:
    return name.startswith(".") or name in _NOT_OURS
