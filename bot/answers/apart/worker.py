"""The second process: understands what it is asked until the pipe is closed, by the first one or by its end.

`python -m bot.answers.apart.worker`, started by `client.py`. It keeps nothing, and knows neither Slack nor a database.
"""

from __future__ import annotations

import gc
import signal
import sys
from typing import BinaryIO
from zoneinfo import ZoneInfo

from msgspec import msgpack

from bot.answers.apart.frames import READY, Start, frame, read_frame
from bot.answers.meaning import Meaning, Utterance
from bot.answers.understanding import Understanding


def main() -> None:
    # A stop reaches every process of the service: this one is needed until the first has told what it was asked.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with sys.stdin.buffer as asked, open(sys.stdout.fileno(), "wb") as told:  # buffered, even if Python was told not to
        _serve(asked, told)


def _serve(asked: BinaryIO, told: BinaryIO) -> None:
    first = read_frame(asked)
    if first is None:
        return
    start = Start.unpacked(first)
    understanding = Understanding.build(start.topics, start.procedures, cache_dir=start.cache_dir)
    del first, start
    gc.freeze()
    read, write = msgpack.Decoder(list[Utterance]).decode, msgpack.Encoder().encode
    _tell(told, READY)
    while (packed := read_frame(asked)) is not None:
        for utterance in read(packed):  # one by one: the first process has work to do with the first of them already
            _tell(told, write(_understood(utterance, understanding)))


def _tell(told: BinaryIO, what: bytes) -> None:
    told.write(frame(what))
    told.flush()


def _understood(said: Utterance, understanding: Understanding) -> Meaning:
    return understanding.understand(said.text, now=said.now, zone=ZoneInfo(said.zone), context=said.context)


if __name__ == "__main__":
    main()
