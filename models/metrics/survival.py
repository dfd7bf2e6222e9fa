"""How well a survival model ranks subjects and how good its survival probabilities are.

Risk scores are higher for subjects whose event is expected earlier. Survival probabilities come as
a matrix, one row per subject and one column per time. Every metric is nan where the data do not
allow an estimate (no comparable pair, no follow-up in the time range).
"""

import numpy as np
from numpy.typing import ArrayLike

from models.metrics.concordance import TIED_RISK, PairwiseConcordance
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray, KaplanMeier


def concordance_index(outcome: FollowUp, risk: ArrayLike) -> float:
    """Returns Harrell's C: the share of comparable pairs that the risk scores order rightly.

    Harrell et al. 1982, doi 10.1001/jama.1982.03320430047030. Range 0-1, higher is better, 0.5 is
    chance. It drifts upwards with heavy censoring; see `uno_concordance_index`.

    Args:
        outcome: Follow-up of the n subjects.
        risk: Risk scores, shape (n,); only their order matters.
    """
    return PairwiseConcordance(outcome, risk).value()


def uno_weights(train: FollowUp, outcome: FollowUp, tau: float) -> FloatArray:
    """Returns 1 / G(t)^2 for events before tau, G the censoring curve of the training rows."""
    uncensored = KaplanMeier.fit_censoring(train.time, train.event).at(outcome.time)
    used = outcome.event & (outcome.time < tau) & (uncensored > 0)
    return np.where(used, 1.0 / np.where(used, uncensored, 1.0) ** 2, 0.0)


def uno_concordance_index(train: FollowUp, outcome: FollowUp, risk: ArrayLike, tau: float) -> float:
    """Returns Uno's C, which does not depend on how much censoring there is.

    Uno et al. 2011, doi 10.1002/sim.4154: pairs are weighted by the inverse squared probability of
    being uncensored and the earlier event falls before tau. Range 0-1, higher is better.

    Args:
        train: Follow-up that the censoring curve is estimated from.
        outcome: Follow-up of the n subjects that are scored.
        risk: Risk scores, shape (n,).
        tau: Truncation time, in the unit of the follow-up.
    """
    return PairwiseConcordance(outcome, risk, uno_weights(train, outcome, tau)).value()


def evaluation_times(train: FollowUp, outcome: FollowUp, points: int = 100) -> FloatArray:
    """Returns the time grid that probabilities are judged on, shape (points,) or empty.

    From the 10th to the 90th percentile of the scored follow-up times, cut where the training
    follow-up ends: beyond it no censoring weight can be estimated.
    """
    low, high = np.percentile(outcome.time, [10, 90])
    before_last = train.time[train.time < train.time.max()]
    if before_last.size:
        high = min(high, before_last.max())
    return np.linspace(low, high, points) if high > low else np.empty(0)


def brier_contributions(
    train: FollowUp, outcome: FollowUp, survival: FloatArray, times: FloatArray
) -> FloatArray:
    """Returns each subject's part of the integrated Brier score, shape (n,).

    Their mean is the score, so a bootstrap only has to average them again.
    """
    censoring = KaplanMeier.fit_censoring(train.time, train.event)
    if times.size < 2:
        return np.full(len(outcome), np.nan)
    at_event, at_times = censoring.at(outcome.time)[:, None], censoring.at(times)
    passed = outcome.time[:, None] <= times
    died = passed & outcome.event[:, None] & (at_event > 0)
    alive = ~passed & (at_times > 0)
    error = survival**2 * died / np.where(at_event > 0, at_event, 1.0)
    error += (1 - survival) ** 2 * alive / np.where(at_times > 0, at_times, 1.0)
    spent: FloatArray = np.trapezoid(error, times, axis=1) / (times[-1] - times[0])
    return spent


def integrated_brier_score(
    train: FollowUp, outcome: FollowUp, survival: FloatArray, times: FloatArray
) -> float:
    """Returns the mean squared error of survival probabilities over a time range.

    Graf et al. 1999, doi 10.1002/(SICI)1097-0258(19990915/30)18:17/18<2529: inverse probability of
    censoring weights. Range 0-1, lower is better; always predicting 0.5 scores 0.25.

    Args:
        train: Follow-up that the censoring curve is estimated from.
        outcome: Follow-up of the n subjects that are scored.
        survival: Predicted survival probabilities, shape (n, t).
        times: Times of the columns, ascending, shape (t,); see `evaluation_times`.
    """
    return float(brier_contributions(train, outcome, survival, times).mean())


def time_dependent_auc(
    train: FollowUp, outcome: FollowUp, risk: ArrayLike, times: ArrayLike
) -> FloatArray:
    """Returns the cumulative/dynamic AUC at each time, shape (t,).

    Uno et al. 2007, doi 10.1198/016214507000000149: events by time t against those event-free then,
    weighted for censoring. Range 0-1, higher is better, 0.5 is chance.

    Args:
        train: Follow-up that the censoring curve is estimated from.
        outcome: Follow-up of the n subjects that are scored.
        risk: Risk scores, shape (n,).
        times: Times, shape (t,), in the unit of the follow-up.
    """
    risk = np.asarray(risk, float)
    weight = np.sqrt(uno_weights(train, outcome, np.inf))
    values = []
    for moment in np.atleast_1d(np.asarray(times, float)):
        cases = (outcome.time <= moment) & (weight > 0)
        controls = np.sort(risk[outcome.time > moment])
        below = np.searchsorted(controls, risk[cases] - TIED_RISK, side="left")
        up_to = np.searchsorted(controls, risk[cases] + TIED_RISK, side="right")
        total = weight[cases].sum() * controls.size
        right = weight[cases] @ (below + up_to) / 2
        values.append(right / total if total > 0 else np.nan)
    return np.array(values, float)
