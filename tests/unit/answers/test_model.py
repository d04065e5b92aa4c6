from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.cache import load_model, save_model
from bot.answers.features import Block, Features
from bot.answers.model import Model, leave_one_out

LABELS = ["mail", "mail", "mail", "review", "review", "review", "papers", "papers"]
BANK: list[Features] = [
    {Block.SOUNDS: tuple(sounds), Block.CONCEPTS: (concept, "ask"), Block.WORDS: ()}
    for sounds, concept in zip(
        ["abcd", "abce", "abdf", "xyzu", "xyzv", "xyuw", "klmn", "klmo"],
        ["m", "m", "m", "r", "r", "r", "p", "p"],
        strict=True,
    )
]


def bank_of(rows: list[list[int]]) -> list[Features]:
    return [{Block.SOUNDS: tuple(map(str, row)), Block.CONCEPTS: ("c",), Block.WORDS: ()} for row in rows]


def test_every_phrasing_finds_its_own_label() -> None:
    model = Model.fit(BANK, LABELS)

    found = [model.labels[int(model.scores(features).argmax())] for features in BANK]

    assert found == LABELS


def test_features_never_seen_leave_only_the_mean() -> None:
    model = Model.fit(BANK, LABELS)

    assert model.scores({Block.SOUNDS: ("?",), Block.CONCEPTS: (), Block.WORDS: ()}) == pytest.approx(model.mean)


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no phrasings"):
        Model.fit([], [])


@given(st.integers(0, len(BANK) - 1))
@settings(max_examples=8)
def test_left_out_scores_do_not_see_the_phrasing(row: int) -> None:
    """A wrong label on one row must not raise that label's score for the same row."""
    labels = [*LABELS[:row], "wrong", *LABELS[row + 1 :]]

    names, scores = leave_one_out(BANK, labels)

    assert scores[row, names.index("wrong")] < 0.1
    assert names[int(scores[row].argmax())] == LABELS[row]


@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=12, unique=True), min_size=300, max_size=600))
@settings(max_examples=5)
def test_large_banks_are_solved_as_exactly_as_small_ones(rows: list[list[int]]) -> None:
    """Many rows take several blocks; the fit must still be the solution of the equations it states."""
    labels = [str(row[0] % 3) for row in rows]
    model = Model.fit(bank_of(rows), labels)
    encoded = model.encoder.encode_all(bank_of(rows))
    dense = np.zeros((len(rows), model.encoder.width))
    dense[encoded.rows, encoded.columns] = encoded.values
    targets = np.array([[float(label == name) for name in model.labels] for label in labels])
    dual = np.linalg.solve(dense @ dense.T + 2.0 * np.eye(len(rows)), targets - targets.mean(axis=0))

    assert model.weights == pytest.approx(dense.T @ dual, abs=1e-3)


def same(one: Model, other: Model) -> bool:
    return one.labels == other.labels and all(
        np.array_equal(one.scores(features), other.scores(features)) for features in BANK
    )


def test_a_stored_model_scores_as_the_fitted_one(tmp_path: Path) -> None:
    model = Model.fit(BANK, LABELS)
    save_model(tmp_path / "deep" / "folder", "key", model)

    stored = load_model(tmp_path / "deep" / "folder", "key")

    assert stored is not None
    assert same(stored, model)
    assert [path.name for path in (tmp_path / "deep" / "folder").iterdir()] == ["understanding.bin"]


def test_a_model_of_other_topics_is_not_taken(tmp_path: Path) -> None:
    save_model(tmp_path, "key", Model.fit(BANK, LABELS))

    assert load_model(tmp_path, "another key") is None
    assert load_model(tmp_path / "nowhere", "key") is None


@pytest.mark.parametrize(
    "tear",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"not a model at all",
        lambda data: data.replace(b"labels", b"babels", 1),
        lambda data: data[:400] + bytes(200) + data[600:],
    ],
)
def test_a_torn_file_is_no_model(tear: Callable[[bytes], bytes], tmp_path: Path) -> None:
    save_model(tmp_path, "key", Model.fit(BANK, LABELS))
    file = tmp_path / "understanding.bin"
    file.write_bytes(tear(file.read_bytes()))

    assert load_model(tmp_path, "key") is None


def test_a_folder_that_cannot_be_made_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")

    save_model(tmp_path / "taken", "key", Model.fit(BANK, LABELS))

    assert load_model(tmp_path / "taken", "key") is None


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.answers.cache._written", full)

    save_model(tmp_path, "key", Model.fit(BANK, LABELS))

    assert list(tmp_path.iterdir()) == []
