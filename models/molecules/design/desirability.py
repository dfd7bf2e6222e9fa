"""From a value to how much it is wanted, 0 to 1."""

import math
from dataclasses import dataclass
from typing import Literal

Shape = Literal["near", "at_least", "at_most", "up_to", "scaled"]
MET = 1 - 1e-9
"""How much a value is wanted that is within its bound."""


@dataclass(frozen=True)
class Desirability:
    """A curve from values to 0-1 (the score modifiers of Brown et al. 2019, arXiv:1811.09621).

    Attributes:
        shape: near: a Gaussian about `at`; at_least and at_most: 1 beyond `at` and half a Gaussian
            before it; up_to: value / at, at most 1; scaled: the value times `at`.
        at: In the unit of the value.
        width: Standard deviation of the Gaussian.
        tolerance: How far from `at` is still near.
    """

    shape: Shape
    at: float
    width: float = 1.0
    tolerance: float = 0.0

    def __call__(self, value: float) -> float:
        """Returns how much a value is wanted."""
        match self.shape:
            case "scaled":
                return value * self.at
            case "up_to":
                return min(1.0, max(0.0, value / self.at))
            case "at_least" if value >= self.at:
                return 1.0
            case "at_most" if value <= self.at:
                return 1.0
        return math.exp(-0.5 * ((value - self.at) / self.width) ** 2)

    def holds(self, value: float) -> bool:
        """Tells whether a value is within the bound."""
        if self.shape == "near":
            return abs(value - self.at) <= self.tolerance + 1e-9
        return self(value) >= MET

    def __str__(self) -> str:
        """Says the bound: at least 3, near 350 (within 15)."""
        within = (
            f" (within {self.tolerance:.2g})" if self.shape == "near" and self.tolerance else ""
        )
        said = "at_least" if self.shape == "up_to" else self.shape
        return f"{said.replace('_', ' ')} {self.at:g}{within}"


@dataclass(frozen=True)
class Between:
    """1 within a range, half a Gaussian on each side of it."""

    low: float
    high: float
    width: float = 1.0

    def __call__(self, value: float) -> float:
        """Returns how much a value is wanted."""
        outside = max(self.low - value, value - self.high, 0.0)
        return math.exp(-0.5 * (outside / self.width) ** 2)

    def holds(self, value: float) -> bool:
        """Tells whether a value is within the range."""
        return self.low <= value <= self.high

    def __str__(self) -> str:
        """Says the range: 1 to 3."""
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Rising:
    """The share of drug-like molecules that have less: 0.5 at the mean, never quite 0 or 1."""

    mean: float
    deviation: float
    sign: Literal[1, -1] = 1

    def __call__(self, value: float) -> float:
        """Returns how much a value is wanted."""
        score = self.sign * (value - self.mean) / self.deviation
        return 0.5 * math.erfc(-score / math.sqrt(2))

    def holds(self, value: float) -> bool:
        """Tells whether a value is within a bound; there is none."""
        return math.isfinite(value)


Curve = Desirability | Between | Rising
AS_IT_IS: Curve = Desirability("scaled", 1.0)
"""The value itself."""
