"""The second process: understands what it is asked until the pipe is closed, by the first one or by its end.

`python -m bot.answers.apart.worker`, started by `client.py`. It keeps nothing, and knows neither Slack nor a database.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import msgpack

from bot.answers.apart.frames import READY, Start, frame, frames_of
from bot.answers.meaning import Utterance
from bot.answers.understanding import Understanding
from bot.parsed import ParsedFiles


def main() -> None:
    # A stop reaches every process of the service: this one is needed until the first has told what it was asked.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with open(sys.stdout.fileno(), "wb") as told:  # buffered, even if Python was told not to
        _serve(frames_of(sys.stdin.fileno()), told)


def _serve(asked: Iterator[bytes], told: BinaryIO) -> None:
    first = next(asked, None)
    if first is None:
        return
    start = Start.unpacked(first)
    parsed = ParsedFiles(start.cache_dir)
    understanding = Understanding.build(start.topics, start.procedures, cache_dir=start.cache_dir, parsed=parsed)
    del first, start, parsed
    gc.freeze()
    read, write = msgpack.Decoder(list[Utterance]).decode, msgpack.Encoder().encode
    _tell(told, READY)
    for packed in asked:
        for utterance in read(packed):  # one by one: the first process has work to do with the first of them already
            _tell(told, write(understanding.understand(utterance)))


def _tell(told: BinaryIO, what: bytes) -> None:
    told.write(frame(what))
    told.flush()


if __name__ == "__main__":
    main()
