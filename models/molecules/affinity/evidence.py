"""What the measured pairs say of a pair that was not measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

SAME = 0.1
"""How much of a kernel is kept for what similarity does not show."""

NOISE = (0.1, 0.2)
"""Variance of a measurement beside that of what is learnt, without and with profiles."""

SHRINK = 5.0
"""Pairs that a mean is held back by."""

RANK, ROUNDS, THRESHOLD = 8, 30, 3.0
SHARPNESS = (0.05, 0.2)
STEPS, ENOUGH = 200, 1e-6

NAMES = (
    "molecule_mean", "molecule_deviation", "molecule_highest", "molecule_active", "molecule_pairs",
    "protein_mean", "protein_deviation", "protein_highest", "protein_active", "protein_pairs",
    "structure", "structure_and_profile", "profile", "factors",
    *(f"like_{what}_{how:g}" for what in ("molecules", "proteins", "molecule_profiles",
                                          "protein_profiles") for how in SHARPNESS),
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """Molecules or proteins beside the n that were measured.

    Attributes:
        similarity: To each of the n, shape (m, n).
        index: Which of the n each one is; -1 for one that was never measured. Shape (m,).
    """

    similarity: FloatArray
    index: IntArray

    def kernel(self) -> FloatArray:
        """Returns similarity with a share for being the very same."""
        kernel: FloatArray = (1 - SAME) * self.similarity + SAME * self._is()
        return kernel

    def profile(self, alike: FloatArray) -> FloatArray:
        """Returns how alike the values are, from (n, n); nothing for what was never measured."""
        return np.where((self.index >= 0)[:, None], alike[self.index], 0.0)

    def _is(self) -> FloatArray:
        same = self.index[:, None] == np.arange(self.similarity.shape[1])[None]
        return np.asarray(same, dtype=np.float64)


class Evidence:
    """Measured pairs of a molecules and b proteins, and what follows from them.

    Args:
        values: Affinities, shape (a, b), NaN where not measured.
        molecules: Similarity of the molecules, shape (a, a).
        proteins: Similarity of the proteins, shape (b, b).
    """

    def __init__(self, values: FloatArray, molecules: FloatArray, proteins: FloatArray) -> None:
        self._known = ~np.isnan(values)
        self._mean = float(np.nanmean(values))
        self._floor = float(np.nanmin(values))
        self._apart = np.where(self._known, values - self._mean, 0.0)
        self._molecule_lift, self._protein_lift, rest = self._lifts()
        self._molecules_alike = _alike(rest)
        self._proteins_alike = _alike(rest.T)
        self._factors = _low_rank(rest, self._known)
        self._sums = _summaries(values, self._floor), _summaries(values.T, self._floor)
        own_molecules = Seen(molecules, np.arange(len(molecules)))
        own_proteins = Seen(proteins, np.arange(len(proteins)))
        self._weights = [
            solve(self._apart, self._known, left, right, noise)
            for left, right, noise in self._kernels(own_molecules, own_proteins)
        ]

    def of(self, molecules: Seen, proteins: Seen, rows: IntArray, columns: IntArray) -> FloatArray:
        """Returns what is known of pairs, one column per name in NAMES.

        Args:
            molecules: m of them.
            proteins: n of them.
            rows: Which molecule each pair has, shape (p,).
            columns: Which protein, shape (p,).

        Returns:
            Shape (p, len(NAMES)); NaN where nothing is known.
        """
        of_molecule = _looked_up(self._sums[0], molecules.index)[rows]
        of_protein = _looked_up(self._sums[1], proteins.index)[columns]
        grids = [
            self._mean + left @ weights @ right.T
            for weights, (left, right, _) in zip(
                self._weights, self._kernels(molecules, proteins), strict=True
            )
        ]
        grids.append(self._by_factors(molecules.index, proteins.index))
        for how in SHARPNESS:
            grids.append(self._from_molecules(_near(molecules.similarity, how), proteins))
        for how in SHARPNESS:
            grids.append(self._from_proteins(_near(proteins.similarity, how), molecules))
        for how in SHARPNESS:
            near = _near(molecules.profile(self._molecules_alike), how)
            grids.append(self._from_molecules(near * (molecules.index >= 0)[:, None], proteins))
        for how in SHARPNESS:
            near = _near(proteins.profile(self._proteins_alike), how)
            grids.append(self._from_proteins(near * (proteins.index >= 0)[:, None], molecules))
        return np.column_stack([of_molecule, of_protein, *(grid[rows, columns] for grid in grids)])

    def _kernels(
        self, molecules: Seen, proteins: Seen
    ) -> list[tuple[FloatArray, FloatArray, float]]:
        left, right = molecules.kernel(), proteins.kernel()
        left_profile = molecules.profile(self._molecules_alike)
        right_profile = proteins.profile(self._proteins_alike)
        return [
            (left, right, NOISE[0]),
            (left, (right + right_profile) / 2, NOISE[1]),
            ((left + left_profile) / 2, (right + right_profile) / 2, NOISE[1]),
        ]

    def _lifts(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Returns how far molecules and proteins lie from the mean, and what is left."""
        known = self._known
        molecule = self._apart.sum(1) / (known.sum(1) + SHRINK)
        protein = ((self._apart - molecule[:, None]) * known).sum(0) / (known.sum(0) + SHRINK)
        return molecule, protein, (self._apart - molecule[:, None] - protein[None]) * known

    def _by_factors(self, molecules: IntArray, proteins: IntArray) -> FloatArray:
        lift = np.where(molecules >= 0, self._molecule_lift[molecules], 0.0)[:, None]
        lift = lift + np.where(proteins >= 0, self._protein_lift[proteins], 0.0)[None]
        both = (molecules >= 0)[:, None] & (proteins >= 0)[None]
        factors = self._factors[np.ix_(molecules, proteins)]
        return self._mean + lift + np.where(both, factors, 0.0)

    def _from_molecules(self, near: FloatArray, proteins: Seen) -> FloatArray:
        """Returns the mean over like molecules that were measured with the very protein."""
        measured = (proteins.index >= 0)[None]
        total = np.where(measured, (near @ self._apart)[:, proteins.index], 0.0)
        weight = np.where(measured, (near @ self._known)[:, proteins.index], 0.0)
        return self._mean + _ratio(total, weight)

    def _from_proteins(self, near: FloatArray, molecules: Seen) -> FloatArray:
        """Returns the mean over like proteins that were measured with the very molecule."""
        measured = (molecules.index >= 0)[:, None]
        total = np.where(measured, (self._apart @ near.T)[molecules.index], 0.0)
        weight = np.where(measured, (self._known @ near.T)[molecules.index], 0.0)
        return self._mean + _ratio(total, weight)


