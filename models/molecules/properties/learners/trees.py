"""Ensembles of trees on descriptors, substructures and keys: boosted ones and random ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)

from models.fitting.threads import one_thread
from models.molecules.properties.inputs.fingerprints import Fingerprints
from models.molecules.properties.intake.targets import Task
from models.store.weights import load_sklearn, save_sklearn

FloatArray = NDArray[np.float64]
Kind = Literal["boosting", "trees"]
COLUMNS = {"boosting": 200, "trees": 1024}
"""Substructures that each kind reads at most: those that the most molecules differ in."""

MANY_ROWS = 3_000
UNDEFINED = -999.0


@dataclass(frozen=True)
class FittedTrees:
    """One ensemble of trees per target.

    Attributes:
        kind: boosting or trees.
        task: What it gives.
        columns: Substructures that it reads.
        estimators: Per target.
    """

    kind: Kind
    task: Task
    columns: NDArray[np.int64]
    estimators: Sequence[Any]

    @classmethod
    def fit(
        cls, data: Fingerprints, values: FloatArray, kind: Kind, task: Task, seed: int
    ) -> "FittedTrees":
        """Fits.

        Args:
            data: n molecules.
            values: Shape (n, tasks), NaN where unknown.
            kind: boosting or trees.
            task: regression or classification.
            seed: Decides every random choice.
        """
        share = (data.counts > 0).mean(axis=0)
        ranked = np.argsort(-np.minimum(share, 1 - share), kind="stable")
        varied = ranked[share[ranked] * len(data) >= 3][: COLUMNS[kind]]
        columns = np.sort(varied).astype(np.int64)
        rows = _rows(data, columns)
        estimators = []
        with one_thread():
            for column in values.T:
                known = np.isfinite(column)
                wanted = column[known]
                estimator = _estimator(kind, task, int(known.sum()), seed)
                if task == "classification":
                    wanted = wanted.astype(np.int64)
                    if len(np.unique(wanted)) == 1:  # a fold may lack a rare class
                        estimator = DummyClassifier(strategy="prior")
                estimators.append(estimator.fit(rows[known], wanted))
        return cls(kind, task, columns, estimators)

    def predict(self, data: Fingerprints) -> FloatArray:
        """Returns values in the unit of the targets, or probabilities, shape (n, tasks)."""
        rows = _rows(data, self.columns)
        return np.stack([self._one(estimator, rows) for estimator in self.estimators], axis=1)

    def _one(self, estimator: Any, rows: NDArray[np.float32]) -> FloatArray:
        if self.task == "classification" and len(estimator.classes_) == 1:
            return np.full(len(rows), float(estimator.classes_[0]))
        if self.kind == "trees":
            # What predict does, without starting a job per tree: for one molecule ten times faster.
            votes = [tree.tree_.predict(rows)[:, -1] for tree in estimator.estimators_]
            return np.asarray(np.mean(votes, axis=0), dtype=float)
        if self.task == "regression":
            return np.asarray(estimator.predict(rows), dtype=float)
        return np.asarray(estimator.predict_proba(rows)[:, 1], dtype=float)

    def save(self, folder: Path, name: str) -> None:
        """Writes it (skops)."""
        kept = {"kind": self.kind, "task": self.task, "columns": self.columns,
                "estimators": list(self.estimators)}  # fmt: skip
        save_sklearn(kept, folder / f"{name}.skops")

    @classmethod
    def load(cls, folder: Path, name: str) -> "FittedTrees":
        """Reads what `save` wrote; predictions are identical."""
        return cls(**load_sklearn(folder / f"{name}.skops"))


def _rows(data: Fingerprints, columns: NDArray[np.int64]) -> NDArray[np.float32]:
    descriptors = np.nan_to_num(data.descriptors, nan=UNDEFINED)
    return np.hstack([descriptors, data.counts[:, columns], data.keys]).astype(np.float32)


def _estimator(kind: Kind, task: Task, rows: int, seed: int) -> Any:
    classify = task == "classification"
    many = rows > MANY_ROWS
    if kind == "boosting":
        boosting = HistGradientBoostingClassifier if classify else HistGradientBoostingRegressor
        return boosting(
            learning_rate=0.1,
            max_leaf_nodes=16 if many else 8,
            max_iter=100 if many or classify else 150,
            max_features=0.3,
            min_samples_leaf=10,
            l2_regularization=1.0,
            early_stopping=False,
            random_state=seed,
        )
    forest = ExtraTreesClassifier if classify else ExtraTreesRegressor
    return forest(
        n_estimators=100,
        max_features="sqrt" if classify else 0.15,
        min_samples_leaf=2 if many else 1,
        n_jobs=1,
        random_state=seed,
    )
