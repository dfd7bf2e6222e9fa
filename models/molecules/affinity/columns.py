"""Which columns of a table hold molecules, proteins and affinities.

Exports of BindingDB and ChEMBL are known by their headers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from pandas.api.types import is_numeric_dtype

from models.data.potency import LARGEST_LOG, Potency, find_potency, kind_of, plain, unit_of
from models.data.tables import Dataset, require_columns
from models.errors import FieldFault, ToolError
from models.molecules.affinity.sequences import is_sequence
from models.molecules.chemistry.structure import SmilesError, parse_smiles

LOOKED_AT, MOST = 50, 0.9
PROTEIN_NAMES = (
    "protein", "target", "target_name", "protein_name", "gene", "kinase", "uniprot", "target_id",
    "receptor", "target_chembl_id",
)  # fmt: skip
VALUE_NAMES = (
    ("affinity", "pkd", "pki", "pic50", "kiba", "pchembl_value"),
    ("kd", "ki", "ic50", "ec50"),
    ("binding_affinity", "standard_value", "label", "value", "y"),
)
"""What affinities are called, the surest first; of several alike the one with most values."""


@dataclass(frozen=True)
class Columns:
    """Where a table holds what, and in which unit.

    Attributes:
        smiles: Molecules.
        protein: Names or sequences.
        value: Affinities.
        potency: What they are learnt as, where they are concentrations; None for logarithms.
        sequence: Of proteins that `protein` names; empty where nothing has them.
        notes: What was chosen among several.
    """

    smiles: str
    protein: str
    value: str
    potency: Potency | None = None
    sequence: str = ""
    notes: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """Of the affinities: log, or that of a concentration."""
        return self.potency.unit if self.potency else "log"

    @property
    def target(self) -> str:
        """What is learnt is called."""
        return self.potency.name if self.potency else self.value


def find_columns(dataset: Dataset, smiles: str | None, protein: str | None, value: str | None,
                 unit: str) -> Columns:  # fmt: skip
    """Finds molecules, proteins and affinities by name, else by what columns hold.

    Raises:
        ToolError: Names every column that is wrong or cannot be found.
    """
    given = {"smiles_column": smiles, "protein_column": protein, "affinity_column": value}
    named = {key: str(name) for key, name in require_columns(dataset, given).items() if name}
    frame = dataset.frame
    found = dict(named)
    found.setdefault("smiles_column", dataset.smiles_column or _first(frame, _holds_smiles))
    sequences = _first(frame, _holds_sequences)
    proteins = [c for c in _called(frame, PROTEIN_NAMES) if not is_numeric_dtype(frame[c])]
    found.setdefault("protein_column", proteins[0] if proteins else sequences)
    measured, notes = _measured(frame)
    found.setdefault("affinity_column", measured or _only_number(frame))
    expected = {
        "smiles_column": "the column with SMILES", "protein_column": "the column with proteins",
        "affinity_column": "the column with affinities",
    }  # fmt: skip
    columns = ", ".join(map(str, frame.columns[:12]))
    faults = [
        FieldFault(field=key, got="nothing", expected=f"{what}, one of {columns}")
        for key, what in expected.items()
        if not found[key]
    ]
    if faults:
        raise ToolError(f"{dataset.name}: say which columns hold the pairs.", *faults)
    value = found["affinity_column"]
    if not is_numeric_dtype(frame[value]):
        wrong = FieldFault(field="affinity_column", got=f"{value!r}: text", expected="numbers")
        raise ToolError(f"{value} holds no numbers.", wrong, kind="refused_data")
    protein = found["protein_column"]
    return Columns(
        found["smiles_column"],
        protein,
        value,
        _potency(frame, value, unit),
        sequences if sequences != protein else "",
        () if "affinity_column" in named else notes,
    )


def _potency(frame: pd.DataFrame, column: str, unit: str) -> Potency | None:
    """Returns what affinities are learnt as: in nM where nothing says otherwise."""
    known = find_potency(frame, column, "affinity_column")
    if unit == "log":
        return None
    if known and unit in ("auto", known.unit):
        return known
    kind = kind_of(column)
    name = f"p{kind}" if kind else f"-log10 {column}"
    if unit != "auto":
        return Potency(column, name, unit)
    if stated := unit_of(column):
        return Potency(column, name, stated)
    large = float(frame[column].abs().max()) > LARGEST_LOG
    return Potency(column, name, "nM", assumed=True) if large or kind else None


def _called(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Returns the columns of such names, in the names' order."""
    folded = {plain(str(column)): str(column) for column in frame.columns}
    return [folded[name] for name in names if name in folded]


def _measured(frame: pd.DataFrame) -> tuple[str, tuple[str, ...]]:
    """Returns the column of affinities, and a note where there are several."""
    for names in VALUE_NAMES:
        filled = {name: int(frame[name].notna().sum()) for name in _called(frame, names)}
        if counts := {name: count for name, count in filled.items() if count}:
            most = max(counts, key=lambda name: counts[name])
            others = ", ".join(f"{name} {count}" for name, count in counts.items() if name != most)
            note = (
                f"{most} is taken for the affinity, having most values ({counts[most]}; {others})"
            )
            return most, (note,) * bool(others)
    return "", ()


def _first(frame: pd.DataFrame, test: Callable[[pd.Series], bool]) -> str:
    texts = (c for c in frame.columns if not is_numeric_dtype(frame[c]))
    return next((str(c) for c in texts if test(frame[c])), "")


def _only_number(frame: pd.DataFrame) -> str:
    numbers = [str(c) for c in frame.columns if pd.api.types.is_float_dtype(frame[c])]
    return numbers[0] if len(numbers) == 1 else ""


def _holds_smiles(column: pd.Series) -> bool:
    def fits(text: str) -> bool:
        try:
            return parse_smiles(text).GetNumAtoms() > 3
        except SmilesError:
            return False

    return _mostly(column, fits)


def _holds_sequences(column: pd.Series) -> bool:
    return _mostly(column, is_sequence)


def _mostly(column: pd.Series, test: Callable[[str], bool]) -> bool:
    shown = column.dropna().astype(str).drop_duplicates().head(LOOKED_AT)
    return len(shown) > 0 and sum(map(test, shown)) >= MOST * len(shown)
