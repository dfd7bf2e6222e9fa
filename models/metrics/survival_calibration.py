"""Whether predicted survival probabilities mean what they say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray, KaplanMeier


@dataclass(frozen=True)
class CalibrationGroup:
    """Subjects of like predicted risk at one time: what was predicted and what was seen.

    Attributes:
        rows: Number of subjects.
        predicted: Mean predicted survival probability (0-1).
        observed: Kaplan-Meier survival probability (0-1).
        low: Lower 95% limit of `observed`.
        high: Upper 95% limit of `observed`.
    """

    rows: int
    predicted: float
    observed: float
    low: float
    high: float


def risk_groups(risk: ArrayLike, groups: int) -> NDArray[np.int_]:
    """Returns the quantile group of each risk score, 0 (lowest) upwards, shape (n,).

    Equal scores stay together, so that there may be fewer groups than asked for.
    """
    risk = np.asarray(risk, float)
    edges = np.unique(np.quantile(risk, np.linspace(0, 1, groups + 1)[1:-1]))
    return np.unique(np.searchsorted(edges, risk, side="left"), return_inverse=True)[1]


def calibration_by_group(
    outcome: FollowUp, survival: ArrayLike, time: float, groups: int = 5
) -> list[CalibrationGroup]:
    """Compares predicted survival at one time with Kaplan-Meier, by predicted risk.

    Args:
        outcome: Follow-up of the n subjects.
        survival: Predicted probabilities of being event-free at `time`, shape (n,).
        time: The time they are predicted for, in the unit of the follow-up.
        groups: Number of quantile groups.

    Returns:
        The groups from lowest to highest risk; predicted equals observed when well calibrated.
    """
    survival = np.asarray(survival, float)
    member = risk_groups(1 - survival, groups)
    found = []
    for group in range(member.max() + 1):
        rows = np.flatnonzero(member == group)
        curve = KaplanMeier.fit(outcome.time[rows], outcome.event[rows])
        low, high = curve.interval_at([time])
        found.append(
            CalibrationGroup(
                rows=rows.size,
                predicted=float(survival[rows].mean()),
                observed=float(curve.at([time])[0]),
                low=float(low[0]),
                high=float(high[0]),
            )
        )
    return found


def d_calibration(
    survival_at_follow_up: ArrayLike, event: ArrayLike, bins: int = 10
) -> tuple[float, FloatArray]:
    """Tests whether survival probabilities at the event times are uniform.

    Haider et al. 2020 (Journal of Machine Learning Research 21(85)): for a calibrated model one
    tenth of all events falls into each tenth of predicted probability; a censored subject is
    spread over the bins below its probability.

    Args:
        survival_at_follow_up: Predicted survival at each subject's own follow-up time, shape (n,).
        event: Event indicators, shape (n,).
        bins: Number of equal bins of probability.

    Returns:
        The p value of the chi-squared test (small: miscalibrated) and the share of subjects in
        each bin from probability 0 to 1, shape (bins,).
    """
    from scipy.stats import chisquare

    probability = np.clip(np.asarray(survival_at_follow_up, float), 1e-12, 1.0)
    event = np.asarray(event, bool)
    if not probability.size:
        return float("nan"), np.zeros(bins)
    edges = np.linspace(0, 1, bins + 1)
    inside = (probability[:, None] > edges[:-1]) & (probability[:, None] <= edges[1:])
    overlap = np.clip(probability[:, None] - edges[:-1], 0, 1 / bins) / probability[:, None]
    counts = np.where(event[:, None], inside, overlap).sum(axis=0)
    return float(chisquare(counts).pvalue), counts / probability.size
