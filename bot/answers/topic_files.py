"""Adds a way of asking to a topic file, and touches nothing else of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.answers.topics import TopicFile
from bot.datafile import BadDataFile, read_data_file


class CannotAdd(Exception):
    """The file was left as it was. The message says why."""


def phrasing_line(phrasing: str, indent: int = 6) -> str:
    """The line of YAML that stands for one entry of `asked`."""
    return f"{' ' * indent}- {_scalar(phrasing)}"


def add_phrasing(path: Path, topic_id: str, phrasing: str) -> bool:
    """Writes `phrasing` under the topic's `asked`, as its last line. False when it stands there already.

    The file is read back before it counts: raises CannotAdd, with the file as it was, when anything else changed.
    """
    before = path.read_text(encoding="utf-8")
    old = _topics(path)
    if topic_id not in old:
        raise CannotAdd(f"{path.name}: has no topic {topic_id!r}")
    if phrasing in old[topic_id]:
        return False
    lines = before.splitlines(keepends=True)
    last, indent = _last_entry(before, topic_id)
    lines.insert(last, phrasing_line(phrasing, indent) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    if not _is_as_meant(path, {**old, topic_id: (*old[topic_id], phrasing)}):
        path.write_text(before, encoding="utf-8")
        raise CannotAdd(f"{path.name}: the list of {topic_id!r} has a layout that no line can be added to")
    return True


def _is_as_meant(path: Path, meant: Mapping[str, tuple[str, ...]]) -> bool:
    try:
        return _topics(path) == meant
    except BadDataFile:
        return False


def _topics(path: Path) -> dict[str, tuple[str, ...]]:
    return {topic.id: topic.asked for topic in read_data_file(path, TopicFile).topics}


def _last_entry(text: str, topic_id: str) -> tuple[int, int]:
    """The index of the line below the topic's last way of asking, and how far those are indented."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert root is not None  # it was read as a topic file before
    for topic in _value(root, "topics").value:
        if _value(topic, "id").value == topic_id:
            last = _value(topic, "asked").value[-1]
            return last.end_mark.line + 1, max(last.start_mark.column - 2, 0)
    raise CannotAdd(f"no topic {topic_id!r}")


def _value(mapping: yaml.Node, key: str) -> yaml.Node:
    found = next(value for name, value in mapping.value if name.value == key)
    assert isinstance(found, yaml.Node)
    return found


def _scalar(text: str) -> str:
    """The text as it is where YAML reads it back the same, otherwise in quotes."""
    try:
        if yaml.safe_load(f"- {text}") == [text]:
            return text
    except yaml.YAMLError:
        pass
    return json.dumps(text, ensure_ascii=False)
