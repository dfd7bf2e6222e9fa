"""What an objective can speak of: quantities of a molecule, by name."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rdkit import Chem
from rdkit.Chem import Descriptors, rdMolDescriptors

from models.molecules.chemistry.properties import log_solubility, synthetic_accessibility

# RDKit's stubs know the descriptors only through this list.
_COMPUTE: dict[str, Callable[[Chem.Mol], float]] = dict(Descriptors.descList)
_logp = _COMPUTE["MolLogP"]


@dataclass(frozen=True)
class Quantity:
    """A number that a molecule has.

    Attributes:
        name: As it is reported.
        spoken: Other names that people use.
        compute: From the molecule to the number.
        mean: Of drug-like molecules (4,000 of the 249,455 of ZINC that Gómez-Bombarelli et al. 2018
            chose).
        deviation: Their standard deviation.
        good: 1 where more is what people want, -1 where less is.
        low: What it can be at least.
        high: What it can be at most.
        tolerance: How far from a value is still near it; a fifth of the deviation when not stated.
        prepare: Is told which molecules will be computed next, to do them together.
    """

    name: str
    spoken: tuple[str, ...]
    compute: Callable[[Chem.Mol], float]
    mean: float
    deviation: float
    good: int = 1
    low: float = -math.inf
    high: float = math.inf
    tolerance: float | None = None
    prepare: Callable[[Sequence[Chem.Mol]], None] | None = None


def penalized_logp(molecule: Chem.Mol) -> float:
    """Returns logP less synthetic accessibility less oversized rings, each standardised.

    Gómez-Bombarelli et al. 2018 (doi:10.1021/acscentsci.7b00572), with the means and deviations
    over ZINC's 250,000 molecules that Jin et al. 2018 (arXiv:1802.04364) use.
    """
    rings = [len(ring) for ring in molecule.GetRingInfo().AtomRings()]
    oversize = max(0, max(rings, default=0) - 6)
    logp = (_logp(molecule) - 2.4570953396190123) / 1.434324401111988
    access = (-synthetic_accessibility(molecule) + 3.0525811293166134) / 0.8335207024513095
    return float(logp + access + (-oversize + 0.0485696876403053) / 0.2860212110245455)


QUANTITIES: tuple[Quantity, ...] = (
    Quantity("qed", ("drug-likeness", "druglikeness", "drug-like", "druglike", "drug like"),
             _COMPUTE["qed"], 0.732, 0.14, low=0, high=1, tolerance=0.05),
    Quantity("logp", ("clogp", "lipophilicity", "lipophilic", "log p"), _logp, 2.479, 1.431,
             -1, tolerance=0.25),
    Quantity("tpsa", ("polar surface area", "psa", "polar surface", "polar", "polarity"),
             rdMolDescriptors.CalcTPSA, 64.534, 23.028, low=0, tolerance=5),
    Quantity("weight", ("molecular weight", "mw", "mass", "molwt", "molecular mass"),
             _COMPUTE["MolWt"], 331.991, 62.296, -1, low=0, tolerance=15),
    Quantity("synthetic_accessibility",
             ("synthetic accessibility", "sa", "sascore", "sa score", "synthesizability",
              "easy to make", "easily made", "easy to synthesize", "easy to synthesise",
              "synthesizable", "synthesisable", "makeable", "easier to make",
              "easier to synthesize", "easier to synthesise"),
             synthetic_accessibility, 3.045, 0.831, -1, low=1, high=10, tolerance=0.25),
    Quantity("log_solubility",
             ("solubility", "soluble", "water solubility", "aqueous solubility", "logs", "log s"),
             log_solubility, -3.482, 1.186, tolerance=0.25),
    Quantity("hydrogen_bond_donors", ("h-bond donors", "hbd", "donors", "hydrogen bond donors"),
             rdMolDescriptors.CalcNumHBD, 1.236, 0.865, -1, low=0, tolerance=0),
    Quantity("hydrogen_bond_acceptors",
             ("h-bond acceptors", "hba", "acceptors", "hydrogen bond acceptors"),
             rdMolDescriptors.CalcNumHBA, 3.717, 1.51, -1, low=0, tolerance=0),
    Quantity("rotatable_bonds", ("rotatable bonds", "rotors", "flexibility"),
             rdMolDescriptors.CalcNumRotatableBonds, 4.556, 1.582, -1, low=0, tolerance=0),
    Quantity("rings", ("ring count", "number of rings"), rdMolDescriptors.CalcNumRings, 2.769,
             1.004, low=0, tolerance=0),
    Quantity("aromatic_rings", ("aromatic rings",), rdMolDescriptors.CalcNumAromaticRings,
             1.872, 0.956, low=0, tolerance=0),
    Quantity("heavy_atoms", ("heavy atoms", "size"), lambda m: float(m.GetNumHeavyAtoms()),
             23.162, 4.544, -1, low=1, tolerance=1),
    Quantity("fsp3", ("fraction sp3", "sp3 fraction", "fraction csp3"),
             rdMolDescriptors.CalcFractionCSP3, 0.408, 0.218, low=0, high=1, tolerance=0.05),
    Quantity("stereocenters",
             ("stereocentres", "stereogenic centers", "stereogenic centres", "chiral centers",
              "chiral centres"),
             rdMolDescriptors.CalcNumAtomStereoCenters, 0.955, 1.039, -1, low=0, tolerance=0),
    Quantity("bertz_complexity", ("complexity",), _COMPUTE["BertzCT"], 713.055, 256.795, -1,
             low=0),
    Quantity("penalized_logp", ("penalised logp", "plogp", "penalized log p"), penalized_logp,
             0.07, 1.892),
)  # fmt: skip
