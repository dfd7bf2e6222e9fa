"""Recognises weapons, poisons, explosives and controlled substances by their structure."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import FieldFault, ToolError
from models.molecules.chemistry.hazard_classes import PATTERNS

if TYPE_CHECKING:
    from rdkit import Chem
    from rdkit.DataStructs import UIntSparseIntVect

TABLE = Path(__file__).with_name("hazardous.tsv")
TOKEN = re.compile(r"[A-Za-z0-9@+\-\[\]()=#%/\\.]{4,400}")
INCHI = re.compile(r"InChI=1S?/[\w.()/+,\-?*;]{4,400}")
FORMULA = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z][a-z]?\d{0,3}){3,8}(?![A-Za-z0-9])")
FORMULA_KINDS = frozenset({"weapon", "weapon precursor", "pesticide", "explosive"})
"""Whose bare molecular formula is refused, too; those of medicines have many harmless isomers."""

ALIKE = 0.75
"""Tanimoto similarity (counts, Morgan radius 2) at which a compound counts as the weapon or poison
that it is like: no medicine of the bundled table is as near to one."""

ALIKE_KINDS = frozenset({"weapon", "toxin", "pesticide"})


@dataclass(frozen=True)
class Hazard:
    """Why a compound is screened out.

    Attributes:
        kind: The list it is on, as in the table; "controlled" is what medicine uses, too.
        name: The compound or its class.
    """

    kind: str
    name: str

    @property
    def controlled(self) -> bool:
        """Whether it is a controlled substance or one that such are made from."""
        return self.kind in {"controlled", "drug precursor"}

    def __str__(self) -> str:
        return self.name if self.kind in self.name else f"{self.name} ({self.kind})"


@dataclass(frozen=True)
class Compound:
    """A row of the table."""

    kind: str
    name: str
    formula: str
    smiles: str


@cache
def hazardous_compounds() -> tuple[Compound, ...]:
    """Returns the table of single compounds."""
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return tuple(Compound(**row) for row in csv.DictReader(lines, delimiter="\t"))


def dangerous_structure(text: str) -> Hazard | None:
    """Returns the first hazard that a text holds as SMILES, InChI or formula, or None."""
    for match in INCHI.finditer(text):
        if found := classify_structure(match[0].rstrip(".,;?")):
            return found
    for match in TOKEN.finditer(text):
        token = match[0].strip(".")
        if re.search(r"[A-Z]", token) and re.search(r"[=()#\[\]\d]|Cl|^[BCNOPSFI]+$", token):
            found = classify_structure(token)
            if found:
                return found
    formulas = _formulas()
    return next((formulas[m[0]] for m in FORMULA.finditer(text) if m[0] in formulas), None)


@lru_cache(maxsize=1024)
def classify_structure(text: str) -> Hazard | None:
    """Returns why a structure is screened out, or None for every other text.

    Args:
        text: A SMILES or InChI; whatever RDKit cannot read is no structure.
    """
    from rdkit import Chem, rdBase

    read = Chem.MolFromInchi if text.startswith("InChI=") else Chem.MolFromSmiles
    with rdBase.BlockLogs():
        molecule = read(text)
    return None if molecule is None else hazard_of(molecule)


def hazard_of(molecule: "Chem.Mol") -> Hazard | None:
    """Returns why a molecule, or a part of a salt or mixture, is screened out; None for others.

    Isotopes, stereochemistry and charges that a proton more or less undoes do not hide it.
    """
    return next((found for part in _parts(molecule) if (found := _part_hazard(part))), None)


def refuse_hazards(what: str, given: Iterable[tuple[str, str, Hazard | None]]) -> None:
    """Refuses to go on with hazardous compounds.

    Args:
        what: What is not done with them.
        given: The argument, the compound as it was given, and why it is hazardous or None.

    Raises:
        ToolError: Some are; names all of them and why.
    """
    faults = [
        FieldFault(field=field, got=f"{got}: {hazard}", expected="no hazardous compound")
        for field, got, hazard in given
        if hazard
    ]
    if faults:
        listed = "weapons, poisons, explosives or controlled substances"
        raise ToolError(f"{what} {listed}.", *faults, kind="unsafe")


def _part_hazard(molecule: "Chem.Mol") -> Hazard | None:
    from rdkit import Chem
    from rdkit.DataStructs import BulkTanimotoSimilarity

    if molecule.GetNumAtoms() < 4:
        return None
    whole = _whole().get(Chem.MolToSmiles(molecule, isomericSmiles=False))
    if whole:
        return whole
    for hazard, query in _queries():
        if molecule.HasSubstructMatch(query):
            return hazard
    near, fingerprints = _nearest()
    likeness = BulkTanimotoSimilarity(_fingerprint(molecule), fingerprints)
    best = max(range(len(near)), key=likeness.__getitem__)
    return Hazard(near[best].kind, f"like {near[best].name}") if likeness[best] >= ALIKE else None


def _parts(molecule: "Chem.Mol") -> Iterator["Chem.Mol"]:
    """Yields the fragments without isotopes and, where a proton does it, without charges."""
    from rdkit import Chem
    from rdkit.Chem.MolStandardize import rdMolStandardize

    if any(atom.GetIsotope() for atom in molecule.GetAtoms()):
        molecule = Chem.Mol(molecule)
        for atom in molecule.GetAtoms():
            atom.SetIsotope(0)
        molecule = Chem.RemoveHs(molecule)
    if any(atom.GetFormalCharge() for atom in molecule.GetAtoms()):
        molecule = rdMolStandardize.Uncharger().uncharge(molecule)
    if len(Chem.GetMolFrags(molecule)) == 1:
        yield molecule
    else:
        yield from Chem.GetMolFrags(molecule, asMols=True)


@cache
def _whole() -> dict[str, Hazard]:
    from rdkit import Chem

    return {
        Chem.MolToSmiles(Chem.MolFromSmiles(compound.smiles)): Hazard(compound.kind, compound.name)
        for compound in hazardous_compounds()
    }


@cache
def _formulas() -> dict[str, Hazard]:
    return {
        compound.formula: Hazard(compound.kind, f"the formula of {compound.name}")
        for compound in hazardous_compounds()
        if compound.kind in FORMULA_KINDS
    }


@cache
def _queries() -> tuple[tuple[Hazard, "Chem.Mol"], ...]:
    from rdkit import Chem

    return tuple(
        (Hazard(kind, name), Chem.MolFromSmarts(smarts)) for kind, name, smarts in PATTERNS
    )


@cache
def _nearest() -> tuple[list[Compound], list["UIntSparseIntVect"]]:
    from rdkit import Chem

    near = [compound for compound in hazardous_compounds() if compound.kind in ALIKE_KINDS]
    return near, [_fingerprint(Chem.MolFromSmiles(compound.smiles)) for compound in near]


def _fingerprint(molecule: "Chem.Mol") -> "UIntSparseIntVect":
    from rdkit.Chem.rdFingerprintGenerator import GetMorganGenerator

    fingerprint: UIntSparseIntVect = GetMorganGenerator(radius=2).GetSparseCountFingerprint(
        molecule
    )
    return fingerprint
