"""Gradient boosting of trees on Cox's partial likelihood."""

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeRegressor

from models.data.preprocess import PreprocessorKind
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.store.weights import load_sklearn, save_sklearn
from models.tables.survival.estimators.arrays import load_arrays, save_arrays
from models.tables.survival.estimators.estimator import inner_folds
from models.tables.survival.estimators.likelihood import BaselineHazard, PartialLikelihood

MOST_TREES = 150
FOLDS = 3
LEARNING_RATE = 0.1
SUBSAMPLE = 0.5
DEPTH = 2
MAX_FEATURES = 1 / 3
SMALLEST_LEAF, LARGEST_LEAF = 5, 20
"""Rows in a leaf at least: the square root of the number of rows, within these."""


class SurvivalBoosting:
    """Small trees added one by one, each fitted to the martingale residuals of those before.

    Ridgeway 1999 (Computing Science and Statistics 31), stochastic as in Friedman 2002, doi
    10.1016/S0167-9473(01)00065-2. scikit-survival's estimator does the same, but its gradient takes
    time with the square of the rows. The number of trees is the one with the highest
    cross-validated partial likelihood; survival comes from Breslow's baseline hazard.
    """

    NAME: ClassVar[str] = "gradient_boosting"
    TITLE: ClassVar[str] = "Gradient-boosted survival trees"
    PREPROCESSING: ClassVar[PreprocessorKind] = "tree"

    def __init__(self) -> None:
        self.trees: list[DecisionTreeRegressor]
        self.centre: float
        self.baseline: BaselineHazard

    def fit(
        self, x: FloatArray, outcome: FollowUp, effort: Effort, groups: NDArray[Any] | None = None
    ) -> Self:
        """Chooses the number of trees, then fits to all rows."""
        folds = inner_folds(outcome, groups, effort.seed, FOLDS)
        whole, gains = PartialLikelihood(outcome), []
        for number, (train, _) in enumerate(folds):
            step = effort.part(number / (FOLDS + 1), (number + 1) / (FOLDS + 1))
            staged = _staged(_boost(x[train], outcome[train], MOST_TREES, step), x)
            part = PartialLikelihood(outcome[train])
            gains.append([part.loss(risk[train]) - whole.loss(risk) for risk in staged])
        shortest = min(map(len, gains))  # the time limit may have ended a fold early
        likelihood = np.sum([gain[:shortest] for gain in gains], axis=0)
        best = int(likelihood.argmax()) + 1
        self.trees = _boost(x, outcome, best, effort.part(FOLDS / (FOLDS + 1), 1))
        self.centre = 0.0
        self.centre = float(self.log_risk(x).mean())
        self.baseline = BaselineHazard.fit(self.log_risk(x), outcome)
        return self

    def log_risk(self, x: FloatArray) -> FloatArray:
        """Returns the log hazard ratio against the mean training row, shape (n,)."""
        risk: FloatArray = _staged(self.trees, x)[-1] - self.centre
        return risk

    def survival(self, x: FloatArray, times: FloatArray) -> FloatArray:
        """Returns survival probabilities, shape (n, t)."""
        return self.baseline.survival(self.log_risk(x), times)

    def description(self) -> str:
        """Names the number of trees chosen."""
        return f"{self.TITLE}, {len(self.trees)} trees (chosen on inner folds)"

    def save(self, folder: Path) -> None:
        """Writes the trees in the skops format and the baseline hazard as arrays."""
        save_sklearn(self.trees, folder / "estimator.skops")
        arrays = {"times": self.baseline.times, "cumulative": self.baseline.cumulative}
        save_arrays(folder, arrays, {"centre": self.centre})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads the trees; types beyond a fixed list are refused."""
        arrays, settings = load_arrays(folder)
        model = cls()
        model.trees = load_sklearn(folder / "estimator.skops")
        model.centre = settings["centre"]
        model.baseline = BaselineHazard(arrays["times"], arrays["cumulative"])
        return model


def _boost(
    x: FloatArray, outcome: FollowUp, trees: int, effort: Effort
) -> list[DecisionTreeRegressor]:
    """Adds trees until there are enough or the time is up."""
    rng = np.random.default_rng(effort.seed)
    likelihood, risk = PartialLikelihood(outcome), np.zeros(len(x))
    leaf = int(np.clip(round(len(x) ** 0.5), SMALLEST_LEAF, LARGEST_LEAF))
    fitted: list[DecisionTreeRegressor] = []
    while len(fitted) < trees and not (fitted and effort.spent()):
        effort.progress(len(fitted) / trees, "adding trees")
        residuals = likelihood.loss_and_residuals(risk)[1]
        drawn = rng.permutation(len(x))[: max(1, round(SUBSAMPLE * len(x)))]
        tree = DecisionTreeRegressor(
            max_depth=DEPTH,
            min_samples_leaf=leaf,
            max_features=MAX_FEATURES,
            random_state=int(rng.integers(2**31)),
        )
        fitted.append(tree.fit(x[drawn], residuals[drawn]))
        risk += LEARNING_RATE * tree.predict(x)
    return fitted


def _staged(trees: list[DecisionTreeRegressor], x: FloatArray) -> FloatArray:
    """Returns the risk after each tree, shape (trees, n)."""
    steps = np.stack([tree.predict(x) for tree in trees])
    risks: FloatArray = LEARNING_RATE * np.cumsum(steps, axis=0)
    return risks
