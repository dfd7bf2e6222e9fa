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

    A label is the row's name, title or id, else the first identifier of its own that it has.

    Raises:
        ToolError: It has no such column, or none with SMILES.
    """
    from models.data.readers.molecules import is_identifier
    from models.data.tables import load_dataset, require_columns

    dataset = load_dataset(name, context.workspace)
    asked = require_columns(dataset, {"smiles_column": smiles_column})["smiles_column"]
    column = asked if isinstance(asked, str) else dataset.smiles_column
    if column is None:
        columns = ", ".join(map(str, dataset.frame.columns[:COLUMNS_LISTED]))
        wrong = FieldFault(
            field="smiles_column", got="nothing", expected=f"the column with SMILES: {columns}"
        )
        raise ToolError(f"{dataset.name} has no column called smiles.", wrong)
    context.active_run.record(data_sha256=dataset.sha256)
    frame = dataset.frame
    texts = [str(text) for text in frame[column].astype(object).where(frame[column].notna(), "")]
    identifiers = [name for name in frame.columns if name != column and is_identifier(name)]
    named = [c for wanted in LABEL_COLUMNS for c in identifiers if c.casefold() == wanted]
    labels: dict[int, str] = {}
    for called in [*named, *identifiers]:
        for row, text in frame[called].dropna().items():
            labels.setdefault(int(row) + 1, str(text))
    return dataset, column, texts, labels
