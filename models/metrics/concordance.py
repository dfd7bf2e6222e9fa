"""Concordance over pairs of subjects, fast enough for a thousand bootstrap replicates."""

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray, IntArray

TIED_RISK = 1e-8
EXACT_ROWS = 3000
"""Up to this many rows a bootstrap replicate counts every pair again; beyond, to first order."""
BLOCK = 256
"""Events that are compared with all subjects at a time."""


class PairwiseConcordance:
    """Concordance over pairs, prepared once so that bootstrap replicates are cheap.

    A pair counts when the subject with the shorter follow-up had the event (an event also precedes
    a censoring at the same time). It is concordant when that subject has the higher risk; tied
    risks count one half.

    Args:
        outcome: Follow-up of the n subjects that are scored.
        risk: Risk scores, shape (n,).
        weights: Weight of each subject as the earlier one of a pair, shape (n,); default 1.
    """

    def __init__(
        self, outcome: FollowUp, risk: ArrayLike, weights: FloatArray | None = None
    ) -> None:
        time, event, risk = outcome.time, outcome.event, np.asarray(risk, float)
        weight = np.ones(time.size) if weights is None else weights
        self.size = time.size
        self.earlier = np.flatnonzero(event & (weight > 0))
        self._time, self._event, self._risk, self._weight = time, event, risk, weight

    def _compare(self, events: IntArray) -> tuple[FloatArray, FloatArray]:
        """Returns weighted (concordance, comparability) of some events with each subject."""
        first = events[:, None]
        later = self._time > self._time[first]
        later |= (self._time == self._time[first]) & ~self._event
        difference = self._risk[first] - self._risk
        concordant = np.where(np.abs(difference) <= TIED_RISK, 0.5, difference > 0)
        comparable = later * self._weight[first]
        return concordant * comparable, comparable

    @cached_property
    def _pairs(self) -> tuple[FloatArray, FloatArray]:
        """Weighted (concordance, comparability) of each event with each subject."""
        return self._compare(self.earlier)

    @cached_property
    def _influence(self) -> tuple[FloatArray, FloatArray]:
        """How much each subject adds to the numerator and the denominator, both shape (n,)."""
        above, below = np.zeros(self.size), np.zeros(self.size)
        for start in range(0, self.earlier.size, BLOCK):
            events = self.earlier[start : start + BLOCK]
            concordant, comparable = self._compare(events)
            above += concordant.sum(axis=0)
            below += comparable.sum(axis=0)
            above[events] += concordant.sum(axis=1)
            below[events] += comparable.sum(axis=1)
        return above, below

    def of_rows(self, rows: ArrayLike) -> float:
        """Returns the concordance of a bootstrap sample of row positions."""
        counts = np.bincount(np.asarray(rows), minlength=self.size).astype(float)
        if self.size <= EXACT_ROWS:
            above, below = (counts[self.earlier] @ (pairs @ counts) for pairs in self._pairs)
        else:
            # Hajek projection of the two U-statistics around the full sample
            above, below = ((counts - 0.5) @ influence for influence in self._influence)
        return float(above / below) if below > 0 else float("nan")

    def value(self) -> float:
        """Returns the concordance of all subjects."""
        return self.of_rows(np.arange(self.size))
