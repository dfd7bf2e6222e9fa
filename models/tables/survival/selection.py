"""Choosing an algorithm by inner cross-validation on the training rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.features import FeatureSchema
from models.fitting.effort import Effort
from models.metrics.follow_up import FollowUp
from models.metrics.survival import concordance_index
from models.tables.survival.estimators.algorithms import ALGORITHMS
from models.tables.survival.estimators.estimator import inner_folds
from models.tables.survival.pipeline import SurvivalPipeline

FOLDS = 3
TIE = 0.005
"""Candidates whose concordance differs by less are tied: the simpler one is taken."""
SELECTION_ROWS = 2000
"""Candidates are compared on at most so many rows."""


@dataclass(frozen=True)
class Candidate:
    """An algorithm and the concordance of each inner fold."""

    algorithm: str
    scores: Sequence[float]

    @property
    def mean(self) -> float:
        """Mean concordance over the folds where it is defined; 0 where it never is."""
        defined = [score for score in self.scores if np.isfinite(score)]
        return float(np.mean(defined)) if defined else 0.0


@dataclass(frozen=True)
class Selection:
    """What was compared, what was chosen and what was not tried."""

    chosen: str
    candidates: Sequence[Candidate]
    notes: Sequence[str]


def select(
    algorithms: Sequence[str],
    schema: FeatureSchema,
    frame: pd.DataFrame,
    outcome: FollowUp,
    effort: Effort,
    groups: NDArray[Any] | None = None,
) -> Selection:
    """Compares algorithms by Harrell's C on inner folds; ties go to the earlier, simpler one.

    Args:
        algorithms: Names, simplest first; the first is always tried.
        schema: Of the frame.
        frame: Canonical training rows.
        outcome: Their follow-up.
        effort: Seed, deadline and progress.
        groups: Rows with the same value stay in one fold.
    """
    notes: list[str] = []
    if len(frame) > SELECTION_ROWS:
        notes.append(f"algorithms were compared on {SELECTION_ROWS} of {len(frame)} training rows")
        draw = np.random.default_rng(effort.seed).choice(len(frame), SELECTION_ROWS, replace=False)
        rows = np.sort(draw)
        frame, outcome = frame.iloc[rows].reset_index(drop=True), outcome[rows]
        groups = None if groups is None else groups[rows]
    parts = inner_folds(outcome, groups, effort.seed, FOLDS)
    candidates: list[Candidate] = []
    for number, algorithm in enumerate(algorithms):
        if candidates and effort.spent():
            left = ", ".join(algorithms[number:])
            notes.append(f"the time limit was reached before {left} could be tried")
            break
        step = effort.part(number / len(algorithms), (number + 1) / len(algorithms))
        step.progress(0, f"trying {ALGORITHMS[algorithm].TITLE}")
        scores = []
        for position, (train, validation) in enumerate(parts):
            fold = step.part(position / len(parts), (position + 1) / len(parts))
            pipeline = SurvivalPipeline.fit(
                algorithm,
                schema,
                frame.iloc[train],
                outcome[train],
                fold,
                None if groups is None else groups[train],
            )
            risk = pipeline.log_risk(frame.iloc[validation])
            scores.append(concordance_index(outcome[validation], risk))
        candidates.append(Candidate(algorithm, scores))
    best = max(candidate.mean for candidate in candidates)
    chosen = next(candidate for candidate in candidates if candidate.mean >= best - TIE)
    return Selection(chosen.algorithm, candidates, notes)
