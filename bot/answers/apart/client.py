"""The first process's side: starts the second, asks it, and goes on without it where it does not answer."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections import deque
from pathlib import Path

from msgspec import msgpack

from bot.answers.apart.frames import READY, Frames, Start, frame
from bot.answers.meaning import Meaning, Utterance

log = logging.getLogger(__name__)

_ROOT = Path(__file__).parents[3]
_PATIENCE = 5.0
"""Seconds after which whoever asked understands it by themselves, and the process that was asked is ended."""
_STDIN = 0
_NEEDED = ("PYTHON", "PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


class Apart:
    """A second process that understands, started again where it has ended."""

    def __init__(self, start: Start, *, patience: float = _PATIENCE) -> None:
        self._start, self._patience = start, patience
        self._process: _Process | None = None
        self._was_opened = False

    @property
    def is_ready(self) -> bool:
        return self._process is not None and self._process.is_ready

    async def open(self) -> None:
        """Starts it; it is ready in a second or so. A machine that cannot start one does without."""
        if not self._start.is_fitted:  # it would take the memory and the seconds for that once more
            log.info("no second process to understand in: no fitted model is stored that it could load")
            return
        try:
            _, self._process = await asyncio.get_running_loop().subprocess_exec(
                _Process, sys.executable, "-m", "bot.answers.apart.worker",
                cwd=_ROOT, env=_environment(), stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        except OSError as refused:
            log.warning("no second process to understand in: %s", refused.strerror)
        else:
            self._process.tell(self._start.packed())
        self._was_opened = True

    async def open_again(self) -> None:
        """Does nothing while it runs, or before it was opened for the first time."""
        if self._was_opened and (self._process is None or self._process.has_ended):
            await self.open()

    async def understand(self, said: Utterance) -> Meaning | None:
        """None where the process is not there, or has not answered."""
        process = self._process
        if process is None or not process.is_ready:
            return None
        try:
            async with asyncio.timeout(self._patience):
                return await process.ask(said)
        except TimeoutError:
            log.warning("the second process does not answer: it is ended")
            process.end()
            return None

    async def close(self) -> None:
        self._was_opened = False
        if self._process is not None and not self._process.has_ended:
            self._process.end()
            await self._process.ended


class _Process(asyncio.SubprocessProtocol):
    """It answers in the order in which it was asked. What is asked in one pass of the loop goes in one frame."""

    def __init__(self) -> None:
        self._asked: list[Utterance] = []
        self._waiting: deque[asyncio.Future[Meaning | None]] = deque()
        self._come = Frames()
        self._read, self._write = msgpack.Decoder(Meaning).decode, msgpack.Encoder().encode
        self._loop = asyncio.get_running_loop()
        self._is_ready = self._is_over = False
        self.ended: asyncio.Future[None] = self._loop.create_future()

    @property
    def is_ready(self) -> bool:
        return self._is_ready and not self._is_over

    @property
    def has_ended(self) -> bool:
        return self.ended.done()

    def ask(self, said: Utterance) -> asyncio.Future[Meaning | None]:
        """None where it ends before it has answered."""
        if not self._asked:
            self._loop.call_soon(self._send)
        self._asked.append(said)
        answer = self._loop.create_future()
        self._waiting.append(answer)
        return answer

    def tell(self, packed: bytes) -> None:
        self._pipe.write(frame(packed))

    def end(self) -> None:
        """At once: it holds nothing that could be lost."""
        self._is_over = True
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        pipe = transport.get_pipe_transport(_STDIN)
        assert isinstance(pipe, asyncio.WriteTransport)
        self._transport, self._pipe = transport, pipe

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        assert isinstance(data, bytes)
        for told in self._come.more(data):
            if told == READY:
                self._is_ready = True
                log.info("messages are understood in a second process")
                continue
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_result(self._read(told))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_over:
            log.warning("the second process has ended with %s", self._transport.get_returncode())
        self.end()
        self.ended.set_result(None)
        for answer in self._waiting:
            if not answer.done():
                answer.set_result(None)
        self._waiting.clear()

    def _send(self) -> None:
        asked, self._asked = self._asked, []
        if not self.has_ended:
            self.tell(self._write(asked))


def _environment() -> dict[str, str]:
    """What Python starts with, and nothing of the settings, which hold secrets. One message is no work for threads."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_NEEDED)}
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}
