"""DeepHit: a neural network for the distribution of the event time."""

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray

from models.data.preprocess import PreprocessorKind
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.tables.survival.estimators.arrays import load_arrays, save_arrays
from models.tables.survival.estimators.network import Ensemble, Objective

INTERVALS = 12
RANKING_WEIGHT = 0.5
RANKING_SCALE = 0.5


class DeepHit:
    """An ensemble of networks for the probability of an event in each of a dozen intervals.

    Lee et al. 2018, doi 10.1609/aaai.v32i1.11842, for one kind of event: log likelihood plus a
    penalty on wrongly ranked pairs. Intervals hold like numbers of events; survival is interpolated
    between their ends (Kvamme & Borgan 2021, doi 10.1007/s10985-021-09532-6). The log risk is the
    logarithm of the cumulative hazard averaged over the interval ends.
    """

    NAME: ClassVar[str] = "deephit"
    TITLE: ClassVar[str] = "DeepHit (discrete-time neural network)"
    PREPROCESSING: ClassVar[PreprocessorKind] = "network"

    def __init__(self) -> None:
        self.ensemble: Ensemble
        self.ends: FloatArray

    def fit(
        self, x: FloatArray, outcome: FollowUp, effort: Effort, groups: NDArray[Any] | None = None
    ) -> Self:
        """Cuts time into intervals and trains the ensemble."""
        quantiles = np.linspace(0, 1, INTERVALS + 1)[1:]
        self.ends = np.unique(np.quantile(outcome.time[outcome.event], quantiles))
        self.ensemble = Ensemble.fit(
            x,
            outcome,
            self.ends.size + 1,
            lambda rows: deephit_loss(rows, self.ends),
            effort,
            groups,
        )
        return self

    def _survival_at_ends(self, x: FloatArray) -> FloatArray:
        """Returns survival at 0 and at the interval ends, shape (n, ends + 1)."""
        logits = self.ensemble.outputs(x)
        chance = np.exp(logits - logits.max(axis=-1, keepdims=True))
        chance = (chance / chance.sum(axis=-1, keepdims=True)).mean(axis=0)
        curve = 1 - np.cumsum(chance[:, :-1], axis=1)
        return np.pad(np.clip(curve, 0, 1), ((0, 0), (1, 0)), constant_values=1.0)

    def log_risk(self, x: FloatArray) -> FloatArray:
        """Returns the log of the mean cumulative hazard, shape (n,)."""
        hazard = -np.log(np.clip(self._survival_at_ends(x)[:, 1:], 1e-6, 1 - 1e-9))
        risk: FloatArray = np.log(hazard.mean(axis=1))
        return risk

    def survival(self, x: FloatArray, times: FloatArray) -> FloatArray:
        """Returns survival probabilities, shape (n, t); constant after the last event time."""
        knots = np.concatenate([[0.0], self.ends])
        return np.stack([np.interp(times, knots, curve) for curve in self._survival_at_ends(x)])

    def description(self) -> str:
        """Names the number of networks and intervals."""
        count = len(self.ensemble.networks)
        return f"{self.TITLE}, ensemble of {count} networks over {self.ends.size} intervals"

    def save(self, folder: Path) -> None:
        """Writes weights and interval ends."""
        save_arrays(folder, self.ensemble.arrays() | {"ends": self.ends}, {})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads weights and interval ends."""
        arrays, _ = load_arrays(folder)
        model = cls()
        model.ends = arrays.pop("ends")
        model.ensemble = Ensemble.from_arrays(arrays)
        return model


def deephit_loss(outcome: FollowUp, ends: FloatArray) -> Objective:
    """Makes the loss of logits, shape (n, ends + 1); the last one stands for later events."""
    # an event counts in the interval it falls in, a censoring as survival of those before
    index = np.searchsorted(ends, outcome.time, side="left")
    event = outcome.event & (index < ends.size)
    # an event is paired with all that are followed longer: a prefix in order of falling time
    falling = np.argsort(-outcome.time, kind="stable")
    longer = np.searchsorted(-outcome.time[falling], -outcome.time[event], side="left")
    pairs = max(int(longer.sum()), 1)
    own, is_event = torch.from_numpy(index)[:, None], torch.from_numpy(event)
    order, prefix = torch.from_numpy(falling), torch.from_numpy(longer)

    def loss(logits: torch.Tensor) -> torch.Tensor:
        log_chance = logits.log_softmax(dim=1)
        later = log_chance.flip(1).logcumsumexp(1).flip(1)
        chosen = torch.where(is_event, log_chance.gather(1, own)[:, 0], later.gather(1, own)[:, 0])
        reached = log_chance.exp().cumsum(1)
        others = torch.exp(reached[order] / RANKING_SCALE).cumsum(0)
        others = torch.cat([torch.zeros_like(others[:1]), others])
        events = own[is_event, 0]
        wrong = torch.exp(-reached[is_event, events] / RANKING_SCALE) * others[prefix, events]
        return RANKING_WEIGHT * wrong.sum() / pairs - chosen.mean()

    return loss
