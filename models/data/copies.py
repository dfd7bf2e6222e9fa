"""Rows that are copies of one another, told from people who happen to be alike.

In a table of a few categories many different people share all values. Whether equal rows are more
than that is told column by column: of the pairs of rows that agree in all other columns, chance
lets a share p agree in this one, too (p: that two rows drawn at random agree in it). From the pairs
that do not agree in it, d, follows how many agree by chance: d p / (1 - p). Dependence between
columns is allowed for, since the pairs compared agree in all the others.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

SLACK = 1.3
"""Pairs that are alike by chance are this much more than expected, where columns hang together."""
MOST_COLUMNS = 50
"""So many columns, those with most values first, are looked at for chance."""


def copied(frame: pd.DataFrame) -> tuple[pd.Series, int]:
    """Finds rows that repeat an earlier one and that chance does not explain.

    Returns:
        Which rows are copies; and how many rows are alike by chance and are none.
    """
    repeated = frame.duplicated()
    count = int(repeated.sum())
    if not count or not _is_chance(_hashes(frame), None):
        return repeated, 0
    return pd.Series(False, index=frame.index), count


def held_out_too(train: pd.DataFrame, test: pd.DataFrame) -> tuple[NDArray[np.bool_], int]:
    """Finds training rows that equal a held-out row and that chance does not explain.

    Args:
        train: The columns that are compared.
        test: The same columns.

    Returns:
        Which training rows are held out too; and how many are only alike by chance.
    """
    left, right = _hashes(train), _hashes(test)
    shared = np.isin(_whole(left), _whole(right))
    count = int(shared.sum())
    if not count or not _is_chance(left, right):
        return shared, 0
    return np.zeros(len(train), dtype=bool), count


def _hashes(frame: pd.DataFrame) -> list[Hashes]:
    """Returns a hash of each cell, column by column; 1 and 1.0 are the same."""
    return [
        pd.util.hash_pandas_object(_comparable(frame.iloc[:, place]), index=False).to_numpy()
        * np.uint64(2 * place + 1)
        for place in range(frame.shape[1])
    ]


def _comparable(column: pd.Series) -> pd.Series:
    numeric = pd.api.types.is_numeric_dtype(column)
    return column.astype("float64") if numeric else column.astype("str").astype("object")


def _whole(columns: Sequence[Hashes]) -> Hashes:
    return np.asarray(np.sum(np.stack(columns), axis=0, dtype=np.uint64))


def _is_chance(left: Sequence[Hashes], right: Sequence[Hashes] | None) -> bool:
    """Tells whether alike rows are as many as chance makes them."""
    whole = _whole(left)
    other = None if right is None else _whole(right)
    alike = _pairs(whole, other)
    expected = 0.0
    places = sorted(range(len(left)), key=lambda place: -len(np.unique(left[place])))
    for place in places[:MOST_COLUMNS]:
        column = left[place]
        if right is None or other is None:
            rest = _pairs(whole - column, None)
            distinct = column[np.unique(whole, return_index=True)[1]]
            share = _pairs(distinct, None) / _possible(distinct, None)
        else:
            rest = _pairs(whole - column, other - right[place])
            distinct = column[~np.isin(whole, other)]
            share = _pairs(distinct, right[place]) / _possible(distinct, right[place])
        if share < 1:
            expected = max(expected, (rest - alike) * share / (1 - share))
    return bool(alike <= SLACK * expected + 3 * expected**0.5)


def _possible(left: Hashes, right: Hashes | None) -> float:
    return max(1.0, len(left) * (len(left) - 1) / 2 if right is None else len(left) * len(right))


def _pairs(left: Hashes, right: Hashes | None) -> float:
    """Returns how many pairs of rows are equal, within one table or between two."""
    if right is None:
        counts = np.unique(left, return_counts=True)[1].astype(np.float64)
        return float((counts * (counts - 1) / 2).sum())
    values, number = np.unique(left, return_counts=True)
    others, times = np.unique(right, return_counts=True)
    _, here, there = np.intersect1d(values, others, assume_unique=True, return_indices=True)
    return float((number[here].astype(np.float64) * times[there]).sum())
