"""What every trainer on tables does before and after the fit.

`prepare` takes a request through the door: columns checked, rows without an outcome dropped,
leaks refused, duplicates removed, rows split, features described from training rows alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.features import FeatureSchema
from models.data.leaks import named_identifier, recurs_with_outcome
from models.data.requests import Outcome, TrainingRequest
from models.data.screening import screen_features
from models.data.sides import Table, known_outcome, published_sides, split_sides
from models.data.tables import Dataset, load_dataset, require_columns
from models.errors import ToolError
from models.store.runs import Run
from models.store.workspace import Workspace

RECORDED_ROWS = 100_000


@dataclass(frozen=True)
class Prepared:
    """Data that is ready to train on.

    Attributes:
        dataset: What was loaded.
        request: What was asked for.
        schema: The features, as training rows show them.
        columns: The outcome's columns by argument name.
        train: Canonical features of the training rows, index 0..n-1.
        test: Canonical features of the held-out rows; the index is the row of the file it is from.
        train_outcome: Canonical outcome of the training rows.
        test_outcome: Canonical outcome of the held-out rows.
        train_groups: Group of each training row, shape (n,), where rows come in groups.
        test_groups: Group of each held-out row, where rows come in groups.
        split: Sizes and method.
        notes: What was done to the data.
        warnings: What the person should look at.
    """

    dataset: Dataset
    request: TrainingRequest
    schema: FeatureSchema
    columns: Mapping[str, str]
    train: pd.DataFrame
    test: pd.DataFrame
    train_outcome: pd.DataFrame
    test_outcome: pd.DataFrame
    train_groups: NDArray[Any] | None
    test_groups: NDArray[Any] | None
    split: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def with_test_rows(self, chosen: NDArray[np.bool_]) -> "Prepared":
        """Returns the same with only some of the held-out rows."""
        return replace(
            self,
            test=self.test[chosen],
            test_outcome=self.test_outcome[chosen],
            test_groups=None if self.test_groups is None else self.test_groups[chosen],
            split=self.split | {"test": int(chosen.sum())},
        )


def prepare(
    request: TrainingRequest, outcome: Outcome, workspace: Workspace, run: Run | None = None
) -> Prepared:
    """Takes a training request through the door.

    Args:
        request: What to train on.
        outcome: The family's outcome.
        workspace: Decides which files may be read.
        run: Gets the data's hash, the seed and the split indices.

    Raises:
        ToolError: Columns, rows or features are not fit to train on.
    """
    dataset = load_dataset(request.dataset, workspace)
    request, columns = _checked(dataset, request, outcome)
    table = known_outcome(dataset, outcome, columns)
    notes = [*dataset.notes, *table.notes]
    group_column = request.group_column or _repeated_identifier(table.frame, table.outcome, notes)
    reserved = [name for name in (group_column, request.date_column) if name]
    reserved += _other_outcomes(dataset, columns, notes)
    screened = screen_features(table.frame, table.outcome, request.features, reserved)
    notes += screened.notes
    table = Table(screened.frame, table.outcome.loc[screened.frame.index])
    if request.test_dataset:
        sides = published_sides(table, request, outcome, columns, screened.features, workspace)
    else:
        sides = split_sides(table, request, outcome, group_column)
    notes += sides.notes
    train, test = sides.train, sides.test
    names = [
        name
        for name in screened.features
        if train.frame[name].notna().any() and train.frame[name].nunique(dropna=False) > 1
    ]
    if not names:
        raise ToolError("No feature varies in the training rows.", kind="refused_data")
    schema = FeatureSchema.infer(train.frame, names, dataset.built_in)
    split = sides.record | {"train": len(train.frame), "test": len(test.frame)}
    if run:
        rows = {
            "train_rows": _recorded(train.frame.index),
            "test_rows": _recorded(test.frame.index),
        }
        run.record(data_sha256=dataset.sha256, seed=request.seed, split=split | rows)
    return Prepared(
        dataset,
        request,
        schema,
        columns,
        schema.apply(train.frame).reset_index(drop=True),
        schema.apply(test.frame),
        train.outcome.reset_index(drop=True),
        test.outcome,
        _groups(train.frame, group_column),
        _groups(test.frame, group_column),
        split,
        [*notes, *outcome.notes],
        [*outcome.warnings, *screened.warnings],
    )


def _checked(
    dataset: Dataset, request: TrainingRequest, outcome: Outcome
) -> tuple[TrainingRequest, dict[str, str]]:
    """Checks every column that the request names at once.

    Returns:
        The request with the columns' true names, and the outcome's columns by argument name.
    """
    wanted = outcome.columns(dataset)
    named = {
        "features": request.features,
        "group_column": request.group_column,
        "date_column": request.date_column,
    }
    found: dict[str, Any] = require_columns(dataset, {**wanted, **named})
    columns = {field: found[field] for field in wanted}
    return replace(request, **{field: found[field] for field in named}), columns


def _other_outcomes(dataset: Dataset, columns: Mapping[str, str], notes: list[str]) -> list[str]:
    """Returns what the dataset knows to be outcomes, and is not to be predicted here."""
    known = (dataset.time_column, dataset.event_column, dataset.target_column)
    others = [name for name in known if name and name not in columns.values()]
    if others:
        notes.append(f"{', '.join(others)} left out: outcomes, not known beforehand")
    return others


def _repeated_identifier(
    frame: pd.DataFrame, outcome: pd.DataFrame, notes: list[str]
) -> str | None:
    """Finds the column that says which rows are of one patient, when patients repeat."""
    for name in frame.columns:
        column = frame[name]
        repeats = column.nunique() < column.notna().sum()
        if repeats and named_identifier(column):
            notes.append(f"rows of the same {name} are kept on one side of the split")
            return str(name)
    for name in frame.columns.difference(list(outcome.columns), sort=False):
        if recurs_with_outcome(frame[name], outcome):
            notes.append(
                f"rows of the same {name} are kept on one side of the split: its values recur, and "
                "with them the outcome, as those of a person do"
            )
            return str(name)
    return None


def _recorded(rows: pd.Index) -> list[int] | str:
    """Returns row positions for the run record, or their SHA-256 where they are too many."""
    if len(rows) <= RECORDED_ROWS:
        return [int(row) for row in rows]
    return f"sha256:{hashlib.sha256(rows.to_numpy(np.int64).tobytes()).hexdigest()}"


def _groups(frame: pd.DataFrame, column: str | None) -> NDArray[Any] | None:
    if column is None or column not in frame:
        return None
    codes: NDArray[Any] = pd.factorize(frame[column].astype(str))[0]
    return codes
