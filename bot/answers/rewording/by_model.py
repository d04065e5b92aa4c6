"""Answers worded by a language model, each proved against its topic before anybody reads it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Container

from msgspec.structs import replace

from bot.answers.replies import Outcome, Reply
from bot.answers.rewording import prompt
from bot.answers.rewording.breaker import CircuitBreaker
from bot.answers.rewording.markup import as_plain
from bot.answers.rewording.proof import Proof
from bot.answers.rewording.protocol import Writer, WriterFailed
from bot.answers.rewording.question import as_data

log = logging.getLogger(__name__)

REWORDED = "reworded"
UNCHANGED = "unchanged"
BUSY = "busy"
PAUSED = "paused"
TOO_SLOW = "too_slow"
GIVEN_UP = "given_up"

_TRIES = 2
_AT_ONCE = 4


class ByModel:
    is_on = True

    def __init__(
        self,
        writer: Writer,
        proof: Proof,
        breaker: CircuitBreaker,
        *,
        topics: Container[str],
        seconds: float = 3.0,
        at_once: int = _AT_ONCE,
    ) -> None:
        """`topics` are those that may be worded anew; `seconds` is what a person waits longest, both tries included."""
        self._writer = writer
        self._proof = proof
        self._breaker = breaker
        self._topics = topics
        self.seconds = seconds
        self._free = at_once
        self._counts: Counter[str] = Counter()

    @property
    def counts(self) -> Counter[str]:
        return self._counts

    async def close(self) -> None:
        await self._writer.close()

    def would_ask(self, question: str, reply: Reply) -> bool:
        has_room = self._free > 0 and not self._breaker.is_open
        return has_room and self._may_be_reworded(reply) and bool(as_data(question))

    async def reworded(self, question: str, reply: Reply) -> Reply:
        """Cancelled, it lets go of the model at once; that says nothing about the model."""
        asked = as_data(question)
        if not asked or not self._may_be_reworded(reply):
            return reply
        try:
            wording, reason = await self._worded(asked, reply)
        except asyncio.CancelledError:
            self._counts[GIVEN_UP] += 1
            raise
        self._counts[reason] += 1
        if reason != REWORDED:
            log.info("topic %s is told as written: %s", reply.topic, reason)
        return replace(reply, text=wording)

    def _may_be_reworded(self, reply: Reply) -> bool:
        """Only the answer of a topic: a question that came with a report keeps the words of what it would record."""
        return reply.outcome is Outcome.ANSWER and reply.topic in self._topics and not reply.offers

    async def _worded(self, asked: str, reply: Reply) -> tuple[str, str]:
        """The text to send, and what came of it."""
        if self._free == 0:
            return reply.text, BUSY
        if not self._breaker.lets_through():
            return reply.text, PAUSED
        self._free -= 1
        try:
            async with asyncio.timeout(self.seconds):
                wording = as_plain(await self._written(asked, reply))
        except TimeoutError:
            return self._failed(reply, TOO_SLOW)
        except WriterFailed as failed:
            return self._failed(reply, str(failed))
        finally:
            self._free += 1
        below = f"{reply.own}\n{reply.more}"
        flaw = self._proof.flaw(wording, text=reply.text, below=below, language=reply.language)
        if flaw is not None:
            return self._failed(reply, flaw)
        self._breaker.succeeded()
        return wording, REWORDED if wording != reply.text else UNCHANGED

    def _failed(self, reply: Reply, reason: str) -> tuple[str, str]:
        """A model that only ever invents makes people wait for nothing, just like one that is down."""
        self._breaker.failed()
        return reply.text, reason

    async def _written(self, asked: str, reply: Reply) -> str:
        request = prompt.request(reply, asked)
        for left in reversed(range(_TRIES)):
            try:
                return await self._writer.write(request)
            except WriterFailed as failed:
                if not failed.again or left == 0:
                    raise
        raise AssertionError("every way out is above")
