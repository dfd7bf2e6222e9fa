"""Every property of a molecule under one fixed name, computed as RDKit computes it directly.

Sources: logP is Wildman-Crippen (J Chem Inf Comput Sci 1999; 39: 868), polar surface area Ertl's
(J Med Chem 2000; 43: 3714, nitrogen and oxygen only), QED Bickerton's (Nat Chem 2012; 4: 90),
synthetic accessibility Ertl and Schuffenhauer's (J Cheminform 2009; 1: 8), molar refractivity
Wildman-Crippen's too.
"""

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from rdkit import Chem, RDConfig, rdBase
from rdkit.Chem import Descriptors
from rdkit.Chem.rdMolDescriptors import CalcTPSA

from models.molecules.chemistry.alerts import find_alerts
from models.molecules.chemistry.boiled_egg import (
    crosses_blood_brain_barrier,
    gastrointestinal_absorption,
)
from models.molecules.chemistry.groups import functional_groups
from models.molecules.chemistry.rules import lipinski, other_rules
from models.molecules.chemistry.structure import identify

DESCRIPTORS = {
    "molecular_weight": "MolWt",
    "exact_mass": "ExactMolWt",
    "logp": "MolLogP",
    "tpsa": "TPSA",
    "h_bond_donors": "NumHDonors",
    "h_bond_acceptors": "NumHAcceptors",
    "rotatable_bonds": "NumRotatableBonds",
    "rings": "RingCount",
    "aromatic_rings": "NumAromaticRings",
    "fraction_sp3": "FractionCSP3",
    "heavy_atoms": "HeavyAtomCount",
    "heteroatoms": "NumHeteroatoms",
    "stereocentres": "NumAtomStereoCenters",
    "unspecified_stereocentres": "NumUnspecifiedAtomStereoCenters",
    "molar_refractivity": "MolMR",
    "qed": "qed",
}
"""Our names and RDKit's. Units: weights in g/mol (`exact_mass` is monoisotopic), `tpsa` in Å²,
`molar_refractivity` in cm³/mol; `qed` and `fraction_sp3` are 0-1; `stereocentres` are atoms, the
unspecified among them."""

ATOM_COUNTS: dict[str, Callable[[Chem.Mol], int]] = {
    "atoms": lambda molecule: molecule.GetNumAtoms(onlyExplicit=False),
    "carbons": lambda molecule: sum(atom.GetAtomicNum() == 6 for atom in molecule.GetAtoms()),
}
"""Hydrogens are atoms too."""

BRIEF = ("molecular_weight", "logp", "tpsa", "qed")

_COMPUTE: dict[str, Callable[[Chem.Mol], float]] = dict(Descriptors.descList)


def profile(molecule: Chem.Mol) -> dict[str, Any]:
    """Returns every property of a molecule, on the whole of it as given.

    Returns:
        Identifiers (see `Structure`), `DESCRIPTORS`, `ATOM_COUNTS`, `synthetic_accessibility` (1
        easy to 10 hard), `log_solubility` (in water, log10 of mol/L), `functional_groups` (how
        many of each), the verdicts `lipinski`, `veber`, `ghose`, `egan` and `muegge`, the alerts
        `pains` and `brenk`, `gastrointestinal_absorption` (High or Low), `blood_brain_barrier`
        (permeant or not) and `boiled_egg_note` on both.
    """
    structure = identify(molecule)
    with rdBase.BlockLogs():
        values = {name: _COMPUTE[rdkit_name](molecule) for name, rdkit_name in DESCRIPTORS.items()}
        values |= {name: count(molecule) for name, count in ATOM_COUNTS.items()}
        alerts = {
            "pains": {"alerts": find_alerts(molecule, "pains")},
            "brenk": {"alerts": find_alerts(molecule, "brenk")},
        }
    absorption = gastrointestinal_absorption(values["tpsa"], values["logp"])
    permeant = crosses_blood_brain_barrier(values["tpsa"], values["logp"])
    return {
        **vars(structure),
        **values,
        "synthetic_accessibility": synthetic_accessibility(molecule),
        "log_solubility": log_solubility(molecule),
        "functional_groups": functional_groups(molecule),
        "lipinski": lipinski(values),
        **other_rules(values),
        **alerts,
        "gastrointestinal_absorption": absorption,
        "blood_brain_barrier": permeant,
        "boiled_egg_note": _polar_note(molecule, values["logp"], absorption, permeant),
    }


def brief_properties(molecule: Chem.Mol) -> dict[str, float]:
    """Returns what is shown beside a proposed molecule, by the names of `profile`."""
    values = {name: round(_COMPUTE[DESCRIPTORS[name]](molecule), 3) for name in BRIEF}
    return values | {"synthetic_accessibility": round(synthetic_accessibility(molecule), 3)}


def synthetic_accessibility(molecule: Chem.Mol) -> float:
    """Returns the synthetic accessibility score, 1 (easy) to 10 (hard)."""
    score: float = _sascorer().calculateScore(molecule)
    return score


def log_solubility(molecule: Chem.Mol) -> float:
    """Returns an estimate of the solubility in water, log10(mol/L).

    The linear model of Delaney 2004 (doi:10.1021/ci034243x), with Crippen's logP.
    """
    heavy = molecule.GetNumHeavyAtoms()
    aromatic = sum(atom.GetIsAromatic() for atom in molecule.GetAtoms())
    return (
        0.16
        - 0.63 * _COMPUTE["MolLogP"](molecule)
        - 0.0062 * _COMPUTE["MolWt"](molecule)
        + 0.066 * _COMPUTE["NumRotatableBonds"](molecule)
        - 0.74 * aromatic / max(1, heavy)
    )


def _polar_note(molecule: Chem.Mol, logp: float, absorption: str, permeant: bool) -> str:
    """Says where counting sulfur and phosphorus as polar would change the BOILED-Egg's call."""
    polar = CalcTPSA(molecule, includeSandP=True)
    changed = []
    if (other := gastrointestinal_absorption(polar, logp)) != absorption:
        changed.append(f"gastrointestinal absorption {other}")
    if (crosses := crosses_blood_brain_barrier(polar, logp)) != permeant:
        changed.append(f"blood-brain barrier {'permeant' if crosses else 'not permeant'}")
    if not changed:
        return ""
    return (
        f"Counting sulfur and phosphorus as polar too (surface {polar:.2f} Å²), BOILED-Egg says "
        f"{' and '.join(changed)}."
    )


@cache
def _sascorer() -> Any:
    """Loads the scorer that RDKit ships beside its package."""
    path = Path(RDConfig.RDContribDir) / "SA_Score" / "sascorer.py"
    spec = importlib.util.spec_from_file_location("sascorer", path)
    if spec is None or spec.loader is None:
        message = f"RDKit's synthetic accessibility scorer is not at {path}"
        raise ImportError(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
