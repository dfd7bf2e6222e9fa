"""Molecule files: SMILES lines and SD files."""

import io
from typing import Any

import pandas as pd

from models.errors import ToolError

HEADER_WORDS = {"smiles", "canonical_smiles", "smi", "structure"}


def read_smiles(text: str) -> pd.DataFrame:
    """Reads SMILES lines: a SMILES, then an optional name and further fields.

    Returns:
        Columns smiles, id (text, where lines carry a second field), field_3 and so on.
    """
    separator = next((mark for mark in "\t," if mark in text), None)
    lines = [
        line.split(separator, maxsplit=-1 if separator else 1)
        for line in map(str.strip, text.splitlines())
        if line
    ]
    if not lines:
        raise ToolError("The file has no molecules.", kind="refused_data")
    header = lines[0][0].casefold() in HEADER_WORDS
    if header and len(lines) == 1:
        raise ToolError("The file has a header and no molecules.", kind="refused_data")
    width = max(len(line) for line in lines)
    names = ["smiles", "id", *(f"field_{n}" for n in range(3, width + 1))][:width]
    if header and len(lines[0]) == width:
        names = ["smiles", *lines[0][1:]]
    rows = [line + [None] * (width - len(line)) for line in lines[header:]]
    return pd.DataFrame(rows, columns=names)


def read_sdf(content: bytes) -> tuple[pd.DataFrame, list[str]]:
    """Reads an SD file: one row per record, SMILES first, then its title and properties.

    Returns:
        The table, and notes about records that could not be read (their smiles is missing).
    """
    from rdkit import Chem, rdBase

    rows: list[dict[str, Any]] = []
    with rdBase.BlockLogs():
        for molecule in Chem.ForwardSDMolSupplier(io.BytesIO(content)):
            if molecule is None:
                rows.append({"smiles": None})
                continue
            properties = molecule.GetPropsAsDict()
            title = molecule.GetProp("_Name") if molecule.HasProp("_Name") else None
            identity = {"smiles": Chem.MolToSmiles(molecule), "id": title or None}
            rows.append(identity | {str(name): value for name, value in properties.items()})
    if not rows:
        raise ToolError("The SD file has no records.", kind="refused_data")
    unread = sum(row["smiles"] is None for row in rows)
    if unread == len(rows):
        raise ToolError("No record of the SD file is a molecule.", kind="refused_data")
    notes = [f"{unread} of {len(rows)} SD records are not readable molecules"] if unread else []
    return pd.DataFrame(rows), notes
