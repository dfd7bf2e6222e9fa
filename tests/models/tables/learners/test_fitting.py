"""Algorithms on tables: they learn what can be learnt, alike every time, and survive the disk."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from models.data.features import FeatureSchema
from models.data.splits import strata_of_number
from models.errors import ToolError
from models.fitting.effort import Effort
from models.metrics.tabular import log_loss
from models.store.weights import load_sklearn, save_sklearn
from models.tables.learners.algorithms import (
    CLASSIFIERS,
    REGRESSORS,
    Algorithm,
    fit_pipeline,
    load_pipeline,
    outputs,
    save_pipeline,
)
from models.tables.learners.calibration import Calibration
from models.tables.learners.network import Task
from models.tables.learners.selection import Candidate, Data, choose
from models.tables.regression.train import conformal_half_width

QUICK = {"neural_network": {"members": 3, "epochs": 60, "weight_decay": 0.05}}
EVERY = [
    *[("classification", algorithm) for algorithm in CLASSIFIERS.values()],
    *[("regression", algorithm) for algorithm in REGRESSORS.values()],
]
every = pytest.mark.parametrize(
    ("task", "algorithm"), EVERY, ids=[f"{t}-{a.name}" for t, a in EVERY]
)


def data(task: Task, rows: int = 120, noise: float = 0.1) -> Data:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=rows),
            "b": rng.normal(size=rows),
            "group": rng.choice(["x", "y", "z"], rows),
            "flag": rng.choice(["no", "yes"], rows),
        }
    )
    frame.loc[:5, "a"] = np.nan
    value = frame["a"].fillna(0) * 2 + (frame["group"] == "x") + rng.normal(0, noise, rows)
    target = (value > 0).to_numpy(int) if task == "classification" else value.to_numpy()
    schema = FeatureSchema.infer(frame, list(frame))
    strata = target if task == "classification" else strata_of_number(target)
    return Data(task, schema, schema.apply(frame), target, strata, None)


def fit(task: Task, algorithm: Algorithm, rows: int = 120) -> tuple[Data, object]:
    given = data(task, rows)
    setting = QUICK.get(algorithm.name, algorithm.settings[0])
    return given, fit_pipeline(
        algorithm, setting, task, given.schema, given.frame, given.target, seed=0
    )


@every
def test_it_fits_a_clear_signal(task: Task, algorithm: Algorithm) -> None:
    given, pipeline = fit(task, algorithm)
    made = outputs(pipeline, given.frame, task)
    if task == "classification":
        assert (made.argmax(axis=1) == given.target).mean() > 0.9
        assert made.sum(axis=1) == pytest.approx(np.ones(len(made)))
    else:
        assert 1 - ((made - given.target) ** 2).mean() / given.target.var() > 0.7


@every
def test_the_same_seed_and_the_disk_give_the_same_numbers(
    task: Task, algorithm: Algorithm, tmp_path: Path
) -> None:
    given, pipeline = fit(task, algorithm)
    _, again = fit(task, algorithm)
    made = outputs(pipeline, given.frame, task)
    np.testing.assert_array_equal(made, outputs(again, given.frame, task))
    save_pipeline(pipeline, tmp_path)
    np.testing.assert_array_equal(made, outputs(load_pipeline(tmp_path), given.frame, task))
    assert {path.suffix for path in tmp_path.iterdir()} <= {".skops", ".safetensors", ".json"}


@every
def test_strange_levels_and_gaps_are_survived(task: Task, algorithm: Algorithm) -> None:
    given, pipeline = fit(task, algorithm)
    odd = given.frame.head(3).assign(group=["new", None, "x"], flag=np.nan, b=np.nan)
    assert np.isfinite(outputs(pipeline, given.schema.apply(odd), task)).all()


def test_auto_keeps_the_linear_model_among_the_candidates() -> None:
    some = {name: REGRESSORS[name] for name in ("linear", "gradient_boosting")}
    chosen = choose(some, "auto", data("regression", 60, noise=1.0), Effort(0))
    assert {entry["algorithm"] for entry in chosen.table()} == set(some)
    assert next(iter(REGRESSORS)) == "linear"
    assert next(iter(CLASSIFIERS)) == "logistic_regression"
    scores = [entry["mean"] for entry in chosen.table()]
    assert scores == sorted(scores, reverse=True)
    assert chosen.best.algorithm.name == "linear"  # the signal is linear


def test_a_complex_model_must_beat_a_simpler_one_beyond_chance() -> None:
    linear, boosting = REGRESSORS["linear"], REGRESSORS["gradient_boosting"]

    def candidate(algorithm: Algorithm, *scores: float) -> Candidate:
        return Candidate(algorithm, {}, scores, np.empty(0))

    simple = candidate(linear, 0.5, 0.6, 0.4)
    assert not candidate(boosting, 0.7, 0.5, 0.35).beats(simple)
    assert candidate(boosting, 0.55, 0.66, 0.46).beats(simple)
    assert candidate(boosting, math.nan, 0.61, 0.42).beats(simple)


def test_curves_call_for_trees() -> None:
    given = data("regression", 200)
    curved = replace(given, target=np.sin(3 * given.frame["b"].to_numpy()))
    some = {name: REGRESSORS[name] for name in ("linear", "gradient_boosting")}
    assert choose(some, "auto", curved, Effort(0)).best.algorithm.name == "gradient_boosting"


def test_a_spent_time_limit_still_gives_the_linear_model() -> None:
    effort = Effort.within(0, -1.0)
    chosen = choose(CLASSIFIERS, "auto", data("classification"), effort)
    assert chosen.best.algorithm.name == "logistic_regression"
    assert "time limit" in chosen.notes[0]


def test_calibration_undoes_overconfidence() -> None:
    rng = np.random.default_rng(0)
    logit = rng.normal(size=2000)
    truth = (rng.random(2000) < 1 / (1 + np.exp(-logit))).astype(int)
    sure = 1 / (1 + np.exp(-3 * logit - 1))
    probability = np.column_stack([1 - sure, sure])
    calibration = Calibration.fit(probability, truth)
    assert calibration.slope == pytest.approx(1 / 3, abs=0.05)
    assert calibration.offsets[1] == pytest.approx(-1 / 3, abs=0.1)
    assert log_loss(truth, calibration.apply(probability)) < log_loss(truth, probability)


def test_few_rows_are_not_calibrated() -> None:
    probability = np.full((20, 3), 1 / 3)
    calibration = Calibration.fit(probability, np.arange(20) % 3)
    assert calibration == Calibration(slope=1.0, offsets=[0.0, 0.0, 0.0])
    np.testing.assert_allclose(calibration.apply(probability), probability)


def test_conformal_half_width_by_hand() -> None:
    # n = 39: ceil(40 * 0.95) = 38th smallest of 1..39.
    assert conformal_half_width(np.arange(1.0, 40.0)) == 38.0
    assert conformal_half_width(np.array([1.0, -3.0])) == 3.0


def test_unknown_types_are_not_loaded(tmp_path: Path) -> None:
    class Odd(LogisticRegression):  # type: ignore[misc]
        pass

    Odd.__module__ = __name__
    globals()["Odd"] = Odd
    path = tmp_path / "odd.skops"
    skops.io.dump(Odd(), path)
    with pytest.raises(ToolError, match="Odd") as caught:
        load_sklearn(path)
    assert caught.value.kind == "unsafe"
    save_sklearn(LogisticRegression(C=math.pi), path)
    assert math.pi == load_sklearn(path).C


def test_the_number_of_threads_does_not_change_a_forest() -> None:
    given, pipeline = fit("classification", CLASSIFIERS["random_forest"])
    alone = clone(pipeline["estimator"]).set_params(n_jobs=1)
    matrix = pipeline["columns"].transform(given.frame)
    alone.fit(matrix, given.target)
    made = outputs(pipeline, given.frame, "classification")
    np.testing.assert_array_equal(made, alone.predict_proba(matrix))
