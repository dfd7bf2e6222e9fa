"""What every model's `predict` gives back, and what a model that can be judged anew has more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from models.metrics.intervals import Interval


@dataclass(frozen=True)
class Prediction:
    """Predictions for n rows.

    Attributes:
        table: One row per input row, same index: the predicted columns.
        describe: From a row's position to a sentence about it.
        draw: Draws the predictions to a picture file; None where there is nothing to draw.
        notes: What the reader of all of them must know.
        data: Anything more by name (survival curves), JSON.
    """

    table: pd.DataFrame
    describe: Callable[[int], str]
    draw: Callable[[Path], None] | None = None
    notes: list[str] = field(default_factory=list)
    data: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class Evaluable(Protocol):
    """A model that can be judged on further rows that have the outcome."""

    def outcome_of(self, frame: pd.DataFrame) -> pd.DataFrame | None:
        """Returns the canonical outcome of raw rows (NaN: missing), None without columns."""

    def evaluate(self, frame: pd.DataFrame, outcome: pd.DataFrame) -> dict[str, Interval]:
        """Returns the family's metrics on rows whose outcome is known."""
