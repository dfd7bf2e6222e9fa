"""A fitted regressor: a number with a prediction interval."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.data.features import FeatureSchema
from models.metrics.intervals import Interval, bootstrap_all
from models.metrics.tabular import coverage, r2, regression_metrics
from models.store.prediction import Prediction
from models.tables.keeping import KeptFrames
from models.tables.learners.algorithms import load_pipeline, outputs
from models.tables.regression.outcome import numbers_of

FloatArray = NDArray[np.float64]


class FittedRegressor(KeptFrames):
    """A regressor and what explanations of it need.

    Args:
        features: The schema of its inputs.
        pipeline: Preprocessing and estimator.
        half_width: Half the width of the 95% prediction interval, in the unit of the target.
        target: The column that was learnt.
        folder: The model's folder; None before it is kept.
    """

    metric_name = "r2"

    def __init__(
        self,
        features: FeatureSchema,
        pipeline: Pipeline,
        half_width: float,
        target: str,
        folder: Path | None = None,
    ) -> None:
        super().__init__(features, [target], folder)
        self.pipeline = pipeline
        self.half_width = half_width
        self.target = target
        self.score_name = f"predicted {target}"

    @classmethod
    def load(cls, folder: Path) -> "FittedRegressor":
        """Reads a kept model."""
        manifest = json.loads((folder / "model.json").read_text())
        return cls(
            FeatureSchema.model_validate(manifest["features"]),
            load_pipeline(folder),
            manifest["half_width"],
            manifest["target"]["target_column"],
            folder,
        )

    def score(self, frame: pd.DataFrame) -> FloatArray:
        """Returns the predicted values, shape (n,), in the unit of the target."""
        return outputs(self.pipeline, self.features.apply(frame), "regression")

    def predict(self, frame: pd.DataFrame, **options: Any) -> Prediction:
        """Returns the predicted value with its 95% prediction interval."""
        value = self.score(frame)
        low, high = value - self.half_width, value + self.half_width
        columns = {f"predicted_{self.target}": value, "low_95": low, "high_95": high}

        def describe(row: int) -> str:
            return (
                f"{self.target} is predicted {value[row]:.4g} "
                f"(95% prediction interval {low[row]:.4g} to {high[row]:.4g})"
            )

        return Prediction(pd.DataFrame(columns, index=frame.index), describe)

    def loss(self, frame: pd.DataFrame, outcome: pd.DataFrame) -> float:
        """Returns r2 (higher is better)."""
        return r2(outcome[self.target].to_numpy(float), self.score(frame))

    def outcome_of(self, frame: pd.DataFrame) -> pd.DataFrame | None:
        """Returns the target of raw rows, NaN where missing; None without its column."""
        if self.target not in frame:
            return None
        return pd.DataFrame({self.target: numbers_of(frame[self.target])})

    def evaluate(self, frame: pd.DataFrame, outcome: pd.DataFrame) -> dict[str, Interval]:
        """Returns the regressor's metrics on rows whose target is known."""
        return judge(outcome[self.target].to_numpy(float), self.score(frame), self.half_width)


def judge(
    truth: FloatArray,
    predicted: FloatArray,
    half_width: float,
    seed: int = 0,
    groups: NDArray[Any] | None = None,
) -> dict[str, Interval]:
    """Returns the metrics of a regressor, with the coverage of its prediction interval."""

    def metrics(rows: NDArray[np.intp]) -> dict[str, float]:
        made = regression_metrics(truth[rows], predicted[rows])
        return made | {"coverage_95": coverage(truth[rows], predicted[rows], half_width)}

    return bootstrap_all(metrics, len(truth), seed, groups=groups)
