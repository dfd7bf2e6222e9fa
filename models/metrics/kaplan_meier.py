"""The Kaplan-Meier estimate of survival, of censoring, and the log-rank test between groups."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class KaplanMeier:
    """A survival curve that steps down at the times of events.

    Attributes:
        times: Distinct times at which the curve steps, ascending, in the unit of the data.
        survival: Probability (0-1) of being event-free after each of these times.
        variance: Greenwood's variance of log survival at each of these times.
    """

    times: FloatArray
    survival: FloatArray
    variance: FloatArray

    @classmethod
    def fit(cls, time: ArrayLike, event: ArrayLike) -> "KaplanMeier":
        """Estimates the curve (Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452).

        Args:
            time: Follow-up time of each subject, shape (n,), not negative.
            event: Whether the event (True) or censoring (False) ended it, shape (n,).
        """
        times, events, at_risk = _counts(np.asarray(time, float), np.asarray(event, bool))
        return cls._product(times, events, at_risk)

    @classmethod
    def fit_censoring(cls, time: ArrayLike, event: ArrayLike) -> "KaplanMeier":
        """Estimates the probability of being uncensored, for inverse probability weights.

        A subject whose event falls on a censoring time had left the risk set just before it.
        """
        time, event = np.asarray(time, float), np.asarray(event, bool)
        times, censored, at_risk = _counts(time, ~event)
        gone = np.array([np.count_nonzero(event & (time == moment)) for moment in times])
        return cls._product(times, censored, at_risk - gone)

    @classmethod
    def _product(cls, times: FloatArray, events: FloatArray, at_risk: FloatArray) -> "KaplanMeier":
        left = at_risk - events
        with np.errstate(divide="ignore"):
            variance = np.cumsum(events / (at_risk * left))
        return cls(times, np.cumprod(left / at_risk, dtype=np.float64), variance)

    def at(self, times: ArrayLike) -> FloatArray:
        """Returns the probability at any times; the last value holds beyond the last step."""
        steps = np.searchsorted(self.times, np.asarray(times, float), side="right")
        return np.concatenate([[1.0], self.survival])[steps]

    def interval_at(self, times: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Returns the 95% confidence limits (log-log transform) at any times."""
        steps = np.searchsorted(self.times, np.asarray(times, float), side="right")
        variance = np.concatenate([[0.0], self.variance])[steps]
        log_survival = np.log(np.clip(self.at(times), 1e-12, 1 - 1e-12))
        spread = 1.959964 * np.sqrt(np.where(np.isfinite(variance), variance, 0.0)) / log_survival
        return np.exp(log_survival * np.exp(-spread)), np.exp(log_survival * np.exp(spread))

    def median(self) -> float | None:
        """Returns the first time at which survival is at most one half; None if never reached."""
        reached = np.flatnonzero(self.survival <= 0.5)
        return float(self.times[reached[0]]) if reached.size else None


def _counts(time: FloatArray, event: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Returns the distinct event times, the events at each and the subjects still at risk."""
    times, events = np.unique(time[event], return_counts=True)
    at_risk = time.size - np.searchsorted(np.sort(time), times, side="left")
    return times, events.astype(float), at_risk.astype(float)


def log_rank_p_value(time: ArrayLike, event: ArrayLike, group: ArrayLike) -> float:
    """Tests whether groups differ in survival.

    Mantel's log-rank test for any number of groups (Peto & Peto 1972, doi 10.2307/2344317).

    Args:
        time: Follow-up times, shape (n,).
        event: Event indicators, shape (n,).
        group: Group labels, shape (n,).

    Returns:
        The p value (0-1); nan when there are fewer than two groups or no events.
    """
    from scipy.stats import chi2

    time, event, group = np.asarray(time, float), np.asarray(event, bool), np.asarray(group)
    labels = np.unique(group)
    times, deaths, at_risk = _counts(time, event)
    if labels.size < 2 or not times.size:
        return float("nan")
    excess = np.zeros(labels.size)
    covariance = np.zeros((labels.size, labels.size))
    member = group[:, None] == labels
    for moment, died, n in zip(times, deaths, at_risk, strict=True):
        share = member[time >= moment].sum(axis=0) / n
        excess += member[(time == moment) & event].sum(axis=0) - died * share
        scale = died * (n - died) / (n - 1) if n > 1 else 0.0
        covariance += scale * (np.diag(share) - np.outer(share, share))
    statistic = excess[1:] @ np.linalg.pinv(covariance[1:, 1:]) @ excess[1:]
    return float(chi2.sf(statistic, labels.size - 1))
