"""The settings in which pairs are predicted: what of a pair was measured with others before."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.intp]
Setting = Literal["pair", "drug", "protein", "both"]

SETTINGS: tuple[Setting, ...] = ("pair", "drug", "protein", "both")
"""S1 to S4 of Pahikkala et al. 2015 (doi:10.1093/bib/bbu010): new is the pair alone, its molecule,
its protein, or both."""

SAID = {
    "pair": "molecule and protein measured, but not together",
    "drug": "a molecule that was never measured",
    "protein": "a protein that was never measured",
    "both": "neither molecule nor protein ever measured",
}


def setting_of(molecule_known: NDArray[np.bool_], protein_known: NDArray[np.bool_]) -> IntArray:
    """Returns the position in SETTINGS of each pair, shape (n,)."""
    return np.where(molecule_known, np.where(protein_known, 0, 2), np.where(protein_known, 1, 3))


def left_out(
    setting: Setting, molecule: IntArray, protein: IntArray, count: int, seed: int
) -> list[tuple[IntArray, IntArray]]:
    """Leaves pairs out as they are new in a setting.

    Args:
        setting: What is new.
        molecule: Of each pair, shape (n,).
        protein: Of each pair, shape (n,).
        count: How many parts.
        seed: Decides them.

    Returns:
        Positions that are known and positions that are left out, of each part that has both. Where
        both are new, pairs that share one with those left out are in neither.
    """
    random = np.random.default_rng(seed)
    of_pair = random.permutation(len(molecule)) % count
    of_molecule = (random.permutation(molecule.max() + 1) % count)[molecule]
    of_protein = (random.permutation(protein.max() + 1) % count)[protein]
    parts = []
    for part in range(count):
        match setting:
            case "pair":
                out, known = of_pair == part, of_pair != part
            case "drug":
                out, known = of_molecule == part, of_molecule != part
            case "protein":
                out, known = of_protein == part, of_protein != part
            case "both":
                out = (of_molecule == part) & (of_protein == part)
                known = (of_molecule != part) & (of_protein != part)
        if out.any() and known.any():
            parts.append((np.flatnonzero(known), np.flatnonzero(out)))
    return parts
