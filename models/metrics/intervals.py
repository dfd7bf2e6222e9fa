"""95% confidence intervals by the percentile bootstrap over held-out rows."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
ROUNDS = 1000
DRAWN_ROWS = 20_000_000
"""At most so many rows are drawn in all; big test sets get fewer rounds (never below 200)."""


class Interval(TypedDict):
    """A metric with its 95% confidence interval; None where it cannot be computed."""

    value: float | None
    low: float | None
    high: float | None


def bootstrap(
    metric: Callable[[Rows], float],
    n: int,
    seed: int = 0,
    rounds: int = ROUNDS,
    groups: NDArray[Any] | None = None,
) -> Interval:
    """Returns a metric with its interval; see `bootstrap_all`."""
    found = bootstrap_all(lambda rows: {"metric": metric(rows)}, n, seed, rounds, groups)
    return found["metric"]


def bootstrap_all(
    metrics: Callable[[Rows], Mapping[str, float]],
    n: int,
    seed: int = 0,
    rounds: int = ROUNDS,
    groups: NDArray[Any] | None = None,
) -> dict[str, Interval]:
    """Returns metrics with their intervals, all from the same resamples.

    Percentile bootstrap (Efron & Tibshirani 1993, chapter 13). Where rows come in groups, whole
    groups are drawn, because rows of one patient are no independent evidence. Resamples on which a
    metric is undefined (nan) are left out for that metric.

    Args:
        metrics: From row positions, shape (m,), to metric values.
        n: Number of held-out rows.
        seed: Decides the draws.
        rounds: Number of resamples.
        groups: Group of each row, shape (n,); None when rows are independent.

    Returns:
        By metric, the value on all rows and the 2.5 and 97.5 percentiles.
    """
    rng = np.random.default_rng(seed)
    values = metrics(np.arange(n))
    drawn: dict[str, list[float]] = {name: [] for name in values}
    draw = _group_drawer(groups) if groups is not None else None
    for _ in range(max(min(rounds, 200), min(rounds, DRAWN_ROWS // max(1, n)))):
        rows = draw(rng) if draw else rng.integers(0, n, n)
        for name, value in metrics(rows).items():
            drawn[name].append(value)
    return {name: interval_of(values[name], np.asarray(drawn[name])) for name in values}


def show_interval(interval: Interval, digits: int = 3) -> str:
    """Returns `0.912 (95% CI 0.880-0.940)`."""
    value, low, high = interval["value"], interval["low"], interval["high"]
    if value is None:
        return "not defined"
    if low is None or high is None:
        return f"{value:.{digits}f}"
    return f"{value:.{digits}f} (95% CI {low:.{digits}f} to {high:.{digits}f})"


def interval_of(value: float, drawn: NDArray[np.float64]) -> Interval:
    """Returns a value with the 2.5 and 97.5 percentiles of what resamples gave.

    The interval always holds the value: resamples of a biased estimate (calibration error, which
    few rows make larger) may all lie above it.
    """
    value, defined = float(value), drawn[np.isfinite(drawn)]
    if not np.isfinite(value):
        return {"value": None, "low": None, "high": None}
    if not defined.size:
        return {"value": value, "low": None, "high": None}
    low, high = np.percentile(defined, [2.5, 97.5])
    return {"value": value, "low": min(value, float(low)), "high": max(value, float(high))}


def _group_drawer(groups: NDArray[Any]) -> Callable[[np.random.Generator], Rows]:
    codes = np.unique(groups, return_inverse=True)[1]
    order = np.argsort(codes, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(codes))[:-1])

    def draw(rng: np.random.Generator) -> Rows:
        chosen = rng.integers(0, len(members), len(members))
        return np.concatenate([members[group] for group in chosen])

    return draw
