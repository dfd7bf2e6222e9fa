"""What a person gives for a molecule, a SMILES or a name, turned into molecules and faults."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rdkit import Chem

from models.errors import FieldFault
from models.molecules.chemistry.complexes import unlike_its_parent
from models.molecules.chemistry.names import find_compound, suggest_name
from models.molecules.chemistry.salts import split_salt, without_salt
from models.molecules.chemistry.structure import SmilesError, left_out, parse_smiles, shorten

_NO_ATOM = re.compile(r"(?<![A-Z])[adfghjkmqtuvwxyz](?![\w]*\])")
"""A letter that no atom of a SMILES has, outside brackets."""

_A_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 ,'-]{2,}")


@dataclass(frozen=True)
class Entry:
    """One molecule as it was given.

    `name` is set where it was given by name, `salt` where that named a salt, which the molecule is
    without.
    """

    row: int
    given: str
    name: str | None
    molecule: Chem.Mol
    salt: str | None = None

    @property
    def label(self) -> str:
        """A short name for legends and sentences."""
        return self.name or shorten(self.given)

    @property
    def notes(self) -> list[str]:
        """Says what of the name the molecule is without."""
        return [without_salt(self.name or "", self.salt)] if self.salt else []

    @property
    def parent_notes(self) -> list[str]:
        """Says besides which parts a model that sees the parent only does not see."""
        without = left_out(self.molecule)
        return [*self.notes, f"Taken as its parent{without}."] if without else self.notes


def read_entries(
    texts: Iterable[str], field: str = "smiles", *, as_parent: bool = False
) -> tuple[list[Entry], list[FieldFault]]:
    """Reads SMILES and names.

    Args:
        texts: One molecule each.
        field: The argument that has them, for messages.
        as_parent: They are for a model that sees the organic part only; a molecule that is
            another without the rest (a metal complex) is a fault.

    Returns:
        The molecules in order, and one fault per text that is neither, with RDKit's reason and
        the nearest known name. Rows count from 1 over all texts.
    """
    entries: list[Entry] = []
    faults: list[FieldFault] = []
    for row, text in enumerate(texts, start=1):
        try:
            entry = _read(row, text)
            why = unlike_its_parent(entry.molecule) if as_parent else None
            if why is None:
                entries.append(entry)
            else:
                expected = f"an organic molecule or its salt ({why})"
                got = repr(shorten(text))
                faults.append(FieldFault(field=f"{field}[{row}]", got=got, expected=expected))
        except SmilesError as error:
            suggestion = suggest_name(text) if _A_NAME.fullmatch(text.strip()) else None
            is_name = suggestion or _NO_ATOM.search(text)
            expected = "a SMILES or a known name" + ("" if is_name else f" ({error})")
            faults.append(
                FieldFault(
                    field=f"{field}[{row}]",
                    got=repr(shorten(text)),
                    expected=expected,
                    suggestion=suggestion,
                )
            )
    return entries, faults


def _read(row: int, text: str) -> Entry:
    compound = find_compound(text)
    if compound:
        return Entry(row, text.strip(), compound.name, parse_smiles(compound.smiles))
    named = split_salt(text)
    if named and (drug := find_compound(named[0])):
        return Entry(row, text.strip(), drug.name, parse_smiles(drug.smiles), named[1])
    return Entry(row, text.strip(), None, parse_smiles(text))
