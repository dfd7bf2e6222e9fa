"""Which columns may be features: no leaks, no identifiers, nothing constant.

A leak that the person named is refused; one that nobody named is left out and said so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from models.data.copies import copied
from models.data.dates import is_date
from models.data.features import MAXIMUM_LEVELS, boolean_levels
from models.data.leaks import FEW_ROWS, gives_away, identifier, one_to_one, separation
from models.errors import FieldFault, ToolError

SPLIT_COLUMN = "split"


@dataclass(frozen=True)
class Screened:
    """What is left to train on.

    Attributes:
        frame: The rows without exact duplicates.
        features: The columns that a model may use.
        notes: What was left out and why.
        warnings: What the person should look at.
    """

    frame: pd.DataFrame
    features: list[str]
    notes: list[str]
    warnings: list[str]


def screen_features(
    frame: pd.DataFrame,
    outcome: pd.DataFrame,
    features: Sequence[str] | None,
    reserved: Sequence[str] = (),
) -> Screened:
    """Finds the columns that a model may use, and removes exact duplicate rows.

    Args:
        frame: The whole table.
        outcome: The outcome as it will be trained on, same rows; its column names are the table's.
        features: Columns that the person named; None for all that are fit.
        reserved: Columns with another job (group, date, split).

    Raises:
        ToolError: A named feature leaks the outcome or identifies rows, or nothing is left.
    """
    notes: list[str] = []
    warnings: list[str] = []
    kept = _without_duplicates(frame, notes, warnings)
    frame, outcome = frame.loc[kept], outcome.loc[kept]
    named = features is not None
    candidates = list(dict.fromkeys(features)) if features is not None else list(frame.columns)
    taken = {*outcome.columns, *reserved}
    if not named:
        candidates = [
            name
            for name in candidates
            if name not in taken and str(name).casefold() != SPLIT_COLUMN
        ]
    faults, fit = [], []
    for name in candidates:
        reason = "the outcome itself" if name in outcome.columns else _leak(frame[name], outcome)
        if reason and named:
            faults.append(FieldFault(field="features", got=repr(name), expected=f"no {reason}"))
        elif reason:
            warnings.append(f"{name} left out: {reason}")
        elif useless := _useless(frame[name]):
            notes.append(f"{name} left out: {useless}")
        else:
            fit.append(name)
            warnings.extend(_suspicion(frame[name], outcome))
    if faults:
        raise ToolError("These features may not be used.", *faults, kind="refused_data")
    if not fit:
        said = "; ".join([*notes, *warnings]) or "there are no other columns"
        raise ToolError(f"No column is left to predict from: {said}.", kind="refused_data")
    return Screened(frame, fit, notes, warnings)


def _leak(column: pd.Series, outcome: pd.DataFrame) -> str | None:
    """Returns how a column gives the outcome away, else None."""
    if reason := identifier(column):
        return reason
    for target in outcome.columns:
        if gives_away(column, outcome[target]):
            return f"column that gives {target} away (a leak)"
        gaps = column.isna()
        share = gaps.mean()
        if 0 < share < 1 and len(column) >= FEW_ROWS and one_to_one(gaps, outcome[target]):
            return f"column whose gaps give {target} away (a leak)"
    return None


def _useless(column: pd.Series) -> str | None:
    known = column.dropna()
    if known.empty:
        return "no value in any row"
    if known.nunique() == 1 and not column.isna().any():
        return f"the same value ({known.iloc[0]}) in every row"
    if known.nunique() == 1 and boolean_levels(column) is None:
        return f"a single value ({known.iloc[0]}) and gaps"
    if is_date(known):
        return "a date; derive an age or a duration from it to use it"
    if not pd.api.types.is_numeric_dtype(column) and known.nunique() > MAXIMUM_LEVELS:
        of_molecules = "smiles" in str(column.name).casefold()
        values = f"text with {known.nunique()} different values"
        return "molecules, which a property model learns from" if of_molecules else values
    return None


def _suspicion(column: pd.Series, outcome: pd.DataFrame) -> list[str]:
    """Warns of a number that orders the outcome almost perfectly."""
    if not pd.api.types.is_numeric_dtype(column) or column.nunique() < 3:
        return []
    said = []
    for target in outcome.columns:
        codes = outcome[target]
        if not pd.api.types.is_numeric_dtype(codes):
            codes = pd.Series(pd.factorize(codes, sort=True)[0], codes.index)
        if codes.nunique() == 2:
            near = separation(column, codes == codes.max()) > 0.995
        else:
            near = abs(column.corr(codes, method="spearman")) > 0.98
        if near:
            said.append(f"{column.name} alone almost gives {target} away; is it known in time?")
    return said


def _without_duplicates(frame: pd.DataFrame, notes: list[str], warnings: list[str]) -> pd.Series:
    repeated, alike = copied(frame)
    count = int(repeated.sum())
    if alike:
        notes.append(
            f"{alike} rows equal another in every column, as many as chance makes in a table with "
            "so few different values: kept as different people"
        )
    if count:
        notes.append(f"{count} exact duplicate rows removed")
    if count > len(frame) / 10:
        warnings.append(
            f"{count} of {len(frame)} rows were exact copies and were removed; if they are "
            "different patients, add a column with a patient id"
        )
    return ~repeated
