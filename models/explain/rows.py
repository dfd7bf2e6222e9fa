"""The row that an explanation is about."""

from typing import Any

import pandas as pd

from models.data.fitted import FittedModel
from models.data.tables import load_dataset
from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace


def find_row(
    model: FittedModel, manifest: dict[str, Any], row: int, workspace: Workspace
) -> tuple[pd.DataFrame, str]:
    """Returns a canonical row of the table that a model was made from, and where it lay.

    Rows count from 0, as in the table's file; with a `test_dataset` they are that table's.

    Raises:
        ToolError: There is no such row, or the table is not what it was.
    """
    held_out = model.held_out
    if row in held_out.index:
        return held_out.loc[[row], model.features.names], "held out in training"
    reference = manifest["test_dataset"] or manifest["dataset"]
    dataset = load_dataset(reference, workspace)
    expected_sha = manifest["split"].get("test_sha256", manifest["data_sha256"])
    if dataset.sha256 != expected_sha:
        wrong = FieldFault(
            field="row", got=str(row), expected=f"a held-out row: {_shown(held_out)}"
        )
        message = f"{reference} has changed since the model was trained; its rows are not known."
        raise ToolError(message, wrong)
    if not 0 <= row < len(dataset.frame):
        wrong = FieldFault(field="row", got=str(row), expected=f"0 to {len(dataset.frame) - 1}")
        raise ToolError(f"{dataset.name} has no row {row}.", wrong)
    where = "not judged on" if manifest["test_dataset"] else "not held out: perhaps trained on"
    return model.features.apply(dataset.frame.iloc[[row]]), where


def _shown(held_out: pd.DataFrame) -> str:
    first = ", ".join(map(str, held_out.index[:8]))
    return first + (", …" if len(held_out) > 8 else "")
