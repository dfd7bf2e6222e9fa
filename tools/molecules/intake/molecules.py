"""Molecules of a dataset: their SMILES and what they are called, for the tools that take a file."""

from typing import TYPE_CHECKING

from models.errors import FieldFault, ToolError
from tools.contract import ToolContext

if TYPE_CHECKING:
    from models.data.tables import Dataset

LABEL_COLUMNS = ("name", "title", "id")
COLUMNS_LISTED = 20


def read_molecules(
    name: str, smiles_column: str | None, context: ToolContext
) -> "tuple[Dataset, str, list[str], dict[int, str]]":
    """Returns the dataset, its SMILES column, the texts there and labels by row from 1.

    Raises:
        ToolError: It has no such column, or none with SMILES.
    """
    from models.data.tables import load_dataset, require_columns

    dataset = load_dataset(name, context.workspace)
    named = require_columns(dataset, {"smiles_column": smiles_column})["smiles_column"]
    column = named if isinstance(named, str) else dataset.smiles_column
    if column is None:
        columns = ", ".join(map(str, dataset.frame.columns[:COLUMNS_LISTED]))
        wrong = FieldFault(
            field="smiles_column", got="nothing", expected=f"the column with SMILES: {columns}"
        )
        raise ToolError(f"{dataset.name} has no column called smiles.", wrong)
    context.active_run.record(data_sha256=dataset.sha256)
    frame = dataset.frame
    texts = [str(text) for text in frame[column].astype(object).where(frame[column].notna(), "")]
    label = next((c for c in frame.columns if c.casefold() in LABEL_COLUMNS), None)
    named_rows = frame[label].dropna() if label else {}
    return dataset, column, texts, {int(row) + 1: str(text) for row, text in named_rows.items()}
