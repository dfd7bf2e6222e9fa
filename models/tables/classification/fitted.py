"""A fitted classifier: calibrated probabilities of the classes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.data.features import FeatureSchema
from models.metrics.intervals import Interval, bootstrap_all
from models.metrics.tabular import auroc, classification_metrics
from models.store.prediction import Prediction
from models.tables.classification.outcome import label_text
from models.tables.keeping import KeptFrames
from models.tables.learners.algorithms import load_pipeline, outputs
from models.tables.learners.calibration import Calibration

FloatArray = NDArray[np.float64]


class FittedClassifier(KeptFrames):
    """A classifier and what explanations of it need.

    Args:
        features: The schema of its inputs.
        pipeline: Preprocessing and estimator.
        calibration: From raw to calibrated probabilities.
        classes: Class names; with two, the second is the positive one.
        target: The column that was learnt.
        folder: The model's folder; None before it is kept.
    """

    metric_name = "auroc"

    def __init__(
        self,
        features: FeatureSchema,
        pipeline: Pipeline,
        calibration: Calibration,
        classes: Sequence[str],
        target: str,
        folder: Path | None = None,
    ) -> None:
        super().__init__(features, [target], folder)
        self.pipeline = pipeline
        self.calibration = calibration
        self.classes = list(classes)
        self.target = target
        self.score_name = f"probability of {target} = {self.classes[-1]}"
        if len(self.classes) > 2:
            self.score_name = f"probability of each {target}"

    @classmethod
    def load(cls, folder: Path) -> "FittedClassifier":
        """Reads a kept model."""
        manifest = json.loads((folder / "model.json").read_text())
        return cls(
            FeatureSchema.model_validate(manifest["features"]),
            load_pipeline(folder),
            Calibration.model_validate(manifest["calibration"]),
            manifest["target"]["classes"],
            manifest["target"]["target_column"],
            folder,
        )

    def raw_probability(self, frame: pd.DataFrame) -> FloatArray:
        """Returns probabilities before calibration, shape (n, k)."""
        return outputs(self.pipeline, self.features.apply(frame), "classification")

    def probability(self, frame: pd.DataFrame) -> FloatArray:
        """Returns calibrated probabilities, shape (n, k)."""
        return self.calibration.apply(self.raw_probability(frame))

    def predict(self, frame: pd.DataFrame, **options: Any) -> Prediction:
        """Returns the likeliest class and the probability of each."""
        probability = self.probability(frame)
        likeliest = probability.argmax(axis=1)
        columns: dict[str, Any] = {f"predicted_{self.target}": np.take(self.classes, likeliest)}
        for k, label in enumerate(self.classes):
            columns[f"probability_{label}"] = probability[:, k]

        def describe(row: int) -> str:
            ranked = np.argsort(-probability[row])[:3]
            chances = ", ".join(
                f"{self.classes[k]} {show_probability(probability[row, k])}" for k in ranked
            )
            return f"{self.target} is predicted {self.classes[likeliest[row]]} ({chances})"

        return Prediction(pd.DataFrame(columns, index=frame.index), describe)

    def score(self, frame: pd.DataFrame) -> FloatArray:
        """Returns the probability of the positive class, shape (n,), or of all, shape (n, k)."""
        probability = self.probability(frame)
        return probability[:, 1] if len(self.classes) == 2 else probability

    def loss(self, frame: pd.DataFrame, outcome: pd.DataFrame) -> float:
        """Returns auroc (higher is better)."""
        return auroc(self._truth(outcome), self.probability(frame))

    def outcome_of(self, frame: pd.DataFrame) -> pd.DataFrame | None:
        """Returns the labels of raw rows; labels that training never saw count as missing."""
        if self.target not in frame:
            return None
        labels = label_text(frame[self.target])
        return pd.DataFrame({self.target: labels.where(labels.isin(self.classes))})

    def evaluate(self, frame: pd.DataFrame, outcome: pd.DataFrame) -> dict[str, Interval]:
        """Returns the classifier's metrics on rows whose label is known."""
        truth, probability = self._truth(outcome), self.probability(frame)
        return bootstrap_all(
            lambda rows: classification_metrics(truth[rows], probability[rows]), len(truth)
        )

    def _truth(self, outcome: pd.DataFrame) -> NDArray[np.intp]:
        return class_positions(outcome[self.target], self.classes)


def show_probability(value: float) -> str:
    """Returns a probability in percent; nothing is certain."""
    if 0 < value < 0.0005:
        return "under 0.1%"
    return "over 99.9%" if 0.9995 < value < 1 else f"{value:.1%}"


def class_positions(labels: pd.Series, classes: Sequence[str]) -> NDArray[np.intp]:
    """Returns the position of each label among the classes, shape (n,)."""
    position = {label: k for k, label in enumerate(classes)}
    return np.array([position[label] for label in labels], dtype=np.intp)
