"""Classical models on simple features: what a network has to be better than to be worth it."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from models.fitting.threads import one_thread

FloatArray = NDArray[np.float64]
CLASSICAL = ("logistic_regression", "gradient_boosting")
PENALTY = 0.01
COMPONENTS = 128
ROUNDS, FEWEST_ROUNDS = 150, 30
TRIED = 0.1
"""Share of the features that each split looks at: neighbouring ones say nearly the same."""

WORK = 2.5e9
"""Rounds times images times features times classes that boosting may take."""

LEAST_PROBABILITY = 1e-6


def fit_classical(
    name: str, features: NDArray[Any], classes: NDArray[np.intp], seed: int
) -> Pipeline:
    """Fits a classical model.

    Args:
        name: A name in CLASSICAL.
        features: Shape (n, d).
        classes: Class of each image, 0..k-1 without gaps, shape (n,).
        seed: Decides every random choice.
    """
    if name == "logistic_regression":
        components = min(COMPONENTS, len(features) - 1)
        pipeline = make_pipeline(
            StandardScaler(),
            PCA(components, random_state=seed),
            LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=500),
        )
    else:
        outputs = 1 if classes.max() == 1 else int(classes.max()) + 1
        rounds = int(np.clip(WORK / (features.size * outputs), FEWEST_ROUNDS, ROUNDS))
        boosting = HistGradientBoostingClassifier(
            max_iter=rounds,
            max_features=TRIED,
            min_samples_leaf=int(np.clip(len(features) // 20, 2, 20)),
            class_weight="balanced",
            early_stopping=False,
            random_state=seed,
        )
        pipeline = make_pipeline(boosting)
    with one_thread(len(features)), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a row to compare with is good enough
        pipeline.fit(features, classes)
    return pipeline


def classical_scores(
    fitted: Mapping[str, Pipeline], features: NDArray[Any]
) -> dict[str, FloatArray]:
    """Returns each model's log probabilities, shape (n, k)."""
    with one_thread(len(features)):
        return {
            name: np.log(np.clip(pipeline.predict_proba(features), LEAST_PROBABILITY, 1))
            for name, pipeline in fitted.items()
        }
