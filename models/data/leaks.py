"""Columns that give the answer away or identify people, told from the columns alone."""

import re

import numpy as np
import pandas as pd

from models.data.dates import is_date
from models.data.features import MAXIMUM_LEVELS

IDENTIFIER_NAME = re.compile(
    r"(^|[ _.-])(id|ids|mrn|uid|uuid|guid|ssn|nhs|barcode|accession|identifier|nsc)([ _.-]|$)"
    r"|(patient|subject|case|sample|record|study|visit|hospital|person)"
    r"[ _.-]?(id|no|nr|num|number)$"
    r"|^(u?subj(ect)?(id)?|patient|participant|proband|pt|pat|pid|ptid|patid|empi|case)s?$"
    r"|(patient(en)?|pat|pt|subj|participant|proband(en)?|fall|aufnahme|admission|hosp|chart|file)"
    r"[ _.-]*(id|no|nr|num|number|nummer|code|key)\.?$"
    r"|(患者|病人|病历|病案|住院|门诊|登记|受试者|样本|就诊)\s*(id|号|编号|号码|序号|代码)$|^(编号|序号|身份证号?)$"
    r"|[a-z]I[dD]$",
)
PERSON_NAME = re.compile(
    r"^(.*[ _.-])?(name|surname|firstname|lastname|forename|initials|dob|birth[ _-]?date|"
    r"date[ _-]?of[ _-]?birth|birthday|address|street|postcode|zip|zip[ _-]?code|phone|telephone|"
    r"email|e-mail|ssn)$",
    re.IGNORECASE,
)
FEW_ROWS = 20
"""Below so many rows, perfect agreement with the outcome can be chance."""
MOST_DIFFERENT = 0.8
"""Share of different values up to which a text recurs."""
ALIKE_WITHIN = 0.3
"""Share of the outcome's variance that is left within the rows of one person."""
FEW_VALUES = 10
"""A column named like an identifier with fewer values is a code (site id 1-4)."""


def identifier(column: pd.Series) -> str | None:
    """Returns why a column identifies rows or people rather than describing them, else None."""
    name, known = str(column.name), column.dropna()
    reason = None
    if PERSON_NAME.search(name) and not pd.api.types.is_float_dtype(column):
        reason = "personal data (a name, date of birth or address)"
    elif named_identifier(column):
        reason = "an identifier, by its name"
    elif len(known) >= FEW_ROWS and known.is_unique:
        reason = _own_value(known)
    return reason


def named_identifier(column: pd.Series) -> bool:
    """Tells whether a column is named like an identifier and holds what one could be."""
    name = str(column.name)
    if not (IDENTIFIER_NAME.search(name) or IDENTIFIER_NAME.search(name.lower())):
        return False
    known = column.dropna()
    codes = not pd.api.types.is_numeric_dtype(column) or _whole(known)
    return codes and known.nunique() > FEW_VALUES


def recurs_with_outcome(column: pd.Series, outcome: pd.DataFrame) -> bool:
    """Tells whether a text behaves like a person's id: it recurs, and the outcome with it.

    Args:
        column: Text of more values than a category has; others are features.
        outcome: The outcome, same rows.
    """
    known = column.dropna()
    values = known.nunique()
    is_text = not pd.api.types.is_numeric_dtype(column) and values > MAXIMUM_LEVELS
    if not is_text or values > MOST_DIFFERENT * len(known) or is_date(known):
        return False
    said = outcome.iloc[:, -1].loc[known.index]
    numbers = pd.Series(pd.factorize(said)[0] if said.nunique() <= FEW_VALUES else said, said.index)
    within = numbers.astype("float64").groupby(known).transform("var").fillna(0.0).mean()
    return bool(within < ALIKE_WITHIN * numbers.var())


def gives_away(column: pd.Series, target: pd.Series) -> bool:
    """Tells whether a column equals the target, maps one-to-one on it or determines it."""
    both = column.notna() & target.notna()
    column, target = column[both], target[both]
    levels, targets = column.nunique(), target.nunique()
    if len(column) < 3 or levels < 2:
        return False
    if _equal(column, target):
        return True
    if len(column) < FEW_ROWS:
        return False
    numbers = pd.api.types.is_numeric_dtype(column) and pd.api.types.is_numeric_dtype(target)
    if numbers and levels > 2 and targets > 2:
        return _same_order(column.astype(float), target.astype(float))
    if levels == targets:
        return levels <= MAXIMUM_LEVELS and one_to_one(column, target)
    category = not pd.api.types.is_numeric_dtype(column) and levels <= MAXIMUM_LEVELS
    return category and len(column) >= 5 * levels and _determines(column, target)


def one_to_one(column: pd.Series, target: pd.Series) -> bool:
    """Tells whether each value of one column goes with one value of the other."""
    if column.nunique() != target.nunique():
        return False
    pairs = _pairs(column, target)
    return pairs["a"].is_unique and pairs["b"].is_unique and len(pairs) > 1


def separation(column: pd.Series, positive: pd.Series) -> float:
    """Returns the area under the ROC curve of one column, whichever way it points (0.5-1)."""
    known = column.notna()
    ranks, high = column[known].rank(), positive[known]
    positives, negatives = int(high.sum()), int((~high).sum())
    if not positives or not negatives:
        return 0.5
    area = (ranks[high].sum() - positives * (positives + 1) / 2) / (positives * negatives)
    return float(max(area, 1 - area))


def _own_value(known: pd.Series) -> str | None:
    """Says what a column is in which every row has its own value."""
    if not pd.api.types.is_numeric_dtype(known):
        return None if is_date(known) else "an identifier or free text: every row has its own value"
    if not _whole(known):
        return None
    if known.max() - known.min() == len(known) - 1:
        return "an identifier: it counts the rows"
    digits = known.abs().astype("int64").astype(str).str.len()
    if digits.min() >= 6 and digits.nunique() == 1:
        return "an identifier: every row has its own number of six or more digits"
    return None


def _whole(known: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(known) or bool((known == known.round()).all())


def _equal(column: pd.Series, target: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column) and pd.api.types.is_numeric_dtype(target):
        return np.array_equal(column.to_numpy(float), target.to_numpy(float))
    return bool((column.astype(str) == target.astype(str)).all())


def _same_order(column: pd.Series, target: pd.Series) -> bool:
    """Tells whether one is a rising or falling function of the other, ties included."""
    return bool(abs(np.corrcoef(column.rank(), target.rank())[0, 1]) > 1 - 1e-9)


def _determines(column: pd.Series, target: pd.Series) -> bool:
    pairs = _pairs(column, target)
    return bool(pairs["a"].is_unique and pairs["b"].nunique() > 1)


def _pairs(column: pd.Series, target: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"a": column.astype(str), "b": target.astype(str)}).drop_duplicates()
