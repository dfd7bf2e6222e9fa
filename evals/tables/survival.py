"""Survival models beside scikit-survival's own estimators and published results."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from evals.scorers.survival_parts import Part

if TYPE_CHECKING:
    from evals.scorers.survival_peers import Scores

BUILT_IN = ("gbsg2", "whas500", "veterans")
PUBLISHED_SPLITS = ("metabric", "gbsg")
ALGORITHMS = (
    "cox", "random_survival_forest", "gradient_boosting", "deepsurv", "deephit", "auto",
)  # fmt: skip
PUBLISHED_DEEPSURV = {"metabric": 0.643374, "gbsg": 0.668402}
"""Harrell's C of Katzman et al. 2018 (doi 10.1186/s12874-018-0482-1), the same train and test."""
PEER_TOLERANCE = 0.005
LINEAR_TOLERANCE = 0.01
METRICS = ("concordance", "uno", "brier")


@eval_task("survival", "Survival models against scikit-survival and published DeepSurv results.")
def run(options: EvalOptions) -> Report:
    """Fits every algorithm on the same folds as scikit-survival's estimators."""
    from evals.scorers.survival_peers import PEERS, score_ours, score_peer

    names = [*BUILT_IN, *PUBLISHED_SPLITS][: options.limit]
    found: dict[tuple[str, str, str], list[Scores]] = {}
    seconds: dict[tuple[str, str, str], float] = {}
    for name in names:
        for part in split_parts(name, options):
            for algorithm in ALGORITHMS:
                started = time.monotonic()
                scores = score_ours(algorithm, part, options.seed)
                _add(found, seconds, (name, algorithm, "ours"), scores, started)
            for algorithm in PEERS:
                started = time.monotonic()
                scores = score_peer(algorithm, part, options.seed)
                _add(found, seconds, (name, algorithm, "peer"), scores, started)
    means = {key: _mean(scores) for key, scores in found.items()}
    rows = [_row(name, algorithm, means, seconds) for name in names for algorithm in ALGORITHMS]
    return Report(
        title="Survival models",
        tables=[
            ReportTable(
                title="Held-out, mean over folds (5-fold; published split for metabric and gbsg)",
                columns=[
                    "dataset", "algorithm", "C", "Uno C", "IBS", "s", "sksurv C", "sksurv Uno C",
                    "sksurv IBS", "sksurv s", "published C",
                ],
                rows=rows,
            )
        ],
        figures=_figures(names, means),
        notes=[
            "C: Harrell's concordance; Uno C truncated at the 90th percentile of held-out "
            "follow-up; IBS: integrated Brier score from the 10th to the 90th, lower is better.",
            "scikit-survival: one-hot encoded; Cox standardised with alpha 1e-4, a forest of 100 "
            "trees, boosting with 100 trees, otherwise its defaults; s: seconds of all folds.",
            "Published C: DeepSurv of Katzman et al. 2018, the same training and test rows.",
        ],
    )  # fmt: skip


def split_parts(name: str, options: EvalOptions) -> Iterator[Part]:
    """Yields the published split, or five folds stratified by event."""
    import pandas as pd

    from models.data.splits import folds
    from models.data.tables import load_dataset
    from models.metrics.follow_up import FollowUp

    if name in PUBLISHED_SPLITS:
        folder = options.folder("survival")
        sides = [pd.read_csv(folder / f"{name}_{side}.csv") for side in ("train", "test")]
        train, test = (
            (frame.drop(columns=["time", "event"]), FollowUp.of(frame["time"], frame["event"]))
            for frame in sides
        )
        yield Part(*train, *test)
        return
    dataset = load_dataset(name, options.workspace)
    outcome = FollowUp.of(dataset.frame[dataset.time_column], dataset.frame[dataset.event_column])
    features = dataset.frame.drop(columns=[dataset.time_column, dataset.event_column])
    for train_rows, test_rows in folds(len(features), outcome.event, seed=options.seed):
        yield Part(
            features.iloc[train_rows].reset_index(drop=True),
            outcome[train_rows],
            features.iloc[test_rows].reset_index(drop=True),
            outcome[test_rows],
        )


def _add(
    found: dict[tuple[str, str, str], "list[Scores]"],
    seconds: dict[tuple[str, str, str], float],
    key: tuple[str, str, str],
    scores: "Scores",
    started: float,
) -> None:
    found.setdefault(key, []).append(scores)
    seconds[key] = seconds.get(key, 0.0) + time.monotonic() - started


def _mean(scores: "list[Scores]") -> dict[str, float]:
    import numpy as np

    return {metric: float(np.nanmean([getattr(s, metric) for s in scores])) for metric in METRICS}


def _row(
    name: str,
    algorithm: str,
    means: dict[tuple[str, str, str], dict[str, float]],
    seconds: dict[tuple[str, str, str], float],
) -> list[Any]:
    row: list[Any] = [name, algorithm]
    for side in ("ours", "peer"):
        key = (name, algorithm, side)
        found = means.get(key)
        row += [round(found[metric], 4) for metric in METRICS] if found else [None] * 3
        row.append(round(seconds[key], 1) if found else None)
    published = PUBLISHED_DEEPSURV.get(name) if algorithm == "deepsurv" else None
    return [*row, published]


def _figures(
    names: list[str], means: dict[tuple[str, str, str], dict[str, float]]
) -> dict[str, Any]:
    """Sums up how far ours is from the peers, and DeepSurv from the best linear model."""
    gaps = {
        f"{name} {algorithm}": means[name, algorithm, "ours"]["concordance"] - found["concordance"]
        for (name, algorithm, side), found in means.items()
        if side == "peer"
    }
    linear = {
        name: means[name, "deepsurv", "ours"]["concordance"]
        - max(means[name, "cox", side]["concordance"] for side in ("ours", "peer"))
        for name in names
    }
    return {
        "worst_gap_to_peer": round(min(gaps.values()), 4),
        "worst_gap_to_peer_at": min(gaps, key=lambda key: gaps[key]),
        "below_peer": [key for key, gap in gaps.items() if gap < -PEER_TOLERANCE],
        "deepsurv_less_best_linear": {name: round(gap, 4) for name, gap in linear.items()},
        "deepsurv_below_linear": [n for n, gap in linear.items() if gap < -LINEAR_TOLERANCE],
    }
