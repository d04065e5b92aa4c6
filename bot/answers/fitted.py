"""Whether a fitted model is at hand: known without loading what it is fitted, read and asked with."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from bot.answers.topics import Topic
from bot.procedure.model import Procedure

MODEL_FILE = "understanding.bin"
"""Its first line is the key."""
OWN_LEXICON = Path(__file__).with_name("lexicon.yml")


def bank_key(topics: Sequence[Topic], procedures: Sequence[Procedure]) -> str:
    """Changes with whatever the fitted model depends on: topics, names, lexicon and code."""
    content = hashlib.sha256()
    for topic in topics:
        content.update(repr((topic.id, topic.kind.value, topic.asked)).encode())
    for procedure in procedures:
        content.update(repr((procedure.pg, [card.words for card in procedure.card_companies])).encode())
    for path in (OWN_LEXICON, *sorted(Path(__file__).parent.glob("*.py"))):
        content.update(path.read_bytes())
    return content.hexdigest()


def is_stored(folder: Path, key: str) -> bool:
    """Whether the model in `folder` is the one of this key."""
    try:
        with (folder / MODEL_FILE).open("rb") as file:
            return file.readline(len(key) + 1) == f"{key}\n".encode()
    except OSError:
        return False
