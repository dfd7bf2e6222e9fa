"""BOILED-Egg: passive gastrointestinal absorption and brain access from lipophilicity and polarity.

Source: Daina A, Zoete V. A BOILED-Egg to predict gastrointestinal absorption and brain penetration
of small molecules. ChemMedChem 2016; 11: 1117-1121, doi:10.1002/cmdc.201600182.

The model is two ellipses in the plane of polar surface area (Å²) and Wildman-Crippen logP: inside
the white a molecule is likely absorbed from the gut, inside the yolk it likely reaches the brain.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Ellipse:
    """An ellipse in the (polar surface area, logP) plane.

    Attributes:
        centre: Polar surface area in Å², logP.
        axes: Full lengths of the two axes, before the rotation.
        angle: Rotation in degrees, counter-clockwise.
    """

    centre: tuple[float, float]
    axes: tuple[float, float]
    angle: float

    def contains(self, tpsa: float, logp: float) -> bool:
        """Tells whether a point lies inside."""
        turn = math.radians(self.angle)
        x, y = tpsa - self.centre[0], logp - self.centre[1]
        along = x * math.cos(turn) + y * math.sin(turn)
        across = y * math.cos(turn) - x * math.sin(turn)
        return (2 * along / self.axes[0]) ** 2 + (2 * across / self.axes[1]) ** 2 <= 1


WHITE = Ellipse(centre=(71.051, 2.292), axes=(142.081, 8.740), angle=-1.031325)
YOLK = Ellipse(centre=(38.117, 3.177), axes=(82.061, 5.557), angle=-0.171887)


def gastrointestinal_absorption(tpsa: float, logp: float) -> str:
    """Returns `High` or `Low` passive absorption from the gut."""
    return "High" if WHITE.contains(tpsa, logp) else "Low"


def crosses_blood_brain_barrier(tpsa: float, logp: float) -> bool:
    """Tells whether passive access to the brain is likely."""
    return YOLK.contains(tpsa, logp)
