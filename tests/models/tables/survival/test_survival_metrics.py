import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sksurv.metrics import (
    concordance_index_censored,
    concordance_index_ipcw,
    cumulative_dynamic_auc,
)
from sksurv.metrics import integrated_brier_score as sksurv_integrated_brier_score
from sksurv.util import Surv

from models.metrics import concordance as metrics
from models.metrics.concordance import PairwiseConcordance
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.metrics.survival import (
    concordance_index,
    evaluation_times,
    integrated_brier_score,
    time_dependent_auc,
    uno_concordance_index,
)
from models.metrics.survival_calibration import calibration_by_group, d_calibration, risk_groups


def cohort(rows: int = 200, seed: int = 0) -> tuple[FollowUp, FloatArray]:
    """Exponential survival with tied times and risks, about a third censored."""
    rng = np.random.default_rng(seed)
    risk = np.round(rng.normal(size=rows), 1)
    event_time = np.ceil(rng.exponential(np.exp(-risk)) * 10)
    censoring = np.ceil(rng.exponential(20, rows))
    return FollowUp.of(np.minimum(event_time, censoring), event_time <= censoring), risk


def structured(outcome: FollowUp) -> np.ndarray:
    return Surv.from_arrays(outcome.event, outcome.time)


@pytest.mark.parametrize("seed", range(3))
def test_all_metrics_equal_those_of_scikit_survival(seed: int) -> None:
    outcome, risk = cohort(seed=seed)
    train = outcome[:120]
    rows = 120 + np.flatnonzero(outcome.time[120:] < np.percentile(train.time, 95))
    test, risk = outcome[rows], risk[rows]
    y_train, y_test = structured(train), structured(test)
    tau = float(np.percentile(test.time, 80))
    assert concordance_index(test, risk) == pytest.approx(
        concordance_index_censored(test.event, test.time, risk)[0]
    )
    assert uno_concordance_index(train, test, risk, tau) == pytest.approx(
        concordance_index_ipcw(y_train, y_test, risk, tau)[0]
    )
    times = np.linspace(*np.percentile(test.time, [10, 80]), 30)
    survival = np.exp(-times * np.exp(risk)[:, None] / 10)
    assert integrated_brier_score(train, test, survival, times) == pytest.approx(
        sksurv_integrated_brier_score(y_train, y_test, survival, times)
    )
    assert time_dependent_auc(train, test, risk, times[:5]) == pytest.approx(
        cumulative_dynamic_auc(y_train, y_test, risk, times[:5])[0]
    )


def test_concordance_by_hand() -> None:
    # comparable pairs: (1,2), (1,3), (2,3); the second event has the wrong order with the third
    outcome = FollowUp.of([1, 2, 3], [1, 1, 0])
    assert concordance_index(outcome, [3.0, 1.0, 2.0]) == pytest.approx(2 / 3)
    assert concordance_index(outcome, [3.0, 1.0, 1.0]) == pytest.approx(2.5 / 3)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_concordance_depends_on_order_alone(seed: int) -> None:
    outcome, risk = cohort(60, seed)
    value = concordance_index(outcome, risk)
    assert concordance_index(outcome, np.exp(2 * risk) + 5) == pytest.approx(value)
    assert concordance_index(outcome, -risk) == pytest.approx(1 - value)


def test_concordance_of_perfect_and_of_constant_risk() -> None:
    outcome, _ = cohort()
    later_if_censored = outcome.time + 0.5 * ~outcome.event
    assert concordance_index(outcome, -later_if_censored) == pytest.approx(1.0, abs=1e-3)
    assert concordance_index(outcome, np.zeros(len(outcome))) == 0.5


def test_bootstrap_replicate_equals_the_metric_of_the_drawn_rows() -> None:
    outcome, risk = cohort()
    rows = np.random.default_rng(1).integers(0, len(outcome), len(outcome))
    pairs = PairwiseConcordance(outcome, risk)
    assert pairs.of_rows(rows) == pytest.approx(concordance_index(outcome[rows], risk[rows]))


def test_first_order_replicates_are_close_to_exact_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome, risk = cohort(600)
    rng = np.random.default_rng(2)
    drawn = [rng.integers(0, 600, 600) for _ in range(50)]
    exact = [PairwiseConcordance(outcome, risk).of_rows(rows) for rows in drawn]
    monkeypatch.setattr(metrics, "EXACT_ROWS", 10)
    pairs = PairwiseConcordance(outcome, risk)
    assert pairs.value() == pytest.approx(concordance_index(outcome, risk))
    assert [pairs.of_rows(rows) for rows in drawn] == pytest.approx(exact, abs=0.004)


def test_what_cannot_be_estimated_is_nan() -> None:
    censored = FollowUp.of([1, 2, 3], [0, 0, 0])
    assert np.isnan(concordance_index(censored, [1.0, 2.0, 3.0]))
    one = FollowUp.of([5.0], [1])
    assert evaluation_times(one, one).size == 0
    assert np.isnan(integrated_brier_score(one, one, np.ones((1, 0)), np.empty(0)))
    assert np.isnan(time_dependent_auc(censored, censored, [1.0, 2.0, 3.0], [2.0])).all()


def test_brier_score_of_a_coin_without_censoring_is_a_quarter() -> None:
    outcome = FollowUp.of(np.arange(1, 51), np.ones(50))
    times = evaluation_times(outcome, outcome)
    assert integrated_brier_score(outcome, outcome, np.full((50, 100), 0.5), times) == (
        pytest.approx(0.25)
    )


def test_evaluation_times_end_where_training_follow_up_ends() -> None:
    train = FollowUp.of([1, 2, 3, 4], [1, 0, 1, 0])
    test = FollowUp.of(np.arange(1, 101), np.ones(100))
    times = evaluation_times(train, test)
    assert times.size == 0
    near = FollowUp.of(np.linspace(0.1, 10, 100), np.ones(100))
    assert evaluation_times(train, near)[-1] == 3


def test_calibration_of_true_probabilities() -> None:
    rng = np.random.default_rng(0)
    rate = rng.uniform(0.5, 3, 3000)
    time, censoring = rng.exponential(1 / rate), rng.exponential(1, 3000)
    outcome = FollowUp.of(np.minimum(time, censoring), time <= censoring)
    for group in calibration_by_group(outcome, np.exp(-rate * 0.5), 0.5):
        assert group.predicted == pytest.approx(group.observed, abs=0.06)
        assert group.low < group.observed < group.high
    own = np.exp(-rate * outcome.time)
    p_value, shares = d_calibration(own, outcome.event)
    assert p_value > 0.01
    assert shares.sum() == pytest.approx(1)
    assert d_calibration(own**3, outcome.event)[0] < 1e-6


def test_risk_groups_keep_equal_risks_together() -> None:
    assert risk_groups([0.0] * 10, 3).tolist() == [0] * 10
    assert risk_groups([1, 2, 3, 4, 5, 6], 3).tolist() == [0, 0, 1, 1, 2, 2]
