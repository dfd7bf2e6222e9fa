"""Cox's proportional hazards model with a penalty chosen by cross-validated likelihood."""

from pathlib import Path
from typing import Any, ClassVar, Self

from numpy.typing import NDArray

from models.data.preprocess import PreprocessorKind
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.tables.survival.estimators.arrays import load_arrays, save_arrays
from models.tables.survival.estimators.estimator import inner_folds
from models.tables.survival.estimators.likelihood import BaselineHazard
from models.tables.survival.estimators.penalty import choose_penalty


class CoxRegression:
    """Linear log risk, ridge or elastic-net penalised; Efron ties, Breslow baseline.

    Cox 1972, doi 10.1111/j.2517-6161.1972.tb00899.x.
    """

    NAME: ClassVar[str] = "cox"
    TITLE: ClassVar[str] = "Cox proportional hazards regression"
    PREPROCESSING: ClassVar[PreprocessorKind] = "linear"

    def __init__(self) -> None:
        self.coefficients: FloatArray
        self.centre: float
        self.baseline: BaselineHazard
        self.penalty: str

    def fit(
        self, x: FloatArray, outcome: FollowUp, effort: Effort, groups: NDArray[Any] | None = None
    ) -> Self:
        """Chooses the penalty on inner folds, then fits to all rows."""
        effort.progress(0, "choosing the penalty")
        inner = inner_folds(outcome, groups, effort.seed)
        penalty = choose_penalty(x, outcome, inner)
        self.penalty = str(penalty)
        self.coefficients = penalty.fit(x, outcome)
        self.centre = float((x @ self.coefficients).mean())
        self.baseline = BaselineHazard.fit(self.log_risk(x), outcome)
        return self

    def log_risk(self, x: FloatArray) -> FloatArray:
        """Returns the log hazard ratio against the mean training row, shape (n,)."""
        return x @ self.coefficients - self.centre

    def survival(self, x: FloatArray, times: FloatArray) -> FloatArray:
        """Returns survival probabilities, shape (n, t)."""
        return self.baseline.survival(self.log_risk(x), times)

    def description(self) -> str:
        """Names the penalty chosen."""
        return f"{self.TITLE}, {self.penalty} (chosen by cross-validated partial likelihood)"

    def save(self, folder: Path) -> None:
        """Writes coefficients and baseline hazard."""
        arrays = {
            "coefficients": self.coefficients,
            "times": self.baseline.times,
            "cumulative": self.baseline.cumulative,
        }
        save_arrays(folder, arrays, {"centre": self.centre, "penalty": self.penalty})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads coefficients and baseline hazard."""
        arrays, settings = load_arrays(folder)
        model = cls()
        model.coefficients = arrays["coefficients"]
        model.centre, model.penalty = settings["centre"], settings["penalty"]
        model.baseline = BaselineHazard(arrays["times"], arrays["cumulative"])
        return model
