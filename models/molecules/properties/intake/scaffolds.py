"""Bemis-Murcko scaffolds, and splits that keep each on one side."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem.Scaffolds import MurckoScaffold

Rows = NDArray[np.intp]


def scaffold_of(molecule: Chem.Mol) -> str:
    """Returns the scaffold as SMILES without stereochemistry; empty for a molecule without rings.

    Bemis and Murcko 1996 (doi 10.1021/jm9602928): the rings and what links them.
    """
    with rdBase.BlockLogs():
        try:
            scaffold: str = MurckoScaffold.MurckoScaffoldSmiles(  # type: ignore[no-untyped-call]
                mol=molecule, includeChirality=False
            )
        except (ValueError, RuntimeError):  # what cannot be written without its side chains
            return ""
    return scaffold


def scaffold_codes(molecules: Sequence[Chem.Mol]) -> NDArray[np.intp]:
    """Returns the number of each molecule's scaffold, in order of first appearance, shape (n,)."""
    numbers: dict[str, int] = {}
    found = [numbers.setdefault(scaffold_of(one), len(numbers)) for one in molecules]
    return np.array(found, dtype=np.intp)


def scaffold_parts(molecules: Sequence[Chem.Mol], fractions: Sequence[float]) -> list[Rows]:
    """Divides molecules by scaffold: the commonest scaffolds first, the rarest last.

    The deterministic split of MoleculeNet (Wu et al. 2018, doi 10.1039/c7sc02664a): scaffolds in
    falling order of their molecules; each goes to the first part that it still fits into, the
    last part takes what fits nowhere.

    Args:
        molecules: At least one.
        fractions: Share of each part, adding up to 1: training first.

    Returns:
        Positions of the molecules of each part.
    """
    groups: dict[int, list[int]] = {}
    for position, code in enumerate(scaffold_codes(molecules)):
        groups.setdefault(int(code), []).append(position)
    ordered = sorted(groups.values(), key=lambda group: (len(group), group[0]), reverse=True)
    parts: list[list[int]] = [[] for _ in fractions]
    ends = np.cumsum(fractions) * len(molecules)
    filled = 0
    for group in ordered:
        for place, end in enumerate(ends):
            before = sum(map(len, parts[: place + 1]))
            if before + len(group) <= end or place == len(parts) - 1:
                parts[place] += group
                break
        filled += len(group)
    return [np.array(part, dtype=np.intp) for part in parts]
