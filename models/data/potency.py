"""Potencies: concentrations such as an IC50 in nM, learnt as the negative logarithm of mol/L.

They span orders of magnitude and their errors are ratios, so that models of them as they are learn
little but the weakest. Where only a limit is known (>10000), the limit is taken and said.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.errors import FieldFault, ToolError

FloatArray = NDArray[np.float64]

MOLAR = {"pM": 12.0, "nM": 9.0, "uM": 6.0, "mM": 3.0, "M": 0.0}
"""Negative logarithm of a mole per litre in the unit."""

LARGEST_LOG = 100.0
"""What is larger is a concentration, not its logarithm."""

KINDS = {
    kind.casefold(): kind
    for kind in ("IC50", "EC50", "AC50", "GI50", "CC50", "DC50", "XC50", "Ki", "Kd", "Potency")
}
_KIND = re.compile(rf"(?<![a-z])(?<!\bp )({'|'.join(KINDS)})(?!-?\d|[a-z])")
_MOL = re.compile(r"(?<![a-z])([pnum]?)mol(?:/l| l-1|\*l-1|\.l-1)(?![a-z])", re.IGNORECASE)
_UNIT = re.compile(r"(?<![A-Za-z])([pnum]?M|[pnu]m)(?![A-Za-z])")
_NOT_MOLAR = re.compile(
    r"(?<![a-z])(?:[pnum]?g|[um]?mol|iu)[\s/.*]*(?:per\s*)?(?:[mdu]?l|k?g)(?:\^?-1)?(?![a-z])"
    r"|%|(?<![a-z])(?:percent|ppm|ppb)(?![a-z])"
)
"""Units that are stated and are no moles per litre: ug/mL, mg.L-1, mg/kg, %."""
_GENERAL = ("standard_value", "published_value", "activity_value", "value")
TYPES = ("standard_type", "published_type", "activity_type", "type")
UNITS = ("standard_units", "published_units", "activity_units", "units", "unit")
_RELATIONS = ("standard_relation", "published_relation", "relation", "qualifier", "operator")
"""Columns that say what is in the column of values, as ChEMBL calls them."""


@dataclass(frozen=True)
class Potency:
    """A column of concentrations and what it is learnt as.

    Attributes:
        column: The column.
        name: Of its negative logarithm: pIC50.
        unit: One of `MOLAR`.
        units_column: Where each row states its own unit.
        assumed: Nothing states the unit.
    """

    column: str
    name: str
    unit: str
    units_column: str | None = None
    assumed: bool = False

    def values(self, frame: pd.DataFrame) -> FloatArray:
        """Returns the negative logarithms, NaN where there is no concentration."""
        given = pd.to_numeric(frame[self.column], errors="coerce").to_numpy(float)
        positive = np.where(given > 0, given, np.nan)
        return np.asarray(self._offsets(frame) - np.log10(positive), dtype=float)

    def concentration(self, value: float) -> str:
        """Returns what a negative logarithm means, in nM or whatever the column is in."""
        return f"{10 ** (MOLAR[self.unit] - value):.3g} {self.unit}"

    def notes(self, frame: pd.DataFrame) -> list[str]:
        """Says how it is learnt and what is left out."""
        unit = f"{self.unit} (assumed: nothing states it)" if self.assumed else self.unit
        found = [
            f"{self.column} in {unit} is learnt as {self.name}, the negative logarithm of mol/L "
            "(9 is 1 nM, 6 is 1 uM; higher is stronger)"
        ]
        given = frame[self.column]
        if zero := int((given <= 0).sum()):
            found.append(f"{zero} values of {self.column} that are not above 0 left out")
        if other := int((given.notna() & ~np.isfinite(self._offsets(frame))).sum()):
            found.append(f"{other} values of {self.column} in other units left out")
        return found + _limits(frame, self.column)

    def _offsets(self, frame: pd.DataFrame) -> FloatArray:
        if self.units_column not in frame:
            return np.full(len(frame), MOLAR[self.unit])
        units = frame[self.units_column].map(lambda text: unit_of(str(text)), na_action="ignore")
        return np.asarray(units.map(MOLAR), dtype=float)


def find_potency(frame: pd.DataFrame, column: str, field: str = "target_column") -> Potency | None:
    """Tells whether a column of numbers is a potency that is no logarithm yet.

    Its name says so (IC50, Ki_nM, Potency (uM)), or a column beside it (Standard Type). Without a
    unit, numbers above `LARGEST_LOG` are taken for nM, and others left as they are.

    Raises:
        ToolError: A unit is stated and is no moles per litre; `field` is at fault.
    """
    given = frame[column]
    if not pd.api.types.is_numeric_dtype(given) or bool((given < 0).any()):
        return None
    beside = {plain(name): name for name in map(str, frame.columns)}
    kind = kind_of(column)
    if kind is None and plain(column) in _GENERAL:
        kind = _type_of(frame[given.notna()], beside)
    if kind is None:
        return None
    if unit := unit_of(column):
        return Potency(column, f"p{kind}", unit)
    if other := other_unit_of(column):
        raise _not_molar(f"{column!r}, in {other}", field)
    units = _first(UNITS, beside)
    texts = frame[units][given.notna()].dropna().astype(str) if units else None
    if units and texts is not None and len(texts):
        stated = [unit for unit in map(unit_of, texts) if unit]
        if not stated:
            raise _not_molar(f"{column!r}, in {counted(texts)} ({units})", field)
        return Potency(column, f"p{kind}", max(set(stated), key=stated.count), units)
    if float(given.max()) <= LARGEST_LOG:
        return None
    return Potency(column, f"p{kind}", "nM", assumed=True)


def kind_of(name: str) -> str | None:
    """Returns what a name says is measured: IC50, Ki; nothing for logarithms such as pIC50."""
    text = name.casefold().replace("_", " ")
    found = None if "log" in text else _KIND.search(text)
    return KINDS[found[1]] if found else None


def unit_of(text: str) -> str | None:
    """Returns the unit of concentration that a text names: IC50 (µM), kd_nm, nmol/L."""
    text = text.replace("µ", "u").replace("μ", "u").replace("_", " ")
    if found := _MOL.search(text):
        return f"{found[1].lower()}M"
    units = _UNIT.findall(text)
    return f"{units[-1][:-1]}M" if units else None


def is_general(column: str) -> bool:
    """Tells whether a column is named as a value of any kind, told by columns beside it."""
    return plain(column) in _GENERAL


def column_among(names: tuple[str, ...], frame: pd.DataFrame) -> str | None:
    """Returns the first column of a table with one of such names, however it is written."""
    return _first(names, {plain(name): name for name in map(str, frame.columns)})


def other_unit_of(text: str) -> str | None:
    """Returns the unit that a text states where it is no concentration in moles: ug/mL, %."""
    text = text.replace("µ", "u").replace("μ", "u").replace("_", " ").casefold()
    found = None if unit_of(text) else _NOT_MOLAR.search(text)
    return found[0] if found else None


def counted(texts: pd.Series) -> str:
    """Returns how often each text occurs, most first: IC50 (30), Ki (12)."""
    counts = texts.astype(str).value_counts()
    shown = ", ".join(f"{text} ({count})" for text, count in counts.head(8).items())
    return f"{shown} and {len(counts) - 8} others" if len(counts) > 8 else shown


def plain(name: str) -> str:
    """Returns a column's name in lower case without blanks or a unit in brackets."""
    bare = re.sub(r"[(\[][^)\]]*[)\]]\s*$", "", name).strip()
    return re.sub(r"[\s_-]+", "_", bare.casefold())


