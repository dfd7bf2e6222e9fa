"""Ensembles: members fitted and weighed by inner cross-validation, algorithms compared."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import ThreadpoolController

from models.data.splits import folds, strata_of_number
from models.fitting.effort import Effort
from models.fitting.threads import one_thread
from models.metrics.tabular import auroc, r2
from models.molecules.properties.inputs.blocks import Inputs
from models.molecules.properties.intake.targets import Task
from models.molecules.properties.learners.members import (
    CLASSICAL,
    KERNEL_ROWS,
    NETWORK,
    TITLES,
    Member,
    MemberName,
    Networks,
    fit_member,
)

FloatArray = NDArray[np.float64]
Algorithm = Literal["auto", "fingerprint_boosting", "message_passing"]
ALGORITHMS = get_args(Algorithm)
MEAN_OF_BOTH = "mean of both"
MANY_ROWS = 3_000
"""From so many molecules on, three inner folds are enough."""

EVEN = 0.02
"""How strongly weights are drawn to equal ones."""

SCORES = {"regression": "r2", "classification": "auroc"}


@dataclass(frozen=True)
class Candidate:
    """One algorithm as the inner folds judged it.

    Attributes:
        algorithm: Its name.
        weights: Of each member, adding up to 1.
        out_of_fold: Predictions for molecules while they were left out, shape (n, tasks).
        score: r2 or auroc of them, mean over targets.
    """

    algorithm: str
    weights: Mapping[MemberName, float]
    out_of_fold: FloatArray
    score: float


@dataclass(frozen=True)
class Ensemble:
    """Members and their weights.

    Attributes:
        members: By name.
        weights: The same names, adding up to 1.
    """

    members: Mapping[MemberName, Member]
    weights: Mapping[MemberName, float]

    def predict(self, inputs: Inputs) -> tuple[FloatArray, FloatArray]:
        """Returns the weighted mean and the spread of the members, each of shape (n, tasks)."""
        with _threads().limit(limits=1):  # the same sums in the same order, everywhere
            made = {name: member.predict(inputs) for name, member in self.members.items()}
        return mean_and_spread(made, self.weights)


@dataclass(frozen=True)
class Chosen:
    """The ensemble that won, and what it won against.

    Attributes:
        ensemble: Fitted to all training molecules.
        best: The winner.
        candidates: All algorithms that were compared, in the order tried.
        spread: Of the winner's members while molecules were left out, shape (n, tasks).
        folds: Positions of the molecules of each inner fold, training and left out.
        fitted: Every member that was fitted, by name, also those of the losers.
        seconds: What the fits of each member took.
        notes: What was not tried, and why.
    """

    ensemble: Ensemble
    best: Candidate
    candidates: Sequence[Candidate]
    spread: FloatArray
    folds: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]
    fitted: Mapping[MemberName, Member]
    seconds: Mapping[str, float]
    notes: list[str] = field(default_factory=list)

    def table(self, task: Task) -> list[dict[str, Any]]:
        """Returns each algorithm's inner score, best first, for results and cards."""
        ranked = sorted(self.candidates, key=lambda candidate: -candidate.score)
        return [
            {
                "algorithm": one.algorithm,
                "score": SCORES[task],
                "mean": one.score,
                "weights": {name: round(weight, 3) for name, weight in one.weights.items()},
            }
            for one in ranked
        ]


@cache
def _threads() -> ThreadpoolController:
    """Finds the libraries with threads once: a search costs more than a prediction."""
    return ThreadpoolController()


def mean_and_spread(
    made: Mapping[MemberName, FloatArray], weights: Mapping[MemberName, float]
) -> tuple[FloatArray, FloatArray]:
    """Returns the weighted mean and standard deviation of the members' predictions."""
    share = np.array([weights[name] for name in made])[:, None, None]
    stacked = np.stack(list(made.values()))
    mean = (share * stacked).sum(axis=0)
    spread = np.sqrt((share * (stacked - mean) ** 2).sum(axis=0))
    return np.asarray(mean), np.asarray(spread)


def choose(
    inputs: Inputs,
    values: FloatArray,
    task: Task,
    algorithm: Algorithm,
    groups: NDArray[Any] | None,
    effort: Effort,
) -> Chosen:
    """Fits and weighs the members, compares the algorithms and keeps the best.

    Members that read fingerprints are fitted once more to all molecules; of the networks, each of
    which left out another fold, the mean is taken. What the time limit does not allow is left out
    and said, but never the first member.

    Args:
        inputs: n training molecules.
        values: Shape (n, tasks), NaN where unknown.
        task: regression or classification.
        algorithm: Which; auto compares both, and the mean of both.
        groups: Molecules of one group stay in one fold, shape (n,); None for random folds.
        effort: Seed, deadline and progress.
    """
    wanted = {"fingerprint_boosting": CLASSICAL, "message_passing": NETWORK}.get(
        algorithm, CLASSICAL + NETWORK
    )
    names = [name for name in wanted if name != "kernel" or len(inputs) <= KERNEL_ROWS]
    parts = _parts(values, task, groups, effort.seed)
    fitted: dict[MemberName, Member] = {}
    left_out: dict[MemberName, FloatArray] = {}
    seconds: dict[str, float] = {}
    notes: list[str] = []
    for step, name in enumerate(names):
        part = effort.part(step / len(names), (step + 1) / len(names))
        if fitted and part.spent():
            notes.append(f"time limit reached; not tried: {TITLES[name]}")
            continue
        started = time.monotonic()
        found = _cross_fit(name, inputs, values, task, groups, parts, part, needed=not fitted)
        if found is None:
            notes.append(f"time limit reached; not tried to the end: {TITLES[name]}")
            continue
        left_out[name], fitted[name] = found
        seconds[name] = time.monotonic() - started
    candidates = _candidates(left_out, values, task, parts)
    best = max(candidates, key=lambda one: one.score)
    spread = mean_and_spread({name: left_out[name] for name in best.weights}, best.weights)[1]
    members = {name: fitted[name] for name in best.weights}
    ensemble = Ensemble(members, best.weights)
    return Chosen(ensemble, best, candidates, spread, parts, fitted, seconds, notes)


