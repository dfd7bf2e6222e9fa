"""Right answers on molecules from RDKit's functions and Matplotlib's ellipses, not our own code."""

import sys
from collections.abc import Callable
from typing import Any

from matplotlib.patches import Ellipse
from rdkit import Chem, RDConfig
from rdkit.Chem import Descriptors
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

# Daina and Zoete 2016: centre (polar surface area, logP), width, height, angle in degrees.
GUT = ((71.051, 2.292), 142.081, 8.740, -1.031325)
BRAIN = ((38.117, 3.177), 82.061, 5.557, -0.171887)

Reference = Callable[[Chem.Mol], str | float]


def descriptor(name: str) -> Callable[[Chem.Mol], float]:
    """Returns RDKit's descriptor of that name."""
    compute: Callable[[Chem.Mol], float] = getattr(Descriptors, name)
    return compute


def druglike(molecule: Chem.Mol) -> str:
    """Tells whether Lipinski's rule of five holds, one violation allowed."""
    limits = {"MolWt": 500, "MolLogP": 5, "NumHDonors": 5, "NumHAcceptors": 10}
    return _yes(sum(descriptor(name)(molecule) > limit for name, limit in limits.items()) <= 1)


def pains(molecule: Chem.Mol) -> str:
    """Tells whether a PAINS pattern matches."""
    return _matches(molecule, FilterCatalogParams.FilterCatalogs.PAINS)


def brenk(molecule: Chem.Mol) -> str:
    """Tells whether a Brenk pattern matches."""
    return _matches(molecule, FilterCatalogParams.FilterCatalogs.BRENK)


def blood_brain_barrier(molecule: Chem.Mol) -> str:
    """Tells whether BOILED-Egg's yolk holds the molecule."""
    return _yes(_inside(molecule, BRAIN))


def gastrointestinal_absorption(molecule: Chem.Mol) -> str:
    """Returns High where BOILED-Egg's white holds the molecule, else Low."""
    return "High" if _inside(molecule, GUT) else "Low"


def synthetic_accessibility(molecule: Chem.Mol) -> float:
    """Returns the score of RDKit's contributed scorer."""
    folder = f"{RDConfig.RDContribDir}/SA_Score"
    if folder not in sys.path:
        sys.path.append(folder)
    import sascorer

    return float(sascorer.calculateScore(molecule))


def _matches(molecule: Chem.Mol, catalogue: Any) -> str:
    return _yes(FilterCatalog(FilterCatalogParams(catalogue)).HasMatch(molecule))


def _inside(molecule: Chem.Mol, shape: tuple[tuple[float, float], float, float, float]) -> bool:
    centre, width, height, angle = shape
    point = (descriptor("TPSA")(molecule), descriptor("MolLogP")(molecule))
    return bool(Ellipse(centre, width, height, angle=angle).contains_point(point))


def _yes(holds: bool) -> str:
    return "Yes" if holds else "No"
