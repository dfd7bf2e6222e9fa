"""Learning affinities: evidence of other pairs, weighed by boosting, setting by setting."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from sklearn.ensemble import HistGradientBoostingRegressor

from models.fitting.effort import Effort
from models.fitting.threads import one_thread
from models.molecules.affinity.coordinates import Coordinates
from models.molecules.affinity.evidence import NAMES, Evidence, Seen
from models.molecules.affinity.pairs import Pairs
from models.molecules.affinity.settings import Setting, left_out

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

PARTS = {"pair": 8, "drug": 8, "protein": 8, "both": 4}
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
ALIKE = 0.95
"""Similarity from which proteins (or molecules) are variants of one: mutants, stereoisomers."""

COVERAGE = 0.95
SEEDS = 2
FEWEST_PAIRS = 40
"""Left-out pairs below which a setting is answered by similarity alone."""

STRUCTURE = NAMES.index("structure")
LEAST_ERROR = 0.2
"""No pair is expected to have less than this share of the mean error."""

SPREAD = 1.2533
"""Standard deviation over mean absolute deviation of a normal distribution."""


@dataclass(frozen=True)
class Judge:
    """What turns the evidence of one setting into an affinity.

    Attributes:
        columns: Of the evidence, those that vary.
        boosters: Their mean is the learnt part.
        weight: Of the learnt part; the rest is what similarity alone says.
        scale: Expects the absolute error of a pair; None for the same for all.
        half_width: Of the 95% interval, in units of the expected error.
        error: Mean absolute error over left-out pairs.
    """

    columns: list[int]
    boosters: list[HistGradientBoostingRegressor]
    weight: float
    scale: HistGradientBoostingRegressor | None
    half_width: float
    error: float

    def value(self, evidence: FloatArray) -> FloatArray:
        """Returns affinities, shape (n,)."""
        if not self.boosters:
            return np.asarray(evidence[:, STRUCTURE])
        used = evidence[:, self.columns]
        learnt = np.mean([booster.predict(used) for booster in self.boosters], axis=0)
        return np.asarray(self.weight * learnt + (1 - self.weight) * evidence[:, STRUCTURE])

    def expected_error(self, evidence: FloatArray) -> FloatArray:
        """Returns the absolute error that is expected of each pair, shape (n,)."""
        if self.scale is None:
            return np.full(len(evidence), self.error)
        expected = self.scale.predict(evidence[:, self.columns])
        return np.asarray(np.maximum(expected, LEAST_ERROR * self.error))


class Learner:
    """Known pairs with similarities, ready to say what they mean for others.

    Args:
        pairs: Known.
        molecules: Similarity of their molecules, shape (a, a).
        proteins: Similarity of their proteins, shape (b, b).
    """

    def __init__(self, pairs: Pairs, molecules: FloatArray, proteins: FloatArray) -> None:
        self._pairs, self._molecules, self._proteins = pairs, molecules, proteins
        self._places = Coordinates.of(molecules), Coordinates.of(proteins)
        self.grid = grid_of(pairs)
        self._evidence = Evidence(self.grid, molecules, proteins)

    def evidence(self, molecules: Seen, proteins: Seen, rows: IntArray,
                 columns: IntArray) -> FloatArray:  # fmt: skip
        """Returns what is known of pairs, and where their molecules and proteins lie."""
        found = self._evidence.of(molecules, proteins, rows, columns)
        return self._placed(found, molecules.similarity, proteins.similarity, rows, columns)

    def judge(self, setting: Setting, effort: Effort) -> Judge:
        """Learns from known pairs that are left out as they will be in a setting."""
        pairs = self._pairs
        molecules, proteins = _families(self._molecules), _families(self._proteins)
        parts = left_out(
            setting, molecules[pairs.molecule], proteins[pairs.protein], PARTS[setting], effort.seed
        )
        evidence, part_of, rows = [], [], []
        for number, (known, out) in enumerate(parts):
            effort.progress(0.4 * number / len(parts), f"leaving pairs out (new: {setting})")
            evidence.append(self._left_out(known, out))
            part_of.append(np.full(len(out), number))
            rows.append(out)
        if sum(map(len, rows)) < FEWEST_PAIRS or len(parts) < 2:
            return self.by_similarity()
        table, part = np.concatenate(evidence), np.concatenate(part_of)
        truth = pairs.value[np.concatenate(rows)]
        return _judged(table, part, truth, effort.part(0.4, 1))

    def _left_out(self, known: IntArray, out: IntArray) -> FloatArray:
        """Returns the evidence of pairs as it is without them."""
        pairs = self._pairs
        rest = pairs.take(known)
        molecules, proteins = np.unique(pairs.molecule[known]), np.unique(pairs.protein[known])
        evidence = Evidence(
            grid_of(rest),
            self._molecules[np.ix_(molecules, molecules)],
            self._proteins[np.ix_(proteins, proteins)],
        )
        rows, columns = pairs.molecule[out], pairs.protein[out]
        found = evidence.of(
            Seen(self._molecules[:, molecules], places(molecules, len(pairs.smiles))),
            Seen(self._proteins[:, proteins], places(proteins, len(pairs.proteins))),
            rows,
            columns,
        )
        return self._placed(found, self._molecules, self._proteins, rows, columns)

    def _placed(self, found: FloatArray, molecules: FloatArray, proteins: FloatArray,
                rows: IntArray, columns: IntArray) -> FloatArray:  # fmt: skip
        left, right = self._places
        return np.column_stack(
            [found, left.of_similar(molecules)[rows], right.of_similar(proteins)[columns]]
        )

    def by_similarity(self) -> Judge:
        """Returns a judge that learns nothing and goes by similarity alone."""
        spread = float(np.abs(self._pairs.value - self._pairs.value.mean()).mean())
        return Judge([], [], 0.0, None, 2 * SPREAD, spread)


def grid_of(pairs: Pairs) -> FloatArray:
    """Returns affinities by molecule and protein, shape (a, b), NaN where not measured."""
    grid = np.full((len(pairs.smiles), len(pairs.proteins)), np.nan)
    grid[pairs.molecule, pairs.protein] = pairs.value
    return grid


def _judged(evidence: FloatArray, part: IntArray, truth: FloatArray, effort: Effort) -> Judge:
    """Weighs evidence of left-out pairs; the weight and the errors come from parts left out."""
    varies = np.nanmax(np.where(np.isnan(evidence), -np.inf, evidence), axis=0) > np.nanmin(
        np.where(np.isnan(evidence), np.inf, evidence), axis=0
    )
    columns = [int(n) for n in np.flatnonzero(varies)]
    used = evidence[:, columns]
    learnt = np.zeros(len(truth))
    with one_thread(len(truth)):
        for number in np.unique(part):
            effort.progress(0.7 * number / part.max(), "weighing the evidence")
            out = part == number
            learnt[out] = _booster(effort.seed).fit(used[~out], truth[~out]).predict(used[out])
        alone = evidence[:, STRUCTURE]
        mixed = {weight: weight * learnt + (1 - weight) * alone for weight in WEIGHTS}
        weight = min(WEIGHTS, key=lambda w: float(((mixed[w] - truth) ** 2).mean()))
        error = np.abs(mixed[weight] - truth)
        boosters = [
            _booster(effort.seed + n).fit(used, truth) for n in range(SEEDS if weight else 0)
        ]
        effort.progress(0.9, "weighing the evidence")
        expected = np.zeros(len(truth))
        for number in np.unique(part):
            out = part == number
            expected[out] = _scale(effort.seed).fit(used[~out], error[~out]).predict(used[out])
        scale = _scale(effort.seed).fit(used, error)
    relative = np.sort(error / np.maximum(expected, LEAST_ERROR * error.mean()))
    rank = min(len(relative), int(np.ceil((len(relative) + 1) * COVERAGE)))
    return Judge(columns, boosters, weight, scale, float(relative[rank - 1]), float(error.mean()))


def _booster(seed: int) -> HistGradientBoostingRegressor:
    return HistGradientBoostingRegressor(
        learning_rate=0.06, max_iter=250, max_leaf_nodes=31, min_samples_leaf=20,
        l2_regularization=1.0, max_features=0.3, early_stopping=False, random_state=seed,
    )  # fmt: skip


def _scale(seed: int) -> HistGradientBoostingRegressor:
    return HistGradientBoostingRegressor(
        learning_rate=0.05, max_iter=100, max_leaf_nodes=8, min_samples_leaf=50,
        early_stopping=False, random_state=seed,
    )  # fmt: skip


def _families(similarity: FloatArray) -> IntArray:
    """Returns which of n are so alike that leaving one out means leaving all out, shape (n,)."""
    return np.asarray(connected_components(similarity >= ALIKE)[1], dtype=np.intp)


def places(chosen: IntArray, count: int) -> IntArray:
    """Returns where each of `count` things is among the chosen; -1 where it is not."""
    places = np.full(count, -1, dtype=np.intp)
    places[chosen] = np.arange(len(chosen))
    return places
