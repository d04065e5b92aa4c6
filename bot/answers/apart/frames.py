"""What the two processes tell each other: objects, pickled, each behind its length. Nobody else holds the pipe."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from bot.answers.topics import Topic
from bot.procedure.model import Procedure

_LENGTH = struct.Struct("<I")


class Start(NamedTuple):
    """What there is to understand, as the first process has read it."""

    topics: list[Topic]
    procedures: list[Procedure]
    cache_dir: Path
    """where the fitted model lies"""


class Ready(NamedTuple):
    """The answer to the start. From here on a list of utterances is answered by the list of what they mean."""


def frame(told: object) -> bytes:
    pickled = pickle.dumps(told, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(pickled)) + pickled


def read_frame(pipe: BinaryIO) -> Any | None:
    """Waits for the next; None where the other side has gone."""
    length = pipe.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    pickled = pipe.read(*_LENGTH.unpack(length))
    return pickle.loads(pickled) if len(pickled) == _LENGTH.unpack(length)[0] else None


class Frames:
    """What has come so far, in pieces of any size."""

    def __init__(self) -> None:
        self._come = bytearray()

    def more(self, piece: bytes) -> Iterator[Any]:
        """What is whole now."""
        self._come += piece
        while len(self._come) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._come)[0]
            if len(self._come) < end:
                return
            whole = bytes(self._come[_LENGTH.size : end])
            del self._come[:end]
            yield pickle.loads(whole)
