"""Training rows on one side, held-out rows on the other, none on both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.data.copies import held_out_too
from models.data.leaks import named_identifier
from models.data.requests import Outcome, TrainingRequest
from models.data.screening import SPLIT_COLUMN
from models.data.splits import split_indices
from models.data.tables import Dataset, load_dataset, require_columns
from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace

LEAST_ROWS = 20


@dataclass(frozen=True)
class Table:
    """Rows with their canonical outcome, and what was noted on the way."""

    frame: pd.DataFrame
    outcome: pd.DataFrame
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Sides:
    """Training and held-out rows.

    Attributes:
        train: Rows to train on.
        test: Rows to report on.
        record: How they were chosen, for the run and the card.
        notes: What was left out.
    """

    train: Table
    test: Table
    record: dict[str, Any]
    notes: list[str]


def known_outcome(dataset: Dataset, outcome: Outcome, columns: Mapping[str, str]) -> Table:
    """Reads the outcome and drops the rows without one."""
    known = outcome.read(dataset.frame, columns)
    complete = known.notna().all(axis=1)
    missing = int((~complete).sum())
    notes = [f"{missing} rows without an outcome left out"] if missing else []
    return Table(dataset.frame[complete], known[complete], notes)


def published_sides(
    table: Table,
    request: TrainingRequest,
    outcome: Outcome,
    columns: Mapping[str, str],
    features: Sequence[str],
    workspace: Workspace,
) -> Sides:
    """Trains on all of `dataset` and holds `test_dataset` out."""
    assert request.test_dataset  # noqa: S101  # the caller asked for it
    loaded = load_dataset(request.test_dataset, workspace, "test_dataset")
    shared = [*features, *columns.values()]
    require_columns(loaded, {"test_dataset": shared})
    test = known_outcome(loaded, outcome, columns)
    notes = [f"test_dataset: {note}" for note in (*loaded.notes, *test.notes)]
    if test.frame.empty:
        raise ToolError("test_dataset has no row with an outcome.", kind="refused_data")
    _refuse_shared_groups(table.frame, test.frame, request.group_column)
    record = {"method": f"test_dataset {request.test_dataset}", "test_sha256": loaded.sha256}
    return Sides(_without_rows_of(table, test, shared, notes), test, record, notes)


def split_sides(
    table: Table, request: TrainingRequest, outcome: Outcome, group_column: str | None
) -> Sides:
    """Holds rows of `dataset` out."""
    rows = len(table.frame)
    if rows < LEAST_ROWS:
        wrong = FieldFault(field="dataset", got=f"{rows} rows", expected=f"at least {LEAST_ROWS}")
        message = f"{rows} usable rows are too few to train and test on."
        raise ToolError(message, wrong, kind="refused_data")
    split = split_indices(
        table.frame,
        outcome.strata(table.outcome),
        request.split,
        group_column=group_column,
        date_column=request.date_column,
        seed=request.seed,
    )
    train, test = (
        Table(table.frame.iloc[side], table.outcome.iloc[side])
        for side in (split.train, split.test)
    )
    notes: list[str] = []
    if group_column and (both := _shared(train.frame, test.frame, group_column)):
        notes.append(f"{both} values of {group_column} lie on both sides of the split by time")
    compared = [name for name in table.frame if str(name).casefold() != SPLIT_COLUMN]
    train = _without_rows_of(train, test, compared, notes)
    return Sides(train, test, {"method": split.method}, notes)


def _without_rows_of(train: Table, test: Table, columns: Sequence[str], notes: list[str]) -> Table:
    """Leaves out training rows that are also held out, for they would tell the answer."""
    ids = [
        name
        for name in train.frame
        if name in test.frame and name not in columns and named_identifier(train.frame[name])
    ]
    compared = [*columns, *ids]
    shared, alike = held_out_too(train.frame[compared], test.frame[compared])
    if shared.all():
        wrong = FieldFault(field="test_dataset", got="the training rows", expected="other rows")
        message = "Every training row is also held out; there is nothing to train on."
        raise ToolError(message, wrong, kind="refused_data")
    if shared.any():
        notes.append(f"{int(shared.sum())} training rows that are also held out left out")
    if alike:
        notes.append(
            f"{alike} training rows equal a held-out one, as many as chance makes: kept as "
            "different people"
        )
    return Table(train.frame[~shared], train.outcome[~shared])


def _refuse_shared_groups(
    train: pd.DataFrame, test: pd.DataFrame, group_column: str | None
) -> None:
    if group_column is None or group_column not in test:
        return
    if both := _shared(train, test, group_column):
        got = f"{both} values of {group_column} in both"
        wrong = FieldFault(field="group_column", got=got, expected="none in both")
        message = f"dataset and test_dataset share values of {group_column}."
        raise ToolError(message, wrong, kind="refused_data")


def _shared(train: pd.DataFrame, test: pd.DataFrame, column: str) -> int:
    """Returns how many values of a column both sides have."""
    return len(set(train[column].dropna()) & set(test[column].dropna()))
