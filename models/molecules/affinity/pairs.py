"""Measured pairs of a molecule and a protein, from a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rdkit import Chem

from models.data.tables import Dataset
from models.errors import FieldFault, ToolError
from models.molecules.affinity.columns import Columns
from models.molecules.affinity.sequences import is_sequence, plain, read_sequences, sequences_beside
from models.molecules.properties.intake.door import inchikey_of, read_molecules
from models.store.workspace import Workspace

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

SHOWN = 3


@dataclass(frozen=True)
class Pairs:
    """Measured pairs, each once.

    Attributes:
        smiles: Canonical, of a molecules.
        proteins: Names of b proteins; where the table has sequences only, these.
        sequences: Of the proteins; empty where unknown.
        molecule: Of each pair, 0..a-1, shape (n,).
        protein: Of each pair, 0..b-1, shape (n,).
        value: Affinity, shape (n,).
        row: Of the table, the first one where pairs are repeated, shape (n,).
        keys: InChIKeys of the molecules.
        notes: What was done to the data.
    """

    smiles: list[str]
    proteins: list[str]
    sequences: list[str]
    molecule: IntArray
    protein: IntArray
    value: FloatArray
    row: IntArray
    keys: list[str]
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.value)

    def take(self, chosen: NDArray[np.intp]) -> "Pairs":
        """Returns some of the pairs, with the molecules and proteins that they have."""
        molecules, molecule = np.unique(self.molecule[chosen], return_inverse=True)
        proteins, protein = np.unique(self.protein[chosen], return_inverse=True)
        return Pairs(
            [self.smiles[n] for n in molecules],
            [self.proteins[n] for n in proteins],
            [self.sequences[n] for n in proteins],
            molecule,
            protein,
            self.value[chosen],
            self.row[chosen],
            [self.keys[n] for n in molecules],
            self.notes,
        )


def read_pairs(dataset: Dataset, columns: Columns, sequences: str | None,
               workspace: Workspace) -> Pairs:  # fmt: skip
    """Reads pairs: molecules standardised, repeated measurements averaged.

    Args:
        dataset: The table.
        columns: Where it holds what.
        sequences: A file of sequences by the names of the proteins; None to look beside the table.
        workspace: Decides which files may be read.

    Raises:
        ToolError: No pair is left.
    """
    frame = dataset.frame
    notes: list[str] = []
    texts = frame[columns.smiles].astype(str).to_numpy()
    unique, which = np.unique(texts, return_inverse=True)
    read = read_molecules(list(unique))
    notes += read.notes
    keys = dict(zip(read.rows.tolist(), map(inchikey_of, read.molecules), strict=True))
    smiles = dict(zip(read.rows.tolist(), map(Chem.MolToSmiles, read.molecules), strict=True))
    if columns.potency:
        values = columns.potency.values(frame)
        notes += [*columns.notes, *columns.potency.notes(frame)]
    else:
        values = frame[columns.value].to_numpy(float)
        notes += columns.notes
    valid = np.isin(which, read.rows)
    if not valid.all():
        rows = np.flatnonzero(~valid)
        shown = "; ".join(f"row {n}: {read.problems[int(which[n])]}" for n in rows[:SHOWN])
        notes.append(f"{len(rows)} rows without a usable molecule left out ({shown})")
    known = np.isfinite(values)
    if not known.all():
        notes.append(f"{int((~known).sum())} rows without a finite affinity left out")
    protein = frame[columns.protein]
    usable = valid & known & protein.notna().to_numpy()
    if not usable.any():
        wrong = FieldFault(field="dataset", got="0 usable rows", expected="measured pairs")
        raise ToolError(f"{dataset.name} has no usable pair.", wrong, kind="refused_data")
    table = pd.DataFrame(
        {
            "key": [keys.get(int(n), "") for n in which],
            "protein": protein.astype(str).str.strip(),
            "value": values,
            "row": np.arange(len(frame)),
        }
    )[usable]
    by_key = {keys[n]: smiles[n] for n in keys}
    beside = _sequences_of(frame, columns, notes) if columns.sequence else {}
    return _gathered(table, by_key, dataset, sequences, workspace, notes, beside)


def _sequences_of(frame: pd.DataFrame, columns: Columns, notes: list[str]) -> dict[str, str]:
    """Returns the sequences that the table states, by the proteins' names."""
    stated = pd.DataFrame(
        {"name": frame[columns.protein], "sequence": frame[columns.sequence]}
    ).dropna()
    stated = stated[stated["sequence"].astype(str).map(is_sequence)].astype(str)
    by_name = stated.groupby(stated["name"].str.strip())["sequence"]
    if several := int((by_name.nunique() > 1).sum()):
        notes.append(f"{several} proteins have several sequences: the commonest is taken")
    return {str(name): plain(found.mode().iloc[0]) for name, found in by_name}


def known_sequences(names: Sequence[str], dataset: Dataset, sequences: str | None,
                    workspace: Workspace, notes: list[str],
                    beside: Mapping[str, str]) -> list[str]:  # fmt: skip
    """Returns the sequence of each protein; empty where unknown, and says so."""
    by_name: Mapping[str, str]
    if all(map(is_sequence, names)):
        return [plain(name) for name in names]
    if beside:
        by_name, source = beside, "the table"
    elif sequences:
        by_name, source = read_sequences(sequences, workspace), sequences
    else:
        by_name, source = sequences_beside(dataset.path, names)
    if source:
        notes.append(f"sequences from {source}")
    found = [by_name.get(name) or (plain(name) if is_sequence(name) else "") for name in names]
    missing = [name for name, sequence in zip(names, found, strict=True) if not sequence]
    if missing:
        shown = ", ".join(missing[:SHOWN]) + (", ..." if len(missing) > SHOWN else "")
        notes.append(f"{len(missing)} proteins have no sequence and are like no other ({shown})")
    return found


def _gathered(table: pd.DataFrame, smiles: dict[str, str], dataset: Dataset,
              sequences: str | None, workspace: Workspace, notes: list[str],
              beside: Mapping[str, str]) -> Pairs:  # fmt: skip
    groups = table.groupby(["key", "protein"], sort=False)
    once = groups.agg(value=("value", "mean"), row=("row", "first")).reset_index()
    if len(once) < len(table):
        spread = (groups["value"].max() - groups["value"].min()).max()
        notes.append(
            f"{len(table) - len(once)} rows measure a pair again; values were averaged (they "
            f"differ by up to {spread:.3g})"
        )
    molecule, keys = pd.factorize(once["key"])
    protein, proteins = pd.factorize(once["protein"])
    names = [str(name) for name in proteins]
    return Pairs(
        [smiles[key] for key in keys],
        names,
        known_sequences(names, dataset, sequences, workspace, notes, beside),
        molecule.astype(np.intp),
        protein.astype(np.intp),
        once["value"].to_numpy(float),
        once["row"].to_numpy(np.intp),
        list(keys),
        notes,
    )
