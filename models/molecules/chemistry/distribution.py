"""How a set of generated molecules compares with real ones: the metrics of MOSES.

Polykovskiy et al. 2020, doi 10.3389/fphar.2020.565644. Fingerprints are Morgan's of radius 2 and
1,024 bits, as there.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rdkit import Chem, DataStructs
from rdkit.Chem import BRICS
from rdkit.Chem import rdFingerprintGenerator as fingerprints  # noqa: N813  # RDKit's own name
from rdkit.Chem.Scaffolds import MurckoScaffold

from models.molecules.chemistry.alerts import count_alerts
from models.molecules.chemistry.structure import SmilesError, parse_smiles

MOST_COMPARED = 2_000
"""Molecules of each set in metrics that compare every pair."""

MOST_TAKEN_APART = 5_000
"""Molecules of each set whose scaffolds and fragments are counted."""

_GENERATOR = fingerprints.GetMorganGenerator(radius=2, fpSize=1024)


@dataclass(frozen=True)
class Molecules:
    """A set of valid molecules.

    Attributes:
        smiles: Canonical.
    """

    smiles: Sequence[str]

    @cached_property
    def molecules(self) -> list[Chem.Mol]:
        """The molecules."""
        return [Chem.MolFromSmiles(one) for one in self.smiles]

    @cached_property
    def fingerprints(self) -> list[DataStructs.ExplicitBitVect]:
        """Of the first ones, as many as are compared."""
        return [_GENERATOR.GetFingerprint(one) for one in self.molecules[:MOST_COMPARED]]

    @cached_property
    def scaffolds(self) -> Counter[str]:
        """How often each Bemis-Murcko scaffold occurs; molecules without rings have none."""
        scaffold_of: Callable[..., str] = MurckoScaffold.MurckoScaffoldSmiles
        found = (scaffold_of(mol=one)
                 for one in self.molecules[:MOST_TAKEN_APART])  # fmt: skip
        return Counter(scaffold for scaffold in found if scaffold)

    @cached_property
    def fragments(self) -> Counter[str]:
        """How often each BRICS fragment occurs."""
        found: Counter[str] = Counter()
        parts_of: Callable[..., set[str]] = BRICS.BRICSDecompose
        for one in self.molecules[:MOST_TAKEN_APART]:
            found.update(parts_of(one, minFragmentSize=3))
        return found


def valid(texts: Sequence[str]) -> list[str]:
    """Returns the canonical SMILES of those that are molecules of one part, doubles and all."""
    found = []
    for text in texts:
        try:
            smiles = Chem.MolToSmiles(parse_smiles(text))
        except SmilesError:
            continue
        if "." not in smiles:
            found.append(smiles)
    return found


def distribution_metrics(
    texts: Sequence[str], training: frozenset[str], held_out: Molecules
) -> dict[str, float]:
    """Compares generated with held-out molecules.

    Args:
        texts: SMILES as they were generated.
        training: Canonical SMILES that were learnt from.
        held_out: Real molecules that were not.

    Returns:
        validity, uniqueness (of the valid), novelty (of the unique), filters (share without PAINS
        or Brenk alert), internal_diversity (1 less the mean Tanimoto similarity of pairs),
        nearest_similarity (mean over molecules of that to the nearest held-out one),
        scaffold_similarity and fragment_similarity (cosine of counts): all 0-1.
    """
    real = valid(texts)
    unique = list(dict.fromkeys(real))
    made = Molecules(unique)
    found = {
        "validity": len(real) / max(1, len(texts)),
        "uniqueness": len(unique) / max(1, len(real)),
        "novelty": sum(one not in training for one in unique) / max(1, len(unique)),
    }
    if not unique:
        return found
    clean = [not count_alerts(one) for one in made.molecules[:MOST_COMPARED]]
    return found | {
        "filters": float(np.mean(clean)),
        "internal_diversity": internal_diversity(made),
        "nearest_similarity": nearest_similarity(made, held_out),
        "scaffold_similarity": cosine(made.scaffolds, held_out.scaffolds),
        "fragment_similarity": cosine(made.fragments, held_out.fragments),
    }  # fmt: skip


def internal_diversity(made: Molecules) -> float:
    """Returns 1 less the mean Tanimoto similarity of all pairs, 0-1."""
    prints = made.fingerprints
    total = sum(sum(DataStructs.BulkTanimotoSimilarity(one, prints)) for one in prints)
    return 1 - float(total) / len(prints) ** 2


def nearest_similarity(made: Molecules, reference: Molecules) -> float:
    """Returns the mean Tanimoto similarity to the nearest molecule of a reference, 0-1."""
    return float(
        np.mean(
            [
                max(DataStructs.BulkTanimotoSimilarity(one, reference.fingerprints))
                for one in made.fingerprints
            ]
        )
    )


def cosine(first: Counter[str], second: Counter[str]) -> float:
    """Returns the cosine of two tables of counts, 0-1."""
    keys = first.keys() & second.keys()
    product = sum(first[key] * second[key] for key in keys)
    norms = [np.sqrt(sum(count**2 for count in counts.values())) for counts in (first, second)]
    return float(product / (norms[0] * norms[1])) if all(norms) else 0.0
