"""Which atoms raise a prediction and which lower it, told by masking one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem.Draw import rdMolDraw2D

from models.molecules.chemistry.groups import queries
from models.molecules.properties.fitted import FittedPropertyModel
from models.molecules.properties.inputs.blocks import Inputs, input_of
from models.molecules.properties.inputs.fingerprints import Fingerprints, stack
from models.molecules.properties.intake.door import prepared

FloatArray = NDArray[np.float64]
PANEL = (380, 340)
COLUMNS = 4
RAISES, LOWERS = (0.25, 0.55, 0.85), (0.88, 0.36, 0.30)
FAINT = 0.15
"""Share of the largest contribution below which an atom stays uncoloured."""

CHECKED = Chem.SanitizeFlags.SANITIZE_ALL ^ Chem.SanitizeFlags.SANITIZE_KEKULIZE


@dataclass(frozen=True)
class Contributions:
    """What the atoms of one molecule add to a prediction.

    Attributes:
        molecule: Standardised.
        value: The prediction.
        atoms: The prediction less what it is with the atom masked, shape (atoms,).
    """

    molecule: Chem.Mol
    value: float
    atoms: FloatArray


def contributions(model: FittedPropertyModel, molecule: Chem.Mol, target: int = 0) -> Contributions:
    """Masks each heavy atom: its element is unknown, what depends on it is left out.

    The idea of similarity maps (Riniker and Landrum 2013, doi 10.1186/1758-2946-5-43), with the
    atom replaced in the structure itself, so that every member of an ensemble sees it. A
    descriptor that is undefined with a mask keeps its value. Contributions need not add up to the
    prediction, because atoms act together.

    Args:
        model: Whose prediction.
        molecule: For what.
        target: Position of the target.
    """
    whole = prepared(molecule)
    intact = input_of(whole)
    masked = [input_of(mask(whole, atom)) for atom in range(whole.GetNumAtoms())]
    rows = [
        (np.where(np.isfinite(d), d, intact.fingerprints.descriptors[0]), c, k)
        for one in masked
        for d, c, k in [_row(one.fingerprints)]
    ]
    graphs = [one.graphs[0] for one in masked]
    both = Inputs(stack([_row(intact.fingerprints), *rows]), [intact.graphs[0], *graphs])
    values = model.score(both)[:, target]
    return Contributions(whole, float(values[0]), values[0] - values[1:])


def mask(molecule: Chem.Mol, atom: int) -> Chem.Mol:
    """Returns the molecule with one atom of unknown element."""
    changed = Chem.RWMol(molecule)
    place = changed.GetAtomWithIdx(atom)
    place.SetAtomicNum(0)
    place.SetFormalCharge(0)
    place.SetNumExplicitHs(0)
    place.SetNoImplicit(True)
    place.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    with rdBase.BlockLogs():
        Chem.SanitizeMol(changed, CHECKED, catchErrors=True)
    return changed.GetMol()


def group_effects(found: Sequence[Contributions]) -> list[tuple[str, float, int]]:
    """Returns the mean contribution of the atoms of each functional group.

    Returns:
        Name, mean contribution of an atom of it, and in how many molecules it is; those in three
        molecules or more, the largest effects first.
    """
    effects: dict[str, list[float]] = {}
    for one in found:
        for name, pattern in queries().items():
            atoms = {a for match in one.molecule.GetSubstructMatches(pattern) for a in match}
            if atoms:
                effects.setdefault(name, []).append(float(one.atoms[sorted(atoms)].mean()))
    known = [(name, float(np.mean(each)), len(each)) for name, each in effects.items()]
    return sorted((row for row in known if row[2] >= 3), key=lambda row: -abs(row[1]))


def draw(found: Sequence[Contributions], legends: Sequence[str]) -> bytes:
    """Returns a PNG: blue atoms raise the prediction, red ones lower it, stronger where more."""
    columns = min(COLUMNS, len(found))
    rows = -(-len(found) // columns)
    drawer = rdMolDraw2D.MolDraw2DCairo(PANEL[0] * columns, PANEL[1] * rows, *PANEL)
    options = drawer.drawOptions()
    options.legendFontSize = 15  # type: ignore[assignment]  # RDKit's stub is wrong
    options.legendFraction = 0.15  # type: ignore[assignment]  # the same
    colours = [_colours(one.atoms) for one in found]
    with rdBase.BlockLogs():
        molecules = [
            rdMolDraw2D.PrepareMolForDrawing(one.molecule, kekulize=False) for one in found
        ]
    drawer.DrawMolecules(
        molecules,
        legends=list(legends),
        highlightAtoms=[list(each) for each in colours],
        highlightBonds=[[] for _ in found],
        highlightAtomColors=colours,
        highlightBondColors=[{} for _ in found],
    )
    drawer.FinishDrawing()
    png: bytes = drawer.GetDrawingText()
    return png


def _colours(atoms: FloatArray) -> dict[int, tuple[float, float, float]]:
    largest = float(np.abs(atoms).max()) or 1.0
    found = {}
    for atom, value in enumerate(atoms):
        strength = abs(float(value)) / largest
        if strength >= FAINT:
            red, green, blue = RAISES if value > 0 else LOWERS
            pale = 1 - strength
            found[atom] = (
                red + (1 - red) * pale, green + (1 - green) * pale, blue + (1 - blue) * pale
            )  # fmt: skip
    return found


def _row(data: Fingerprints) -> tuple[FloatArray, NDArray[np.uint8], NDArray[np.uint8]]:
    return data.descriptors[0], data.counts[0], data.keys[0]
