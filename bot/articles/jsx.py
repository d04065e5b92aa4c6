"""The pieces of JSX and HTML in a document: where a tag ends, and what its attributes say."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from msgspec import Struct

_LONGEST_VALUE = 20_000
_NAME = re.compile(r"[A-Za-z][\w.:-]*")
_ATTRIBUTE = re.compile(r"[A-Za-z_:@#][\w.:@-]*")
_SPACE = re.compile(r"\s*")
_UNQUOTED = re.compile(r"[^\s\"'=<>`{}]+")
_CLOSING = re.compile(r"</\s*([A-Za-z][\w.:-]*)?\s*>")
_STRING = re.compile(
    r'"(?P<double>(?:[^"\\\n]|\\.)*)"|' r"'(?P<single>(?:[^'\\\n]|\\.)*)'|" r"`(?P<template>(?:[^`\\]|\\.)*)`",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": " ", "r": ""}
_FILLED_IN = re.compile(r"\$\{[^{}]*\}")


class Value(Struct, frozen=True):
    text: str
    is_expression: bool = False
    """written in braces: `text` is code"""


class Tag(Struct, frozen=True):
    name: str
    """empty for a fragment, <>"""
    end: int
    """index behind its last character"""
    attributes: Mapping[str, Value]
    is_closing: bool = False
    is_self_closing: bool = False


def read_tag(source: str, at: int, braces: Mapping[int, int]) -> Tag | None:
    """The tag that starts with the `<` at `at`, or None where that is no tag."""
    if closing := _CLOSING.match(source, at):
        return Tag(closing.group(1) or "", closing.end(), {}, is_closing=True)
    name = _NAME.match(source, at + 1)
    if name is None:
        return Tag("", at + 2, {}) if source.startswith("<>", at) else None
    attributes: dict[str, Value] = {}
    position = name.end()
    while True:
        position = _past(_SPACE, source, position)
        if source.startswith("/>", position):
            return Tag(name.group(), position + 2, attributes, is_self_closing=True)
        if source.startswith(">", position):
            return Tag(name.group(), position + 1, attributes)
        if source.startswith("{", position):  # {...everything}
            position = braces.get(position, -1) + 1
        else:
            position = _attribute(source, position, braces, attributes)
        if position <= 0:
            return None


def matching_braces(source: str) -> dict[int, int]:
    """For every `{` that is closed the index of its `}`. Braces in the strings of an expression do not count."""
    pairs: dict[int, int] = {}
    open_at: list[int] = []
    position = 0
    for found in re.finditer(r"[{}\"'`]", source):
        if found.start() < position:
            continue
        sign = found.group()
        if sign == "{":
            open_at.append(found.start())
        elif sign == "}":
            if open_at:
                pairs[open_at.pop()] = found.start()
        elif open_at and (string := _STRING.match(source, found.start(), found.start() + _LONGEST_VALUE)):
            position = string.end()
    return pairs


def closing_names(source: str) -> frozenset[str]:
    """The names of all closing tags."""
    return frozenset(found.group(1) or "" for found in _CLOSING.finditer(source))


def strings_of(expression: str) -> list[str]:
    """The texts of the string literals in an expression, in their order."""
    return [_literal(found) for found in _STRING.finditer(expression)]


def string_of(expression: str) -> str | None:
    """The text of an expression that is nothing but one string literal."""
    found = _STRING.fullmatch(expression.strip())
    return _literal(found) if found else None


def _attribute(source: str, at: int, braces: Mapping[int, int], into: dict[str, Value]) -> int:
    """Reads one attribute into `into`. Returns the index behind it, -1 where there is none."""
    name = _ATTRIBUTE.match(source, at)
    if name is None:
        return -1
    equals = _past(_SPACE, source, name.end())
    if not source.startswith("=", equals):
        return name.end()
    start = _past(_SPACE, source, equals + 1)
    sign = source[start : start + 1]
    if sign in ('"', "'"):
        end = source.find(sign, start + 1, start + _LONGEST_VALUE)
        into[name.group()] = Value(html.unescape(source[start + 1 : end]))
        return end + 1 if end >= 0 else -1
    if sign == "{":
        if start not in braces:
            return -1
        into[name.group()] = Value(source[start + 1 : braces[start]], is_expression=True)
        return braces[start] + 1
    unquoted = _UNQUOTED.match(source, start)
    return unquoted.end() if unquoted else -1


def _past(pattern: re.Pattern[str], source: str, at: int) -> int:
    found = pattern.match(source, at)
    return found.end() if found else at


def _literal(found: re.Match[str]) -> str:
    text = _ESCAPE.sub(_unescaped, next(group for group in found.groups() if group is not None))
    return _FILLED_IN.sub("", text) if found.group("template") is not None else text


def _unescaped(found: re.Match[str]) -> str:
    code = found.group(1)
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _CONTROL.get(code, code)
