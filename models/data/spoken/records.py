"""Described patients: spoken names and values matched to a model's features.

`{"age": 60, "grade": "II", "positive nodes": 3}` names tgrade and pnodes; what is not given is
assumed, and both are said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.data.features import Feature, FeatureSchema
from models.data.spoken.names import match_name
from models.data.spoken.values import UnreadableError, read_value
from models.errors import FieldFault, ToolError, nearest

LABEL_KEYS = {"id", "patient", "patient id", "name", "label", "case", "record"}


@dataclass(frozen=True)
class MatchedRecords:
    """Records as a model reads them.

    Attributes:
        frame: Canonical rows, one per record.
        mapping: The feature that each given name was taken for.
        assumed: By record, the features that were not given and the value taken for each.
        notes: Values outside what training saw, units that were converted.
    """

    frame: pd.DataFrame
    mapping: dict[str, str]
    assumed: list[dict[str, str]]
    notes: list[str]


def match_records(records: Sequence[Mapping[str, Any]], schema: FeatureSchema) -> MatchedRecords:
    """Matches described patients to a model's features.

    Args:
        records: By given name, the value; None counts as not given.
        schema: The model's features.

    Raises:
        ToolError: One for all names and values that fit no feature, each with the nearest.
    """
    faults: list[FieldFault] = []
    notes: list[str] = []
    mapping: dict[str, str] = {}
    rows, assumed = [], []
    for number, record in enumerate(records):
        given = _match_record(number, record, schema, mapping, faults, notes)
        rows.append(schema.assumed_row() | given)
        left = [feature for feature in schema.features if feature.name not in given]
        assumed.append({feature.name: feature.show(feature.assumed) for feature in left})
    if not records:
        faults.append(FieldFault(field="records", got="none", expected="at least one record"))
    if faults:
        raise ToolError("The described patients do not fit the model.", *faults)
    frame = schema.apply(pd.DataFrame(rows, columns=schema.names))
    return MatchedRecords(frame, mapping, assumed, list(dict.fromkeys(notes)))


def _match_record(
    number: int,
    record: Mapping[str, Any],
    schema: FeatureSchema,
    mapping: dict[str, str],
    faults: list[FieldFault],
    notes: list[str],
) -> dict[str, float | str]:
    """Returns the record's values by feature; collects what does not fit."""
    values: dict[str, float | str] = {}
    for name, value in record.items():
        field = f"records[{number}].{name}"
        found = match_name(str(name), schema)
        if len(found) != 1:
            if str(name).casefold().replace("_", " ") not in LABEL_KEYS:
                faults.append(_name_fault(field, str(name), found, schema))
            continue
        feature = found[0]
        if value is None or str(value).strip() == "":
            continue
        if feature.name in values:
            expected = f"{feature.name} given once"
            faults.append(FieldFault(field=field, got=repr(name), expected=expected))
            continue
        try:
            read = read_value(value, feature, str(name))
        except UnreadableError as error:
            faults.append(_value_fault(field, value, feature, error))
            continue
        values[feature.name] = read.value
        mapping[str(name)] = feature.name
        notes.extend(read.notes)
    if not values and not faults:
        expected = f"some of {', '.join(schema.names[:20])}"
        faults.append(FieldFault(field=f"records[{number}]", got="no value", expected=expected))
    return values


def _name_fault(
    field: str, name: str, found: Sequence[Feature], schema: FeatureSchema
) -> FieldFault:
    if found:
        choices = [feature.name for feature in found]
        expected = f"one feature; {name!r} may be {' or '.join(choices[:6])}"
        return FieldFault(field=field, got=repr(name), expected=expected, suggestion=choices[0])
    shown = ", ".join(schema.names[:20]) + (" and more" if len(schema.names) > 20 else "")
    return FieldFault(
        field=field,
        got=repr(name),
        expected=f"a feature of the model: {shown}",
        suggestion=nearest(name, schema.names),
    )


def _value_fault(field: str, value: Any, feature: Feature, error: UnreadableError) -> FieldFault:
    return FieldFault(
        field=field,
        got=repr(value),
        expected=f"{error} for {feature.name}",
        suggestion=nearest(str(value), feature.levels) if feature.levels else None,
    )
