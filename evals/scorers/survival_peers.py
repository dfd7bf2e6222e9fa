"""Survival models fitted and scored: ours, and scikit-survival's called directly."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sksurv.ensemble import GradientBoostingSurvivalAnalysis, RandomSurvivalForest
from sksurv.linear_model import CoxPHSurvivalAnalysis
from sksurv.util import Surv

from evals.scorers.survival_parts import Part
from models.data.features import FeatureSchema
from models.fitting.effort import Effort
from models.metrics.kaplan_meier import FloatArray
from models.metrics.survival import (
    concordance_index,
    evaluation_times,
    integrated_brier_score,
    uno_concordance_index,
)
from models.tables.survival.estimators.algorithms import AUTO
from models.tables.survival.evaluation import truncation
from models.tables.survival.pipeline import SurvivalPipeline
from models.tables.survival.selection import select

PEERS: dict[str, Callable[[int], Any]] = {
    "cox": lambda seed: make_pipeline(
        StandardScaler(), CoxPHSurvivalAnalysis(alpha=1e-4, ties="efron")
    ),
    "random_survival_forest": lambda seed: make_pipeline(
        RandomSurvivalForest(n_estimators=100, random_state=seed)
    ),
    "gradient_boosting": lambda seed: make_pipeline(
        GradientBoostingSurvivalAnalysis(n_estimators=100, random_state=seed)
    ),
}


@dataclass(frozen=True)
class Scores:
    """Harrell's C, Uno's C and the integrated Brier score of held-out rows."""

    concordance: float
    uno: float
    brier: float


def score_ours(algorithm: str, part: Part, seed: int) -> Scores:
    """Fits one of our algorithms, or the one that `auto` selects, and scores it."""
    schema = FeatureSchema.infer(part.train, part.train.columns)
    train, test = schema.apply(part.train), schema.apply(part.test)
    effort = Effort(seed)
    if algorithm == "auto":
        algorithm = select(AUTO, schema, train, part.train_outcome, effort).chosen
    fitted = SurvivalPipeline.fit(algorithm, schema, train, part.train_outcome, effort)
    return _score(part, fitted.log_risk(test), lambda times: fitted.survival(test, times))


def score_peer(algorithm: str, part: Part, seed: int) -> Scores:
    """Fits scikit-survival's estimator with its usual preprocessing and scores it."""
    one_hot = make_column_transformer(
        (
            OneHotEncoder(drop="first", sparse_output=False, handle_unknown="ignore"),
            make_column_selector(dtype_exclude="number"),
        ),
        remainder="passthrough",
    )
    pipeline = make_pipeline(one_hot, *(step for _, step in PEERS[algorithm](seed).steps))
    y = Surv.from_arrays(part.train_outcome.event, part.train_outcome.time)
    pipeline.fit(part.train, y)

    def curves(times: FloatArray) -> FloatArray:
        steps = pipeline.predict_survival_function(part.test)
        return np.stack([step(np.clip(times, *step.domain)) for step in steps])

    return _score(part, pipeline.predict(part.test), curves)


def _score(part: Part, risk: FloatArray, curves: Callable[[FloatArray], FloatArray]) -> Scores:
    train, test = part.train_outcome, part.test_outcome
    grid = evaluation_times(train, test)
    return Scores(
        concordance_index(test, risk),
        uno_concordance_index(train, test, risk, truncation(grid)),
        integrated_brier_score(train, test, curves(grid), grid),
    )
