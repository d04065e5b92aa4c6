"""Wording an answer for the one who asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from bot.answers.replies import Reply


class Rewording(Protocol):
    @property
    def counts(self) -> Mapping[str, int]:
        """What came of how many answers since the start: `reworded`, or the reason why one stayed as written."""
        ...

    @property
    def is_on(self) -> bool:
        """Whether there is a model at all."""
        ...

    def would_ask(self, question: str, reply: Reply) -> bool:
        """Whether a model would be asked now, for which a person waits."""
        ...

    async def reworded(self, question: str, reply: Reply) -> Reply:
        """`reply` in words that suit the question, with the same facts; otherwise `reply` itself."""
        ...

    async def close(self) -> None: ...


class AsWritten:
    """No language model: every answer stands as its topic has it."""

    counts: Mapping[str, int] = MappingProxyType({})
    is_on = False

    def would_ask(self, question: str, reply: Reply) -> bool:
        return False

    async def reworded(self, question: str, reply: Reply) -> Reply:
        return reply

    async def close(self) -> None:
        return None


class WriterFailed(Exception):
    """No text came. The message is a reason of one word; `again` says whether asking once more makes sense."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Writer(Protocol):
    async def write(self, request: str) -> str:
        """Raises WriterFailed."""
        ...

    async def close(self) -> None: ...
