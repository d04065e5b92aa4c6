"""A message as it is read: its clean text, its letters, and the concepts in it."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from bot.answers.features import Features, extract
from bot.answers.followup import Answer, answer_to_offer
from bot.answers.hangul import in_past_tense
from bot.answers.lexicon import ASKING, STATING, Group, Lexicon
from bot.answers.text import Letters, clauses, clean, read, repair, sentences

_STILL_ASKING = ("궁금", "문의", "여쭤", "여쭙", "알고싶")
"""Verbs that ask in the past tense too: "언제인지 궁금했어요"."""
_JUST_READ = 16
"""A sentence of a message is often one of its clauses too, and is read as both."""


class Reading(Struct, frozen=True):
    text: str
    letters: Letters
    concepts: frozenset[str]
    said: str = ""
    """all that the message says, also what only greets or stands alone, such as a date behind a full stop"""

    @property
    def is_question(self) -> bool:
        """Whether it asks something: it says so, or has a question word and states nothing."""
        if self.letters.question_mark or "question" in self.concepts:
            return True
        if "ask_favour" in self.concepts:
            return not self._tells_of_a_favour_asked
        return bool(ASKING & self.concepts) and not STATING & self.concepts

    @property
    def _tells_of_a_favour_asked(self) -> bool:
        """Whether its last word is in the past: "부탁해 뒀습니다" tells of a wish, "부탁드려요" is one."""
        last = self.text.rstrip(" .~!,").rpartition(" ")[2]
        return in_past_tense(last) and not last.startswith(_STILL_ASKING)

    @property
    def is_background(self) -> bool:
        """A Korean clause ending in -ㄴ데, which only leads to what follows it."""
        return self.text.endswith("데")

    @property
    def states(self) -> bool:
        return bool(STATING & self.concepts)


class Reader:
    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        phrases = sorted(map(re.escape, lexicon.filler), key=len, reverse=True)
        self._reading = lru_cache(maxsize=_JUST_READ)(self._read_anew)
        self._filler = re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)")

    def read(self, message: str) -> Reading:
        """Reads what somebody typed, without what only greets, introduces or thanks."""
        text = repair(clean(message), self._lexicon)
        readings = [self._reading(sentence) for sentence in sentences(self._filler.sub(" ", text))]
        saying = [reading for reading in readings if self._says_something(reading)]
        if not saying:
            return replace(self._reading(text), said=text)
        whole = saying[0] if len(saying) == 1 else self._reading("\n".join(reading.text for reading in saying))
        return replace(whole, said=text)

    def parts(self, whole: Reading) -> list[Reading]:
        """The clauses of a message that say something of their own; the message itself if there is but one."""
        texts = clauses(whole.text)
        if len(texts) < 2:
            return [whole]
        parts = [self._reading(text) for text in texts]
        return [part for part in parts if self._says_something(part)] or [whole]

    def answer_to_offer(self, message: str, offered: int) -> int | Answer | None:
        """Which of the `offered` topics the message takes, if it is nothing but an answer to an offer."""
        said = read(repair(clean(message), self._lexicon)).packed
        return answer_to_offer(said, offered, self._lexicon.offer_answers)

    def has_topic(self, reading: Reading) -> bool:
        """Whether it names what it is about, so that it can be understood without what was said before."""
        return any(self._lexicon.group(concept) in (Group.TOPIC, Group.OUTSIDE) for concept in reading.concepts)

    def topics_of(self, reading: Reading) -> frozenset[str]:
        return frozenset(one for one in reading.concepts if self._lexicon.group(one) is Group.TOPIC)

    def features(self, reading: Reading, said_before: frozenset[str] = frozenset()) -> Features:
        """What the model sees; `said_before` are concepts that the message takes for granted."""
        return extract(reading.letters, reading.concepts | said_before, self._lexicon)

    def _read_anew(self, text: str) -> Reading:
        letters = read(text)
        return Reading(text, letters, self._lexicon.find(letters))

    def _says_something(self, part: Reading) -> bool:
        groups = {self._lexicon.group(concept) for concept in part.concepts - {"hello"}}
        return bool(groups & {Group.TOPIC, Group.ASPECT, Group.OUTSIDE})
