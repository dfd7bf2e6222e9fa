"""Which molecules of a search are worth showing."""

from collections.abc import Sequence

import numpy as np
from rdkit import Chem, DataStructs

from models.molecules.design.search.genetic import Judged
from models.molecules.design.search.limits import SIMILAR

ALIKE = 0.85
"""Tanimoto's coefficient above which two molecules show the same idea."""


def choose(ranked: Sequence[Judged], count: int, *, at_most: float = ALIKE) -> list[Judged]:
    """Returns the best molecules that are not all of one kind.

    Those that resemble a better one too much stand back; they fill up what is left.

    Args:
        ranked: Best first.
        count: How many.
        at_most: Similarity to a better one that is still shown.
    """
    chosen: list[Judged] = []
    fingerprints: list[DataStructs.ExplicitBitVect] = []
    passed: list[Judged] = []
    for one in ranked[: 50 * count]:
        found = SIMILAR.GetFingerprint(Chem.MolFromSmiles(one.smiles))
        like = DataStructs.BulkTanimotoSimilarity(found, fingerprints)
        if max(like, default=0.0) > at_most:
            passed.append(one)
            continue
        chosen.append(one)
        fingerprints.append(found)
        if len(chosen) == count:
            return chosen
    filled = chosen + passed[: count - len(chosen)]
    place = {one.smiles: rank for rank, one in enumerate(ranked)}
    return sorted(filled, key=lambda one: place[one.smiles])


def pareto(judged: Sequence[Judged]) -> list[Judged]:
    """Returns those that no other is at least as good as in every term and better in one."""
    wanted = np.array([one.score.wanted for one in judged])
    order = np.lexsort((np.arange(len(judged)), -wanted.sum(axis=1)))
    front: list[int] = []
    for index in order:
        rows = wanted[front]
        beaten = (rows >= wanted[index]).all(axis=1) & (rows > wanted[index]).any(axis=1)
        same = (rows == wanted[index]).all(axis=1)
        if not (beaten | same).any():
            front.append(int(index))
    return [judged[index] for index in front]


def running_best(judged: Sequence[Judged], top: int = 10) -> list[float]:
    """Returns the mean score of the best `top` so far, after each evaluation."""
    best: list[float] = []
    means: list[float] = []
    for one in judged:
        best = sorted([*best, one.score.total], reverse=True)[:top]
        means.append(sum(best) / len(best))
    return means


def area_under_curve(judged: Sequence[Judged], budget: int, top: int = 10) -> float:
    """Returns the area under the mean of the best `top` against evaluations, over the budget.

    The measure of the PMO benchmark (Gao et al. 2022, arXiv:2206.12411): read every 100
    evaluations, joined by straight lines; a search that ended early keeps its last value.
    """
    means = running_best(judged[:budget], top)
    marks = [means[min(step, len(means)) - 1] for step in range(100, budget + 1, 100)]
    area = sum((before + now) / 2 for before, now in zip([0.0, *marks], marks, strict=False))
    return area * 100 / budget
