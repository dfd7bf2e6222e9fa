"""What a designed molecule may be: stable as far as a glance tells, and no weapon or toxin."""

from collections.abc import Sequence
from functools import cache

from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator as fingerprints  # noqa: N813  # RDKit's own name

from models.molecules.chemistry.hazards import Hazard, classify_structure, hazard_of
from models.molecules.design.objective import Objective

MOST_ATOMS = 60
UNSTABLE: tuple[str, ...] = (
    "[OX2][OX2]",  # peroxides
    "[N,O,S,P][F,Cl,Br,I]",  # halogens on heteroatoms
    "[NX3,OX2,SX2;!$(*~[S,P]=O)][NX3,OX2][NX3,OX2,SX2]",  # chains of three heteroatoms
    "[#6]=C=[#6,#7]",  # allenes and ketenimines
    "[C;r3,r4,r5,r6,r7]#[*]",  # triple bonds in small rings
    "[C;r3,r4]=[C;r3,r4]",  # small unsaturated rings
    "[OX2H][CX3]=[CX3;!$(*(~*)a)]",  # enols
    "[OX2]C#N",  # cyanates
    "[OX2H,SX2H,NX3H2][CX4][OX2H,SX2H,NX3H2]",  # geminal
    # open-chain aminals and hemiaminal ethers, alkoxyamines, hydrazines
    "[NX3;!$(N[#6,#16]=[O,N,S])][CX4;!R][NX3,OX2;!$(*[#6,#16,#15]=[O,N,S])]",
    "[NX3;!$(N[#6,#16]=[O,N,S])]-;!@[OX2]",
    "[NX3;!$(N[#6,#16]=[O,N,S])]-;!@[NX3;!$(N[#6,#16]=[O,N,S])]",
    "[a;r3]",  # aromatic rings of three
    "[#7,#8,#16][CX2]#[CX2]",  # ynamines, ynol ethers
    "[OX2H][CX4][OX2]",  # hemiacetals
    "[CX3](=O)[CX3](=O)[CX3]=O",  # chains of three carbonyls
    "[#6][NX2]=[NX2]", "[NX2]=[NX2+]=[NX1-]", "[SX2][SX2]", "[OX2][SX2]",
    "[PX3]", "[S;v6;!H0]", "[P;v5;!H0]", "[OX2,NX3][CX4;R0][Cl,Br,I]", "[CX4][I]",
)  # fmt: skip
"""SMARTS of what rarely survives water or handling."""

SIMILAR = fingerprints.GetMorganGenerator(radius=2, fpSize=2048)


def is_plausible(molecule: Chem.Mol) -> bool:
    """Tells whether a molecule is of a drug's size and has no group that is plainly unstable."""
    return (
        molecule.GetNumHeavyAtoms() <= MOST_ATOMS
        and not any(molecule.HasSubstructMatch(pattern) for pattern in _unstable())
        and not any(atom.GetNumRadicalElectrons() for atom in molecule.GetAtoms())
    )


def is_harmless(molecule: Chem.Mol) -> bool:
    """Tells whether a molecule is of no class that is screened for."""
    return hazard_of(molecule) is None


def hazardous_goals(objective: Objective, field: str) -> list[tuple[str, str, Hazard | None]]:
    """Returns the structures that an objective leads to, and why they are hazardous or None.

    Args:
        objective: What is wanted.
        field: The argument that said so.
    """
    targets = [term.target for term in objective.terms if term.target]
    return [(field, target, classify_structure(target)) for target in targets]


class Near:
    """Tells whether a molecule is like one of those that a design starts from.

    Args:
        origins: The molecules to stay near.
        at_least: Tanimoto's coefficient of Morgan fingerprints (radius 2, 2,048 bits), 0-1.
    """

    def __init__(self, origins: Sequence[Chem.Mol], at_least: float) -> None:
        self._origins = [SIMILAR.GetFingerprint(molecule) for molecule in origins]
        self._at_least = at_least

    def similarity(self, molecule: Chem.Mol) -> float:
        """Returns the similarity to the nearest origin."""
        found = SIMILAR.GetFingerprint(molecule)
        return float(max(DataStructs.BulkTanimotoSimilarity(found, self._origins)))

    def __call__(self, molecule: Chem.Mol) -> bool:
        """Tells whether a molecule is near enough."""
        return self.similarity(molecule) >= self._at_least


@cache
def _unstable() -> tuple[Chem.Mol, ...]:
    return tuple(Chem.MolFromSmarts(smarts) for smarts in UNSTABLE)
