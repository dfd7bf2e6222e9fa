"""What is learnt: which columns, whether quantities or classes, and the values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.dates import is_date
from models.data.leaks import identifier
from models.data.potency import Potency, find_potency, plain
from models.data.screening import SPLIT_COLUMN
from models.data.tables import Dataset
from models.errors import FieldFault, ToolError
from models.molecules.properties.intake.measurements import refuse_mixtures
from models.tables.classification.outcome import label_text, ordered_classes, positive_class
from models.tables.regression.outcome import numbers_of

Task = Literal["regression", "classification"]
FloatArray = NDArray[np.float64]
LEAST_PER_CLASS = 5
LISTED = 20
MEASURED = ("pchembl_value", "standard_value")
"""What exports of ChEMBL call the measurement, beside other columns of numbers; best first."""


@dataclass(frozen=True)
class Targets:
    """The columns that are learnt.

    Attributes:
        names: One or more.
        task: Of all of them.
        classes: Of each column the negative and the positive class; empty for quantities.
        potencies: Those that are logarithms of concentrations.
    """

    names: tuple[str, ...]
    task: Task
    classes: tuple[tuple[str, str], ...] = ()
    potencies: tuple[Potency, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The columns of a table that hold them."""
        return [one.column if (one := self.potency(name)) else name for name in self.names]

    def potency(self, name: str) -> Potency | None:
        """Returns what concentration a target is the logarithm of."""
        return next((one for one in self.potencies if one.name == name), None)

    def values(self, frame: pd.DataFrame) -> FloatArray:
        """Returns the numbers, or 1 for the positive class and 0 for the other, NaN where missing.

        Returns:
            Shape (rows, targets).
        """
        if self.task == "regression":
            columns = [
                one.values(frame)
                if (one := self.potency(name))
                else numbers_of(frame[name]).to_numpy(float)
                for name in self.names
            ]
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
        return _quantities(dataset, names, notes)
    known = dataset.built_in.positive if dataset.built_in else None
    pairs = []
    for name in names:
        labels = label_text(dataset.frame[name])
        negative, positive = ordered_classes(labels, _positive(labels, known))
        pairs.append((negative, positive))
    return Targets(names, common, tuple(pairs)), notes


def _quantities(
    dataset: Dataset, names: tuple[str, ...], notes: list[str]
) -> tuple[Targets, list[str]]:
    """Returns quantities, concentrations as their logarithms."""
    for name in names:
        refuse_mixtures(dataset.frame, name)
    found = {name: find_potency(dataset.frame, name) for name in names}
    called = [one.name for one in found.values() if one]
    potencies = {
        # Two columns of one kind (IC50 of two assays) are told apart by their own names.
        name: replace(one, name=f"p({name})")
        if called.count(one.name) > 1 or one.name in dataset.frame
        else one
        for name, one in found.items()
        if one
    }
    notes = notes + [note for one in potencies.values() for note in one.notes(dataset.frame)]
    learnt = tuple(potencies[name].name if name in potencies else name for name in names)
    return Targets(learnt, "regression", (), tuple(potencies.values())), notes


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
    measured = [name for name in candidates if plain(name) in MEASURED]
    if measured:
        chosen = min(measured, key=lambda name: MEASURED.index(plain(name)))
        return (chosen,), [f"{chosen} is taken as what is to be predicted"]
    two_valued = [name for name in candidates if dataset.frame[name].nunique() == 2]
    if len(candidates) > 1 and two_valued == candidates:
        return tuple(candidates), [f"all {len(candidates)} columns of labels are learnt together"]
    if candidates:
        listed = ", ".join(candidates[:LISTED])
        wrong = FieldFault(field="target_column", got="nothing", expected=f"one of {listed}")
        raise ToolError(f"Which column of {dataset.name} is to be predicted?", wrong)
    others = [str(name) for name in dataset.frame if name not in reserved]
    seen = "; ".join(f"{name}: {_holds(dataset.frame[name])}" for name in others[:LISTED])
    wrong = FieldFault(
        field="target_column",
        got=seen or "no column beside the molecules",
        expected="a column of numbers that differ, or of two classes",
    )
    raise ToolError(f"{dataset.name} has no column that can be predicted.", wrong,
                    kind="refused_data")  # fmt: skip


def _holds(column: pd.Series) -> str:
    """Says what a column has, for the message that it cannot be learnt."""
    values = column.dropna()
    distinct = values.nunique()
    if not distinct:
        return "no value"
    if distinct == 1:
        return f"one value only, {str(values.iloc[0])!r}"
    if numbers_of(column).notna().any():
        return "identifiers" if identifier(column) else f"{distinct} different numbers"
    return f"{distinct} different texts, such as {str(values.iloc[0])!r}"


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
    numbers = numbers_of(column)
    if distinct < 2:
        return "regression", _holds(column), "values that differ"
    if asked == "classification" or (asked is None and distinct == 2):
        if distinct > 2:
            expected = "two classes; a quantity may be cut at a threshold"
            return "classification", f"{distinct} different values", expected
        rarest = int(column.value_counts().min())
        if rarest < LEAST_PER_CLASS:
            found = f"a class of {rarest} rows"
            return "classification", found, f"at least {LEAST_PER_CLASS} rows in each class"
        return "classification", "", ""
    if numbers.nunique() <= 2:
        return "regression", _holds(column), "numbers" if asked else "numbers, or two classes"
    return "regression", "", ""
