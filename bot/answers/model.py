"""Which topic a message is about: regularised least squares on sparse features, exact and without chance.

With X the phrasings (one row each, n rows) and Y their topics (one column each, 1 or 0):
    A = (X Xt + penalty I)^-1 (Y - mean(Y)),    weights = Xt A,    scores(x) = mean(Y) + x weights
and, for free, the score of each phrasing by a model that has not seen it: Y - A / diag((X Xt + penalty I)^-1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bot.answers.features import Block, Features

Matrix = NDArray[np.float32]

PENALTY = 2.0  # 0.5 to 3 give the same result
SHARE = {Block.SOUNDS: 0.9, Block.CONCEPTS: 1.3, Block.WORDS: 0.5}
_OFTEN = 100  # a feature in more phrasings than this is multiplied as a dense column
_BLOCK = 256
_AT_ONCE = 1 << 18  # elements of one intermediate array: keeps the start in little memory


class Sparse(NamedTuple):
    """Rows of features: the i-th value stands in row `rows[i]`, column `columns[i]`; sorted by column."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: Matrix
    height: int


class Encoder(Struct, frozen=True):
    """Turns features into columns. Features of a single phrasing are left out: they cannot be learned from."""

    columns: Mapping[Block, Mapping[str, int]]
    """by the names of the features of each kind"""
    weights: Matrix
    """one inverse document frequency a column"""

    @classmethod
    def fit(cls, bank: Sequence[Features]) -> Encoder:
        seen: dict[Block, Counter[str]] = {block: Counter() for block in Block}
        for features in bank:
            for block, names in features.items():
                seen[block].update(names)
        known = {block: [name for name, times in names.items() if times > 1] for block, names in seen.items()}
        times = np.array([seen[block][name] for block, names in known.items() for name in names], dtype=np.float32)
        return cls.of(known, (np.log((1 + len(bank)) / (1 + times)) + 1).astype(np.float32))

    @classmethod
    def of(cls, features: Mapping[Block, Sequence[str]], weights: Matrix) -> Encoder:
        """The features of each kind in the order of their columns, kind after kind."""
        columns = iter(range(len(weights)))
        return cls({block: dict(zip(names, columns, strict=False)) for block, names in features.items()}, weights)

    @property
    def width(self) -> int:
        return len(self.weights)

    def encode(self, features: Features) -> tuple[NDArray[np.intp], Matrix]:
        """Columns and values of one message; each block has the length of its share, or is empty."""
        found: list[int] = []
        starts, lengths, shares = [], [], []
        for block, names in features.items():
            known = [column for column in map(self.columns[block].get, names) if column is not None]
            if known:
                starts.append(len(found))
                lengths.append(len(known))
                shares.append(SHARE[block])
                found += known
        if not found:
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
        columns = np.array(found, dtype=np.intp)
        weights = self.weights.take(columns)
        squares = np.add.reduceat(weights * weights, starts)
        return columns, weights * np.repeat((shares / np.sqrt(squares)).astype(np.float32), lengths)

    def encode_all(self, bank: Sequence[Features]) -> Sparse:
        encoded = [self.encode(features) for features in bank]
        rows = np.repeat(np.arange(len(bank), dtype=np.int32), [len(columns) for columns, _ in encoded])
        columns = np.concatenate([columns for columns, _ in encoded]).astype(np.int32)
        values = np.concatenate([values for _, values in encoded])
        order = np.argsort(columns, kind="stable")
        return Sparse(rows[order], columns[order], values[order], len(bank))


class Model(Struct, frozen=True):
    labels: tuple[str, ...]
    encoder: Encoder
    weights: Matrix
    """columns x labels"""
    mean: Matrix

    @classmethod
    def fit(cls, bank: Sequence[Features], labels: Sequence[str]) -> Model:
        """`labels` names the topic of each row of `bank`. Raises ValueError for an empty bank."""
        if not bank:
            raise ValueError("nothing to learn from: no phrasings")
        encoder = Encoder.fit(bank)
        rows = encoder.encode_all(bank)
        names, targets = _targets(labels)
        mean = targets.mean(axis=0)
        dual = _solve(_products(rows, encoder.width), targets - mean)
        return cls(names, encoder, _weights(rows, dual, encoder.width), mean)

    def scores(self, features: Features) -> Matrix:
        """One score a label, about 1 where it fits and about 0 where it does not."""
        columns, values = self.encoder.encode(features)
        return self.mean + values @ self.weights.take(columns, axis=0)


