"""Choosing an algorithm and its settings by inner cross-validation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.data.features import FeatureSchema
from models.data.splits import folds
from models.fitting.effort import Effort
from models.metrics.tabular import auroc, r2
from models.tables.learners.algorithms import Algorithm, Setting, fit_pipeline, outputs
from models.tables.learners.network import Task

FloatArray = NDArray[np.float64]
SELECTION_ROWS = 20_000
"""Candidates are compared on at most so many rows."""
MANY_ROWS = 3_000
"""From so many rows on, three inner folds are enough."""
SCORES = {"classification": "auroc", "regression": "r2"}


@dataclass(frozen=True)
class Data:
    """Training rows.

    Attributes:
        task: classification or regression.
        schema: Of the frame.
        frame: Canonical rows, index 0..n-1.
        target: Class positions or numbers, shape (n,).
        strata: A label per row for stratified folds, shape (n,).
        groups: A group per row, shape (n,), where rows come in groups.
    """

    task: Task
    schema: FeatureSchema
    frame: pd.DataFrame
    target: NDArray[Any]
    strata: NDArray[Any]
    groups: NDArray[Any] | None

    def take(self, rows: NDArray[np.intp]) -> "Data":
        """Returns some of the rows."""
        groups = None if self.groups is None else self.groups[rows]
        return Data(
            self.task,
            self.schema,
            self.frame.iloc[rows].reset_index(drop=True),
            self.target[rows],
            self.strata[rows],
            groups,
        )


@dataclass(frozen=True)
class Candidate:
    """One algorithm with one setting, as the inner folds judged it.

    Attributes:
        algorithm: What was fitted.
        setting: With which hyperparameters.
        scores: auroc or r2 of each inner fold.
        out_of_fold: Predictions for rows while they were left out; NaN where a fold was not run.
    """

    algorithm: Algorithm
    setting: Setting
    scores: Sequence[float]
    out_of_fold: FloatArray

    @property
    def defined(self) -> list[float]:
        """The scores of the folds that had what the metric needs (both classes)."""
        return [score for score in self.scores if np.isfinite(score)]

    @property
    def score(self) -> float:
        """Mean score of the inner folds where it is defined; 0 where it never is."""
        return float(np.mean(self.defined)) if self.defined else 0.0

    def beats(self, simpler: "Candidate") -> bool:
        """Tells whether it is better by more than one standard error of the fold differences."""
        shared = min(len(self.scores), len(simpler.scores))
        gain = np.subtract(self.scores[:shared], simpler.scores[:shared])
        gain = gain[np.isfinite(gain)]
        if gain.size < 2:
            return self.score > simpler.score
        return bool(gain.mean() > gain.std(ddof=1) / np.sqrt(gain.size))


@dataclass(frozen=True)
class Chosen:
    """The fitted winner and what it won against.

    Attributes:
        pipeline: Fitted to all training rows.
        best: The winner among all candidates.
        candidates: The best setting of each algorithm, in the order tried.
        selection: The rows that candidates were compared on.
        notes: What was not tried, and why.
    """

    pipeline: Pipeline
    best: Candidate
    candidates: Sequence[Candidate]
    selection: Data
    notes: Sequence[str]

    def table(self) -> list[dict[str, Any]]:
        """Returns each algorithm's inner score, best first, for results and cards."""
        ranked = sorted(self.candidates, key=lambda candidate: -candidate.score)
        return [
            {
                "algorithm": candidate.algorithm.name,
                "score": SCORES[self.selection.task],
                "mean": candidate.score,
                "sd": float(np.std(candidate.defined)) if candidate.defined else 0.0,
                "setting": dict(candidate.setting),
            }
            for candidate in ranked
        ]

    def markdown(self) -> str:
        """Returns the candidates as a table for the card."""
        rows = [f"| algorithm | inner {SCORES[self.selection.task]} | setting |", "|---|---|---|"]
        for entry in self.table():
            setting = ", ".join(f"{name} {value}" for name, value in entry["setting"].items())
            rows.append(
                f"| {entry['algorithm']} | {entry['mean']:.3f} (sd {entry['sd']:.3f}) | {setting} |"
            )
        return "\n".join(rows)


