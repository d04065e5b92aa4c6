"""Which card companies a message names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.answers.hangul import same_sound
from bot.procedure.model import Procedure

_SHORT = 2
_BETWEEN = re.compile(r"\s*(?:[,/·&+]|이랑|랑|하고|과|와|및|은|는|도|and)?\s*")
_OTHER_COMPANIES = "전자|페이|차|백화점|월드|마트|은행|생명|증권|화재|연금|건설|홈쇼핑|그룹|물산"


class CardNames:
    """The card companies of all procedures, by what people call them, compared by sound."""

    def __init__(self, procedures: Sequence[Procedure], everyday: Collection[str]) -> None:
        self._ids: dict[str, str] = {}
        for procedure in procedures:
            for card in procedure.card_companies:
                for word in card.words:
                    self._ids.setdefault(same_sound(word.lower()), card.id)
        self._everyday = frozenset(map(same_sound, everyday))
        self._pattern = _pattern_of(sorted(self._ids, key=len, reverse=True))

    def find(self, text: str) -> tuple[str, ...]:
        """Ids of the companies named in clean, lower-case text, in its order, each once.

        A word that is also an everyday one (우리, 하나) counts only right after another company's name.
        """
        folded = same_sound(text)
        found: list[str] = []
        last_end: int | None = None
        for match in self._pattern.finditer(folded):
            if match.group() in self._everyday and not self._goes_on(folded, last_end, match):
                continue
            last_end = match.end()
            found.append(self._ids[match.group()])
        return tuple(dict.fromkeys(found))

    def _goes_on(self, text: str, last_end: int | None, match: re.Match[str]) -> bool:
        if last_end is None or not _BETWEEN.fullmatch(text, last_end, match.start()):
            return False
        return not text.startswith(("만", "씩", "라도"), match.end())


def _pattern_of(words: Sequence[str]) -> re.Pattern[str]:
    """The words as they may stand in a text, the first of them that fits: they come with the longest first."""
    long = [re.escape(word) for word in words if len(word) > _SHORT]
    short = [re.escape(word) for word in words if len(word) <= _SHORT]
    alone = rf"(?<![가-힣a-z])(?:{'|'.join(short)})(?![a-z]|{same_sound(_OTHER_COMPANIES)})"
    return re.compile("|".join([*long, *([alone] if short else [])]) or r"(?!)")
