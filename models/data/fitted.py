"""What a trained model of a table is, whatever its family."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from models.data.features import FeatureSchema


class FittedModel(Protocol):
    """What `predict` and `explain_model` need of a trained model, whatever its family."""

    features: "FeatureSchema"
    background: "pd.DataFrame"
    """Up to 200 training rows (features only) that explanations are relative to."""
    held_out: "pd.DataFrame"
    """Held-out rows with their outcome columns."""
    score_name: str
    metric_name: str

    def predict(self, frame: "pd.DataFrame", **options: Any) -> Any:
        """Predicts for rows that follow the feature schema."""

    def score(self, frame: "pd.DataFrame") -> "np.ndarray":
        """Returns the number that explanations are about, shape (n,) or (n, classes)."""

    def loss(self, frame: "pd.DataFrame", outcome: "pd.DataFrame") -> float:
        """Returns the metric (higher is better) that permutation importance measures."""
