"""What a training request says, and what a family says of its outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd
from numpy.typing import NDArray

from models.data.splits import SplitMethod
from models.data.tables import Dataset


class Outcome(Protocol):
    """What a family says of its outcome.

    Attributes:
        notes: What it did to read it.
        warnings: What the person should look at.
    """

    notes: list[str]
    warnings: list[str]

    def columns(self, dataset: Dataset) -> Mapping[str, str]:
        """Returns the outcome's columns by argument name; fills in what the dataset knows.

        Raises:
            ToolError: A column was not given and the dataset does not know it.
        """

    def read(self, frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
        """Returns the outcome in canonical form under the table's column names, NaN where missing.

        Called for the dataset first, then for `test_dataset` where there is one.

        Raises:
            ToolError: The column cannot be an outcome of this family.
        """

    def strata(self, outcome: pd.DataFrame) -> NDArray[Any] | None:
        """Returns a label per row whose shares both sides of a split keep; None for none."""


@dataclass(frozen=True)
class TrainingRequest:
    """The arguments that all trainers on tables share; None and 0 are the defaults."""

    dataset: str
    features: Sequence[str] | None = None
    test_dataset: str | None = None
    split: SplitMethod | None = None
    group_column: str | None = None
    date_column: str | None = None
    seed: int = 0
