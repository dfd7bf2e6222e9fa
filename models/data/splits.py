"""Which rows train and which are held out; the same patient is never on both sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    train_test_split,
)

from models.data.dates import moments_of, only_date
from models.data.screening import SPLIT_COLUMN
from models.errors import FieldFault, ToolError

Rows = NDArray[np.intp]
SplitMethod = Literal["random", "group", "time"]
TEST_FRACTION = 0.25
MANY_GROUPS = 5_000
TRAIN_WORDS = {"train", "training", "dev", "development", "derivation", "val", "valid",
               "validation", "0"}  # fmt: skip
TEST_WORDS = {"test", "testing", "holdout", "hold-out", "held-out", "external", "1"}


@dataclass(frozen=True)
class Split:
    """Row positions of the two sides.

    Attributes:
        train: Positions of the training rows, ascending.
        test: Positions of the held-out rows, ascending.
        method: How they were chosen, in words.
    """

    train: Rows
    test: Rows
    method: str

    def describe(self) -> dict[str, Any]:
        """Returns sizes and method, for results and cards."""
        return {"method": self.method, "train": len(self.train), "test": len(self.test)}


def split_indices(
    frame: pd.DataFrame,
    strata: NDArray[Any] | None = None,
    method: SplitMethod | None = None,
    *,
    group_column: str | None = None,
    date_column: str | None = None,
    test_fraction: float = TEST_FRACTION,
    seed: int = 0,
) -> Split:
    """Chooses the held-out rows.

    A column named `split` with train and test decides, unless a method is asked for. Otherwise
    rows are drawn at random (stratified), whole groups are, or the latest rows are held out.

    Args:
        frame: The rows.
        strata: A label per row whose shares both sides keep; None for no strata.
        method: random, group or time; None lets the columns given decide.
        group_column: Rows with the same value stay on one side.
        date_column: Orders the rows in time.
        test_fraction: Share of held-out rows (0-1).
        seed: Decides the draw.

    Raises:
        ToolError: A column that the method needs is missing, or a group lies on both sides.
    """
    if method is None and (published := _published(frame)) is not None:
        _refuse_shared_groups(frame, published, group_column)
        return published
    method = method or ("group" if group_column else "time" if date_column else "random")
    match method:
        case "group":
            return _by_group(frame, strata, _required(group_column, "group"), test_fraction, seed)
        case "time":
            return _by_time(frame, date_column or only_date(frame), test_fraction)
    if group_column:
        return _by_group(frame, strata, group_column, test_fraction, seed)
    positions = np.arange(len(frame))
    train, test = train_test_split(
        positions, test_size=test_fraction, random_state=seed, stratify=_enough(strata, 2)
    )
    kind = "stratified random" if _enough(strata, 2) is not None else "random"
    return Split(np.sort(train), np.sort(test), f"{kind}, {test_fraction:.0%} held out")


def folds(
    rows: int,
    strata: NDArray[Any] | None = None,
    groups: NDArray[Any] | None = None,
    *,
    count: int = 5,
    seed: int = 0,
) -> list[tuple[Rows, Rows]]:
    """Makes inner folds, stratified and by group where these are given.

    Args:
        rows: Number of rows.
        strata: A label per row; fewer folds are made where one is rarer than `count`.
        groups: Rows with the same value stay in one fold.
        count: Number of folds, at least 2.
        seed: Decides the shuffle.

    Returns:
        Pairs of (training, validation) positions.
    """
    empty = np.zeros(rows)
    if strata is not None:
        rarest = int(np.unique(strata, return_counts=True)[1].min())
        count = max(2, min(count, rarest))
        strata = _enough(strata, 2)
    if groups is not None:
        count = max(2, min(count, len(np.unique(groups))))
        if strata is not None:
            splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
            return list(splitter.split(empty, strata, groups))
        return list(GroupKFold(count, shuffle=True, random_state=seed).split(empty, None, groups))
    if strata is not None:
        return list(StratifiedKFold(count, shuffle=True, random_state=seed).split(empty, strata))
    return list(KFold(min(count, rows), shuffle=True, random_state=seed).split(empty))


def strata_of_number(values: NDArray[Any], bins: int = 10) -> NDArray[np.intp]:
    """Returns the quantile bin of each value, so that a continuous outcome can be stratified."""
    bins = max(1, min(bins, len(values) // 10))
    edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1]))
    return np.searchsorted(edges, values, side="right")


def _published(frame: pd.DataFrame) -> Split | None:
    """Reads a column named `split`; one with other words is an ordinary column."""
    name = next((c for c in frame.columns if str(c).casefold() == SPLIT_COLUMN), None)
    if name is None or frame[name].isna().any():
        return None
    words = frame[name].astype(str).str.strip().str.casefold()
    test, train = words.isin(TEST_WORDS), words.isin(TRAIN_WORDS)
    if not (test | train).all() or not test.any() or not train.any():
        return None
    return Split(np.flatnonzero(train), np.flatnonzero(test), f"the column {name}")


def _refuse_shared_groups(frame: pd.DataFrame, split: Split, group_column: str | None) -> None:
    if group_column is None:
        return
    groups = frame[group_column].astype(str).to_numpy()
    shared = set(groups[split.train]) & set(groups[split.test])
    if shared:
        wrong = FieldFault(
            field="group_column",
            got=f"{len(shared)} values of {group_column} in both train and test",
            expected="a split column that keeps each group on one side",
        )
        message = f"The split column puts the same {group_column} on both sides."
        raise ToolError(message, wrong, kind="refused_data")


def _required(column: str | None, method: str) -> str:
    if column is None:
        wrong = FieldFault(field=f"{method}_column", got="nothing", expected="a column")
        raise ToolError(f"A split by {method} needs {method}_column.", wrong)
    return column


def _by_group(
    frame: pd.DataFrame, strata: NDArray[Any] | None, column: str, fraction: float, seed: int
) -> Split:
    missing = frame[column].isna()
    # A row without a group is a group of its own.
    groups = frame[column].astype(str).where(~missing, [f"?{n}" for n in range(len(frame))])
    codes = pd.factorize(groups)[0]
    parts = round(1 / fraction)
    if codes.max() + 1 < max(4, parts):
        wrong = FieldFault(
            field="group_column",
            got=f"{column!r} with {codes.max() + 1} groups",
            expected=f"at least {max(4, parts)} groups",
        )
        raise ToolError(f"{column} has too few groups to hold some out.", wrong)
    few = codes.max() < MANY_GROUPS  # among many groups, chance alone keeps the shares alike
    kept = _enough(strata, parts) if few else None
    train, test = next(_grouped(codes, kept, parts, fraction, seed))
    return Split(np.sort(train), np.sort(test), f"whole groups of {column}")


def _grouped(
    groups: NDArray[Any], strata: NDArray[Any] | None, parts: int, fraction: float, seed: int
) -> Iterator[tuple[Rows, Rows]]:
    empty = np.zeros(len(groups))
    if strata is None:
        shuffle = GroupShuffleSplit(1, test_size=fraction, random_state=seed)
        yield from shuffle.split(empty, None, groups)
    else:
        stratified = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
        yield from stratified.split(empty, strata, groups)


def _by_time(frame: pd.DataFrame, column: str, fraction: float) -> Split:
    moments = moments_of(frame[column])
    if moments.isna().any():
        got = f"{column!r} with {int(moments.isna().sum())} rows that are no date or number"
        wrong = FieldFault(field="date_column", got=got, expected="a date or number in every row")
        raise ToolError(f"{column} does not order all rows in time.", wrong)
    cut = moments.sort_values().iloc[int(np.ceil(len(frame) * (1 - fraction))) - 1]
    late = (moments > cut).to_numpy()
    if not late.any() or late.all():
        wrong = FieldFault(field="date_column", got=repr(column), expected="more than one moment")
        raise ToolError(f"{column} has no later rows to hold out.", wrong)
    return Split(np.flatnonzero(~late), np.flatnonzero(late), f"rows after {cut} of {column}")


def _enough(strata: NDArray[Any] | None, least: int) -> NDArray[Any] | None:
    """Returns the strata when each has enough rows to lie on both sides."""
    if strata is None or len(np.unique(strata)) < 2:
        return None
    return strata if np.unique(strata, return_counts=True)[1].min() >= least else None
