"""Classifiers and regressors on built-in tables, beside bare scikit-learn on the same folds."""

import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.registry import EvalOptions, Report, ReportTable, eval_task

FOLDS = 5
TARGETS = {"breast_cancer": "diagnosis", "whas500": "fstat", "diabetes": "progression"}
"""Built-in tables and what is predicted in each."""


@dataclass(frozen=True)
class Scores:
    """Results of one model on the outer folds."""

    figures: list[float]
    calibration: list[float]
    seconds: float

    def row(self) -> list[Any]:
        """Returns mean and spread over folds, calibration error or -, and seconds a fold."""
        calibration = f"{np.mean(self.calibration):.3f}" if self.calibration else "-"
        return [
            f"{np.mean(self.figures):.4f}",
            f"{np.std(self.figures, ddof=1):.4f}",
            calibration,
            f"{self.seconds / len(self.figures):.1f}",
        ]


@eval_task(
    name="tabular",
    description="Classifiers and regressors beside bare scikit-learn: AUROC, R2, calibration.",
)
def run(options: EvalOptions) -> Report:
    """Cross-validates every algorithm; `limit` takes only the first tables."""
    tables, figures = [], {}
    for name in list(TARGETS)[: options.limit]:
        data, metric = _data(name, options)
        parts = _outer_folds(data.strata, data.task, options.seed)
        rows = []
        ours, bare = _ours(data.task), _bare(data.task, options.seed)
        for label, fit in {**ours, **bare}.items():
            scores = _score(fit, data, parts, options.seed)
            rows.append([label, *scores.row()])
            figures[f"{name}/{label}/{metric}"] = float(np.mean(scores.figures))
        columns = ["model", f"{metric} (mean)", "sd of folds", "calibration error", "s per fold"]
        tables.append(ReportTable(title=f"{name}: {TARGETS[name]}", columns=columns, rows=rows))
    return Report(
        title=f"Tables: {FOLDS}-fold cross-validation",
        tables=tables,
        figures=figures,
        notes=[
            f"Outer folds: StratifiedKFold({FOLDS}, shuffle=True, random_state={options.seed}); "
            "for diabetes KFold with the same arguments.",
            "Ours chooses settings (auto: also the algorithm) in inner folds of each training part "
            "and calibrates there; bare scikit-learn runs with its own defaults.",
            "Reference, untuned, 5 folds: breast_cancer logistic .9955, others .992-.995; diabetes "
            "ridge .488, boosting .43-.44 (NOTES-dependencies.md).",
        ],
    )


Fit = Callable[[Any, int], Callable[[Any], NDArray[np.float64]]]
"""From training rows and a seed to a predictor of canonical frames."""


def _data(name: str, options: EvalOptions) -> tuple[Any, str]:
    """Returns all rows of a table as training data, and the metric."""
    from models.data.features import FeatureSchema
    from models.data.splits import strata_of_number
    from models.data.tables import load_dataset
    from models.tables.classification.fitted import class_positions
    from models.tables.classification.outcome import label_text, ordered_classes, positive_class
    from models.tables.learners.selection import Data

    dataset = load_dataset(name, options.workspace)
    frame, target = dataset.frame, TARGETS[name]
    outcomes = {target, dataset.time_column, dataset.event_column}
    names = [column for column in frame.columns if column not in outcomes]
    schema = FeatureSchema.infer(frame, names)
    features = schema.apply(frame)
    if name == "diabetes":
        values = frame[target].to_numpy(float)
        return Data("regression", schema, features, values, strata_of_number(values), None), "r2"
    labels = label_text(frame[target])
    known = dataset.built_in.positive if dataset.built_in else None
    truth = class_positions(labels, ordered_classes(labels, positive_class(labels, known)))
    return Data("classification", schema, features, truth, truth, None), "auroc"


def _outer_folds(strata: NDArray[Any], task: str, seed: int) -> list[Any]:
    from sklearn.model_selection import KFold, StratifiedKFold

    kind = StratifiedKFold if task == "classification" else KFold
    return list(kind(FOLDS, shuffle=True, random_state=seed).split(strata, strata))


def _score(fit: Fit, data: Any, parts: list[Any], seed: int) -> Scores:
    from models.metrics.tabular import auroc, calibration_error, r2

    classify = data.task == "classification"
    figures, calibration = [], []
    started = time.monotonic()
    for train, test in parts:
        made = fit(data.take(train), seed)(data.frame.iloc[test])
        truth = data.target[test]
        figures.append(auroc(truth, made) if classify else r2(truth, made))
        if classify:
            calibration.append(calibration_error(truth, made))
    return Scores(figures, calibration, time.monotonic() - started)


def _ours(task: str) -> Mapping[str, Fit]:
    from models.tables.learners.algorithms import CLASSIFIERS, REGRESSORS

    algorithms = CLASSIFIERS if task == "classification" else REGRESSORS
    return {f"theriac {name}": _our_fit(name) for name in ("auto", *algorithms)}


def _our_fit(name: str) -> Fit:
    from models.fitting.effort import Effort
    from models.tables.learners.algorithms import CLASSIFIERS, REGRESSORS, outputs
    from models.tables.learners.calibration import Calibration
    from models.tables.learners.selection import choose

    def fit(data: Any, seed: int) -> Callable[[Any], NDArray[np.float64]]:
        classify = data.task == "classification"
        chosen = choose(CLASSIFIERS if classify else REGRESSORS, name, data, Effort(seed))
        if not classify:
            return lambda frame: outputs(chosen.pipeline, frame, data.task)
        calibration = Calibration.fit(chosen.best.out_of_fold, data.target)
        return lambda frame: calibration.apply(outputs(chosen.pipeline, frame, data.task))

    return fit


def _bare(task: str, seed: int) -> Mapping[str, Fit]:
    from sklearn import dummy, ensemble, linear_model, neural_network
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if task == "classification":
        estimators = {
            "LogisticRegression": linear_model.LogisticRegression(max_iter=1000),
            "RandomForestClassifier": ensemble.RandomForestClassifier(random_state=seed),
            "HistGradientBoostingClassifier": ensemble.HistGradientBoostingClassifier(
                random_state=seed
            ),
            "MLPClassifier": neural_network.MLPClassifier(random_state=seed),
            "baseline: class shares": dummy.DummyClassifier(),
        }
    else:
        estimators = {
            "Ridge": linear_model.Ridge(),
            "RandomForestRegressor": ensemble.RandomForestRegressor(random_state=seed),
            "HistGradientBoostingRegressor": ensemble.HistGradientBoostingRegressor(
                random_state=seed
            ),
            "MLPRegressor": neural_network.MLPRegressor(random_state=seed),
            "baseline: mean": dummy.DummyRegressor(),
        }

    def bare(estimator: Any) -> Fit:
        def fit(data: Any, seed: int) -> Callable[[Any], NDArray[np.float64]]:
            from models.fitting.threads import one_thread

            pipeline = make_pipeline(StandardScaler(), estimator)
            with warnings.catch_warnings(), one_thread():
                warnings.simplefilter("ignore")  # scikit-learn's MLP stops before it converges
                pipeline.fit(data.frame, data.target)
            if data.task == "classification":
                return lambda frame: np.asarray(pipeline.predict_proba(frame))
            return lambda frame: np.asarray(pipeline.predict(frame))

        return fit

    return {
        label if label.startswith("baseline") else f"bare {label}": bare(estimator)
        for label, estimator in estimators.items()
    }
