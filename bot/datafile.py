"""Reads the YAML files that people edit, and says where they are broken."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.parsed import ParsedFiles

Model = TypeVar("Model", bound=BaseModel)


class BadDataFile(Exception):
    """A file that cannot be used. The message names the file, the line or key, and the reason."""


def read_data_file(path: Path, model: type[Model], parsed: ParsedFiles | None = None) -> Model:
    """The file's content as `model`, taken from `parsed` where it is the same text.

    Raises BadDataFile for whatever is wrong with it.
    """
    try:
        text = path.read_bytes()
    except OSError as broken:
        raise BadDataFile(f"{path.name}: cannot be read ({broken.strerror})") from broken
    known = parsed.find(text) if parsed else None
    if known is not None:
        try:
            return model.model_validate_json(known)
        except ValidationError:  # read anew, it tells on which line
            pass
    from bot.yamlfile import read_yaml  # a start that knows all of its files does without

    content, found = read_yaml(path, text, model)
    if parsed:
        parsed.add(text, content)
    return found