def _parts(
    values: FloatArray, task: Task, groups: NDArray[Any] | None, seed: int
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    count = 3 if len(values) > MANY_ROWS else 5
    strata = None
    if values.shape[1] == 1:
        column = values[:, 0]
        strata = column.astype(int) if task == "classification" else strata_of_number(column)
    if groups is not None:
        strata = None  # whole groups decide
    return folds(len(values), strata, groups, count=count, seed=seed)


def _cross_fit(
    name: MemberName,
    inputs: Inputs,
    values: FloatArray,
    task: Task,
    groups: NDArray[Any] | None,
    parts: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]],
    effort: Effort,
    *,
    needed: bool,
) -> tuple[FloatArray, Member] | None:
    """Returns predictions for molecules while left out, and the member to keep.

    None where the time is up before every molecule was left out once, unless it is needed.
    """
    out = np.full(values.shape, np.nan)
    networks: list[Any] = []
    whole: Member | None = None
    if name != "network":
        effort.progress(0.0, f"{TITLES[name]}, all training molecules")
        whole = fit_member(name, inputs, values, task, groups, Effort(effort.seed))
    for number, (train, rest) in enumerate(parts):
        if number and not needed and effort.spent():
            return None
        step = effort.part(number / len(parts), (number + 1) / len(parts))
        step = step.spending(1 / (len(parts) - number))
        step.progress(0.0, f"{TITLES[name]}, fold {number + 1} of {len(parts)}")
        # Each network starts from other weights.
        seeded = Effort(effort.seed + number, step.deadline, step.progress)
        among = None if groups is None else groups[train]
        member = fit_member(name, inputs.take(train), values[train], task, among, seeded, whole)
        with one_thread():
            out[rest] = member.predict(inputs.take(rest))
        if isinstance(member, Networks):
            networks += member.networks
    return out, whole or Networks(networks)


def _candidates(
    left_out: Mapping[MemberName, FloatArray],
    values: FloatArray,
    task: Task,
    parts: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]],
) -> list[Candidate]:
    found: list[Candidate] = []
    for algorithm, names in (("fingerprint_boosting", CLASSICAL), ("message_passing", NETWORK)):
        made = {name: left_out[name] for name in names if name in left_out}
        if made:
            weights = _weigh(made, values, task)
            found.append(_candidate(algorithm, made, weights, values, task, parts))
    if len(found) == 2:
        first, second = found
        halves = {
            name: weight / 2 for one in (first, second) for name, weight in one.weights.items()
        }
        found.append(_candidate(MEAN_OF_BOTH, left_out, halves, values, task, parts))
    return found


def _candidate(
    algorithm: str,
    made: Mapping[MemberName, FloatArray],
    weights: Mapping[MemberName, float],
    values: FloatArray,
    task: Task,
    parts: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]],
) -> Candidate:
    used = {name: made[name] for name in weights}
    mean = mean_and_spread(used, weights)[0]
    scores = [
        _score(values[rest, k], mean[rest, k], task)
        for k in range(values.shape[1])
        for _, rest in (parts if task == "classification" else [(None, np.arange(len(values)))])
    ]
    defined = [score for score in scores if np.isfinite(score)]
    return Candidate(algorithm, dict(weights), mean, float(np.mean(defined)) if defined else 0.0)


def _score(truth: FloatArray, predicted: FloatArray, task: Task) -> float:
    known = np.isfinite(truth)
    if not known.any():
        return float("nan")
    if task == "regression":
        return r2(truth[known], predicted[known])
    chance = np.stack([1 - predicted[known], predicted[known]], axis=1)
    return auroc(truth[known].astype(np.intp), chance)


def _weigh(
    made: Mapping[MemberName, FloatArray], values: FloatArray, task: Task
) -> dict[MemberName, float]:
    """Returns weights, none negative, that suit the left-out molecules best.

    Least squared error of values in standard deviations (of probabilities: Brier's score), drawn
    a little to equal weights.
    """
    names = list(made)
    if len(names) == 1:
        return {names[0]: 1.0}
    known = np.isfinite(values)
    spread = np.nanstd(values, axis=0) if task == "regression" else np.full(values.shape[1], 0.5)
    scale = np.broadcast_to(np.where(spread > 0, spread, 1.0), values.shape)[known]
    errors = np.stack([(made[name][known] - values[known]) / scale for name in names])
    products = errors @ errors.T / errors.shape[1]
    even = np.full(len(names), 1 / len(names))

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        away = weights - even
        penalty = EVEN * np.trace(products)
        value = weights @ products @ weights + penalty * (away @ away)
        return float(value), 2 * products @ weights + 2 * penalty * away

    found = minimize(
        loss, even, jac=True, method="SLSQP", bounds=[(0, 1)] * len(names),
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
    ).x  # fmt: skip
    clipped = np.clip(found, 0, None)
    kept = {
        name: float(weight)
        for name, weight in zip(names, clipped / clipped.sum(), strict=True)
        if weight > 0.005
    }
    return {name: weight / sum(kept.values()) for name, weight in kept.items()}
