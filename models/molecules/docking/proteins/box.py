"""The box in which poses are searched."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import FieldFault, ToolError

Point = tuple[float, float, float]

MARGIN = 4.0
"""Å that a box reaches beyond a bound ligand on each side, as smina's `autobox_add` does."""
SMALLEST = 20.0
"""Å per side at least, where a bound ligand decides: another one must be able to turn."""
NARROWEST, WIDEST = 5.0, 50.0
"""Å per side that can be asked for; beyond, Vina's grid no longer fits and its search misses."""
LEAST_ATOMS = 20
"""Protein atoms that a box must hold: with fewer there is no pocket in it."""


@dataclass(frozen=True)
class Box:
    """A box along the axes of the structure; centre and lengths of the sides in Å."""

    center: Point
    size: Point

    def holds(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tells which of the points (n, 3) lie inside."""
        inside = np.abs(points - np.array(self.center)) <= np.array(self.size) / 2
        return np.asarray(inside.all(axis=1))


def box_around(points: NDArray[np.float64]) -> Box:
    """Returns the box around a bound ligand's atoms (n, 3), with room for others."""
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low + 2 * MARGIN, SMALLEST)
    return Box(_point((low + high) / 2), _point(size))


def box_of(center: Sequence[float], size: Sequence[float]) -> Box:
    """Returns the box of stated numbers.

    Raises:
        ToolError: They are not three each, or no box to search in.
    """
    faults = [
        FieldFault(field=name, got=repr(list(given)), expected="three numbers in Å: x, y, z")
        for name, given in (("center", center), ("size", size))
        if len(given) != 3
    ]
    if not faults and not all(NARROWEST <= side <= WIDEST for side in size):
        expected = f"sides of {NARROWEST:g} to {WIDEST:g} Å"
        faults = [FieldFault(field="size", got=repr(list(size)), expected=expected)]
    if faults:
        raise ToolError("The box is no box to search in.", *faults)
    return Box(_point(center), _point(size))


def require_protein(box: Box, points: NDArray[np.float64], field: str) -> None:
    """Refuses a box beside the protein.

    Args:
        box: Where poses would be searched.
        points: The protein's atoms (n, 3), in Å.
        field: The argument that placed the box.

    Raises:
        ToolError: The box holds next to nothing of the protein.
    """
    held = int(box.holds(points).sum())
    if held >= LEAST_ATOMS:
        return
    low, high = points.min(axis=0), points.max(axis=0)
    ranges = ", ".join(
        f"{axis} {a:.0f} to {b:.0f}" for axis, a, b in zip("xyz", low, high, strict=True)
    )
    wrong = FieldFault(
        field=field, got=f"a box around {box.center}", expected=f"a place in the protein ({ranges})"
    )
    raise ToolError(f"The box lies outside the protein: it holds {held} of its atoms.", wrong)


def _point(values: Sequence[float] | NDArray[np.float64]) -> Point:
    x, y, z = (round(float(value), 3) for value in values)
    return x, y, z
