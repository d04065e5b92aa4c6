"""The second process: understands what it is asked until the pipe is closed, by the first one or by its end.

`python -m bot.answers.apart.worker`, started by `client.py`. It keeps nothing, and knows neither Slack nor a database.
"""

from __future__ import annotations

import gc
import signal
import sys
from typing import BinaryIO

from bot.answers.apart.frames import Ready, Start, frame, read_frame
from bot.answers.meaning import Meaning, Utterance
from bot.answers.understanding import Understanding


def main() -> None:
    # A stop reaches every process of the service: this one is needed until the first has told what it was asked.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with sys.stdin.buffer as asked, open(sys.stdout.fileno(), "wb") as told:  # buffered, even if Python was told not to
        _serve(asked, told)


def _serve(asked: BinaryIO, told: BinaryIO) -> None:
    start = read_frame(asked)
    if not isinstance(start, Start):
        return
    understanding = Understanding.build(start.topics, start.procedures, cache_dir=start.cache_dir)
    del start
    gc.freeze()
    answer: object = Ready()
    while answer is not None:
        told.write(frame(answer))
        told.flush()
        utterances = read_frame(asked)
        answer = None if utterances is None else [_understood(one, understanding) for one in utterances]


def _understood(said: Utterance, understanding: Understanding) -> Meaning:
    return understanding.understand(said.text, now=said.now, zone=said.zone, context=said.context)


if __name__ == "__main__":
    main()
