"""Pictures of contacts in the plane: the molecule, and around it the residues it touches."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D
from rdkit.Geometry import Point2D

from models.molecules.docking.poses.contacts import Contact

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Vector = NDArray[np.float64]

PANEL = (560, 520)
COLUMNS = 2
MARGIN = 0.24
"""Share of a panel around the molecule that is left to the residues."""
MOST_RESIDUES = 14
COLOURS = {
    "metal": "#000000", "salt bridge": "#D55E00", "hydrogen bond": "#0072B2",
    "π-stacking": "#009E73", "cation–π": "#CC79A7", "halogen bond": "#56B4E9",
    "hydrophobic": "#999999",
}  # fmt: skip
"""Okabe and Ito's palette, told apart by colour-blind readers too; as in the view in 3-D."""

Diagram = tuple[Chem.Mol, Sequence[Contact], str]


def draw_contacts(panels: Sequence[Diagram]) -> bytes:
    """Returns a PNG with one panel for each molecule, its contacts and its title."""
    from matplotlib.figure import Figure

    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    width, height = PANEL
    figure = Figure(figsize=(columns * width / 100, rows * height / 100 + 0.5), layout="tight")
    for place, (pose, contacts, title) in enumerate(panels, start=1):
        axes = figure.add_subplot(rows, columns, place)
        axes.set_title(title, fontsize=11)
        axes.axis("off")
        _draw(axes, pose, contacts)
    shown = {contact.kind for _, contacts, _ in panels for contact in contacts}
    for kind in [kind for kind in COLOURS if kind in shown]:
        figure.gca().plot([], [], color=COLOURS[kind], linestyle="--", label=kind)
    if shown:
        figure.legend(loc="lower center", ncols=len(shown), frameon=False, fontsize=9)
        figure.subplots_adjust(bottom=0.08)
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=100)
    return stream.getvalue()


def _draw(axes: "Axes", pose: Chem.Mol, contacts: Sequence[Contact]) -> None:
    from matplotlib import image

    flat = Chem.RemoveHs(pose)
    rdDepictor.Compute2DCoords(flat)
    width, height = PANEL
    drawer = rdMolDraw2D.MolDraw2DCairo(width, height)
    drawer.drawOptions().padding = MARGIN  # type: ignore[assignment]  # RDKit's stub is wrong
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, flat)
    drawer.FinishDrawing()
    places = np.array([_xy(drawer.GetDrawCoords(i)) for i in range(flat.GetNumAtoms())])
    heavy = [atom.GetIdx() for atom in pose.GetAtoms() if atom.GetAtomicNum() > 1]
    of_pose = {index: position for position, index in enumerate(heavy)}
    axes.imshow(image.imread(BytesIO(drawer.GetDrawingText())))
    chosen = _strongest(contacts)
    starts = [places[[of_pose[i] for i in c.atoms if i in of_pose]].mean(axis=0) for c in chosen]
    for contact, start, end in zip(chosen, starts, _around(starts, places), strict=True):
        colour = COLOURS[contact.kind]
        axes.plot(*zip(start, end, strict=True), color=colour, linestyle="--", linewidth=1.4)
        axes.text(
            end[0], end[1], f"{contact.residue}\n{contact.distance:.1f} Å",
            color="#1b1f24", fontsize=8, ha="center", va="center",
            bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": colour, "linewidth": 1.4},
        )  # fmt: skip


def _strongest(contacts: Sequence[Contact]) -> list[Contact]:
    """Keeps one contact of each residue: the first, as they come strongest first."""
    kept: dict[str, Contact] = {}
    for contact in contacts:
        kept.setdefault(contact.residue, contact)
    return list(kept.values())[:MOST_RESIDUES]


def _around(starts: Sequence[Vector], places: Vector) -> list[Vector]:
    """Places labels on an ellipse around the molecule, each near its atom, none over another."""
    if not starts:
        return []
    width, height = PANEL
    middle = np.array([width / 2, height / 2])
    reach = np.array([width / 2 - 52, height / 2 - 34])
    center = places.mean(axis=0)
    angles = np.array([np.arctan2(*(start - center)[::-1]) for start in starts])
    order = np.argsort(angles)
    gap = min(2 * np.pi / len(starts), 0.42)
    spread = angles[order].copy()
    for _ in range(200):  # neighbours push each other apart
        differences = np.diff(np.append(spread, spread[0] + 2 * np.pi))
        lacking = np.clip(gap - differences, 0, None) / 2
        spread += np.roll(lacking, 1) - lacking
    ends: list[Vector] = [middle] * len(starts)
    for index, angle in zip(order, spread, strict=True):
        ends[int(index)] = middle + reach * np.array([np.cos(angle), np.sin(angle)])
    return ends


def _xy(point: Point2D) -> tuple[float, float]:
    return point.x, point.y
