"""Which columns of a table hold molecules, proteins and affinities."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from models.affinity.sequences import is_sequence
from models.errors import FieldFault, ToolError
from models.molecules.structure import SmilesError, parse_smiles
from models.tables import Dataset, require_columns

LOOKED_AT, MOST = 50, 0.9
PROTEIN_NAMES = (
    "protein", "target", "target_name", "protein_name", "gene", "kinase", "uniprot", "target_id",
    "receptor",
)  # fmt: skip
VALUE_NAMES = (
    "affinity", "pkd", "pki", "pic50", "kiba", "pchembl_value", "kd", "ki", "ic50",
    "binding_affinity", "label", "value", "y",
)  # fmt: skip
_CONCENTRATION = re.compile(r"(?<![a-z])(kd|ki|ic50|ec50)(?![a-z0-9])", re.IGNORECASE)
_UNITS = {"nm": "nM", "um": "uM", "µm": "uM"}
LARGEST_LOG = 100.0
"""What is larger is a concentration, not its logarithm."""


@dataclass(frozen=True)
class Columns:
    """Where a table holds what, and in which unit.

    Attributes:
        smiles: Molecules.
        protein: Names or sequences.
        value: Affinities.
        unit: log, or of a concentration: nM, uM, M.
    """

    smiles: str
    protein: str
    value: str
    unit: str


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
    found.setdefault(
        "protein_column", _first(frame, _holds_sequences) or _called(frame, PROTEIN_NAMES)
    )
    found.setdefault("affinity_column", _called(frame, VALUE_NAMES) or _only_number(frame))
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
    if not pd.api.types.is_numeric_dtype(frame[value]):
        wrong = FieldFault(field="affinity_column", got=f"{value!r}: text", expected="numbers")
        raise ToolError(f"{value} holds no numbers.", wrong, kind="refused_data")
    told = unit if unit != "auto" else _unit(value, frame[value])
    return Columns(found["smiles_column"], found["protein_column"], value, told)


def _unit(name: str, values: pd.Series) -> str:
    spoken = re.search(r"(?<![a-z])(nm|um|µm)(?![a-z])", name.casefold().replace("_", " "))
    if spoken:
        return _UNITS[spoken.group(1)]
    large = float(values.abs().max()) > LARGEST_LOG
    return "nM" if large or _CONCENTRATION.search(name.replace("_", " ")) else "log"


def _called(frame: pd.DataFrame, names: Sequence[str]) -> str:
    folded = {str(column).strip().casefold(): str(column) for column in frame.columns}
    return next((folded[name] for name in names if name in folded), "")


def _first(frame: pd.DataFrame, test: Callable[[pd.Series], bool]) -> str:
    texts = (c for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c]))
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
