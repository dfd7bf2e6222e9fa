"""The algorithms for tables, with the settings that are tried for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline

from models.data.features import FeatureSchema
from models.data.preprocess import PreprocessorKind, preprocessor
from models.fitting.threads import one_thread
from models.store.weights import load_sklearn, save_sklearn
from models.tables.learners.network import TabularNetwork, Task

Setting = Mapping[str, Any]
FloatArray = NDArray[np.float64]
FOREST_ROWS = 100_000
"""Each tree of a forest sees at most so many rows."""
LONG_ROWS = 10_000
"""From so many rows on, boosting decides by early stopping when it has enough trees."""


@dataclass(frozen=True)
class Algorithm:
    """An algorithm and the settings that inner folds choose between.

    Attributes:
        name: As tools name it.
        title: As people read it.
        preprocessing: What its columns need.
        settings: Hyperparameters to try; the first is the default.
    """

    name: str
    title: str
    preprocessing: PreprocessorKind
    settings: Sequence[Setting]


LINEAR_SETTINGS = tuple({"strength": strength} for strength in (1.0, 0.1, 10.0, 100.0))
FOREST_SETTINGS = ({"min_samples_leaf": 2}, {"min_samples_leaf": 8})
BOOSTING_SETTINGS = (
    {"learning_rate": 0.05, "max_leaf_nodes": 4},
    {"learning_rate": 0.1, "max_leaf_nodes": 16},
)
NETWORK_SETTINGS = ({"weight_decay": 0.5},)

CLASSIFIERS = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("logistic_regression", "logistic regression", "linear", LINEAR_SETTINGS),
        Algorithm("random_forest", "random forest", "tree", FOREST_SETTINGS),
        Algorithm("gradient_boosting", "gradient boosting", "tree", BOOSTING_SETTINGS),
        Algorithm("neural_network", "neural network", "network", NETWORK_SETTINGS),
    )
}
REGRESSORS = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("linear", "ridge regression", "linear", LINEAR_SETTINGS),
        Algorithm("random_forest", "random forest", "tree", FOREST_SETTINGS),
        Algorithm("gradient_boosting", "gradient boosting", "tree", BOOSTING_SETTINGS),
        Algorithm("neural_network", "neural network", "network", NETWORK_SETTINGS),
    )
}


def fit_pipeline(
    algorithm: Algorithm,
    setting: Setting,
    task: Task,
    schema: FeatureSchema,
    frame: pd.DataFrame,
    target: NDArray[Any],
    seed: int,
) -> Pipeline:
    """Fits preprocessing and estimator to canonical rows.

    Args:
        algorithm: What to fit.
        setting: One of its settings.
        task: classification or regression.
        schema: Of the frame.
        frame: Canonical rows, shape (n, features).
        target: Class positions 0..k-1, or numbers, shape (n,).
        seed: Decides every random choice.
    """
    estimator = _estimator(algorithm.name, setting, task, len(frame), seed)
    pipeline = Pipeline(
        [("columns", preprocessor(schema, algorithm.preprocessing)), ("estimator", estimator)]
    )
    with one_thread(len(frame)):
        pipeline.fit(frame, target)
    if "n_jobs" in estimator.get_params():
        # Threads would add the trees' votes up in varying order, and the last digits would vary.
        estimator.set_params(n_jobs=1)
    return pipeline


def outputs(pipeline: Pipeline, frame: pd.DataFrame, task: Task) -> FloatArray:
    """Returns class probabilities, shape (n, k), or numbers, shape (n,)."""
    with one_thread(len(frame)):
        made: FloatArray = (
            pipeline.predict_proba(frame) if task == "classification" else pipeline.predict(frame)
        )
    return made


def _estimator(name: str, setting: Setting, task: Task, rows: int, seed: int) -> Any:
    classify = task == "classification"
    match name:
        case "logistic_regression":
            return LogisticRegression(C=1 / setting["strength"], max_iter=5000)
        case "linear":
            return Ridge(alpha=setting["strength"])
        case "random_forest":
            forest = RandomForestClassifier if classify else RandomForestRegressor
            return forest(
                n_estimators=200,
                max_features="sqrt" if classify else 1 / 3,
                max_samples=FOREST_ROWS if rows > FOREST_ROWS else None,
                n_jobs=-1,
                random_state=seed,
                **setting,
            )
        case "gradient_boosting":
            boosting = HistGradientBoostingClassifier if classify else HistGradientBoostingRegressor
            return boosting(
                max_iter=1000 if rows > LONG_ROWS else 150,
                early_stopping=rows > LONG_ROWS,
                min_samples_leaf=max(2, min(20, rows // 25)),
                random_state=seed,
                **setting,
            )
        case "neural_network":
            return TabularNetwork(task, random_state=seed, **setting)
    raise ValueError(name)


def save_pipeline(pipeline: Pipeline, folder: Path) -> None:
    """Writes a fitted pipeline; a network's weights go to safetensors."""
    estimator = pipeline["estimator"]
    if isinstance(estimator, TabularNetwork):
        estimator.save(folder)
        save_sklearn(pipeline["columns"], folder / "columns.skops")
    else:
        save_sklearn(pipeline, folder / "pipeline.skops")


def load_pipeline(folder: Path) -> Pipeline:
    """Reads what `save_pipeline` wrote."""
    if (folder / "pipeline.skops").exists():
        return load_sklearn(folder / "pipeline.skops")
    columns = load_sklearn(folder / "columns.skops")
    return Pipeline([("columns", columns), ("estimator", TabularNetwork.load(folder))])
