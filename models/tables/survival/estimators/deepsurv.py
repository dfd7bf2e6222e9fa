"""DeepSurv: a neural network in place of Cox's linear log risk."""

from pathlib import Path
from typing import Any, ClassVar, Self

import torch
from numpy.typing import NDArray

from models.data.preprocess import PreprocessorKind
from models.data.splits import Rows
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.tables.survival.estimators.arrays import load_arrays, save_arrays
from models.tables.survival.estimators.estimator import inner_folds
from models.tables.survival.estimators.likelihood import BaselineHazard, PartialLikelihood
from models.tables.survival.estimators.network import Ensemble, Objective, within_range
from models.tables.survival.estimators.penalty import choose_penalty


class DeepSurv:
    """An ensemble of networks trained on the partial likelihood, log risks averaged.

    Katzman et al. 2018, doi 10.1186/s12874-018-0482-1; with Efron's ties, a linear path beside the
    perceptron that holds penalised Cox coefficients (training only adds what is not linear, and
    stops early where there is nothing to add), and Breslow's baseline hazard.
    """

    NAME: ClassVar[str] = "deepsurv"
    TITLE: ClassVar[str] = "DeepSurv (Cox neural network)"
    PREPROCESSING: ClassVar[PreprocessorKind] = "network"

    def __init__(self) -> None:
        self.ensemble: Ensemble
        self.centre: float = 0.0
        self.baseline: BaselineHazard

    def fit(
        self, x: FloatArray, outcome: FollowUp, effort: Effort, groups: NDArray[Any] | None = None
    ) -> Self:
        """Trains the ensemble and estimates the baseline hazard."""
        limited = within_range(x)
        penalty = choose_penalty(limited, outcome, inner_folds(outcome, groups, effort.seed))

        def cox(rows: Rows) -> FloatArray:
            return penalty.fit(limited[rows], outcome[rows])[None]

        self.ensemble = Ensemble.fit(x, outcome, 1, _partial_likelihood, effort, groups, cox)
        self.centre = 0.0
        self.centre = float(self.log_risk(x).mean())
        self.baseline = BaselineHazard.fit(self.log_risk(x), outcome)
        return self

    def log_risk(self, x: FloatArray) -> FloatArray:
        """Returns the log hazard ratio against the mean training row, shape (n,)."""
        risk: FloatArray = self.ensemble.outputs(x)[..., 0].mean(axis=0) - self.centre
        return risk

    def survival(self, x: FloatArray, times: FloatArray) -> FloatArray:
        """Returns survival probabilities, shape (n, t)."""
        return self.baseline.survival(self.log_risk(x), times)

    def description(self) -> str:
        """Names the number of networks."""
        return f"{self.TITLE}, ensemble of {len(self.ensemble.networks)} networks"

    def save(self, folder: Path) -> None:
        """Writes weights and baseline hazard."""
        arrays = {"times": self.baseline.times, "cumulative": self.baseline.cumulative}
        save_arrays(folder, self.ensemble.arrays() | arrays, {"centre": self.centre})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads weights and baseline hazard."""
        arrays, settings = load_arrays(folder)
        model = cls()
        model.baseline = BaselineHazard(arrays.pop("times"), arrays.pop("cumulative"))
        model.ensemble, model.centre = Ensemble.from_arrays(arrays), settings["centre"]
        return model


class _Loss(torch.autograd.Function):
    """The partial likelihood per event, with its known gradient."""

    @staticmethod
    def forward(ctx: Any, log_risk: torch.Tensor, likelihood: PartialLikelihood) -> torch.Tensor:
        loss, residuals = likelihood.loss_and_residuals(log_risk.detach().double().numpy())
        ctx.gradient = torch.from_numpy(-residuals / likelihood.events).to(log_risk.dtype)
        return log_risk.new_tensor(loss / likelihood.events)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        return gradients[0] * ctx.gradient, None


def _partial_likelihood(outcome: FollowUp) -> Objective:
    likelihood = PartialLikelihood(outcome)

    def loss(outputs: torch.Tensor) -> torch.Tensor:
        value: torch.Tensor = _Loss.apply(outputs[:, 0], likelihood)  # type: ignore[no-untyped-call]
        return value

    return loss
