"""Splits and folds: sizes, shares, groups, time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.splits import folds, split_indices, strata_of_number
from models.errors import ToolError


def table(rows: int = 100) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "patient": np.arange(rows) // 4,
            "day": pd.date_range("2020-01-01", periods=rows)[::-1].strftime("%d.%m.%Y"),
            "x": np.arange(rows, dtype=float),
        }
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 200), st.integers(0, 5), st.floats(0.2, 0.8))
def test_random_splits_are_whole_disjoint_and_stratified(
    rows: int, seed: int, share: float
) -> None:
    strata = (np.arange(rows) < rows * share).astype(int)
    split = split_indices(table(rows), strata, seed=seed)
    assert sorted([*split.train, *split.test]) == list(range(rows))
    assert abs(len(split.test) - 0.25 * rows) <= 1
    assert abs(strata[split.test].mean() - strata.mean()) <= 1.5 / len(split.test)


def test_the_seed_decides() -> None:
    first, again, other = (split_indices(table(), seed=seed).test for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("strata", [None, np.arange(100) % 2])
def test_groups_stay_together(strata: np.ndarray | None) -> None:
    frame = table()
    split = split_indices(frame, strata, "group", group_column="patient")
    assert not set(frame["patient"].iloc[split.train]) & set(frame["patient"].iloc[split.test])
    assert 15 <= len(split.test) <= 35


def test_rows_without_a_group_are_groups_of_their_own() -> None:
    frame = table().assign(patient=lambda f: f["patient"].where(f["patient"] > 10))
    split = split_indices(frame, None, "group", group_column="patient")
    assert len(split.train) + len(split.test) == 100


def test_time_holds_the_latest_rows_out_even_when_written_day_first() -> None:
    split = split_indices(table(), None, "time", date_column="day")
    assert split.test.tolist() == list(range(25))
    assert split_indices(table(), None, "time").test.tolist() == list(range(25))


def test_a_split_column_decides() -> None:
    frame = table().assign(split=["train"] * 90 + ["test"] * 10)
    assert split_indices(frame).test.tolist() == list(range(90, 100))
    odd = table().assign(split=["a", "b"] * 50)
    assert len(split_indices(odd).test) == 25


def test_a_split_column_that_cuts_a_group_is_refused() -> None:
    frame = table().assign(split=["train"] * 90 + ["test"] * 10)
    with pytest.raises(ToolError, match="both sides"):
        split_indices(frame, group_column="patient")


def test_what_a_split_needs_is_asked_for() -> None:
    with pytest.raises(ToolError, match="group_column"):
        split_indices(table(), None, "group")
    with pytest.raises(ToolError, match="date_column"):
        split_indices(table()[["x"]], None, "time")
    with pytest.raises(ToolError, match="too few groups"):
        split_indices(table().assign(site=1), None, "group", group_column="site")


def test_folds_cover_every_row_once_and_shrink_to_the_rarest_class() -> None:
    strata = np.array([0] * 47 + [1] * 3)
    parts = folds(50, strata)
    assert len(parts) == 3
    assert sorted(np.concatenate([test for _, test in parts])) == list(range(50))
    groups = np.arange(50) // 5
    for train, test in folds(50, None, groups):
        assert not set(groups[train]) & set(groups[test])


def test_strata_of_a_number_are_even() -> None:
    counts = np.bincount(strata_of_number(np.random.default_rng(0).normal(size=200)))
    assert counts.tolist() == [20] * 10
