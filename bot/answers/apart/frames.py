"""What the two processes tell each other, each piece behind its length. Nobody else holds the pipe.

The first tells what there is to understand, then messages; the second what they mean.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bot.answers.topics import Topic
from bot.procedure.model import Procedure

READY = b""
"""What the second says first."""
_LENGTH = 4


class Start(NamedTuple):
    """What there is to understand, as the first process has read it."""

    topics: list[Topic]
    procedures: list[Procedure]
    cache_dir: Path
    """where the fitted model lies"""

    def packed(self) -> bytes:
        return pickle.dumps(self)

    @classmethod
    def unpacked(cls, told: bytes) -> Start:
        start = pickle.loads(told)
        assert isinstance(start, Start)
        return start


def frame(told: bytes) -> bytes:
    return len(told).to_bytes(_LENGTH, "big") + told


def read_frame(pipe: BinaryIO) -> bytes | None:
    """Waits for the next; None where the other side has gone."""
    length = pipe.read(_LENGTH)
    told = pipe.read(int.from_bytes(length, "big"))
    return told if len(length) == _LENGTH and len(told) == int.from_bytes(length, "big") else None


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
