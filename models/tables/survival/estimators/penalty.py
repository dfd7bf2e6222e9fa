"""Penalised Cox coefficients, and the penalty that cross-validated likelihood prefers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sksurv.linear_model import CoxnetSurvivalAnalysis
from sksurv.util import Surv

from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.tables.survival.estimators.estimator import Folds
from models.tables.survival.estimators.likelihood import PartialLikelihood

RIDGE_STRENGTHS = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.1)
MOST_RIDGE_FEATURES = 200
EVENTS_PER_FEATURE = 10
L1_RATIO = 0.5
MOST_STEPS = 50
PRECISION = 1e-8


@dataclass(frozen=True)
class Penalty:
    """A ridge penalty, or an elastic net where there is an L1 part.

    Attributes:
        strengths: Descending; the last one counts, and the fit goes through the others, each
            starting where the one before ended (without that, the elastic net can diverge).
            Ridge: half of it times the squared norm is taken from the log likelihood. Elastic
            net: scikit-survival's alpha, per row.
        l1_ratio: Share of the L1 norm (0-1); 0 is ridge.
    """

    strengths: FloatArray
    l1_ratio: float

    def fit(self, x: FloatArray, outcome: FollowUp) -> FloatArray:
        """Returns coefficients, shape (p,), for standardised features, shape (n, p)."""
        return _path(x, outcome, self.strengths, self.l1_ratio)[:, -1]

    def __str__(self) -> str:
        return f"{'elastic net' if self.l1_ratio else 'ridge'} penalty {self.strengths[-1]:.3g}"


def choose_penalty(x: FloatArray, outcome: FollowUp, inner: Folds) -> Penalty:
    """Returns the penalty with the highest cross-validated partial likelihood.

    Verweij & van Houwelingen 1993, doi 10.1002/sim.4780122407. The elastic net competes where there
    are fewer than ten events per feature; above 200 features it is alone.

    Args:
        x: Standardised features, shape (n, p).
        outcome: Follow-up of the n rows.
        inner: Folds of these rows.
    """
    features, events = x.shape[1], int(outcome.event.sum())
    paths: list[tuple[FloatArray, float]] = []
    if features <= MOST_RIDGE_FEATURES:
        paths.append((np.array(RIDGE_STRENGTHS), 0.0))
    if features > MOST_RIDGE_FEATURES or events < EVENTS_PER_FEATURE * features:
        net = CoxnetSurvivalAnalysis(l1_ratio=L1_RATIO, n_alphas=30, alpha_min_ratio=0.02)
        paths.append((net.fit(x, _structured(outcome)).alphas_, L1_RATIO))
    best, highest = Penalty(np.array(RIDGE_STRENGTHS[:1]), 0.0), -np.inf
    for strengths, l1_ratio in paths:
        score = _cross_validated_likelihood(x, outcome, strengths, l1_ratio, inner)
        if score.max() > highest:
            highest = score.max()
            best = Penalty(strengths[: score.argmax() + 1], l1_ratio)
    return best


def maximise(
    likelihood: PartialLikelihood, x: FloatArray, strength: float, start: FloatArray
) -> FloatArray:
    """Returns the coefficients that maximise the ridge-penalised likelihood, by Newton's method.

    Args:
        likelihood: Of the n rows.
        x: Features, shape (n, p).
        strength: Half of it times the squared norm is taken from the log likelihood; 0 for none.
        start: Coefficients to start from, shape (p,).
    """

    def loss(beta: FloatArray) -> float:
        return likelihood.loss(x @ beta) + strength / 2 * float(beta @ beta)

    beta, value = start, loss(start)
    for _ in range(MOST_STEPS):
        _, residuals = likelihood.loss_and_residuals(x @ beta)
        information = likelihood.information(x @ beta, x) + strength * np.eye(beta.size)
        step = np.linalg.lstsq(information, x.T @ residuals - strength * beta, rcond=None)[0]
        while (lower := loss(beta + step)) > value and np.abs(step).max() > PRECISION:
            step = step / 2
        beta, value = beta + step, lower
        if np.abs(step).max() <= PRECISION:
            break
    return beta


def _cross_validated_likelihood(
    x: FloatArray, outcome: FollowUp, strengths: FloatArray, l1_ratio: float, inner: Folds
) -> NDArray[Any]:
    """Returns for each strength what the left-out rows add to the log likelihood, summed."""
    score = np.zeros(len(strengths))
    whole = PartialLikelihood(outcome)
    for train, _ in inner:
        risks = x @ _path(x[train], outcome[train], strengths, l1_ratio)
        part = PartialLikelihood(outcome[train])
        score += [part.loss(risk[train]) - whole.loss(risk) for risk in risks.T]
    return score


def _path(x: FloatArray, outcome: FollowUp, strengths: FloatArray, l1_ratio: float) -> FloatArray:
    """Returns the coefficients for each strength, shape (p, strengths)."""
    if l1_ratio == 0:
        likelihood, found = PartialLikelihood(outcome), [np.zeros(x.shape[1])]
        for strength in strengths:
            found.append(maximise(likelihood, x, strength, found[-1]))
        return np.stack(found[1:], axis=1)
    y = _structured(outcome)
    path = CoxnetSurvivalAnalysis(l1_ratio=l1_ratio, alphas=strengths).fit(x, y).coef_
    # the path ends early once nothing is left to explain: its last step stands for the rest
    return np.pad(path, ((0, 0), (0, len(strengths) - path.shape[1])), mode="edge")


def _structured(outcome: FollowUp) -> NDArray[Any]:
    y: NDArray[Any] = Surv.from_arrays(outcome.event, outcome.time)
    return y
