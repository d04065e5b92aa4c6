"""Which words and names a new wording may use: those of the answer, and plain words of our own texts.

A name that the answer does not hold is a word nobody of us has written; so a word is refused unless it is known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set

from bot.answers.cards import CardNames
from bot.answers.rewording.figures import plain
from bot.answers.rewording.words import Words, one_of
from bot.answers.text import is_english

_HANGUL_WORD = re.compile(r"[가-힣]+")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9&'’-]*")
_PERSON = re.compile(r"([가-힣]{2,4})\s?(?:님|씨|대리|과장|차장|부장|팀장|실장|본부장|매니저)(?![가-힣]{3})")
_LABEL = re.compile(r"\[([^\[\]]+)\]")
_SHARED = 3
"""In how many topics people must ask with a word before it is a plain one and no name."""
_SHORT_PARTICLES = frozenset(
    ("은", "는", "이", "가", "을", "를", "에", "의", "도", "만", "로", "와", "과", "요", "에서", "에는", "까지", "부터")
)
"""What may follow a word of one syllable; with more, too many a name would be taken for one."""
_ENGLISH_ENDINGS = ("'s", "’s", "ing", "ed", "es", "s", "d", "ly", "er")


class Vocabulary:
    def __init__(
        self,
        words: Words,
        *,
        names: Iterable[str],
        cards: CardNames,
        texts: Iterable[str],
        asked: Mapping[str, Iterable[str]],
    ) -> None:
        """`texts` are our own, `asked` are people's questions by topic."""
        self._endings = words.endings
        self._cards = cards
        self._names = re.compile(one_of(_without_asides([*names, *words.names])), re.I)
        self._stems: set[str] = set()
        self._latin = {word.lower() for word in words.common if word.isascii()}
        for text in texts:
            self._learn(text)
        self._learn(" ".join(words.common))
        shared = Counter(word for lines in asked.values() for word in _all_words(" ".join(lines)))
        self._learn(" ".join(word for word, topics in shared.items() if topics >= _SHARED))

    def names_in(self, text: str) -> set[str]:
        """Companies, people, steps and screen labels, in lower case; card companies also by their short names."""
        said = plain(text)
        found = {match.group().lower() for match in self._names.finditer(said)}
        found |= {f"card {card}" for card in self._cards.find(said.lower())}
        found |= {f"person {match.group(1)}" for match in _PERSON.finditer(said)}
        return found | {label.lower() for label in _LABEL.findall(said)}

    def latin_in(self, text: str) -> set[str]:
        """The Latin words of a Korean text: abbreviations, products and names."""
        return {word.lower().rstrip("-'’") for word in _LATIN_WORD.findall(plain(text))}

    def strangers(self, text: str, *, beside: str) -> set[str]:
        """The words of `text` that neither `beside` nor our own texts explain; English leaves Hangul to `beside`."""
        own = set(self._parts(beside))
        known = own if is_english(text) else own | self._stems
        strange = {word for word in _HANGUL_WORD.findall(plain(text)) if not self._explained(word, known)}
        latin = self.latin_in(beside)
        for match in _LATIN_WORD.finditer(plain(text)):
            word = match.group().rstrip("-'’")
            starts = _starts_sentence(text, match.start())
            if word.lower() not in latin and not self._is_plain_english(word, starts=starts):
                strange.add(word)
        return strange

    def _learn(self, text: str) -> None:
        without_names = self._names.sub(" ", plain(text))
        self._stems.update(self._parts(without_names))
        self._latin.update(word.lower() for word in _LATIN_WORD.findall(without_names))

    def _parts(self, text: str) -> Iterable[str]:
        """The Hangul words of `text`, each as it stands and without its endings."""
        for word in _HANGUL_WORD.findall(plain(text)):
            yield word
            for cut in range(1, len(word)):
                if word[cut:] in self._endings and (cut > 1 or word[cut:] in _SHORT_PARTICLES):
                    yield word[:cut]

    def _explained(self, word: str, known: Set[str], *, shortest: int = 1) -> bool:
        """Whether a word is known, or made of a known one of `shortest` syllables and what may follow it."""
        if len(word) >= shortest and (word in known or word in self._endings):  # an ending alone follows a figure
            return True
        for cut in range(shortest, len(word)):
            head, tail = word[:cut], word[cut:]
            if head not in known:
                continue
            if tail in _SHORT_PARTICLES or (cut > 1 and tail in self._endings):
                return True
            if cut > 1 and len(tail) > 1 and self._explained(tail, known, shortest=2):
                return True
        return False

    def _is_plain_english(self, word: str, *, starts: bool) -> bool:
        lower = word.lower()
        if word != lower and not starts and word != "I":
            return False
        stems = {lower, *(lower.removesuffix(one) for one in _ENGLISH_ENDINGS)}
        stems |= {f"{stem}e" for stem in stems} | {f"{stem}s" for stem in stems}
        return lower.endswith(("n't", "n’t", "'ll", "’ll", "'re", "’re", "'ve")) or bool(stems & self._latin)


def _starts_sentence(text: str, at: int) -> bool:
    return not text[:at].strip(" •\"'(") or text[:at].rstrip(" •\"'(").endswith((".", "!", "?", ":", "\n"))


def _all_words(text: str) -> set[str]:
    return {*_HANGUL_WORD.findall(plain(text)), *(word.lower() for word in _LATIN_WORD.findall(text))}


def _without_asides(names: Iterable[str]) -> list[str]:
    """'계약완료 (보증보험)' is known by '계약완료'."""
    return [re.sub(r"\s*\(.*?\)", "", name) for name in names]