def _not_molar(got: str, field: str) -> ToolError:
    wrong = FieldFault(field=field, got=got, expected=f"a concentration in {', '.join(MOLAR)}")
    return ToolError(
        f"{got} is no concentration in moles per litre. Convert it with each molecule's own weight "
        "(nM = 1,000,000 x ug/mL / molecular weight), or rename the column to learn its numbers as "
        "they are.",
        wrong,
        kind="refused_data",
    )


def _type_of(frame: pd.DataFrame, beside: Mapping[str, str]) -> str | None:
    """Returns what a column of types says of the values beside it."""
    types = _first(TYPES, beside)
    if types is None:
        return None
    found = {kind_of(str(text)) for text in frame[types].dropna().unique()}
    return " and ".join(sorted(map(str, found))) if found and None not in found else None


def _limits(frame: pd.DataFrame, column: str) -> list[str]:
    """Says how many values a column beside them marks as limits."""
    relation = _first(_RELATIONS, {plain(name): name for name in map(str, frame.columns)})
    if relation is None:
        return []
    marks = frame[relation][frame[column].notna()].astype(str)
    limits = int(marks.str.contains("[<>≤≥]").sum())
    if not limits:
        return []
    return [f"{limits} values of {column} are limits ({relation} is < or >), taken as the limit"]


def _first(names: tuple[str, ...], beside: Mapping[str, str]) -> str | None:
    return next((beside[name] for name in names if name in beside), None)
