"""Columns that hold dates, however they are written."""

import pandas as pd

from models.errors import FieldFault, ToolError


def is_date(column: pd.Series) -> bool:
    """Tells whether a column holds dates, as such or in text."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    if pd.api.types.is_numeric_dtype(column):
        return False
    sample = column.dropna().astype(str).head(200)
    shape = r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*"
    return bool(sample.str.fullmatch(shape).mean() > 0.9)


def moments_of(column: pd.Series) -> pd.Series:
    """Returns a column as dates, or as numbers where it holds numbers; NaT or NaN elsewhere."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column
    text = column.astype(str)
    day_first = bool(text.str.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}").mean() > 0.5)
    return pd.to_datetime(column, errors="coerce", format="mixed", dayfirst=day_first)


def only_date(frame: pd.DataFrame) -> str:
    """Returns the one column with dates.

    Raises:
        ToolError: There is none, or more than one.
    """
    dated = [str(name) for name in frame.columns if is_date(frame[name])]
    if len(dated) != 1:
        got = ", ".join(dated) or "nothing"
        wrong = FieldFault(field="date_column", got=got, expected="one column with dates")
        raise ToolError("A split by time needs date_column.", wrong)
    return dated[0]
