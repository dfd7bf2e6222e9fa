"""One column of values that holds several kinds of measurement, as exports of ChEMBL do."""

from dataclasses import replace

import pandas as pd

from models.data.potency import TYPES, UNITS, column_among, counted, is_general, plain, unit_of
from models.data.tables import Dataset
from models.errors import FieldFault, ToolError, fault

LOGARITHMS = "pchembl_value"
"""What ChEMBL's exports call the logarithm beside the value, of the same types."""


def of_one_type(dataset: Dataset, kind: str | None) -> tuple[Dataset, list[str]]:
    """Returns the table with values of one type of measurement only, and a note on the others.

    Rows stay where they are, so that they keep their numbers; values of other types are blank.

    Args:
        dataset: The table.
        kind: As its column of types calls it; None to take all rows.

    Raises:
        ToolError: No column states types, or none of that name.
    """
    if kind is None:
        return dataset, []
    types = column_among(TYPES, dataset.frame)
    if types is None:
        wrong = FieldFault(
            field="measurement_type", got=repr(kind), expected="a column such as Standard Type"
        )
        raise ToolError(f"{dataset.name} has no column that states types.", wrong)
    texts = dataset.frame[types].astype("str").str.strip()
    chosen = texts.str.casefold() == kind.strip().casefold()
    if not chosen.any():
        known = texts.dropna().unique().tolist()
        wrong = fault("measurement_type", kind, f"one of {counted(texts.dropna())}", known)
        raise ToolError(f"{types} has no {kind}.", wrong)
    rest = texts[~chosen]
    note = f"only values whose {types} is {texts[chosen].iloc[0]} are taken"
    left = f"; left out: {counted(rest.fillna('none stated'))}" if len(rest) else ""
    frame = dataset.frame.copy()
    values = [name for name in frame if is_general(str(name)) or plain(str(name)) == LOGARITHMS]
    frame[values] = frame[values].where(chosen, other=float("nan"))
    return replace(dataset, frame=frame), [note + left]


def refuse_mixtures(frame: pd.DataFrame, column: str) -> None:
    """Refuses values of several types, or in units that cannot be made one.

    Raises:
        ToolError: Says which there are, with counts.
    """
    if not is_general(column):
        return
    known = frame[frame[column].notna()]
    types = column_among(TYPES, frame)
    if types is not None and known[types].dropna().nunique() > 1:
        got = counted(known[types].fillna("none stated"))
        wrong = FieldFault(field="measurement_type", got="nothing", expected=f"one of {got}")
        message = f"{column} mixes types of measurement ({types}): {got}. Which is to be learnt?"
        raise ToolError(message, wrong)
    units = column_among(UNITS, frame)
    if units is None:
        return
    texts = known[units].dropna().astype(str)
    if texts.nunique() > 1 and not texts.map(unit_of).notna().any():
        got = counted(texts)
        wrong = FieldFault(field="target_column", got=got, expected="values in one unit")
        raise ToolError(f"{column} mixes units ({units}): {got}.", wrong, kind="refused_data")
