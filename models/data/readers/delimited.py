"""Delimited text: which separator, which header, which decimal mark."""

import csv
import io
import itertools
import re
import warnings
from collections import Counter

import pandas as pd

from models.data.readers.cells import POINTS, proves_decimal_comma
from models.data.readers.molecules import identifiers
from models.errors import ToolError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
MISSING = [
    "", "NA", "N/A", "n/a", "na", "NaN", "nan", "-nan", "NULL", "null", "<NA>", "#N/A", "#NA",
    "#VALUE!", "#DIV/0!", "#REF!", "?", ".", "-", "--",
]  # fmt: skip
"""What stands for a missing value. `None` does not: it is a level in many clinical tables."""
SNIFFED_ROWS = 200
PARSER_FAULTS = (pd.errors.ParserError, pd.errors.ParserWarning)


def read_delimited(text: str, name: str, separator: str | None = None) -> tuple[pd.DataFrame, str]:
    """Reads a table from text.

    Args:
        text: The whole file.
        name: The file's name, for messages.
        separator: The one its suffix promises, taken when the text agrees.

    Returns:
        The table as pandas reads it, and the separator.
    """
    text = text.lstrip("\ufeff")
    sample = _first_lines(text)
    declared = re.fullmatch(r'"?sep=(.)"?', sample[0].strip(), re.IGNORECASE) if sample else None
    if declared:
        text = text.split("\n", 1)[1] if "\n" in text else ""
        sample, separator = _first_lines(text), declared.group(1)
    separator = separator if separator and _agrees(sample, separator) else sniff_separator(sample)
    rows = [row for row in _rows(sample, separator) if any(map(str.strip, row))]
    if len(rows) < 2:
        raise ToolError(f"{name} has a header and no rows.", kind="refused_data")
    header = _header(rows)
    as_written = dict.fromkeys(identifiers(header), "str")
    try:
        frame = _parse(text, separator, header, csv.QUOTE_MINIMAL, as_written)
    except PARSER_FAULTS:
        try:  # quotation marks that quote nothing, as in inches or tagged text
            frame = _parse(text, separator, header, csv.QUOTE_NONE, as_written)
        except PARSER_FAULTS as error:
            detail = str(error).removeprefix("Error tokenizing data. C error: ").strip()
            kind = SEPARATORS.get(separator, repr(separator))
            message = f"{name} is not a regular table separated by {kind}: {detail}."
            raise ToolError(message, kind="refused_data") from error
    return _with_points(frame, text, separator, header), separator


def _with_points(frame: pd.DataFrame, text: str, separator: str, header: list[str]) -> pd.DataFrame:
    """Keeps as text what pandas took for decimals where the file writes decimals with a comma."""
    pointed = [name for name in frame if pd.api.types.is_float_dtype(frame[name])]
    texts = [name for name in frame if pd.api.types.is_string_dtype(frame[name])]
    if not pointed or not any(proves_decimal_comma(frame[name]) for name in texts):
        return frame
    written = _parse(text, separator, header, csv.QUOTE_MINIMAL, "str")
    for name in pointed:
        cells = written[name].dropna().str.strip()
        dotted = cells[cells.str.contains(".", regex=False)]
        if len(dotted) and dotted.str.fullmatch(POINTS.pattern).all():
            frame[name] = written[name]
    return frame


def _parse(
    text: str, separator: str, header: list[str], quoting: int, dtype: str | dict[str, str]
) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            io.StringIO(text),
            sep=r"\s+" if separator == " " else separator,
            header=0,
            names=header,
            index_col=False,
            keep_default_na=False,
            na_values=MISSING,
            skipinitialspace=True,
            low_memory=False,
            quoting=quoting,
            dtype=dtype,
        )


def sniff_separator(sample: list[str]) -> str:
    """Returns the separator that cuts the header and most lines into equally many fields."""
    counts = {mark: _field_counts(sample, mark) for mark in SEPARATORS}

    def score(mark: str) -> tuple[float, int]:
        header, *lines = counts[mark]
        if header < 2:
            return (0.0, 0)
        same = sum(width in (header, header + 1) for width in lines) / max(1, len(lines))
        if mark == " ":  # blanks are in all prose: only when every line agrees
            return (0.5 if same == 1 else 0.0, header)
        return (round(same, 1), header)

    return max(SEPARATORS, key=score)


def _agrees(sample: list[str], separator: str) -> bool:
    header, *lines = _field_counts(sample, separator)
    return header > 1 and Counter(lines).most_common(1)[0][0] >= header if lines else header > 1


def _field_counts(sample: list[str], separator: str) -> list[int]:
    return [len(row) for row in _rows(sample, separator) if row] or [0]


def _rows(sample: list[str], separator: str) -> list[list[str]]:
    return list(csv.reader(sample, delimiter=separator, skipinitialspace=True))


def _first_lines(text: str) -> list[str]:
    lines = (line for line in io.StringIO(text) if line.strip())
    return list(itertools.islice(lines, SNIFFED_ROWS))


def _header(rows: list[list[str]]) -> list[str]:
    """Returns the column names; blank where the file gives none.

    R writes row names without a name for them: then the lines are one field longer.
    """
    names = [name.strip() for name in rows[0]]
    width = Counter(map(len, rows[1:])).most_common(1)[0][0]
    if width == len(names) + 1:
        return _unique(["", *names])
    return _unique(names)


def _unique(names: list[str]) -> list[str]:
    """Numbers blank names by position and repeated names by count."""
    seen: Counter[str] = Counter()
    result = []
    for position, name in enumerate(names, 1):
        base = name or f"column_{position}"
        seen[base] += 1
        result.append(base if seen[base] == 1 else f"{base}.{seen[base]}")
    return result
