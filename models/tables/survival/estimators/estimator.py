"""What every survival estimator does."""

from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

from numpy.typing import NDArray

from models.data.preprocess import PreprocessorKind
from models.data.splits import Rows, folds
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray


class SurvivalEstimator(Protocol):
    """A model of time to event over a matrix of preprocessed features."""

    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    PREPROCESSING: ClassVar[PreprocessorKind]

    def fit(
        self, x: FloatArray, outcome: FollowUp, effort: Effort, groups: NDArray[Any] | None = None
    ) -> Self:
        """Fits to features and follow-up.

        Args:
            x: Preprocessed features, shape (n, p).
            outcome: Follow-up of the n rows, at least one event.
            effort: Seed, deadline and progress.
            groups: Rows with the same value, shape (n,), stay together in inner folds.
        """

    def log_risk(self, x: FloatArray) -> FloatArray:
        """Returns log relative risk, shape (n,); higher means an earlier event."""

    def survival(self, x: FloatArray, times: FloatArray) -> FloatArray:
        """Returns survival probabilities (0-1), shape (n, t), not increasing along the times."""

    def description(self) -> str:
        """Returns what was fitted, in a phrase, with the hyperparameters chosen."""

    def save(self, folder: Path) -> None:
        """Writes the fitted model without pickle."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads what `save` wrote; predictions are identical."""


Folds = list[tuple[Rows, Rows]]
"""Positions of (training, validation) rows."""


def inner_folds(outcome: FollowUp, groups: NDArray[Any] | None, seed: int, count: int = 5) -> Folds:
    """Splits training rows into (training, validation) positions with like shares of events."""
    return folds(len(outcome), outcome.event, groups, count=count, seed=seed)
