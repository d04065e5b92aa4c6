"""What of a question may be shown to a language model: its words, without what points to a person or opens a door."""

from __future__ import annotations

import re
import unicodedata

from bot.answers.text import clean

LONGEST = 300

_ADDRESS = re.compile(r"[^\s@<>|]+@[^\s@<>|]+\.[^\s@<>|]+")
_LINK = re.compile(r"<?(?:https?:|mailto:|tel:)[^\s>]*>?|\bwww\.\S+")
_MENTION = re.compile(r"<[@#!][^<>]*>|[@#][^\s@#]+")
_SECRET = re.compile(r"\b(?:xox[a-z]-|xapp-|sk-|ghp_|eyJ)[\w.-]*|\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{16,}")
_DIGITS = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){5,}")
"""Phone, account, card and registration numbers; a date in digits goes with them, which costs nothing."""


def as_data(question: str) -> str:
    """Plain text of at most LONGEST characters: no mentions, addresses, links, long numbers or tokens."""
    text = unicodedata.normalize("NFC", question[: 10 * LONGEST])
    for pattern in (_ADDRESS, _LINK, _MENTION, _SECRET, _DIGITS):
        text = pattern.sub(" ", text)
    return " ".join(clean(text).split())[:LONGEST]
