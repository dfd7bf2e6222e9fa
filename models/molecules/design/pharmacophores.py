"""Two-dimensional pharmacophores of a molecule: pairs and triples of features, and their distances.

The definition is Gobbi and Poppinger's (Biotechnol Bioeng 1998; 61: 47) with RDKit's numbers for
what is found; all distances are looked up together, some ten times as fast as one by one.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, DataStructs
from rdkit.Chem.Pharm2D import Gobbi_Pharm2D

FACTORY: Any = Gobbi_Pharm2D.factory
STARTS = np.array([start for start, _ in FACTORY.GetBins()])
"""Bonds from which on a distance falls into each bin."""

NONE = -1
AT_ONCE = 96
"""Features whose choices of three are looked at together and remembered: some 140,000."""


def pharmacophores(molecule: Chem.Mol) -> DataStructs.SparseBitVect:
    """Returns which pharmacophores a molecule has."""
    families, atoms = _features(molecule)
    found: set[int | None] = set()
    if len(families) > 1:
        bins = _bins(molecule, atoms)
        for chosen in _choices(len(families)):
            points = chosen.shape[1]
            sides = [bins[chosen[:, i], chosen[:, j]] for i, j in combinations(range(points), 2)]
            rows = np.hstack([families[chosen], np.stack(sides, axis=1)])
            rows = rows[(rows != NONE).all(axis=1)]
            # One number for each row: NumPy tells equal numbers from others faster than equal rows.
            _, first = np.unique(rows @ 16 ** np.arange(rows.shape[1]), return_index=True)
            found |= {_bit(*row) for row in rows[first].tolist()}
    vector: DataStructs.SparseBitVect = FACTORY.GetSignature()
    vector.SetBitsFromList([bit for bit in found if bit is not None])
    return vector


def _features(molecule: Chem.Mol) -> tuple[NDArray[np.intp], list[tuple[int, ...]]]:
    """Returns the family and the atoms of each feature, ordered as RDKit orders them."""
    found = [
        (family, atoms)
        for family, places in enumerate(FACTORY.GetMolFeats(molecule))
        for atoms in sorted(set(places))
    ]
    return np.array([family for family, _ in found], np.intp), [atoms for _, atoms in found]


def _bins(molecule: Chem.Mol, atoms: list[tuple[int, ...]]) -> NDArray[np.intp]:
    """Returns the bin of the shortest way between two features; NONE where they are too near."""
    between = Chem.GetDistanceMatrix(molecule)
    owner = np.repeat(np.arange(len(atoms)), [len(each) for each in atoms])
    flat = np.concatenate(atoms)
    shortest = np.full((len(atoms), len(atoms)), np.inf)
    np.minimum.at(shortest, (owner[:, None], owner[None, :]), between[np.ix_(flat, flat)])
    bins = np.searchsorted(STARTS, shortest, side="right") - 1
    bins[shortest >= FACTORY.GetBins()[-1][1]] = NONE
    return bins


def _choices(count: int) -> Iterator[NDArray[np.intp]]:
    """Yields each choice of two and of three features; of many in parts, for there are millions."""
    if count <= AT_ONCE:
        yield from (_every(count, points) for points in (2, 3))
        return
    yield _pairs(count)
    for first in range(count - 2):
        others = _pairs(count - first - 1) + (first + 1)
        yield np.insert(others, 0, first, axis=1)


def _pairs(count: int) -> NDArray[np.intp]:
    return np.stack(np.triu_indices(count, 1), axis=1)


@lru_cache(maxsize=2 * AT_ONCE)
def _every(count: int, points: int) -> NDArray[np.intp]:
    every = list(combinations(range(count), points))
    return np.array(every, np.intp).reshape(len(every), points)


@cache
def _bit(*row: int) -> int | None:
    """Returns RDKit's number of a pharmacophore, by families and bins; None where it has none."""
    points = 2 if len(row) == 3 else 3
    distances = [int(STARTS[place]) for place in row[points:]]
    try:
        return int(FACTORY.GetBitIdx(row[:points], distances, sortIndices=False))
    except IndexError:  # the ways between features of several atoms need close no triangle
        return None
