"""Protein sequences: told from names, checked, and found beside the table that names them."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace

RESIDUES = "ACDEFGHIKLMNPQRSTVWYBZXUOJ"
FEWEST_RESIDUES = 25
_SEQUENCE = re.compile(rf"[{RESIDUES}*-]{{{FEWEST_RESIDUES},}}", re.IGNORECASE)
BESIDE = ("{stem}_proteins.json", "{stem}_sequences.json", "{stem}.fasta", "{stem}_proteins.fasta",
          "proteins.json", "sequences.json", "proteins.fasta", "sequences.fasta")  # fmt: skip


def is_sequence(text: str) -> bool:
    """Tells whether a text is a protein's sequence in one-letter code."""
    return _SEQUENCE.fullmatch("".join(text.split())) is not None


def plain(sequence: str) -> str:
    """Returns a sequence in capitals without blanks, gaps and stops."""
    return re.sub(r"[\s*-]", "", sequence).upper()


def read_sequences(reference: str, workspace: Workspace) -> dict[str, str]:
    """Reads sequences by name.

    Args:
        reference: A path to FASTA, to JSON ({name: sequence}), or to CSV or TSV with a column of
            names and one of sequences.
        workspace: Decides which files may be read.

    Raises:
        ToolError: There is no such file, or it holds no sequences.
    """
    path = workspace.readable(reference, "sequences")
    try:
        found = _read(path)
    except (ValueError, UnicodeDecodeError) as error:
        raise _refused(path, str(error)) from error
    wrong = [name for name, sequence in found.items() if not is_sequence(sequence)]
    if wrong or not found:
        raise _refused(path, f"no sequence for {', '.join(wrong[:3])}" if wrong else "nothing")
    return found


def sequences_beside(table: Path | None, names: Iterable[str]) -> tuple[dict[str, str], str]:
    """Finds a file of sequences in the folder of a table that names proteins.

    Returns:
        The sequences, and the file's name; both empty where no file has at least half of them.
    """
    if table is None:
        return {}, ""
    wanted = set(names)
    stem = table.name.split(".")[0]
    for pattern in BESIDE:
        path = table.with_name(pattern.format(stem=stem))
        if path.is_file():
            try:
                found = _read(path)
            except (ValueError, UnicodeDecodeError):
                continue
            if 2 * len(wanted & set(found)) >= len(wanted):
                return found, path.name
    return {}, ""


def _read(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix.casefold() == ".json":
        held = json.loads(text)
        if not isinstance(held, Mapping):
            message = "a list, not names with sequences"
            raise ValueError(message)
        return {str(name): plain(str(sequence)) for name, sequence in held.items()}
    if text.lstrip().startswith(">"):
        return _fasta(text)
    return _pairs(text, "\t" if "\t" in text.split("\n", 1)[0] else ",")


def _fasta(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in text.lstrip().split(">")[1:]:
        title, _, sequence = entry.partition("\n")
        found[title.split()[0] if title.split() else ""] = plain(sequence)
    return found


def _pairs(text: str, separator: str) -> dict[str, str]:
    """Reads a table in which one column holds sequences and the one before it, or after, names."""
    found: dict[str, str] = {}
    for row in csv.reader(text.splitlines(), delimiter=separator):
        place = next((n for n, cell in enumerate(row) if is_sequence(cell)), None)
        if place is not None and len(row) > 1:
            found[row[place - 1] if place else row[1]] = plain(row[place])
    return found


def _refused(path: Path, got: str) -> ToolError:
    expected = "FASTA, JSON {name: sequence}, or a table of names and sequences"
    wrong = FieldFault(field="sequences", got=got, expected=expected)
    return ToolError(f"{path.name} holds no protein sequences.", wrong, kind="refused_data")
