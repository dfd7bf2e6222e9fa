"""The terms of an objective: each looks at one thing and says how much it is as wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator as fingerprints  # noqa: N813  # RDKit's own name

from models.molecules.chemistry.alerts import count_alerts
from models.molecules.design.desirability import AS_IT_IS, Curve, Desirability, Rising
from models.molecules.design.pharmacophores import pharmacophores
from models.molecules.design.quantities import Quantity

Fingerprint = Literal["ECFP4", "ECFP6", "FCFP4", "AP", "pharmacophore"]


@dataclass(frozen=True)
class Term:
    """One thing that is wanted of a molecule.

    Attributes:
        name: What it is called in tables.
        value: From a molecule to a value in its own unit.
        wanted: From that value to how much it is wanted, 0-1.
        target: SMILES of the molecule that it leads to or away from, or of what it must contain.
        bounded: Some values are as wanted as can be: a constraint, not a preference.
        prepare: Is told which molecules will be judged next, to compute them together.
    """

    name: str
    value: Callable[[Chem.Mol], float]
    wanted: Curve = AS_IT_IS
    target: str | None = None
    bounded: bool = False
    prepare: Callable[[Sequence[Chem.Mol]], None] | None = None

    def __str__(self) -> str:
        """Says its name and its bound: weight near 350 (within 15)."""
        name = self.name.replace("_", " ")
        return name if self.wanted == AS_IT_IS or not self.bounded else f"{name} {self.wanted}"


def quantity_term(quantity: Quantity, curve: Curve) -> Term:
    """Returns the term of a quantity that should have certain values."""
    preferred = isinstance(curve, Rising) or curve == AS_IT_IS
    return Term(
        quantity.name, quantity.compute, curve, bounded=not preferred, prepare=quantity.prepare
    )


def similarity_term(
    target: str, fingerprint: Fingerprint = "ECFP4", curve: Curve = AS_IT_IS, label: str = ""
) -> Term:
    """Returns likeness to a molecule: Tanimoto's coefficient of counted features.

    Args:
        target: SMILES.
        fingerprint: The features: circular ones of diameter 4 or 6, by atom or by function, atom
            pairs up to 10 bonds apart, or pharmacophores (present or not; Gobbi and Poppinger).
        curve: From similarity to how much it is wanted.
        label: The molecule's name.
    """
    goal = features(Chem.MolFromSmiles(target), fingerprint)

    def value(molecule: Chem.Mol) -> float:
        return float(DataStructs.TanimotoSimilarity(features(molecule, fingerprint), goal))

    return Term(f"similarity to {label or target}", value, curve, target, curve != AS_IT_IS)


def pattern_term(smarts: str, *, present: bool = True, label: str = "") -> Term:
    """Returns the term of a substructure, in SMARTS, that is wanted or unwanted."""
    pattern = Chem.MolFromSmarts(smarts)
    name = f"{'has' if present else 'has no'} {label or smarts}"
    return Term(
        name,
        lambda molecule: float(molecule.HasSubstructMatch(pattern) == present),
        target=smarts if present else None,
        bounded=True,
    )


def alerts_term() -> Term:
    """Returns the term of structural alerts (PAINS and Brenk's), of which there should be none."""
    return Term("alerts", lambda molecule: float(count_alerts(molecule)),
                Desirability("at_most", 0.0, 1.0), bounded=True)  # fmt: skip


def formula_term(formula: str, counts: dict[str, int]) -> Term:
    """Returns the term of an empirical formula.

    The geometric mean of a Gaussian of each element's count (deviation 1) and of the number of all
    atoms (deviation 2), hydrogen included (Brown et al. 2019).
    """
    whole = Desirability("near", sum(counts.values()), 2.0)
    each = {symbol: Desirability("near", count, 1.0) for symbol, count in counts.items()}

    def value(molecule: Chem.Mol) -> float:
        found = {"H": sum(atom.GetTotalNumHs() for atom in molecule.GetAtoms())}
        for atom in molecule.GetAtoms():
            found[atom.GetSymbol()] = found.get(atom.GetSymbol(), 0) + 1
        score = whole(sum(found.values()))
        for symbol, near in each.items():
            score *= near(found.get(symbol, 0))
        return float(score ** (1 / (len(each) + 1)))

    return Term(f"formula {formula}", value, bounded=True)


def features(
    molecule: Chem.Mol, fingerprint: Fingerprint
) -> DataStructs.ULongSparseIntVect | DataStructs.SparseBitVect:
    """Returns the features of a molecule."""
    if fingerprint == "pharmacophore":
        return pharmacophores(molecule)
    counted: DataStructs.ULongSparseIntVect = _GENERATORS[fingerprint].GetSparseCountFingerprint(
        molecule
    )
    return counted


_GENERATORS = {
    "ECFP4": fingerprints.GetMorganGenerator(radius=2),
    "ECFP6": fingerprints.GetMorganGenerator(radius=3),
    "FCFP4": fingerprints.GetMorganGenerator(
        radius=2, atomInvariantsGenerator=fingerprints.GetMorganFeatureAtomInvGen()
    ),
    "AP": fingerprints.GetAtomPairGenerator(maxDistance=10),
}
