"""What is regressed: the numbers of a column."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.splits import strata_of_number
from models.data.tables import Dataset
from models.errors import FieldFault, ToolError
from models.tables.classification.outcome import target_of

FEW_NUMBERS = 10
"""A target with fewer distinct values deserves a look: it may be classes."""


class NumberOutcome:
    """The target of a regressor (see `models.tables.training.Outcome`).

    Args:
        target_column: The column asked for; None for the one that the dataset knows.
    """

    def __init__(self, target_column: str | None = None) -> None:
        self.target_column = target_column
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def columns(self, dataset: Dataset) -> Mapping[str, str]:
        """Returns the target's column."""
        return {"target_column": target_of(dataset, self.target_column)}

    def read(self, frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
        """Returns the numbers, NaN where missing or infinite."""
        name = columns["target_column"]
        numbers = numbers_of(frame[name])
        distinct = numbers.nunique()
        if distinct <= 2:
            wrong = FieldFault(
                field="target_column",
                got=f"{name!r} with {frame[name].nunique()} different values",
                expected="a quantity; classes are for train_classifier",
                suggestion="train_classifier" if frame[name].nunique() > 1 else None,
            )
            hint = ": use train_classifier" if frame[name].nunique() > 1 else ""
            message = f"{name} is not a quantity{hint}."
            raise ToolError(message, wrong, kind="refused_data")
        if distinct < FEW_NUMBERS and not self.warnings:
            self.warnings.append(
                f"{name} has only {distinct} different values; if they are classes, use "
                "train_classifier"
            )
        return pd.DataFrame({name: numbers})

    def strata(self, outcome: pd.DataFrame) -> NDArray[Any]:
        """Returns the quantile bin of each row."""
        return strata_of_number(outcome.iloc[:, 0].to_numpy())


def numbers_of(column: pd.Series) -> pd.Series:
    """Returns a column's numbers; all missing when it mostly holds something else.

    The reader has already made numbers of text that holds numbers, so text is text.
    """
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return pd.Series(np.nan, column.index)
    return column.astype("float64").replace([np.inf, -np.inf], np.nan)
