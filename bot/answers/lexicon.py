"""What people's words mean here: finds the concepts of `lexicon.yml` in a text."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.answers.fitted import OWN_LEXICON
from bot.answers.hangul import in_past_tense, is_hangul, same_sound, same_spelling
from bot.answers.terms import EnglishTable, Entry, KoreanTable
from bot.answers.text import Letters, clean, read
from bot.datafile import read_data_file
from bot.parsed import ParsedFiles
from bot.procedure.data import Data, Slug
from bot.procedure.model import Procedure

_PG_NAME = "this_pg"
_CARD_NAME = "card_name"
_PAST_TENSE = "past_tense"
ASKING = frozenset(
    {
        "when",
        "how_long",
        "how_much",
        "where",
        "until_where",
        "who",
        "to_whom",
        "from_whom",
        "how",
        "what",
        "why",
        "which",
    }
)
STATING = frozenset({"past", "heard"})
_NAMED_IN_CODE = (
    ASKING | STATING | {_PG_NAME, _CARD_NAME, _PAST_TENSE, "question", "ask_favour", "approval", "rejection"}
)
_SHORT = 2  # syllables; outside terms this short are looked for only where a word starts


def _split(value: object) -> object:
    return [" ".join(term.split()) for term in value.split(",")] if isinstance(value, str) else value


def _normal(terms: list[str]) -> list[str]:
    terms = [unicodedata.normalize("NFC", term).lower() for term in terms]
    for term in terms:
        if not term.strip("^$|* "):
            raise ValueError("an empty term: look for a comma too many")
    return terms


def _no_repeats(terms: list[str]) -> list[str]:
    if repeated := sorted(term for term, times in Counter(terms).items() if times > 1):
        raise ValueError(f"stands twice: {', '.join(repeated)}")
    return terms


Terms = Annotated[list[str], BeforeValidator(_split), AfterValidator(_normal), AfterValidator(_no_repeats)]


class ConceptTerms(Data):
    nouns: Terms = Field(default_factory=list)
    ko: Terms = Field(default_factory=list)
    en: Terms = Field(default_factory=list)
    excluded: Terms = Field(default_factory=list, alias="not")


class LexiconFile(Data):
    shorthand: dict[str, str]
    filler: Terms
    offer_answers: dict[Literal["yes", "no", "1", "2", "3", "4", "5", "last"], Terms]
    everyday_card_words: Terms
    topics: dict[Slug, ConceptTerms]
    aspects: dict[Slug, ConceptTerms]
    moods: dict[Slug, ConceptTerms]
    outside: dict[Slug, ConceptTerms]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        named = [*self.topics, *self.aspects, *self.moods, *self.outside]
        if repeated := sorted({concept for concept in named if named.count(concept) > 1}):
            raise ValueError(f"concepts that stand in two groups: {', '.join(repeated)}")
        if missing := sorted((_NAMED_IN_CODE | ASKING | STATING) - set(named)):
            raise ValueError(f"concepts that the code asks for are missing: {', '.join(missing)}")
        return self


class Group(StrEnum):
    TOPIC = "topic"
    ASPECT = "aspect"
    MOOD = "mood"
    OUTSIDE = "outside"


class Concept(NamedTuple):
    id: str
    group: Group


class Hit(NamedTuple):
    """A term found in a text; `start` and `end` index its letters, or its words for an English term."""

    concept: str
    term: str
    start: int
    end: int
    exact: bool
    """False where only the sound or the folded spelling is the same."""


class Lexicon:
    """The concepts, ready to be found. `vocabulary` holds further English words that are no typing mistakes."""

    def __init__(self, file: LexiconFile, procedures: Sequence[Procedure] = (), vocabulary: Iterable[str] = ()) -> None:
        self.shorthand: Mapping[str, str] = file.shorthand
        self.filler = frozenset(file.filler)
        self.offer_answers: Mapping[str, str] = {
            read(term).packed: meaning for meaning, terms in file.offer_answers.items() for term in terms
        }
        self.everyday_card_words = frozenset(file.everyday_card_words)
        self._by_sound = KoreanTable()
        self._by_spelling = KoreanTable()
        self._english = EnglishTable()
        self.concepts: dict[str, Concept] = {}
        for group, concepts in (
            (Group.TOPIC, file.topics),
            (Group.ASPECT, file.aspects),
            (Group.MOOD, file.moods),
            (Group.OUTSIDE, file.outside),
        ):
            for concept_id, terms in concepts.items():
                self._add(Concept(concept_id, group), terms)
        self._add_names(procedures)
        self.english = self._english.whole_words() | {word.lower() for word in vocabulary} | self.filler

    def find(self, letters: Letters) -> frozenset[str]:
        """The ids of the concepts that occur in the text."""
        found = {hit.concept for hit in self.hits(letters)}
        if in_past_tense(letters.packed):
            found.add(_PAST_TENSE)
        return frozenset(found)

    def hits(self, letters: Letters) -> list[Hit]:
        """Every term that counts, in no particular order."""
        found: list[Hit] = []
        excluded: dict[str, list[tuple[int, int]]] = {}
        self._search_korean(letters, found, excluded)
        if excluded:
            found = [hit for hit in found if not _lies_in(hit, excluded.get(hit.concept, ()))]
        if not letters.words:
            return found
        in_words: dict[str, list[tuple[int, int]]] = {}
        english: list[Hit] = []
        for concept, term, start, end, excludes in self._english.search(letters.words):
            if excludes:
                in_words.setdefault(concept, []).append((start, end))
            else:
                english.append(Hit(concept, term, start, end, exact=True))
        return found + [hit for hit in english if not _lies_in(hit, in_words.get(hit.concept, ()))]

    def group(self, concept: str) -> Group:
        return self.concepts[concept].group

    def is_korean(self, text: str) -> bool:
        """Whether a term of two or more letters starts `text`."""
        return self._by_sound.starts_with_term(same_sound(text)) or self._by_spelling.starts_with_term(
            same_spelling(text)
        )

    def _search_korean(self, letters: Letters, found: list[Hit], excluded: dict[str, list[tuple[int, int]]]) -> None:
        text = letters.packed
        for table, folded in ((self._by_sound, same_sound(text)), (self._by_spelling, same_spelling(text))):
            for entry, start, end in table.search(folded, letters):
                if entry.excludes:
                    excluded.setdefault(entry.concept, []).append((start, end))
                else:
                    exact = text[start:end] == entry.term
                    found.append(Hit(entry.concept, entry.term, start, end, exact))

    def _add(self, concept: Concept, terms: ConceptTerms) -> None:
        self.concepts[concept.id] = concept
        for term in terms.nouns:
            self._add_term(concept, term, by_sound=True)
        for term in terms.ko:
            self._add_term(concept, term)
        for term in terms.excluded:
            self._add_term(concept, term, by_sound=True, excludes=True)
        for term in terms.en:
            self._english.add(concept.id, term, excludes=False)

    def _add_term(self, concept: Concept, term: str, *, by_sound: bool = False, excludes: bool = False) -> None:
        if excludes and not any(map(is_hangul, term)):
            self._english.add(concept.id, term, excludes=True)
            return
        bare = term.strip("^$|").replace(" ", "")
        outside = concept.group is Group.OUTSIDE
        entry = Entry(
            concept=concept.id,
            term=bare,
            at_start=term.startswith("^") or (outside and len(bare) <= _SHORT),
            at_end=term.endswith("$"),
            at_word_end=term.endswith("|"),
            in_word=outside and " " not in term,
            begins_word=len(bare) <= _SHORT and " " not in term,
            excludes=excludes,
        )
        if by_sound:
            self._by_sound.add(same_sound(bare), entry)
        else:
            self._by_spelling.add(same_spelling(bare), entry)

    def _add_names(self, procedures: Sequence[Procedure]) -> None:
        for procedure in procedures:
            for word in (procedure.pg.name.ko, procedure.pg.name.en, *procedure.pg.words):
                self._add_name(_PG_NAME, word.lower())
            for card in procedure.card_companies:
                for word in card.words:
                    self._add_name(_CARD_NAME, word.lower())

    def _add_name(self, concept: str, name: str) -> None:
        if name in self.everyday_card_words:
            return
        if any(map(is_hangul, name)):
            anchored = f"^{name}" if len(name) <= _SHORT else name
            self._add_term(self.concepts[concept], unicodedata.normalize("NFC", anchored))
        elif words := read(clean(name)).words:
            self._english.add(concept, " ".join(words), excludes=False)


def load_lexicon(
    procedures: Sequence[Procedure] = (),
    vocabulary: Iterable[str] = (),
    path: Path = OWN_LEXICON,
    parsed: ParsedFiles | None = None,
) -> Lexicon:
    """Raises BadDataFile for a lexicon that cannot be used."""
    return Lexicon(read_data_file(path, LexiconFile, parsed), procedures, vocabulary)


def _lies_in(hit: Hit, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in spans)
