"""Keeps a fitted model on disk, so that the next start need not fit it again.

The file is its key in a line, a line of JSON, then the numbers as they lie in memory: the system reads of them what a
message asks for, instead of all of them at every start.
"""

from __future__ import annotations

import json
import logging
import mmap
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.answers.features import Block
from bot.answers.fitted import MODEL_FILE, is_stored
from bot.answers.model import Encoder, Model
from bot.cachefile import replace_file

log = logging.getLogger(__name__)

_NUMBER = np.dtype("<f4")
_ALIGNED = 64  # bytes: where numbers have to begin to be read fast


def load_model(folder: Path, key: str) -> Model | None:
    """The model stored under `key`, or None where there is none, it is another one, or the file is torn."""
    if not is_stored(folder, key):
        return None
    try:
        with (folder / MODEL_FILE).open("rb") as file:
            stored = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        stored.readline()
        told = json.loads(stored.readline())
        labels, features = tuple(told["labels"]), {block: told["features"][block] for block in Block}
        width = sum(map(len, features.values()))
        numbers = np.frombuffer(stored, _NUMBER, offset=stored.tell())
        frequencies, mean, weights = np.split(numbers, [width, width + len(labels)])
        return Model(labels, Encoder.of(features, frequencies), weights.reshape(width, len(labels)), mean)
    except (OSError, ValueError, KeyError, TypeError) as broken:
        log.warning("the stored model cannot be read and is built again: %s", type(broken).__name__)
        return None


def save_model(folder: Path, key: str, model: Model) -> None:
    """Stores the model in one move; a folder that cannot be written costs the next start time, nothing else."""
    replace_file(folder / MODEL_FILE, lambda file: file.writelines(_written(key, model)))


def _written(key: str, model: Model) -> Iterator[bytes]:
    features = {block: list(names) for block, names in model.encoder.columns.items()}
    head = f"{key}\n{json.dumps({'labels': model.labels, 'features': features}, ensure_ascii=False)}".encode()
    yield head + b" " * (-(len(head) + 1) % _ALIGNED) + b"\n"
    for numbers in (model.encoder.weights, model.mean, model.weights):
        yield numbers.astype(_NUMBER).tobytes()
