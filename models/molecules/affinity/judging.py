"""What affinity predictions are worth on held-out pairs."""

import numpy as np
from numpy.typing import NDArray

from models.metrics.concordance import PairwiseConcordance
from models.metrics.follow_up import FollowUp
from models.metrics.intervals import Interval, bootstrap_all
from models.metrics.tabular import regression_metrics

FloatArray = NDArray[np.float64]
HEADLINE = ["concordance_index", "mse", "rmse", "pearson", "spearman", "coverage_95"]
ROUNDS = 500


def judge(truth: FloatArray, value: FloatArray, low: FloatArray, high: FloatArray,
          seed: int) -> dict[str, Interval]:  # fmt: skip
    """Returns metrics with 95% intervals by the bootstrap over pairs.

    The concordance index is the share of pairs of measurements that differ whose predictions are in
    the same order (Gönen & Heller 2005, doi:10.1093/biomet/92.4.965); 0.5 is chance.

    Args:
        truth: Measured affinities, shape (n,).
        value: Predicted ones, shape (n,).
        low: Lower ends of the 95% intervals, shape (n,).
        high: Upper ends.
        seed: Decides the resamples.
    """
    within = (low <= truth) & (truth <= high)
    # The higher affinity has the longer "time", so that the lower prediction is the higher "risk".
    order = FollowUp.of(truth - truth.min(), np.ones(len(truth)))
    concordance = PairwiseConcordance(order, -value)

    def metrics(rows: NDArray[np.intp]) -> dict[str, float]:
        mse = float(np.mean((truth[rows] - value[rows]) ** 2))
        return {
            "concordance_index": concordance.of_rows(rows), "mse": mse,
            **regression_metrics(truth[rows], value[rows]),
            "coverage_95": float(within[rows].mean()),
        }  # fmt: skip

    return bootstrap_all(metrics, len(truth), seed, ROUNDS)
