"""Survival curves on a time grid that is fine enough to read and small enough to hold."""

import numpy as np

from models.metrics.kaplan_meier import FloatArray

GRID_POINTS = 200


def time_grid(times: FloatArray) -> FloatArray:
    """Returns the distinct times, ascending; quantiles of them where there are more than 200."""
    distinct = np.unique(times)
    if distinct.size <= GRID_POINTS:
        return distinct
    shares = np.linspace(0, 1, GRID_POINTS)
    return np.unique(np.quantile(distinct, shares, method="nearest"))


def medians(curves: FloatArray, times: FloatArray) -> FloatArray:
    """Returns the first time at which each curve, shape (n, t), is at most 0.5; NaN if never."""
    below = curves <= 0.5
    return np.where(below.any(axis=1), times[below.argmax(axis=1)], np.nan)