def leave_one_out(bank: Sequence[Features], labels: Sequence[str]) -> tuple[tuple[str, ...], Matrix]:
    """The labels, and for each phrasing (row) the scores that it gets from a model fitted without it."""
    encoder = Encoder.fit(bank)
    rows = encoder.encode_all(bank)
    names, targets = _targets(labels)
    inverse = np.linalg.inv(_products(rows, encoder.width))
    dual = inverse @ (targets - targets.mean(axis=0))
    return names, targets - dual / np.diag(inverse)[:, None]


def _targets(labels: Sequence[str]) -> tuple[tuple[str, ...], Matrix]:
    names = tuple(dict.fromkeys(labels))
    column = {name: at for at, name in enumerate(names)}
    targets = np.zeros((len(labels), len(names)), dtype=np.float32)
    targets[np.arange(len(labels)), [column[label] for label in labels]] = 1
    return names, targets


def _products(rows: Sparse, width: int) -> Matrix:
    """X Xt + penalty I, without ever holding X as a dense matrix."""
    times = np.bincount(rows.columns, minlength=width)
    starts = np.concatenate([[0], np.cumsum(times)[:-1]])
    often = np.flatnonzero(times > _OFTEN)
    dense = np.zeros((rows.height, len(often)), dtype=np.float32)
    for at, column in enumerate(often):
        span = slice(starts[column], starts[column] + times[column])
        dense[rows.rows[span], at] = rows.values[span]
    products = dense @ dense.T
    products[np.diag_indices(rows.height)] += np.float32(PENALTY)
    flat = products.reshape(-1)
    for count in range(1, _OFTEN + 1):
        same = starts[times == count]
        step = max(1, _AT_ONCE // count**2)
        for first in range(0, len(same), step):
            entries = same[first : first + step, None] + np.arange(count)
            row, value = rows.rows[entries].astype(np.int64), rows.values[entries]
            place = row[:, :, None] * rows.height + row[:, None, :]
            np.add.at(flat, place.reshape(-1), (value[:, :, None] * value[:, None, :]).reshape(-1))
    return products


def _solve(matrix: Matrix, right: Matrix) -> Matrix:
    """matrix^-1 right for a symmetric, positive definite matrix, which is overwritten.

    A Cholesky factorisation in blocks: half the work of `np.linalg.solve`, and no second matrix.
    """
    height = len(matrix)
    blocks = [slice(first, min(first + _BLOCK, height)) for first in range(0, height, _BLOCK)]
    inverses: list[Matrix] = []
    for at, block in enumerate(blocks):
        inverses.append(np.linalg.inv(np.linalg.cholesky(matrix[block, block])))
        below = matrix[block.stop :, block] @ inverses[-1].T
        matrix[block.stop :, block] = below
        for later in blocks[at + 1 :]:
            matrix[later.start :, later] -= below[later.start - block.stop :] @ below[_moved(later, block.stop)].T
    solution = right.copy()
    for block, inverse in zip(blocks, inverses, strict=True):
        solution[block] = inverse @ (solution[block] - matrix[block, : block.start] @ solution[: block.start])
    for block, inverse in zip(reversed(blocks), reversed(inverses), strict=True):
        known = matrix[block.stop :, block].T @ solution[block.stop :]
        solution[block] = inverse.T @ (solution[block] - known)
    return solution


def _moved(block: slice, by: int) -> slice:
    return slice(block.start - by, block.stop - by)


def _weights(rows: Sparse, dual: Matrix, width: int) -> Matrix:
    """Xt A, some columns at a time."""
    weights = np.empty((width, dual.shape[1]), dtype=np.float32)
    starts = np.searchsorted(rows.columns, np.arange(width + 1))
    step = max(1, _AT_ONCE * width // max(1, len(rows.columns) * dual.shape[1]))
    for first in range(0, width, step):
        last = min(first + step, width)
        span = slice(starts[first], starts[last])
        terms = rows.values[span, None] * dual[rows.rows[span]]
        weights[first:last] = np.add.reduceat(terms, starts[first:last] - starts[first], axis=0)
    return weights
