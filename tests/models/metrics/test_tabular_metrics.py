"""Metrics beside scikit-learn's, and their invariants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from models.metrics import tabular
from models.metrics.intervals import bootstrap, bootstrap_all, show_interval

seeds = st.integers(0, 10_000)


def classes(seed: int, k: int, rows: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    probability = rng.dirichlet(np.ones(k), rows).round(1) + 1e-3
    truth = np.append(np.arange(k), rng.integers(0, k, rows - k))
    return truth, probability / probability.sum(axis=1, keepdims=True)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_two_classes_agree_with_scikit_learn(seed: int) -> None:
    truth, p = classes(seed, 2)
    predicted = p.argmax(axis=1)
    expected = {
        "auroc": reference.roc_auc_score(truth, p[:, 1]),
        "auprc": reference.average_precision_score(truth, p[:, 1]),
        "accuracy": reference.accuracy_score(truth, predicted),
        "f1": reference.f1_score(truth, predicted, zero_division=0.0),
        "macro_f1": reference.f1_score(truth, predicted, average="macro", zero_division=0.0),
        "brier_score": reference.brier_score_loss(truth, p[:, 1]),
    }
    made = tabular.classification_metrics(truth, p)
    assert {name: made[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    assert tabular.log_loss(truth, p) == pytest.approx(reference.log_loss(truth, p))


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_more_classes_agree_with_scikit_learn(seed: int) -> None:
    truth, p = classes(seed, 4)
    assert tabular.auroc(truth, p) == pytest.approx(
        reference.roc_auc_score(truth, p, multi_class="ovr")
    )
    assert tabular.auprc(truth, p) == pytest.approx(
        reference.average_precision_score(np.eye(4)[truth], p, average="macro")
    )
    assert tabular.brier_score(truth, p) == pytest.approx(reference.brier_score_loss(truth, p))


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_regression_agrees_with_scikit_learn_and_scipy(seed: int) -> None:
    from scipy import stats

    rng = np.random.default_rng(seed)
    truth = rng.normal(size=40)
    made = truth + rng.normal(size=40).round(1)
    assert tabular.regression_metrics(truth, made) == pytest.approx(
        {
            "rmse": reference.root_mean_squared_error(truth, made),
            "mae": reference.mean_absolute_error(truth, made),
            "r2": reference.r2_score(truth, made),
            "pearson": stats.pearsonr(truth, made).statistic,
            "spearman": stats.spearmanr(truth, made).statistic,
        }
    )


def test_undefined_metrics_are_nan_not_errors() -> None:
    truth, p = np.zeros(5, int), np.full((5, 2), 0.5)
    assert np.isnan(tabular.auroc(truth, p))
    assert np.isnan(tabular.auprc(truth, p))
    assert tabular.f1(truth, p) == 0.0
    assert np.isnan(tabular.r2(np.ones(5), np.arange(5.0)))
    assert tabular.pearson(np.arange(5.0), np.ones(5)) == 0.0


def test_calibration_error_by_hand() -> None:
    # Two bins: 0.15 with 1 of 2 positive (gap .35) and 0.85 with 1 of 2 (gap .35).
    p = np.array([0.15, 0.15, 0.85, 0.85])
    probability = np.column_stack([1 - p, p])
    assert tabular.calibration_error(np.array([0, 1, 0, 1]), probability) == pytest.approx(0.35)


def test_bootstrap_of_a_mean_is_its_standard_error() -> None:
    # The percentile interval of a mean is close to mean +- 1.96 sd / sqrt(n).
    values = np.random.default_rng(0).normal(size=400)
    found = bootstrap(lambda rows: float(values[rows].mean()), 400)
    half = 1.96 * values.std() / 20
    assert found["value"] == pytest.approx(values.mean())
    assert found["low"] == pytest.approx(values.mean() - half, abs=0.015)
    assert found["high"] == pytest.approx(values.mean() + half, abs=0.015)
    assert found == bootstrap(lambda rows: float(values[rows].mean()), 400)


def test_repeated_rows_of_one_patient_widen_the_interval() -> None:
    values = np.random.default_rng(0).normal(size=50)
    repeated, groups = np.repeat(values, 10), np.repeat(np.arange(50), 10)

    def width(groups: np.ndarray | None) -> float:
        found = bootstrap(lambda rows: float(repeated[rows].mean()), 500, groups=groups)
        assert found["low"] is not None
        assert found["high"] is not None
        return found["high"] - found["low"]

    assert width(groups) > 2.5 * width(None)


def test_resamples_without_a_value_are_left_out() -> None:
    found = bootstrap_all(lambda rows: {"a": float("nan"), "b": 1.0}, 10)
    assert found["a"] == {"value": None, "low": None, "high": None}
    assert found["b"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert show_interval(found["a"]) == "not defined"
    assert show_interval(found["b"]) == "1.000 (95% CI 1.000 to 1.000)"
