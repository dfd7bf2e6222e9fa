"""Cox's partial likelihood and Breslow's baseline hazard."""

from dataclasses import dataclass

import numpy as np

from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray

TINY = 1e-300


class PartialLikelihood:
    """The partial likelihood of n subjects, with Efron's treatment of ties.

    Efron 1977, doi 10.1080/01621459.1977.10480613. Among d events at one time, the l-th
    (l = 0 .. d-1) leaves a risk set from which l/d of the tied subjects' hazard is gone.

    Args:
        outcome: Follow-up of the n subjects.
    """

    def __init__(self, outcome: FollowUp) -> None:
        # Descending time: the risk set of an event is a prefix, up to the last row of its time.
        self._order = np.argsort(-outcome.time, kind="stable")
        time, event = outcome.time[self._order], outcome.event[self._order]
        self._events = np.flatnonzero(event)
        _, tie, size = np.unique(-time[self._events], return_inverse=True, return_counts=True)
        self._tie = tie.astype(np.intp)
        rank = np.arange(self._events.size) - np.searchsorted(self._tie, self._tie)
        self._gone = rank / size[self._tie]
        self._last = np.searchsorted(-time, -time[self._events], side="right") - 1

    @property
    def events(self) -> int:
        """Number of events."""
        return self._events.size

    def loss(self, log_risk: FloatArray) -> float:
        """Returns the negative log partial likelihood of log risks, shape (n,)."""
        return self._hazards(log_risk)[0]

    def loss_and_residuals(self, log_risk: FloatArray) -> tuple[float, FloatArray]:
        """Returns the loss and the martingale residuals, shape (n,).

        A residual is the event (0 or 1) less its expected number: minus the gradient of the loss.
        """
        loss, hazard, left = self._hazards(log_risk)
        residuals = -hazard * self._exposure(left)
        residuals[self._events] += 1
        unsorted: FloatArray = np.empty_like(residuals)
        unsorted[self._order] = residuals
        return loss, unsorted

    def information(self, log_risk: FloatArray, x: FloatArray) -> FloatArray:
        """Returns the information, shape (p, p), where the log risk is linear in x (n, p)."""
        _, hazard, left = self._hazards(log_risk)
        ordered = x[self._order]
        weighted = hazard[:, None] * ordered
        tied = np.zeros((self._tie.max(initial=-1) + 1, x.shape[1]))
        np.add.at(tied, self._tie, weighted[self._events])
        mean = np.cumsum(weighted, axis=0)[self._last] - self._gone[:, None] * tied[self._tie]
        mean /= left[:, None]
        information: FloatArray = weighted.T @ (self._exposure(left)[:, None] * ordered)
        return information - mean.T @ mean

    def _hazards(self, log_risk: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Returns the loss, relative hazards (n,) in order and risk set sums (events,)."""
        ordered = log_risk[self._order]
        shift = ordered.max()
        hazard = np.exp(ordered - shift)
        tied = np.bincount(self._tie, hazard[self._events])
        left = np.cumsum(hazard)[self._last] - self._gone * tied[self._tie]
        left = np.maximum(left, TINY)
        loss = np.sum(np.log(left) + shift - ordered[self._events])
        return float(loss), hazard, left

    def _exposure(self, left: FloatArray) -> FloatArray:
        """Returns the baseline hazard that each subject lived through, shape (n,), in order."""
        steps = np.bincount(self._last, 1 / left, minlength=self._order.size)
        exposure: FloatArray = np.cumsum(steps[::-1])[::-1].astype(float)
        exposure[self._events] -= np.bincount(self._tie, self._gone / left)[self._tie]
        return exposure


@dataclass(frozen=True)
class BaselineHazard:
    """The cumulative hazard of a subject whose log relative risk is 0.

    Attributes:
        times: Distinct event times, ascending, in the unit of the follow-up.
        cumulative: Cumulative hazard after each of them.
    """

    times: FloatArray
    cumulative: FloatArray

    @classmethod
    def fit(cls, log_risk: FloatArray, outcome: FollowUp) -> "BaselineHazard":
        """Estimates it (Breslow 1974, doi 10.2307/2529620) from log risks, shape (n,)."""
        order = np.argsort(outcome.time, kind="stable")
        at_risk = np.cumsum(np.exp(log_risk[order])[::-1])[::-1]
        times, events = np.unique(outcome.time[outcome.event], return_counts=True)
        first = np.searchsorted(outcome.time[order], times, side="left")
        return cls(times, np.cumsum(events / at_risk[first]))

    def survival(self, log_risk: FloatArray, times: FloatArray) -> FloatArray:
        """Returns survival probabilities, shape (n, t), of log risks (n,) at times (t,)."""
        step = np.searchsorted(self.times, times, side="right")
        hazard = np.concatenate([[0.0], self.cumulative])[step]
        survival: FloatArray = np.exp(-np.exp(log_risk)[:, None] * hazard)
        return survival
