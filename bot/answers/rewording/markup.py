"""Makes plain text of what a language model writes."""

from __future__ import annotations

import re
import unicodedata

_LINK = re.compile(r"\[([^\[\]\n]*)\]\((\S+?)\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_BULLET = re.compile(r"^[ \t]*(?:[-*+]|•)[ \t]+", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_EMOJI_CODE = re.compile(r":[a-z][a-z0-9_+-]*:")
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_QUOTES = {'"': '"', "“": "”", "「": "」"}


def as_plain(written: str) -> str:
    """Without Markdown, emoji and invisible characters; the lines and their bullets stay.

    Signs that would command Slack (`<!channel>`, `<@U1>`) are left in, for the proof to refuse.
    """
    text = _THOUGHT.sub("", unicodedata.normalize("NFC", written)).strip()
    text = "".join(
        char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "So", "Sk", "Mn"}
    )
    text = _BOLD.sub(r"\2", _LINK.sub(r"\1 \2", text))
    text = _EMOJI_CODE.sub("", _HEADING.sub("", _BULLET.sub("• ", text)))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(text) > 2 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text
