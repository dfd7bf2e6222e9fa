"""Molecule files: SMILES lines and SD files."""

import io
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from models.data.readers.cells import CODE, PLAIN
from models.errors import ToolError

HEADER_WORDS = {"smiles", "canonical_smiles", "smi", "structure"}
LOOKED_AT = 20
SHOWN = 5
_IDENTIFIER = re.compile(
    r"(^|[\s_.-])(ids?|cids?|sids?|cas|names?|title|identifier|compound|molecule|ligand|catalog|"
    r"inchi_?key|nsc)([\s_.-]*(id|no|nr|number|name|code|key))?$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[a-z]I[Dd]$")
_EXTENDED = re.compile(r"(\S+)\s+(\|[^|]*\|)(?:\s+(.*))?")
"""A SMILES with ChemAxon's extensions, then its name."""
_FIELD = re.compile(r">.*?<([^>]+)>.*")


def is_identifier(name: str) -> bool:
    """Tells whether a column beside molecules is named as what identifies them: id, CID, name."""
    return bool(_IDENTIFIER.search(name) or _JOINED.search(name))


def identifiers(names: Sequence[str]) -> list[str]:
    """Returns the columns that identify rows, of a table that has a column of molecules."""
    molecular = any(
        "smiles" in name.casefold() or name.casefold() in HEADER_WORDS for name in names
    )
    return [name for name in names if molecular and is_identifier(name)]


def read_smiles(text: str) -> tuple[pd.DataFrame, list[str]]:
    """Reads SMILES lines: a SMILES, then an optional name and further fields.

    A name before the SMILES is told by the second fields being molecules and the first not.

    Returns:
        Columns smiles, id (text, where lines carry a second field), field_3 and so on; notes.
    """
    separator = next((mark for mark in "\t," if mark in text), None)
    lines = [_fields(line, separator) for line in map(str.strip, text.splitlines()) if line]
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
    notes = []
    if not header and width > 1 and _named_first(rows[:LOOKED_AT]):
        rows = [[row[1], row[0], *row[2:]] for row in rows]
        notes.append("the first field of each line is its name, the second its SMILES")
    return pd.DataFrame(rows, columns=names), notes


def read_sdf(content: bytes) -> tuple[pd.DataFrame, list[str]]:
    """Reads an SD file: one row per record, SMILES first, then its title and properties.

    Identifiers stay text, as the file has them.

    Returns:
        The table, and notes about records that could not be read: their smiles is missing, their
        title and properties are there.
    """
    rows: list[dict[str, Any]] = []
    unread: list[str] = []
    for number, block in enumerate(_records(content), start=1):
        title, properties = _texts(block.decode("utf-8", errors="replace"))
        smiles, problem = _molecule(block)
        if problem:
            own = next((v for k, v in properties.items() if is_identifier(k) and v), title)
            called = f" ({title or own})" if title or own else ""
            unread.append(f"record {number}{called}: {problem}")
            title = title or ("" if own else f"record {number}")
        identity = {"smiles": smiles, "id": title or None}
        rows.append(identity | {_apart(name, identity): v for name, v in properties.items()})
    if not rows:
        raise ToolError("The SD file has no records.", kind="refused_data")
    if len(unread) == len(rows):
        raise ToolError("No record of the SD file is a molecule.", kind="refused_data")
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        known = frame[name].dropna().astype("str")
        coded = is_identifier(name) or known.str.fullmatch(CODE).any()
        if len(known) and not coded and known.str.fullmatch(PLAIN.pattern).all():
            frame[name] = pd.to_numeric(frame[name])
    if not unread:
        return frame, []
    more = f"; {len(unread) - SHOWN} more" if len(unread) > SHOWN else ""
    note = f"{len(unread)} of {len(rows)} SD records are not readable molecules"
    return frame, [f"{note} ({'; '.join(unread[:SHOWN])}{more})"]


def _fields(line: str, separator: str | None) -> list[str]:
    if extended := _EXTENDED.fullmatch(line):
        return [f"{extended[1]} {extended[2]}", *([extended[3]] if extended[3] else [])]
    return line.split(separator, maxsplit=-1 if separator else 1)


def _named_first(rows: list[list[Any]]) -> bool:
    """Tells whether second fields are molecules and most first ones are not."""
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        first, second = (
            sum(Chem.MolFromSmiles(str(row[n] or "*bad*")) is not None for row in rows)
            for n in (0, 1)
        )
    return second > len(rows) / 2 > first


def _records(content: bytes) -> list[bytes]:
    """Returns the records of an SD file, the last also without its `$$$$`."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    records: list[list[bytes]] = [[]]
    for line in lines:
        if line.startswith(b"$$$$"):
            records.append([])
        else:
            records[-1].append(line)
    if not any(line.strip() for line in records[-1]):
        records.pop()
    return [b"\n".join([*record, b"$$$$", b""]) for record in records]


def _texts(record: str) -> tuple[str, dict[str, str]]:
    """Returns the title and the properties of a record."""
    lines = record.split("\n")
    properties: dict[str, list[str]] = {}
    name = None
    for line in lines[1:]:
        if found := _FIELD.fullmatch(line):
            name = found[1]
            properties[name] = []
        elif not line.strip() or line.startswith("$$$$"):
            name = None
        elif name is not None:
            properties[name].append(line)
    title = "" if lines[0].startswith("$$$$") else lines[0].strip()
    return title, {name: "\n".join(text) for name, text in properties.items()}


def _molecule(record: bytes) -> tuple[str | None, str]:
    """Returns the SMILES of a record, or why there is none."""
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        molecule = next(iter(Chem.ForwardSDMolSupplier(io.BytesIO(record))), None)
        if molecule is not None and molecule.GetNumAtoms():
            return Chem.MolToSmiles(molecule), ""
        if molecule is not None:
            return None, "it has no atoms"
        supplier = Chem.ForwardSDMolSupplier(io.BytesIO(record), sanitize=False)
        unsanitized = next(iter(supplier), None)
        if unsanitized is None:
            return None, "its atoms and bonds cannot be read"
        problems = Chem.DetectChemistryProblems(unsanitized)
    return None, problems[0].Message() if problems else "it is no possible molecule"


def _apart(name: str, identity: dict[str, str | None]) -> str:
    """Returns what a property is called that must not replace the structure or the title."""
    return f"{name}_property" if identity.get(name) else name
