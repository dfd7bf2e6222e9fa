"""Cells as people write them: 12,5 and 45% and <0.5 are numbers, 1.234,5 too."""

import re
from dataclasses import dataclass

import pandas as pd

NUMBER_SHARE = 0.98
"""From this share of number-like cells on, a text column is a column of numbers."""
MISSING_WORDS = {
    "none", "missing", "unknown", "unk", "not done", "nd", "n.d.", "not available", "pending",
    "not measured", "n.a.", "#n/a", "n/d", "nil",
}  # fmt: skip
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
COMMA = re.compile(r"[+-]?\d{1,3}([.\u00a0 ']?\d{3})*,\d+|[+-]?\d*,\d+")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
"""Points between thousands, as beside decimal commas."""
CODE = r"0\d+"
"""Digits with a leading zero are codes: making them numbers would merge 07 and 7."""
LIMIT = re.compile(r"[<>≤≥]=?\s*")


@dataclass(frozen=True)
class Numbers:
    """A text column read as numbers, and how."""

    values: "pd.Series"
    note: str


def proves_decimal_comma(column: "pd.Series") -> bool:
    """Tells whether a column of text holds numbers whose comma can only be a decimal mark."""
    cells = pd.Series(column.dropna().unique()).astype(str).str.strip()
    with_comma = cells[cells.str.fullmatch(COMMA.pattern)]
    numbers = len(with_comma) + int(cells.str.fullmatch(PLAIN.pattern).sum())
    decimal = ~with_comma.str.fullmatch(THOUSANDS.pattern)
    return bool(decimal.any()) and numbers >= NUMBER_SHARE * len(cells)


def read_numbers(
    column: "pd.Series", *, decimal_comma: bool, proved: bool = False
) -> Numbers | None:
    """Reads a text column as numbers where nearly all of its cells are.

    Args:
        column: Text; missing cells may be there.
        decimal_comma: How to read cells such as 1,234 that may be either.
        proved: Other columns of the file have commas that can only be decimal marks; then points
            before three digits are between thousands.

    Returns:
        The numbers and a note on how they were read, or None for a column of text.
    """
    cells = pd.Series(column.dropna().unique()).astype(str)
    meant = cells[~cells.str.strip().str.casefold().isin(MISSING_WORDS)]
    if meant.empty or meant.str.fullmatch(CODE).any():
        return None
    bare = meant.str.strip().str.replace(LIMIT, "", regex=True, n=1).str.rstrip("% ")
    comma = _commas(bare, decimal_comma=decimal_comma or proved)
    dotted = bare[bare.str.contains(".", regex=False)]
    points = (proved or proves_decimal_comma(bare)) and bool(
        len(dotted) and dotted.str.fullmatch(POINTS.pattern).all()
    )
    if points:
        bare = bare.str.replace(".", "", regex=False)
    parsed = bare.map(lambda cell: parse_number(cell, decimal_comma=comma))
    weight = column.value_counts()
    known = weight.reindex(meant[parsed.notna()].to_list()).sum()
    if known < NUMBER_SHARE * weight.reindex(meant.to_list()).sum():
        return None
    table = dict(zip(meant, parsed, strict=True))
    values = column.astype(object).map(lambda cell: table.get(str(cell)), na_action="ignore")
    lost = meant[parsed.isna()].to_list()
    limits = meant[meant.str.match(LIMIT)]
    said = _describe(meant, bare, lost, comma=comma)
    if points:
        said.append(f"points between thousands, as {dotted.iloc[0]}")
    if not limits.empty:
        rows = int(weight.reindex(limits.to_list()).sum())
        said.append(f"detection limits such as {limits.iloc[0]} taken as the limit ({rows} values)")
    return Numbers(values.astype(float), "; ".join(said) or "text read as numbers")


def parse_number(cell: str, *, decimal_comma: bool) -> float | None:
    """Returns the number that a cell holds, or None."""
    if PLAIN.fullmatch(cell):
        return float(cell)
    if decimal_comma and COMMA.fullmatch(cell):
        return float(re.sub(r"[.\u00a0 ']", "", cell).replace(",", "."))
    if not decimal_comma and THOUSANDS.fullmatch(cell):
        return float(cell.replace(",", ""))
    return None


def _commas(cells: "pd.Series", *, decimal_comma: bool) -> bool:
    """Tells whether a comma is the decimal mark in these cells."""
    with_comma = cells[cells.str.contains(",", regex=False)]
    if with_comma.empty:
        return decimal_comma
    thousands = with_comma.str.fullmatch(THOUSANDS.pattern)
    return decimal_comma if bool(thousands.all()) else bool((~thousands).any())


def _describe(cells: "pd.Series", bare: "pd.Series", lost: list[str], *, comma: bool) -> list[str]:
    said = []
    if bare.str.contains(",", regex=False).any():
        said.append("decimal commas" if comma else "commas between thousands")
    if cells.str.contains("%", regex=False).any():
        said.append("percent signs left out")
    if lost:
        said.append(f"taken as missing, being no number: {', '.join(map(repr, lost[:5]))}")
    return said