def choose(algorithms: Mapping[str, Algorithm], wanted: str, data: Data, effort: Effort) -> Chosen:
    """Compares candidates by inner folds and fits the best to all rows.

    The linear model comes first, so that it is always among the candidates; what the time limit
    does not allow is left out and said. A later algorithm wins only if it beats the best so far by
    more than one standard error of the fold-by-fold differences: within chance, simpler is better.

    Args:
        algorithms: All algorithms of the task by name, simplest first.
        wanted: One of them, or `auto`.
        data: Training rows.
        effort: Seed, deadline and progress.
    """
    tried = list(algorithms.values()) if wanted == "auto" else [algorithms[wanted]]
    plan = [(algorithm, setting) for algorithm in tried for setting in algorithm.settings]
    notes: list[str] = []
    selection = _selection_rows(data, effort.seed, notes)
    parts = folds(
        len(selection.target),
        selection.strata,
        selection.groups,
        count=3 if len(selection.target) > MANY_ROWS else 5,
        seed=effort.seed,
    )
    candidates: list[Candidate] = []
    for step, (algorithm, setting) in enumerate(plan):
        effort.progress(0.9 * step / len(plan), f"trying {algorithm.title}")
        if candidates and effort.spent():
            left = dict.fromkeys(algorithm.title for algorithm, _ in plan[step:])
            notes.append(f"time limit reached; not (fully) tried: {', '.join(left)}")
            break
        candidates.append(_judge(algorithm, setting, selection, parts, effort))
    by_name: dict[str, Candidate] = {}
    for candidate in candidates:
        known = by_name.get(candidate.algorithm.name)
        if known is None or candidate.score > known.score:
            by_name[candidate.algorithm.name] = candidate
    best, *others = by_name.values()
    for candidate in others:
        if candidate.beats(best):
            best = candidate
    effort.progress(0.9, f"fitting {best.algorithm.title} to all training rows")
    pipeline = fit_pipeline(
        best.algorithm, best.setting, data.task, data.schema, data.frame, data.target, effort.seed
    )
    return Chosen(pipeline, best, list(by_name.values()), selection, notes)


def _selection_rows(data: Data, seed: int, notes: list[str]) -> Data:
    rows = len(data.target)
    if rows <= SELECTION_ROWS:
        return data
    notes.append(f"candidates were compared on {SELECTION_ROWS} of {rows} training rows")
    chosen = np.random.default_rng(seed).choice(rows, SELECTION_ROWS, replace=False)
    return data.take(np.sort(chosen))


def _judge(
    algorithm: Algorithm,
    setting: Setting,
    data: Data,
    parts: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]],
    effort: Effort,
) -> Candidate:
    """Fits a candidate in each fold; a fold after the deadline is left out, but not the first."""
    classify = data.task == "classification"
    classes = int(data.target.max()) + 1 if classify else 0
    out_of_fold = np.full((len(data.target), classes) if classify else len(data.target), np.nan)
    scores: list[float] = []
    for train, validation in parts:
        if scores and effort.spent():
            break
        part = data.take(train)
        pipeline = fit_pipeline(
            algorithm, setting, data.task, data.schema, part.frame, part.target, effort.seed
        )
        predicted = outputs(pipeline, data.frame.iloc[validation], data.task)
        if classify and predicted.shape[1] < classes:
            predicted = _all_classes(predicted, pipeline.classes_, classes)
        out_of_fold[validation] = predicted
        truth = data.target[validation]
        scores.append(auroc(truth, predicted) if classify else r2(truth, predicted))
    return Candidate(algorithm, setting, scores, out_of_fold)


def _all_classes(predicted: FloatArray, present: NDArray[np.intp], classes: int) -> FloatArray:
    """Puts zeros for the classes that a fold's training rows did not have."""
    whole = np.zeros((len(predicted), classes))
    whole[:, present] = predicted
    return whole
