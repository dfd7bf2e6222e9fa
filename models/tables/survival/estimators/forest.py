"""A random survival forest."""

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sksurv.ensemble import RandomSurvivalForest
from sksurv.util import Surv

from models.data.preprocess import PreprocessorKind
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.store.weights import load_sklearn, save_sklearn

TREES = 200
BATCH = 25
SMALLEST_LEAF, LARGEST_LEAF = 5, 15
"""Rows in a leaf at least: the square root of the number of rows, within these."""
TREE_ROWS = 3000
"""Each tree sees at most so many rows."""
MOST_TIMES = 100
"""Leaves keep a curve over all distinct times; more than this many are rounded up to quantiles."""


class SurvivalForest:
    """Trees split by the log-rank test, averaged (Ishwaran et al. 2008, doi 10.1214/08-AOAS169).

    The log risk is the logarithm of the ensemble mortality: the number of events expected if all
    training rows were like this one.
    """

    NAME: ClassVar[str] = "random_survival_forest"
    TITLE: ClassVar[str] = "Random survival forest"
    PREPROCESSING: ClassVar[PreprocessorKind] = "tree"

    def __init__(self) -> None:
        self.forest: RandomSurvivalForest

    def fit(
        self, x: FloatArray, outcome: FollowUp, effort: Effort, groups: NDArray[Any] | None = None
    ) -> Self:
        """Grows trees in batches until there are enough or the time is up."""
        y = Surv.from_arrays(outcome.event, coarsened(outcome.time))
        leaf = int(np.clip(round(len(x) ** 0.5), SMALLEST_LEAF, LARGEST_LEAF))
        self.forest = RandomSurvivalForest(
            n_estimators=0, min_samples_leaf=leaf, min_samples_split=2 * leaf,
            max_features="sqrt", max_samples=min(TREE_ROWS, len(x)), warm_start=True, n_jobs=-1,
            random_state=effort.seed,
        )  # fmt: skip
        while self.forest.n_estimators < TREES and not (
            self.forest.n_estimators and effort.spent()
        ):
            self.forest.set_params(n_estimators=self.forest.n_estimators + BATCH).fit(x, y)
            effort.progress(self.forest.n_estimators / TREES, "growing trees")
        # predictions are sums over trees: one thread, so that they always add up alike
        self.forest.set_params(n_jobs=1)
        return self

    def log_risk(self, x: FloatArray) -> FloatArray:
        """Returns the logarithm of the ensemble mortality, shape (n,)."""
        mortality: FloatArray = np.maximum(self.forest.predict(x), 1e-12)
        return np.log(mortality)

    def survival(self, x: FloatArray, times: FloatArray) -> FloatArray:
        """Returns survival probabilities, shape (n, t)."""
        curves = self.forest.predict_survival_function(x, return_array=True)
        step = np.searchsorted(self.forest.unique_times_, times, side="right")
        survival: FloatArray = np.pad(curves, ((0, 0), (1, 0)), constant_values=1.0)[:, step]
        return survival

    def description(self) -> str:
        """Names the number and the size of the trees."""
        return (
            f"{self.TITLE}, {len(self.forest.estimators_)} trees, leaves of "
            f"{self.forest.min_samples_leaf} or more rows"
        )

    def save(self, folder: Path) -> None:
        """Writes the forest in the skops format."""
        save_sklearn(self.forest, folder / "estimator.skops")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads the forest; types beyond a fixed list are refused."""
        model = cls()
        model.forest = load_sklearn(folder / "estimator.skops")
        return model


def coarsened(time: FloatArray) -> FloatArray:
    """Rounds times up to at most `MOST_TIMES` distinct ones, which keeps their order."""
    if np.unique(time).size <= MOST_TIMES:
        return time
    grid = np.unique(np.quantile(time, np.linspace(0, 1, MOST_TIMES), method="higher"))
    return grid[np.searchsorted(grid, time, side="left")]
