"""Bounds in words: at least 3, 40 to 90, near 350, high; each checked against what can be."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from models.molecules.design.desirability import Between, Curve, Desirability, Rising, Shape
from models.molecules.design.quantities import Quantity

NUMBER = r"-?\d+(?:\.\d+)?"
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)", re.I)
RANGE = re.compile(rf"(?:between|from)?\s*({NUMBER})\s*(?:to|and|-|–|\.\.)\s*({NUMBER})", re.I)
SIGN = (
    r"(?:>=|<=|≥|≤|>|<|=|~|at least|at most|above|below|over|under|more than|less than|"
    r"greater than|higher than|lower than|near|about|around|of|close to)"
)
BOUND = re.compile(rf"(?P<sign>{SIGN})\s*(?P<at>{NUMBER})", re.I)
AT_LEAST = frozenset({">", ">=", "≥", "at least", "above", "over", "more than", "greater than",
                      "higher than"})  # fmt: skip
AT_MOST = frozenset({"<", "<=", "≤", "at most", "below", "under", "less than", "lower than"})
MORE = re.compile(
    r"\b(?:high(?:er|est)?|maxim\w+|more|increas\w+|raise|greater|large[rst]*|most)\b", re.I
)
LESS = re.compile(
    r"\b(?:low(?:er|est)?|minim\w+|less|reduc\w+|decreas\w+|small\w*|fewer|fewest|least)\b", re.I
)

UNCHANGED = re.compile(
    r"^(?:(?:keep(?:s|ing)?|maintain(?:s|ing)?|retain(?:s|ing)?|preserv(?:e|es|ing)|same|"
    r"unchanged|constant)\s+)+(?:the\s+|its\s+)*(?P<what>(?!.*\b(?:high|low))[^\d<>=]+?)"
    r"(?:\s+(?:constant|unchanged|the same|as it is))?$", re.I,
)  # fmt: skip
"""Wants a quantity to stay what it is of the molecules that a design starts from."""

CHANGED_BY = re.compile(
    r"^(?P<what>.+?)\s+by\s+(?:at least\s+|about\s+)?(?P<by>\d+(?:\.\d+)?)\s*"
    r"(?P<share>%|percent)?(?:\s*(?:log\s+)?units?)?$", re.I,
)  # fmt: skip
"""Wants a quantity to change by so much from what it is of those molecules."""

LEAST_PERCENT = 10
"""From here on a number that should be 0 to 1 is taken for one in percent."""


class ImpossibleError(ValueError):
    """A bound that no molecule can be within; the message is what is possible.

    Args:
        possible: The range of what is bounded.
        suggestion: What may be meant.
    """

    def __init__(self, possible: str, suggestion: str | None) -> None:
        super().__init__(possible)
        self.suggestion = suggestion


def read_curve(rest: str, quantity: Quantity) -> Curve | None:
    """Reads what is said beside a quantity's name; None where it makes no sense.

    Raises:
        ImpossibleError: No molecule can be so.
    """
    width, tolerance = quantity.deviation / 2, quantity.tolerance
    if tolerance is None:
        tolerance = quantity.deviation / 5
    if quantity.high == 1:
        rest = shares(rest)
    made: Desirability | Between
    if match := RANGE.search(rest):
        low, high = sorted(map(float, match.groups()))
        made = Between(low, high, width)
    elif match := BOUND.search(rest):
        sign, at = match["sign"].casefold(), float(match["at"])
        shape: Shape = "at_least" if sign in AT_LEAST else "at_most" if sign in AT_MOST else "near"
        made = Desirability(shape, at, width, tolerance)
    elif re.search(r"\d", rest):
        number = re.fullmatch(rf"\D*?({NUMBER})\D*", rest)
        if number is None:
            return None
        made = Desirability("near", float(number[1]), width, tolerance)
    else:
        sign = 1 if MORE.search(rest) else -1 if LESS.search(rest) else quantity.good
        return Rising(quantity.mean, quantity.deviation, 1 if sign > 0 else -1)
    return possible(made, quantity.name.replace("_", " "), quantity.low, quantity.high)


def relative_curve(
    match: re.Match[str], quantity: Quantity, values: Sequence[float]
) -> Desirability | Between:
    """Returns a bound that is relative to what a quantity is of the molecules a design starts from.

    Args:
        match: What was said: `UNCHANGED` (within half a standard deviation) or `CHANGED_BY`.
        quantity: Of what.
        values: What it is of them.
    """
    low, high, width = min(values), max(values), quantity.deviation / 2
    if match.re is UNCHANGED:
        return Between(low - width, high + width, width)
    by = float(match["by"])
    if LESS.search(match["what"]):
        return Desirability("at_most", low - (by / 100 * abs(low) if match["share"] else by), width)
    return Desirability("at_least", high + (by / 100 * abs(high) if match["share"] else by), width)


def possible(curve: Desirability | Between, name: str, low: float, high: float) -> Curve:
    """Returns a bound that something between `low` and `high` can be within.

    Raises:
        ImpossibleError: Nothing can.
    """
    first, last = (curve.low, curve.high) if isinstance(curve, Between) else (curve.at, curve.at)
    shape = "range" if isinstance(curve, Between) else curve.shape
    if (shape == "at_most" or first <= high) and (shape in ("at_least", "up_to") or last >= low):
        return curve
    to = f"at least {low:g}" if math.isinf(high) else f"{low:g} to {high:g}"
    meant = _hundredth(curve) if high == 1 and first >= LEAST_PERCENT and last <= 100 else None
    raise ImpossibleError(f"a bound that can be met: {name} is {to}", meant and f"{name} {meant}")


def exclude(one: Curve, other: Curve) -> bool:
    """Tells whether no value is within both of two bounds."""
    spans = [_span(curve) for curve in (one, other)]
    return max(low for low, _ in spans) > min(high for _, high in spans)


def _span(curve: Curve) -> tuple[float, float]:
    """Returns from where to where values are within a bound; everywhere where it is none."""
    match curve:
        case Between():
            return curve.low, curve.high
        case Desirability(shape="near"):
            return curve.at - curve.tolerance, curve.at + curve.tolerance
        case Desirability(shape="at_least" | "up_to"):
            return curve.at, math.inf
        case Desirability(shape="at_most"):
            return -math.inf, curve.at
        case _:
            return -math.inf, math.inf


def shares(text: str) -> str:
    """Writes percentages as numbers from 0 to 1."""
    return PERCENT.sub(lambda match: f"{float(match[1]) / 100:g}", text)


def _hundredth(curve: Desirability | Between) -> str:
    """Says the bound that one in percent means."""
    if isinstance(curve, Between):
        return str(replace(curve, low=curve.low / 100, high=curve.high / 100))
    return str(replace(curve, at=curve.at / 100, tolerance=0))