def solve(
    apart: FloatArray, known: NDArray[np.bool_], left: FloatArray, right: FloatArray, noise: float
) -> FloatArray:
    """Returns the weights of Gaussian process regression on pairs, by conjugate gradients.

    The kernel of two pairs is the product of their molecules' and their proteins' kernels
    (Kronecker; Pahikkala et al. 2015, doi:10.1093/bib/bbu010), so that a product with the matrix of
    all pairs is two small ones.

    Args:
        apart: Values less their mean, shape (a, b); 0 where not measured.
        known: Where measured, shape (a, b).
        left: Kernel of the molecules, shape (a, a).
        right: Kernel of the proteins, shape (b, b).
        noise: Variance of a measurement, in units of the kernel.

    Returns:
        Shape (a, b); left @ weights @ right is the posterior mean.
    """
    weights = np.zeros_like(apart)
    residual = apart.copy()
    direction = residual.copy()
    size = start = float((residual**2).sum())
    for _ in range(STEPS):
        if size <= ENOUGH * start:
            break
        moved = known * (left @ direction @ right) + noise * direction
        step = size / float((direction * moved).sum())
        weights += step * direction
        residual -= step * moved
        before, size = size, float((residual**2).sum())
        direction = residual + size / before * direction
    return weights


def _alike(rest: FloatArray) -> FloatArray:
    """Returns the cosine of what rows have beyond their means, held back where little is known."""
    product = rest @ rest.T
    length = np.sqrt(np.diag(product)) + 1
    return np.asarray(product / length[:, None] / length[None])


def _low_rank(rest: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """Returns a matrix of few factors (soft-impute; Mazumder et al. 2010, JMLR 11:2287)."""
    filled = np.zeros_like(rest)
    for _ in range(ROUNDS):
        left, strength, right = np.linalg.svd(np.where(known, rest, filled), full_matrices=False)
        strength = np.maximum(strength - THRESHOLD, 0)[:RANK]
        filled = (left[:, : len(strength)] * strength) @ right[: len(strength)]
    return filled


def _summaries(values: FloatArray, floor: float) -> FloatArray:
    """Returns mean, deviation, highest, share above the floor and number of each row's values."""
    known = ~np.isnan(values)
    count = known.sum(1)
    held = np.where(known, values, 0.0)
    mean = held.sum(1) / np.maximum(count, 1)
    square = np.where(known, (values - mean[:, None]) ** 2, 0.0).sum(1) / np.maximum(count, 1)
    highest = np.where(known, values, -np.inf).max(1)
    active = (known & (held > floor + 1e-9)).sum(1) / np.maximum(count, 1)
    made = np.column_stack([mean, np.sqrt(square), highest, active, count])
    made[count == 0] = np.nan
    return made


def _looked_up(table: FloatArray, index: IntArray) -> FloatArray:
    return np.where((index >= 0)[:, None], table[index], np.nan)


def _near(similarity: FloatArray, sharpness: float) -> FloatArray:
    return np.exp((similarity - 1) / sharpness)


def _ratio(total: FloatArray, weight: FloatArray) -> FloatArray:
    return np.where(weight > 1e-300, total / np.maximum(weight, 1e-300), np.nan)
