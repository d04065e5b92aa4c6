"""Keeps a fitted model on disk, so that the next start need not fit it again."""

from __future__ import annotations

import logging
import zipfile
from pathlib import Path

import numpy as np

from bot.answers.features import Block
from bot.answers.model import Encoder, Model
from bot.cachefile import replace_file

log = logging.getLogger(__name__)

_NAME = "understanding.npz"


def load_model(folder: Path, key: str) -> Model | None:
    """The model stored under `key`, or None where there is none, it is another one, or the file is torn."""
    try:
        with (folder / _NAME).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            if str(stored["key"]) != key:
                return None
            features = {block: str(stored[f"features_{block}"]).splitlines() for block in Block}
            encoder = Encoder.of(features, stored["frequencies"])
            return Model(tuple(str(stored["labels"]).split("\n")), encoder, stored["weights"], stored["mean"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as broken:
        log.warning("the stored model cannot be read and is built again: %s", type(broken).__name__)
        return None


def save_model(folder: Path, key: str, model: Model) -> None:
    """Stores the model in one move; a folder that cannot be written costs the next start time, nothing else."""
    arrays = {
        "key": np.array(key),
        "labels": np.array("\n".join(model.labels)),
        "frequencies": model.encoder.weights,
        "weights": model.weights,
        "mean": model.mean,
        **{f"features_{block}": np.array("\n".join(names)) for block, names in model.encoder.columns.items()},
    }
    replace_file(folder / _NAME, lambda file: np.savez(file, allow_pickle=False, **arrays))
