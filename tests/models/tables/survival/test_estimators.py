import time
from pathlib import Path

import numpy as np
import pytest
import skops.io
import torch

from models.errors import ToolError
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.metrics.survival import concordance_index
from models.tables.survival.estimators import deephit, network
from models.tables.survival.estimators.algorithms import ALGORITHMS
from models.tables.survival.estimators.cox import CoxRegression
from models.tables.survival.estimators.deepsurv import DeepSurv
from models.tables.survival.estimators.estimator import inner_folds
from models.tables.survival.estimators.forest import SurvivalForest, coarsened
from models.tables.survival.estimators.penalty import choose_penalty


@pytest.fixture(autouse=True)
def small_ensembles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MEMBERS", 3)


TIMES = np.array([0.0, 0.5, 1.0, 2.0, 50.0])


def cohort(rows: int = 150, seed: int = 0) -> tuple[FloatArray, FollowUp]:
    """Two features that matter and two that do not, a third censored."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    event_time = rng.exponential(np.exp(-1.2 * x[:, 0] + 0.8 * x[:, 1]))
    censoring = rng.exponential(2, rows)
    return x, FollowUp.of(np.minimum(event_time, censoring), event_time <= censoring)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_learns_saves_and_repeats(name: str, tmp_path: Path) -> None:
    x, outcome = cohort()
    new, later = cohort(seed=1)
    model = ALGORITHMS[name]().fit(x, outcome, Effort(seed=3))
    risk, curves = model.log_risk(new), model.survival(new, TIMES)
    assert concordance_index(later, risk) > 0.72
    assert ((curves >= 0) & (curves <= 1)).all()
    assert (np.diff(curves, axis=1) <= 1e-12).all()
    assert curves[:, 0] == pytest.approx(1.0)
    # whoever is at higher risk survives less long
    assert np.corrcoef(risk, curves[:, 2])[0, 1] < -0.7
    model.save(tmp_path)
    assert not list(tmp_path.glob("*.pkl"))
    loaded = ALGORITHMS[name].load(tmp_path)
    np.testing.assert_array_equal(loaded.log_risk(new), risk)
    np.testing.assert_array_equal(loaded.survival(new, TIMES), curves)
    assert loaded.description() == model.description()
    again = ALGORITHMS[name]().fit(x, outcome, Effort(seed=3))
    np.testing.assert_array_equal(again.log_risk(new), risk)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_ends_when_the_time_is_up(name: str) -> None:
    x, outcome = cohort(400)
    started = time.monotonic()
    model = ALGORITHMS[name]().fit(x, outcome, Effort(deadline=started))
    assert time.monotonic() - started < 5
    assert np.isfinite(model.log_risk(x)).all()


@pytest.mark.parametrize("name", ALGORITHMS)
def test_can_be_cancelled(name: str) -> None:
    class CancelError(Exception):
        pass

    def cancel(fraction: float, message: str) -> None:
        raise CancelError

    x, outcome = cohort(60)
    with pytest.raises(CancelError):
        ALGORITHMS[name]().fit(x, outcome, Effort(progress=cancel))


def test_deepsurv_fits_what_no_line_fits() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 2))
    time_ = rng.exponential(np.exp(-3 * np.abs(x[:, 0])))
    outcome = FollowUp.of(time_, np.ones(300))
    linear = CoxRegression().fit(x, outcome, Effort())
    network = DeepSurv().fit(x, outcome, Effort())
    assert concordance_index(outcome, linear.log_risk(x)) < 0.6
    assert concordance_index(outcome, network.log_risk(x)) > 0.78


def test_deephit_loss_by_pairs() -> None:
    rng = np.random.default_rng(0)
    outcome = FollowUp.of(rng.integers(1, 9, 40), rng.random(40) < 0.6)
    ends, logits = np.array([2.0, 5.0, 7.0]), torch.from_numpy(rng.normal(size=(40, 4)))
    chance = torch.softmax(logits, 1).numpy()
    reached = chance.cumsum(axis=1)
    likelihood, ranking, pairs = 0.0, 0.0, 0
    for i, (time_i, event_i) in enumerate(zip(outcome.time, outcome.event, strict=True)):
        interval = int(np.searchsorted(ends, time_i))
        if not event_i or interval == len(ends):
            likelihood += np.log(chance[i, interval:].sum())
            continue
        likelihood += np.log(chance[i, interval])
        for j in np.flatnonzero(outcome.time > time_i):
            gap = reached[j, interval] - reached[i, interval]
            ranking += np.exp(gap / deephit.RANKING_SCALE)
            pairs += 1
    expected = deephit.RANKING_WEIGHT * ranking / pairs - likelihood / 40
    assert float(deephit.deephit_loss(outcome, ends)(logits)) == pytest.approx(expected)


def test_forest_file_with_a_foreign_type_is_refused(tmp_path: Path) -> None:
    skops.io.dump(Effort(), tmp_path / "estimator.skops")
    with pytest.raises(ToolError, match="no model has"):
        SurvivalForest.load(tmp_path)


def test_penalty_drops_noise_where_features_outnumber_events() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 250))
    outcome = FollowUp.of(rng.exponential(np.exp(-2 * x[:, 0])), np.ones(80))
    penalty = choose_penalty(x, outcome, inner_folds(outcome, None, 0))
    coefficients = penalty.fit(x, outcome)
    assert "elastic net" in str(penalty)
    assert np.abs(coefficients).argmax() == 0
    assert np.count_nonzero(coefficients) < 125


def test_coarse_times_keep_their_order() -> None:
    exact = np.random.default_rng(0).exponential(size=5000)
    coarse = coarsened(exact)
    assert np.unique(coarse).size <= 100
    assert (coarse >= exact).all()
    assert (np.diff(coarse[np.argsort(exact)]) >= 0).all()
