"""What the two processes tell each other, each piece behind its length. Nobody else holds the pipe.

The first tells what there is to understand, then messages; the second what they mean.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.answers.fitted import bank_key, is_stored
from bot.answers.topics import Topic
from bot.procedure.model import Procedure

READY = b""
"""What the second says first."""
_LENGTH = 4
_PIECE = 1 << 16


class Start(NamedTuple):
    """What there is to understand, as the first process has read it."""

    topics: list[Topic]
    procedures: list[Procedure]
    cache_dir: Path
    """where the fitted model lies, or would"""

    @property
    def is_fitted(self) -> bool:
        """Whether the model of all this is stored."""
        return is_stored(self.cache_dir, bank_key(self.topics, self.procedures))

    def packed(self) -> bytes:
        return pickle.dumps(self)

    @classmethod
    def unpacked(cls, told: bytes) -> Start:
        start = pickle.loads(told)
        assert isinstance(start, Start)
        return start


def frame(told: bytes) -> bytes:
    return len(told).to_bytes(_LENGTH, "big") + told


class Frames:
    """What has come so far, in pieces of any size."""

    def __init__(self) -> None:
        self._come = bytearray()

    def more(self, piece: bytes) -> Iterator[bytes]:
        """What is whole now."""
        self._come += piece
        while len(self._come) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._come[:_LENGTH], "big")
            if len(self._come) < end:
                return
            whole = bytes(self._come[_LENGTH:end])
            del self._come[:end]
            yield whole


def frames_of(pipe: int) -> Iterator[bytes]:
    """Waits for each, until the other side has gone. `pipe` is a file descriptor."""
    frames = Frames()
    while piece := os.read(pipe, _PIECE):
        yield from frames.more(piece)
