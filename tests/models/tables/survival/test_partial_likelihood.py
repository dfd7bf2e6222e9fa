from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime
from sksurv.datasets import load_veterans_lung_cancer
from sksurv.linear_model import CoxPHSurvivalAnalysis

from models.metrics.follow_up import FollowUp
from models.tables.survival.estimators.likelihood import BaselineHazard, PartialLikelihood
from models.tables.survival.estimators.penalty import maximise
from models.tables.survival.hazard_ratios import wald

TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def tied_cohort(rows: int = 80) -> tuple[FollowUp, np.ndarray]:
    rng = np.random.default_rng(0)
    return FollowUp.of(rng.integers(0, 12, rows), rng.random(rows) < 0.6), rng.normal(
        size=(rows, 3)
    )


def test_loss_with_ties_by_hand() -> None:
    # hazards 1 and 2 fail together while 3 is at risk, then 3 fails alone:
    # log 6 + log(6 - 3/2) + log 3 - log 1 - log 2 - log 3
    outcome = FollowUp.of([1, 1, 2], [1, 1, 1])
    loss = PartialLikelihood(outcome).loss(np.log([1.0, 2.0, 3.0]))
    assert loss == pytest.approx(np.log(6 * 4.5 * 3 / 6))


def test_loss_does_not_depend_on_the_level_or_on_row_order() -> None:
    outcome, x = tied_cohort()
    loss = PartialLikelihood(outcome).loss(x[:, 0])
    assert PartialLikelihood(outcome).loss(x[:, 0] + 100) == pytest.approx(loss)
    assert PartialLikelihood(outcome[::-1]).loss(x[::-1, 0]) == pytest.approx(loss)


def test_derivatives_equal_finite_differences() -> None:
    outcome, x = tied_cohort()
    likelihood, beta = PartialLikelihood(outcome), np.array([0.3, -0.5, 0.1])

    def gradient(b: np.ndarray) -> np.ndarray:
        return -x.T @ likelihood.loss_and_residuals(x @ b)[1]

    numeric = approx_fprime(beta, lambda b: likelihood.loss(x @ b), 1e-6)
    assert gradient(beta) == pytest.approx(numeric, abs=1e-3)
    hessian = approx_fprime(beta, gradient, 1e-6)
    assert likelihood.information(x @ beta, x) == pytest.approx(hessian, abs=1e-3)


def test_published_coefficient_of_the_leukaemia_trial() -> None:
    # R survival::coxph, Efron ties: 1.572 (standard error 0.412); Breslow's would be 1.509
    outcome = FollowUp.of(TREATED + PLACEBO, RELAPSED + [1] * 21)
    beta, error = wald(np.repeat([[0.0], [1.0]], 21, axis=0), outcome)
    assert beta[0] == pytest.approx(1.572, abs=5e-4)
    assert error[0] == pytest.approx(0.412, abs=5e-4)


@pytest.mark.shared_data
def test_published_coefficients_of_recidivism(shared_data: Path) -> None:
    # Fox & Weisberg, Cox Proportional-Hazards Regression for Survival Data in R, mod.allison
    published = {
        "fin": (-0.379, 0.191), "age": (-0.057, 0.022), "race": (0.314, 0.308),
        "wexp": (-0.150, 0.212), "mar": (-0.434, 0.382), "paro": (-0.085, 0.196),
        "prio": (0.092, 0.029),
    }  # fmt: skip
    frame = pd.read_csv(shared_data / "survival" / "rossi.csv")
    outcome = FollowUp.of(frame["week"], frame["arrest"])
    beta, error = wald(frame[list(published)].to_numpy(float), outcome)
    expected = np.array(list(published.values()))
    assert np.column_stack([beta, error]) == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize("strength", [0.1, 10.0])
def test_ridge_equals_scikit_survival(strength: float) -> None:
    frame, y = load_veterans_lung_cancer()
    x = frame[["Age_in_years", "Karnofsky_score", "Months_from_Diagnosis"]].to_numpy(float)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    likelihood = PartialLikelihood(FollowUp.of(y["Survival_in_days"], y["Status"]))
    reference = CoxPHSurvivalAnalysis(alpha=strength, ties="efron").fit(x, y)
    assert maximise(likelihood, x, strength, np.zeros(3)) == pytest.approx(reference.coef_)


def test_baseline_hazard_without_features_is_nelson_aalen() -> None:
    baseline = BaselineHazard.fit(np.zeros(4), FollowUp.of([1, 2, 2, 3], [1, 1, 0, 1]))
    assert baseline.times.tolist() == [1, 2, 3]
    assert baseline.cumulative == pytest.approx([1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 1])
    assert baseline.survival(np.zeros(1), np.array([0.0, 1.0])) == pytest.approx(
        np.array([[1.0, np.exp(-1 / 4)]])
    )


def test_separated_data_still_give_finite_coefficients() -> None:
    outcome = FollowUp.of(np.arange(1, 21), np.ones(20))
    x = -np.arange(20, dtype=float)[:, None] / 20
    beta = maximise(PartialLikelihood(outcome), x, 1.0, np.zeros(1))
    assert np.isfinite(beta).all()
    assert beta[0] > 0
