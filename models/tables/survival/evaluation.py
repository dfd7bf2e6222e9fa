"""A survival model on held-out rows: metrics with intervals, calibration and the baseline."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.metrics.concordance import PairwiseConcordance
from models.metrics.follow_up import FollowUp
from models.metrics.intervals import Interval, bootstrap_all
from models.metrics.kaplan_meier import FloatArray, KaplanMeier
from models.metrics.survival import (
    brier_contributions,
    evaluation_times,
    time_dependent_auc,
    uno_weights,
)
from models.metrics.survival_calibration import (
    CalibrationGroup,
    calibration_by_group,
    d_calibration,
)
from models.tables.survival.estimators.grid import time_grid

Curves = Callable[[FloatArray], FloatArray]
"""Survival probabilities (n, t) of the held-out rows at times (t,)."""


@dataclass(frozen=True)
class Judgement:
    """What held-out rows say of a model.

    Attributes:
        metrics: concordance_index, uno_concordance_index, integrated_brier_score.
        times: Range that the Brier score covers; its end truncates Uno's index.
        auc: Time-dependent AUC at the quartiles of that range, by time.
        calibration_time: Median follow-up, at which calibration is judged.
        calibration: Predicted and observed survival there, by predicted risk.
        d_calibration: p value of the D-calibration test (small: miscalibrated).
    """

    metrics: dict[str, Interval]
    times: tuple[float, float] | None
    auc: dict[float, float]
    calibration_time: float
    calibration: list[CalibrationGroup]
    d_calibration: float


def measure(
    train: FollowUp,
    test: FollowUp,
    log_risk: FloatArray,
    curves: Curves,
    seed: int = 0,
    groups: NDArray[Any] | None = None,
) -> dict[str, Interval]:
    """Returns the metrics with bootstrap intervals; None where they cannot be estimated."""
    grid = evaluation_times(train, test)
    harrell = PairwiseConcordance(test, log_risk)
    uno = PairwiseConcordance(test, log_risk, uno_weights(train, test, truncation(grid)))
    brier = brier_contributions(train, test, curves(grid), grid)
    return bootstrap_all(
        lambda rows: {
            "concordance_index": harrell.of_rows(rows),
            "uno_concordance_index": uno.of_rows(rows),
            "integrated_brier_score": float(brier[rows].mean()),
        },
        len(test),
        seed,
        groups=groups,
    )


def judge(
    train: FollowUp,
    test: FollowUp,
    log_risk: FloatArray,
    curves: Curves,
    seed: int = 0,
    groups: NDArray[Any] | None = None,
) -> Judgement:
    """Judges a model on held-out rows.

    Args:
        train: Follow-up of the training rows, for the censoring curve.
        test: Follow-up of the n held-out rows.
        log_risk: Log relative risk, shape (n,).
        curves: Survival probabilities of the held-out rows.
        seed: Seed of the bootstrap.
        groups: Rows with the same value are drawn together.
    """
    grid = evaluation_times(train, test)
    quartiles = np.quantile(grid, [0.25, 0.5, 0.75]) if grid.size else np.empty(0)
    areas = time_dependent_auc(train, test, log_risk, quartiles)
    middle = float(np.median(test.time))
    # each row's probability at its own follow-up time
    moments = time_grid(test.time)
    position = np.searchsorted(moments, test.time, side="right") - 1
    own = curves(moments)[np.arange(len(test)), position]
    return Judgement(
        metrics=measure(train, test, log_risk, curves, seed, groups),
        times=(float(grid[0]), float(grid[-1])) if grid.size else None,
        auc={float(t): float(a) for t, a in zip(quartiles, areas, strict=True) if np.isfinite(a)},
        calibration_time=middle,
        calibration=calibration_by_group(test, curves(np.array([middle]))[:, 0], middle),
        d_calibration=d_calibration(own, test.event)[0],
    )


def baseline(
    train: FollowUp, test: FollowUp, seed: int = 0, groups: NDArray[Any] | None = None
) -> dict[str, Interval]:
    """Returns the metrics of the Kaplan-Meier curve of the training rows, the same for all."""
    curve = KaplanMeier.fit(train.time, train.event)

    def same(times: FloatArray) -> FloatArray:
        return np.tile(curve.at(times), (len(test), 1))

    return measure(train, test, np.zeros(len(test)), same, seed, groups)


def truncation(grid: FloatArray) -> float:
    """Returns the time that truncates Uno's index: where the evaluation range ends."""
    return float(grid[-1]) if grid.size else float("inf")
