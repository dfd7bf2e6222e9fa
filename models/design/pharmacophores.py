"""Two-dimensional pharmacophores of a molecule: pairs and triples of features, and their distances.

The definition is Gobbi and Poppinger's (Biotechnol Bioeng 1998; 61: 47) with RDKit's numbers for
what is found; all distances are looked up together, some ten times as fast as one by one.
"""

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


def pharmacophores(molecule: Chem.Mol) -> DataStructs.SparseBitVect:
    """Returns which pharmacophores a molecule has."""
    families, atoms = _features(molecule)
    found: set[int | None] = set()
    if len(families) > 1:
        bins = _bins(molecule, atoms)
        for points in (2, 3):
            chosen = _choices(len(families), points)
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


@lru_cache(maxsize=256)
def _choices(count: int, points: int) -> NDArray[np.intp]:
    """Returns each choice of so many features, in order."""
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
