"""Preprocessing and estimator as one: canonical rows in, risks and survival curves out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer

from models.data.features import FeatureSchema
from models.data.preprocess import preprocessor
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.store.weights import load_sklearn, save_sklearn
from models.tables.survival.estimators.algorithms import ALGORITHMS
from models.tables.survival.estimators.estimator import SurvivalEstimator


@dataclass(frozen=True)
class SurvivalPipeline:
    """A fitted preprocessing and a fitted estimator."""

    columns: ColumnTransformer
    estimator: SurvivalEstimator

    @classmethod
    def fit(
        cls,
        algorithm: str,
        schema: FeatureSchema,
        frame: pd.DataFrame,
        outcome: FollowUp,
        effort: Effort,
        groups: NDArray[Any] | None = None,
    ) -> Self:
        """Fits both to canonical rows.

        Args:
            algorithm: A name in `ALGORITHMS`.
            schema: Of the frame.
            frame: Canonical rows, shape (n, features).
            outcome: Follow-up of these rows.
            effort: Seed, deadline and progress.
            groups: Rows with the same value, shape (n,), stay together in inner folds.
        """
        estimator = ALGORITHMS[algorithm]()
        columns = preprocessor(schema, estimator.PREPROCESSING)
        x = columns.fit_transform(frame)
        return cls(columns, estimator.fit(x, outcome, effort, groups))

    def log_risk(self, frame: pd.DataFrame) -> FloatArray:
        """Returns log relative risk, shape (n,); higher means an earlier event."""
        return self.estimator.log_risk(self.columns.transform(frame))

    def survival(self, frame: pd.DataFrame, times: FloatArray) -> FloatArray:
        """Returns survival probabilities (0-1), shape (n, t)."""
        return self.estimator.survival(self.columns.transform(frame), times)

    def save(self, folder: Path) -> None:
        """Writes both into a model's folder."""
        save_sklearn(self.columns, folder / "columns.skops")
        self.estimator.save(folder)

    @classmethod
    def load(cls, algorithm: str, folder: Path) -> Self:
        """Reads what `save` wrote."""
        columns = load_sklearn(folder / "columns.skops")
        return cls(columns, ALGORITHMS[algorithm].load(folder))
