"""Recognises structures of chemical weapons and of fentanyl-like opioids."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdkit import Chem

TOKEN = re.compile(r"[A-Za-z0-9@+\-\[\]()=#%/\\.]{5,400}")
PATTERNS: tuple[tuple[str, str], ...] = (
    ("nerve agent (CWC schedule 1.A.1)", "[CX4,H][PX4](=O)(F)[OX2][#6]"),
    ("nerve agent (CWC schedule 1.A.2)", "[NX3][PX4](=O)(C#N)[OX2][#6]"),
    ("nerve agent (CWC schedule 1.A.3)", "[CX4][PX4](=O)([OX2])[SX2][CH2][CH2][NX3,NX4+]"),
    ("nerve agent (CWC schedule 1.A.13)", "[PX4](=O)(F)[NX2]=[CX3]"),
    ("nerve agent (CWC schedule 1.A.14)", "[PX4](=O)(F)([OX2][#6])[OX2][NX2]=[CX3]"),
    ("sulfur mustard (CWC schedule 1.A.4)", "Cl[CH2][CH2][SX2]*~*Cl"),
    ("lewisite (CWC schedule 1.A.5)", "[As]([Cl,$(C=CCl)])[CH]=[CH]Cl"),
    ("phosgene (CWC schedule 3)", "[CX3](=O)(Cl)Cl"),
    (
        "fentanyl-like opioid",
        "[NX3;!$(NC(=O)N)](c1ccccc1)([CX3](=O))[CH]1[CH2][CH2]N[CH2][CH2]1",
    ),
    ("fentanyl-like opioid", "[NX3](c1ccccc1)([CX3](=O))C1CCN(CC1)[CH2][CH2]"),
    ("nitazene opioid", "[NX3][CH2][CH2]n1c([CH2]c2ccccc2)nc2ccccc12"),
)
"""SMARTS of the classes, as far as the Chemical Weapons Convention's schedules describe them."""

WHOLE: dict[str, str] = {
    "sulfur mustard (CWC schedule 1.A.4)": "ClCCSCCCl",
    "nitrogen mustard HN1 (CWC schedule 1.A.6)": "CCN(CCCl)CCCl",
    "nitrogen mustard HN2 (CWC schedule 1.A.6)": "CN(CCCl)CCCl",
    "nitrogen mustard HN3 (CWC schedule 1.A.6)": "ClCCN(CCCl)CCCl",
    "saxitoxin (CWC schedule 1.A.7)": "NC(=O)OCC1NC(=N)N2CCC(O)(O)C23NC(=N)NC13",
}
"""Single compounds; their relatives among medicines (cyclophosphamide, melphalan) are not meant."""


def dangerous_structure(text: str) -> str | None:
    """Returns the class of the first dangerous structure that a text holds as SMILES, or None."""
    for match in TOKEN.finditer(text):
        token = match[0].strip(".")
        if re.search(r"[A-Za-z]", token) and re.search(r"[=()#\[\]\d]|Cl", token):
            found = classify_structure(token)
            if found:
                return found
    return None


@lru_cache(maxsize=1024)
def classify_structure(smiles: str) -> str | None:
    """Returns the class of a dangerous structure, or None for every other text.

    Args:
        smiles: A SMILES; whatever RDKit cannot read is no structure.
    """
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None else hazard_of(molecule)


def hazard_of(molecule: "Chem.Mol") -> str | None:
    """Returns the class of a dangerous molecule, or None for every other."""
    from rdkit import Chem

    if molecule.GetNumAtoms() < 4:
        return None
    flat = Chem.MolToSmiles(molecule, isomericSmiles=False)
    for name, query in _queries():
        if molecule.HasSubstructMatch(query):
            return name
    return next((name for name, whole in WHOLE.items() if _canonical(whole) == flat), None)


@cache
def _queries() -> tuple[tuple[str, "Chem.Mol"], ...]:
    from rdkit import Chem

    return tuple((name, Chem.MolFromSmarts(smarts)) for name, smarts in PATTERNS)


@cache
def _canonical(smiles: str) -> str:
    from rdkit import Chem

    return str(Chem.MolToSmiles(Chem.MolFromSmiles(smiles), isomericSmiles=False))
