"""What is learnt: which columns, whether quantities or classes, and the values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.classification.outcome import label_text, ordered_classes, positive_class
from models.dates import is_date
from models.errors import FieldFault, ToolError
from models.leaks import identifier
from models.regression.outcome import numbers_of
from models.screening import SPLIT_COLUMN
from models.tables import Dataset

Task = Literal["regression", "classification"]
FloatArray = NDArray[np.float64]
LEAST_PER_CLASS = 5


@dataclass(frozen=True)
class Targets:
    """The columns that are learnt.

    Attributes:
        names: One or more.
        task: Of all of them.
        classes: Of each column the negative and the positive class; empty for quantities.
    """

    names: tuple[str, ...]
    task: Task
    classes: tuple[tuple[str, str], ...] = ()

    def values(self, frame: pd.DataFrame) -> FloatArray:
        """Returns the numbers, or 1 for the positive class and 0 for the other, NaN where missing.

        Returns:
            Shape (rows, targets).
        """
        if self.task == "regression":
            columns = [numbers_of(frame[name]).to_numpy(float) for name in self.names]
        else:
            columns = [
                label_text(frame[name])
                .map({label: value for value, label in enumerate(pair)})
                .to_numpy(float)
                for name, pair in zip(self.names, self.classes, strict=True)
            ]
        return np.stack(columns, axis=1)


def find_targets(
    dataset: Dataset, asked: Sequence[str], task: Task | None, reserved: Sequence[str]
) -> tuple[Targets, list[str]]:
    """Finds what is to be learnt.

    Args:
        dataset: Where the columns are.
        asked: True names of the columns asked for; none to find them.
        task: What they are taken for; None to tell from the values.
        reserved: Columns that are no targets.

    Returns:
        The targets, and notes on how they were found.

    Raises:
        ToolError: They are not clear, or cannot be learnt.
    """
    names: tuple[str, ...] = tuple(asked)
    notes: list[str] = []
    if not names:
        names, notes = _found(dataset, reserved)
    kinds = {name: _task_of(dataset.frame[name], task) for name in names}
    faults = [
        FieldFault(field="target_column", got=f"{name!r} with {got}", expected=expected)
        for name, (_, got, expected) in kinds.items()
        if expected
    ]
    if faults:
        raise ToolError("What is to be predicted cannot be learnt.", *faults, kind="refused_data")
    tasks = {kind for kind, _, _ in kinds.values()}
    if len(tasks) > 1:
        got = ", ".join(f"{name}: {kind}" for name, (kind, _, _) in kinds.items())
        wrong = FieldFault(
            field="target_columns", got=got, expected="all quantities, or all classes"
        )
        raise ToolError("One model learns quantities or classes, not both.", wrong)
    common: Task = tasks.pop()
    if common == "regression":
        return Targets(names, common), notes
    known = dataset.built_in.positive if dataset.built_in else None
    pairs = []
    for name in names:
        labels = label_text(dataset.frame[name])
        negative, positive = ordered_classes(labels, _positive(labels, known))
        pairs.append((negative, positive))
    return Targets(names, common, tuple(pairs)), notes


def _positive(labels: pd.Series, known: str | None) -> str | None:
    """Returns the positive class: 1 of 0 and 1, else as for classifiers on tables."""
    return "1" if set(labels.dropna().unique()) == {"0", "1"} else positive_class(labels, known)


def _found(dataset: Dataset, reserved: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Returns the only columns that can be meant."""
    if dataset.target_column:
        return (dataset.target_column,), []
    candidates = [
        str(name) for name in dataset.frame if name not in reserved and _learnable(dataset, name)
    ]
    if len(candidates) == 1:
        return tuple(candidates), [f"{candidates[0]} is the only column that can be predicted"]
    two_valued = [name for name in candidates if dataset.frame[name].nunique() == 2]
    if len(candidates) > 1 and two_valued == candidates:
        return tuple(candidates), [f"all {len(candidates)} columns of labels are learnt together"]
    listed = ", ".join(candidates[:20]) or "no column of numbers or of two classes"
    wrong = FieldFault(field="target_column", got="nothing", expected=f"one of {listed}")
    raise ToolError(f"Which column of {dataset.name} is to be predicted?", wrong)


def _learnable(dataset: Dataset, name: str) -> bool:
    column = dataset.frame[name]
    if str(name).casefold() == SPLIT_COLUMN or is_date(column) or column.nunique() < 2:
        return False
    if column.nunique() == 2:
        return True
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    fractions = numeric and bool((column.dropna() % 1 != 0).any())
    return numeric and (fractions or identifier(column) is None)


def _task_of(column: pd.Series, asked: Task | None) -> tuple[Task, str, str]:
    """Returns what a column is; where it cannot be learnt, what was got and what is expected."""
    distinct = column.nunique()
    shown = f"{distinct} different values"
    numbers = numbers_of(column)
    if distinct < 2:
        return "regression", shown, "values that differ"
    if asked == "classification" or (asked is None and distinct == 2):
        if distinct > 2:
            return "classification", shown, "two classes; a quantity may be cut at a threshold"
        rarest = int(column.value_counts().min())
        if rarest < LEAST_PER_CLASS:
            found = f"a class of {rarest} rows"
            return "classification", found, f"at least {LEAST_PER_CLASS} rows in each class"
        return "classification", "", ""
    if numbers.nunique() <= 2:
        what = "numbers" if asked else "numbers, or two classes"
        return "regression", shown if asked else f"{shown}, not numbers", what
    return "regression", "", ""
