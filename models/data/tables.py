"""Datasets at the door: a built-in name or a file, read once and checked once."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from models.data.builtin import BUILT_INS, BuiltIn
from models.data.potency import plain
from models.data.readers.molecules import identifiers
from models.data.readers.table import SUFFIXES, read_table
from models.data.readers.tidy import tidy
from models.errors import FieldFault, ToolError, nearest
from models.store.files import sha256_file
from models.store.workspace import Workspace

SMILES_NAMES = ("smiles", "canonical_smiles", "isomeric_smiles", "smi", "mol_smiles", "structure")


@dataclass(frozen=True)
class Dataset:
    """A table and where it came from.

    Attributes:
        name: The built-in name, or the file's name.
        frame: The rows; unique text column names, index 0..n-1.
        path: The file; None for a built-in.
        sha256: Of the file's bytes; of the table for a built-in.
        time_column: Follow-up time, where known.
        event_column: Event indicator (1 seen, 0 censored), where known.
        target_column: What to predict, where known.
        smiles_column: Where the molecules are, when there are any.
        built_in: What a built-in dataset says of its columns.
        notes: What the reader guessed: encoding, separator, decimal marks, left-out columns.
    """

    name: str
    frame: pd.DataFrame
    path: Path | None
    sha256: str
    time_column: str | None = None
    event_column: str | None = None
    target_column: str | None = None
    smiles_column: str | None = None
    built_in: BuiltIn | None = None
    notes: list[str] = field(default_factory=list)


def load_dataset(reference: str, workspace: Workspace, field: str = "dataset") -> Dataset:
    """Loads a dataset by built-in name or path.

    Args:
        reference: `gbsg2`, or a path that the workspace may read.
        workspace: Decides which paths may be read.
        field: The argument's name, for messages.

    Raises:
        ToolError: There is none such, or it is not a table with rows.
    """
    name = reference.strip().casefold().replace("-", "_").replace(" ", "_")
    if name in BUILT_INS:
        return _built_in(name)
    path = _find(reference, workspace, field)
    if path.is_dir():
        wrong = FieldFault(field=field, got=repr(reference), expected="a file, not a folder")
        raise ToolError(f"{reference} is a folder.", wrong)
    raw, reading_notes = read_table(path, field)
    frame, tidy_notes = tidy(
        raw,
        decimal_comma=any("semicolon" in note for note in reading_notes),
        texts=identifiers([str(name).strip() for name in raw.columns]),
    )
    if frame.empty:
        raise ToolError(f"{path.name} has no rows.", kind="refused_data")
    smiles = _smiles_column(list(frame.columns))
    notes = [*reading_notes, *tidy_notes]
    return Dataset(path.name, frame, path, sha256_file(path), smiles_column=smiles, notes=notes)


def _smiles_column(names: Sequence[str]) -> str | None:
    """Returns the column that is called as molecules are, else the only one named like SMILES."""
    known = next((c for c in names if c.casefold() in SMILES_NAMES), None)
    alike = [c for c in names if "smiles" in c.casefold()]
    return known or (alike[0] if len(alike) == 1 else None)


def _built_in(name: str) -> Dataset:
    entry = BUILT_INS[name]
    frame = entry.load().reset_index(drop=True)
    digest = hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()
    return Dataset(
        name,
        frame,
        None,
        digest,
        time_column=entry.time_column,
        event_column=entry.event_column,
        target_column=entry.target_column,
        smiles_column=entry.smiles_column,
        built_in=entry,
    )


def _find(reference: str, workspace: Workspace, field: str) -> Path:
    """Finds the file; what looks like no path is taken for a misspelt built-in name."""
    try:
        return workspace.readable(reference, field)
    except ToolError as error:
        is_path = "/" in reference or Path(reference).suffix.casefold() in SUFFIXES
        if error.kind != "not_found" or is_path:
            raise
        files = [f.suggestion for f in error.faults if f.suggestion]
        wrong = FieldFault(
            field=field,
            got=repr(reference),
            expected=f"a file, or one of {', '.join(BUILT_INS)}",
            suggestion=nearest(reference, [*BUILT_INS, *files]),
        )
        message = f"There is no dataset {reference}."
        raise ToolError(message, wrong, kind="not_found") from None


def require_columns(
    dataset: Dataset, columns: Mapping[str, str | Iterable[str] | None]
) -> dict[str, str | list[str] | None]:
    """Checks that columns exist, whatever argument they came in.

    Letter case, blanks and underscores, a unit in brackets and words left out at the end are
    forgiven where only one column can be meant: `ic50` is `IC50 (nM)`.

    Args:
        dataset: Where the columns must be.
        columns: By argument name: a column, several, or None where the argument was not given.

    Returns:
        The same with the columns' true names.

    Raises:
        ToolError: One for all wrong columns, each with the nearest right one.
    """
    names = list(dataset.frame.columns)
    faults: list[FieldFault] = []

    def resolve(argument: str, column: str) -> str:
        if column in names:
            return column
        if found := _meant(column, names):
            return found
        faults.append(_column_fault(argument, column, names))
        return column

    resolved: dict[str, str | list[str] | None] = {}
    for argument, value in columns.items():
        if value is None or isinstance(value, str):
            resolved[argument] = value and resolve(argument, value)
        else:
            resolved[argument] = [resolve(argument, column) for column in value]
    if faults:
        missing = ", ".join(f.got for f in faults)
        raise ToolError(f"{dataset.name} has no column {missing}.", *faults)
    return resolved


def _meant(column: str, names: list[str]) -> str | None:
    """Returns the only column that a name can mean, from the likest spelling to the loosest."""

    def only(alike: list[str]) -> str | None:
        return alike[0] if len(alike) == 1 else None

    folded = column.strip().casefold()
    bare = plain(column)
    return (
        only([name for name in names if name.strip().casefold() == folded])
        or only([name for name in names if bare and plain(name) == bare])
        or only([name for name in names if bare and plain(name).startswith(f"{bare}_")])
    )


def _column_fault(argument: str, column: str, names: list[str]) -> FieldFault:
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return FieldFault(
        field=argument,
        got=repr(column),
        expected=f"a column: {shown}",
        suggestion=nearest(column, names),
    )
