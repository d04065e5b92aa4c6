"""Reads YAML that was not read before, or is broken: as nodes, which know their lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.datafile import BadDataFile, Model

# Ten times as fast where PyYAML was built with libyaml, and the same otherwise.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, text: bytes, model: type[Model]) -> tuple[Any, Model]:
    """What stands in a file with this text: as plain data, and as `model`. Raises BadDataFile."""
    root, content = _parse(path, _decoded(path, text))
    _refuse_repeated_keys(path, root)
    try:
        return content, model.model_validate(content)
    except ValidationError as broken:
        first = broken.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        line = _line_of(root, first["loc"])
        raise BadDataFile(f"{path.name}, line {line}: {key or 'whole file'}: {first['msg']}") from broken


def _decoded(path: Path, text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as broken:
        raise BadDataFile(f"{path.name}: is not UTF-8 text (byte {broken.start})") from broken


def _parse(path: Path, text: str) -> tuple[yaml.Node, Any]:
    """The file as nodes, which know their lines, and as plain data."""
    try:
        loader = _LOADER(text)
        root = loader.get_single_node()
        if root is None:
            raise BadDataFile(f"{path.name}: the file is empty")
        return root, loader.construct_document(root)
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 1
        raise BadDataFile(f"{path.name}, line {line}: {broken.problem or 'not YAML'}") from broken
    except (yaml.YAMLError, ValueError) as broken:  # ValueError: a date such as 2026-13-01
        raise BadDataFile(f"{path.name}: {broken}") from broken


def _refuse_repeated_keys(path: Path, node: yaml.Node) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(getattr(key, "value", ""))
            if name in seen:
                raise BadDataFile(f"{path.name}, line {key.start_mark.line + 1}: {name}: stands twice")
            seen.add(name)
            _refuse_repeated_keys(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(path, item)


def _line_of(node: yaml.Node, location: Sequence[str | int]) -> int:
    """The line on which `location` stands, or the nearest place above it for a key that is missing."""
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        node = child
    return node.start_mark.line + 1


def _child(node: yaml.Node, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if getattr(key, "value", None) == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]  # type: ignore[no-any-return]
    return None
