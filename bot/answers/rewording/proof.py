"""Proves a new wording against the topic it comes from. What cannot be proved is not sent."""

from __future__ import annotations

import re
from enum import StrEnum

from bot.answers.rewording import meaning
from bot.answers.rewording.figures import FigureReader
from bot.answers.rewording.vocabulary import Vocabulary
from bot.answers.rewording.words import Words
from bot.answers.text import is_english

_LONGEST = 1500
_MARKUP = re.compile(r"[<>`\0-\x08\x0b-\x1f]|@(?:channel|here|everyone)", re.I)


class Flaw(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    MARKUP = "markup"
    OTHER_LANGUAGE = "other_language"
    FIGURE_ADDED = "figure_added"
    FIGURE_LOST = "figure_lost"
    FIGURE_MOVED = "figure_moved"
    """it stands by other words than before"""
    NAME_ADDED = "name_added"
    NAME_LOST = "name_lost"
    SENSE_CHANGED = "sense_changed"
    """a must, an only, an approved came or went"""
    DENIAL_CHANGED = "denial_changed"
    STRANGE_WORD = "strange_word"


class Proof:
    def __init__(self, words: Words, vocabulary: Vocabulary) -> None:
        self._words = words
        self._vocabulary = vocabulary
        self._figures = FigureReader(words)

    def flaw(self, wording: str, *, text: str, below: str, language: str) -> Flaw | None:
        """What is wrong with `wording` as the new form of `text`; `below` is what people read below it.

        Everything in `wording` must stand in `text` or `below`, and everything of `text` must stand in it.
        """
        return (
            self._form(wording, text, language)
            or self._facts(wording, text, below)
            or self._words_used(wording, text, below, language)
        )

    def _form(self, wording: str, text: str, language: str) -> Flaw | None:
        if not wording.strip():
            return Flaw.EMPTY
        if len(wording) > min(_LONGEST, 2 * len(text) + 100):
            return Flaw.TOO_LONG
        if _MARKUP.search(wording):
            return Flaw.MARKUP
        return Flaw.OTHER_LANGUAGE if is_english(wording) != (language == "en") else None

    def _facts(self, wording: str, text: str, below: str) -> Flaw | None:
        source = f"{text}\n{below}"
        given, said = self._figures.read(source), self._figures.read(wording)
        facts = {one.fact for one in said}
        if not facts <= {one.fact for one in given}:
            return Flaw.FIGURE_ADDED
        if not {one.fact for one in self._figures.read(text)} <= facts:
            return Flaw.FIGURE_LOST
        if not meaning.figures_hold_their_places(source, given, wording, said, note_at=len(text)):
            return Flaw.FIGURE_MOVED
        weights = meaning.weights_in(wording, self._words)
        if not meaning.weights_in(text, self._words) <= weights <= meaning.weights_in(source, self._words):
            return Flaw.SENSE_CHANGED
        return None if meaning.denials_hold(source, text, wording, self._words) else Flaw.DENIAL_CHANGED

    def _words_used(self, wording: str, text: str, below: str, language: str) -> Flaw | None:
        source = f"{text}\n{below}"
        names_of = self._vocabulary.names_in
        kept, named, allowed = names_of(text), names_of(wording), names_of(source)
        if language == "ko":
            latin_of = self._vocabulary.latin_in
            kept, named, allowed = kept | latin_of(text), named | latin_of(wording), allowed | latin_of(source)
        if not named <= allowed:
            return Flaw.NAME_ADDED
        if not kept <= named:
            return Flaw.NAME_LOST
        strangers = self._vocabulary.strangers(self._figures.without(wording), beside=source)
        return Flaw.STRANGE_WORD if strangers else None
