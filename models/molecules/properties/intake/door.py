"""Molecules with their values at the door: read, standardised, and each there once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem.rdinchi import MolToInchiKey

from models.fitting.effort import Effort
from models.molecules.chemistry.complexes import unlike_its_parent
from models.molecules.chemistry.structure import SmilesError, parse_smiles, standardize
from models.molecules.properties.intake.targets import Targets

FloatArray = NDArray[np.float64]
SHOWN_ROWS = 3


@dataclass(frozen=True)
class ReadMolecules:
    """The molecules of a column of SMILES.

    Attributes:
        molecules: Standardised, one per readable row.
        rows: The row (0..n-1) that each is from.
        problems: By row, why it holds no molecule.
        parted: How many came as salts or mixtures.
    """

    molecules: list[Chem.Mol]
    rows: NDArray[np.intp]
    problems: dict[int, str]
    parted: int = 0

    @property
    def notes(self) -> list[str]:
        """Says what was left out of molecules."""
        if not self.parted:
            return []
        are = (
            "molecule is a salt or mixture"
            if self.parted == 1
            else "molecules are salts or mixtures"
        )
        return [f"{self.parted} {are}: only the largest part is taken, neutral"]


@dataclass(frozen=True)
class Measured:
    """Molecules, each once, with what is known of them.

    Attributes:
        molecules: Standardised, length n.
        keys: InChIKey of each, or canonical SMILES where there is none.
        values: Shape (n, targets); NaN where unknown.
        frame: The first row of each molecule in its table, index 0..n-1.
        rows: Where that row is in the table, shape (n,).
        notes: What was left out, averaged or contradictory.
    """

    molecules: list[Chem.Mol]
    keys: list[str]
    values: FloatArray
    frame: pd.DataFrame
    rows: NDArray[np.intp]
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.molecules)

    def take(self, chosen: NDArray[np.intp]) -> "Measured":
        """Returns some of the molecules."""
        return Measured(
            [self.molecules[n] for n in chosen],
            [self.keys[n] for n in chosen],
            self.values[chosen],
            self.frame.iloc[chosen].reset_index(drop=True),
            self.rows[chosen],
            self.notes,
        )


def read_molecules(smiles: Sequence[object], effort: Effort | None = None) -> ReadMolecules:
    """Reads and standardises SMILES: largest organic part, neutralised, stereochemistry kept."""
    molecules, rows, problems, parted = [], [], {}, 0
    for row, text in enumerate(smiles):
        if effort and row % 200 == 0:
            effort.progress(row / len(smiles), f"reading molecule {row} of {len(smiles)}")
        if not isinstance(text, str):
            problems[row] = "it is empty" if pd.isna(text) else "it is no text"
            continue
        try:
            molecule = parse_smiles(text)
            if why := unlike_its_parent(molecule):
                problems[row] = why
                continue
            parted += len(Chem.GetMolFrags(molecule)) > 1
            molecules.append(prepared(molecule))
            rows.append(row)
        except SmilesError as error:
            problems[row] = str(error)
    return ReadMolecules(molecules, np.array(rows, dtype=np.intp), problems, parted)


def prepared(molecule: Chem.Mol) -> Chem.Mol:
    """Returns a molecule as models see it, read anew so that it is the same however it came."""
    with rdBase.BlockLogs():
        read = Chem.MolFromSmiles(Chem.MolToSmiles(standardize(molecule)))
    return molecule if read is None else read


def measured(
    frame: pd.DataFrame,
    smiles_column: str,
    targets: Targets,
    together: str | None = None,
    effort: Effort | None = None,
) -> Measured:
    """Reads a table of molecules, each once.

    Quantities that were measured more than once are averaged; a label that is contradicted is
    unknown.

    Args:
        frame: The table.
        smiles_column: Where its molecules are.
        targets: What is known of them.
        together: A column whose values keep rows of one molecule apart (a published split).
        effort: Hears of the progress.
    """
    read = read_molecules(frame[smiles_column].tolist(), effort)
    notes = _problem_notes(read) + read.notes
    values = targets.values(frame)[read.rows]
    known = np.isfinite(values).any(axis=1)
    if missing := int((~known).sum()):
        notes.append(f"{missing} rows without a value left out")
    groups: dict[tuple[str, str], list[int]] = {}
    for position in np.flatnonzero(known):
        side = str(frame[together].iloc[read.rows[position]]) if together else ""
        key = inchikey_of(read.molecules[position])
        groups.setdefault((key, side), []).append(int(position))
    merged = [_merge(values[group], targets) for group in groups.values()]
    kept = [n for n, one in enumerate(merged) if np.isfinite(one).any()]
    members = list(groups.values())
    notes += _repeat_notes([values[group] for group in members], targets)
    first = [members[n][0] for n in kept]
    names = list(groups)
    rows = read.rows[np.array(first, dtype=np.intp)]
    return Measured(
        [read.molecules[n] for n in first],
        [names[n][0] for n in kept],
        np.array([merged[n] for n in kept]).reshape(len(kept), len(targets.names)),
        frame.iloc[rows].reset_index(drop=True),
        rows,
        notes,
    )


def inchikey_of(molecule: Chem.Mol) -> str:
    """Returns what tells molecules apart: the InChIKey, else the canonical SMILES."""
    with rdBase.BlockLogs():
        try:
            key: str = MolToInchiKey(molecule)
        except Chem.KekulizeException:  # after InChI's own normalisation of exotic rings
            key = ""
    return key or Chem.MolToSmiles(molecule)


def _merge(values: FloatArray, targets: Targets) -> FloatArray:
    """Returns what several rows say of one molecule, shape (targets,)."""
    known = np.isfinite(values)
    counts = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(counts, 1)
    mean[counts == 0] = np.nan
    if targets.task == "classification":
        mean[(mean != 0) & (mean != 1)] = np.nan
    return np.asarray(mean, dtype=float)


def _problem_notes(read: ReadMolecules) -> list[str]:
    if not read.problems:
        return []
    shown = [f"row {row}: {why}" for row, why in list(read.problems.items())[:SHOWN_ROWS]]
    more = len(read.problems) - len(shown)
    rest = f" and {more} more" if more else ""
    count = len(read.problems)
    rows = "row without a usable molecule" if count == 1 else "rows without a usable molecule"
    return [f"{count} {rows} left out ({'; '.join(shown)}{rest}; rows count from 0)"]


def _repeat_notes(groups: Sequence[FloatArray], targets: Targets) -> list[str]:
    """Says which molecules came more than once, and how far their values differ."""
    repeated = [values for values in groups if len(values) > 1]
    if not repeated:
        return []
    count = f"{len(repeated)} molecules came in more than one row"
    known = [
        column[np.isfinite(column)]
        for values in repeated
        for column in values.T
        if np.isfinite(column).any()
    ]
    widest = max((float(np.ptp(column)) for column in known), default=0.0)
    if targets.task == "regression":
        return [f"{count}; their values were averaged (they differ by up to {widest:.3g})"]
    contradicted = sum(bool(np.ptp(column) > 0) for column in known)
    if contradicted:
        return [f"{count}; {contradicted} labels contradict one another and count as unknown"]
    return [count]
