"""Pictures of molecules in a grid, alerts highlighted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rdkit import Chem, rdBase
from rdkit.Chem.Draw import rdMolDraw2D

PANEL = (340, 300)
COLUMNS = 4
COLOURS = {"pains": (0.96, 0.55, 0.55), "brenk": (0.99, 0.82, 0.50)}
"""Red marks PAINS alerts, orange Brenk alerts; red where both match."""


@dataclass(frozen=True)
class Panel:
    """One molecule of a grid; `alerts` holds matched atom indices by filter."""

    molecule: Chem.Mol
    legend: str
    alerts: dict[str, set[int]] = field(default_factory=dict)


def draw_grid(panels: Sequence[Panel]) -> bytes:
    """Returns a PNG with the molecules in rows of up to four."""
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    drawer = rdMolDraw2D.MolDraw2DCairo(PANEL[0] * columns, PANEL[1] * rows, *PANEL)
    options = drawer.drawOptions()
    options.legendFontSize = 15  # type: ignore[assignment]  # RDKit's stub is wrong
    options.legendFraction = 0.2  # type: ignore[assignment]  # the same
    molecules, atoms, bonds, atom_colours, bond_colours = [], [], [], [], []
    for panel in panels:
        with rdBase.BlockLogs():
            molecules.append(rdMolDraw2D.PrepareMolForDrawing(panel.molecule, kekulize=False))
        colour_of = _atom_colours(panel.alerts)
        touched = {
            bond.GetIdx(): colour_of[bond.GetBeginAtomIdx()]
            for bond in panel.molecule.GetBonds()
            if bond.GetBeginAtomIdx() in colour_of and bond.GetEndAtomIdx() in colour_of
        }
        atoms.append(list(colour_of))
        bonds.append(list(touched))
        atom_colours.append(colour_of)
        bond_colours.append(touched)
    drawer.DrawMolecules(
        molecules,
        legends=[panel.legend for panel in panels],
        highlightAtoms=atoms,
        highlightBonds=bonds,
        highlightAtomColors=atom_colours,
        highlightBondColors=bond_colours,
    )
    drawer.FinishDrawing()
    png: bytes = drawer.GetDrawingText()
    return png


def _atom_colours(alerts: dict[str, set[int]]) -> dict[int, tuple[float, float, float]]:
    colours = dict.fromkeys(alerts.get("brenk", ()), COLOURS["brenk"])
    return colours | dict.fromkeys(alerts.get("pains", ()), COLOURS["pains"])
