"""Where a design starts when nobody says: known drugs and what they become in a step."""

import random
from collections.abc import Sequence

from rdkit import Chem

from models.molecules.chemistry.names import compounds
from models.molecules.design.search.limits import is_harmless, is_plausible
from models.molecules.design.search.mutation import mutate

STARTERS = 300
"""Molecules to begin with."""


def starting_molecules(origins: Sequence[Chem.Mol], count: int, seed: int) -> list[Chem.Mol]:
    """Returns molecules to begin a search with.

    Args:
        origins: Molecules that somebody named, which come first, then their mutants; where there
            are none, a sample of the bundled table of drugs.
        count: At most so many, and no more than STARTERS.
        seed: Decides the choice.
    """
    chance = random.Random(seed)  # noqa: S311  # no secret hangs on it
    if not origins:
        drugs = [Chem.MolFromSmiles(compound.smiles) for compound in compounds()]
        fit = [drug for drug in drugs if is_plausible(drug) and is_harmless(drug)]
        return chance.sample(fit, min(STARTERS, count, len(fit)))
    grown = list(origins)
    for _ in range(min(STARTERS, count)):
        child = mutate(chance.choice(grown), chance)
        if child is not None and is_plausible(child):
            grown.append(child)
    return grown
