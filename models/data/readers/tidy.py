"""A table as it came, made regular: unique names, numbers as numbers, empty rows gone."""

from collections import Counter
from collections.abc import Collection

import numpy as np
import pandas as pd

from models.data.readers.cells import proves_decimal_comma, read_numbers

NAMELESS = "column_"
"""What a column without a name is called, with its position."""


def tidy(
    frame: pd.DataFrame, *, decimal_comma: bool, texts: Collection[str] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """Makes a table regular.

    Args:
        frame: As a reader gave it.
        decimal_comma: Whether 1,234 is rather 1.234 than 1234 (files separated by semicolons).
        texts: Columns of identifiers, which stay as they are written: 2244 is not 2244.0.

    Returns:
        The table with unique text names and index 0..n-1, and a note for everything that changed.
    """
    notes: list[str] = []
    frame = _named(frame, notes)
    frame = _without_empty(frame, notes)
    proved = any(
        proves_decimal_comma(frame[name])
        for name in frame
        if pd.api.types.is_string_dtype(frame[name])
    )
    columns = {}
    for name in frame.columns:
        if name in texts and pd.api.types.is_string_dtype(frame[name]):
            text = frame[name].astype("str").str.strip()
            columns[name] = text.mask(text == "")
            continue
        column, note = _tidy_column(frame[name], decimal_comma=decimal_comma, proved=proved)
        columns[name] = column
        if note:
            notes.append(f"{name}: {note}")
    return pd.DataFrame(columns).reset_index(drop=True), notes


def _named(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Gives every column a unique text name (Excel and Parquet allow others)."""
    seen: Counter[str] = Counter()
    names, renamed = [], []
    for position, given in enumerate(frame.columns, 1):
        text = str(given).strip()
        blank = not text or text.startswith("Unnamed:")
        base = f"{NAMELESS}{position}" if blank else text
        seen[base] += 1
        name = base if seen[base] == 1 else f"{base}.{seen[base]}"
        if name.rpartition(".")[0] in names or blank:
            renamed.append(name)
        names.append(name)
    if renamed:
        notes.append(f"blank or repeated column names became {', '.join(renamed)}")
    return frame.set_axis(names, axis=1)


def _without_empty(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Drops rows without a value, nameless columns without a value and nameless row numbers."""
    empty = frame.isna().all(axis=1)
    if empty.any():
        notes.append(f"left out {int(empty.sum())} rows without a value")
        frame = frame[~empty]
    for name in [c for c in frame.columns if c.startswith(NAMELESS)]:
        column = frame[name]
        if column.isna().all():
            frame = frame.drop(columns=name)
            notes.append(f"left out {name}: no name and no value")
        elif _counts_rows(column):
            frame = frame.drop(columns=name)
            notes.append(f"left out {name}: row numbers without a name")
    return frame


def _counts_rows(column: pd.Series) -> bool:
    numbers = pd.to_numeric(column, errors="coerce")
    first = numbers.iloc[0] if len(numbers) else None
    return first in (0, 1) and bool((numbers.to_numpy() == np.arange(len(numbers)) + first).all())


def _tidy_column(
    column: pd.Series, *, decimal_comma: bool, proved: bool
) -> tuple[pd.Series, str | None]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column, None
    if pd.api.types.is_numeric_dtype(column):
        plain = "float64" if column.isna().any() else column.dtype.name.lower()
        return column.astype(plain), None
    if column.dtype == object and column.dropna().map(lambda cell: isinstance(cell, bool)).all():
        return column, None
    text = column.astype("str").str.strip()
    text = text.mask(text == "")
    numbers = read_numbers(text, decimal_comma=decimal_comma, proved=proved)
    return (numbers.values, numbers.note) if numbers else (text, None)
