"""Predictions of a model of molecular properties, for `predict`."""

from typing import TYPE_CHECKING, Any

from models.errors import FieldFault, ToolError
from tools.contract import Artifact, ToolContext, ToolResult
from tools.wording import figures, within_limit

if TYPE_CHECKING:
    from pandas import DataFrame

    from models.molecules.properties.fitted import FittedPropertyModel, Predicted

SHOWN = 5
SHOWN_OF_A_TABLE = 2
DRAWN = 24
CAUTION = "A predicted property is no measurement."


def predict_smiles(
    name: str, model: "FittedPropertyModel", smiles: list[str], context: ToolContext
) -> ToolResult:
    """Predicts for SMILES or compound names.

    Raises:
        ToolError: Some are neither; names all of them.
    """
    from models.molecules.chemistry.drawing import Panel, draw_grid
    from models.molecules.chemistry.entries import read_entries
    from models.molecules.properties.predictions import describe, prediction_table
    from models.store.files import write_bytes

    entries, faults = read_entries(smiles, as_parent=True)
    if faults:
        raise ToolError("Some molecules cannot be read.", *faults)
    predicted = model.predict([entry.molecule for entry in entries])
    sentences = [f"{name}:"]
    for row, entry in enumerate(entries[:SHOWN]):
        sentences.append(f"{entry.label}: {describe(model, predicted, row)}.")
        sentences += entry.parent_notes
    if len(entries) > SHOWN:
        sentences.append(f"{len(entries) - SHOWN} more are in predictions.csv.")
    table = prediction_table(model, [entry.molecule for entry in entries], predicted)
    table.insert(0, "molecule", [entry.label for entry in entries])
    table.index.name = "row"
    path = context.active_run.artifact("predictions.csv")
    table.to_csv(path)
    picture = context.active_run.artifact("molecules.png")
    panels = [
        Panel(entry.molecule, f"{entry.label[:24]}: {predicted.value[row, 0]:.3g}")
        for row, entry in enumerate(entries[:DRAWN])
    ]
    write_bytes(picture, draw_grid(panels))
    outside = _outside_words(predicted)
    notes = [note for entry in entries for note in entry.parent_notes] + [outside] * bool(outside)
    return ToolResult(
        summary=within_limit([*sentences, outside, CAUTION]),
        data={"model": name, "predictions": _json_rows(table), "notes": notes},
        artifacts=[
            Artifact(kind="table", path=str(path)), Artifact(kind="picture", path=str(picture)),
        ],
    )  # fmt: skip


def predict_molecule_table(
    name: str,
    model: "FittedPropertyModel",
    manifest: dict[str, Any],
    reference: str,
    context: ToolContext,
) -> ToolResult:
    """Predicts for the molecules of a table; judges them where it knows the values."""
    import numpy as np
    import pandas as pd

    from models.data.tables import load_dataset
    from models.molecules.properties.intake.division import find_smiles_column
    from models.molecules.properties.intake.door import read_molecules
    from models.molecules.properties.judging import HEADLINE, judge
    from models.molecules.properties.predictions import describe, prediction_table

    dataset = load_dataset(reference, context.workspace)
    known = manifest["smiles_column"]
    asked = known if known in dataset.frame and not dataset.smiles_column else None
    column = find_smiles_column(dataset, asked, "dataset")
    context.active_run.record(data_sha256=dataset.sha256)
    read = read_molecules(dataset.frame[column].tolist())
    if not read.molecules:
        wrong = FieldFault(field="dataset", got=f"{column!r} without a molecule", expected="SMILES")
        raise ToolError(f"{dataset.name} has no readable molecule.", wrong, kind="refused_data")
    context.progress(0.3, f"predicting {len(read.molecules)} molecules")
    predicted = model.predict(read.molecules)
    table = prediction_table(model, read.molecules, predicted)
    table.index = pd.Index(read.rows, name="row")
    notes = [*dataset.notes, *_problem_words(read.problems), *read.notes]
    metrics: dict[str, Any] = {}
    judged = ""
    if set(model.targets.columns) <= set(dataset.frame.columns):
        context.progress(0.8, "judging")
        truth = model.targets.values(dataset.frame)[read.rows]
        if np.isfinite(truth).any():
            metrics = dict(judge(truth, predicted, model.targets)[0])
            shown = [m for m in HEADLINE[model.targets.task] if metrics[m]["value"] is not None]
            judged = f"Judged on the rows with a value: {figures(metrics, shown)}."
        if dataset.sha256 == manifest["data_sha256"]:
            notes.insert(0, "Most of these rows were trained on: the metrics are too good")
    path = context.active_run.artifact("predictions.csv")
    table = _with_identifiers(table, dataset.frame)
    _every_row(table, dataset.frame, read.problems).to_csv(path)
    sentences = [
        f"{name} predicted {len(read.molecules)} molecules of {dataset.name}.", judged,
        *(f"Row {read.rows[row]}: {describe(model, predicted, row)}."
          for row in range(min(SHOWN_OF_A_TABLE, len(table)))),
        _outside_words(predicted), *(f"{note}." for note in notes),
        f"All are in {path.name}. {CAUTION}",
    ]  # fmt: skip
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": name,
            "rows": len(read.molecules),
            "metrics": metrics,
            "predictions": _json_rows(table.head(100)),
            "invalid": [{"row": row, "problem": why} for row, why in read.problems.items()],
            "notes": notes,
        },
        artifacts=[Artifact(kind="table", path=str(path))],
    )


def _outside_words(predicted: "Predicted") -> str:
    outside = int((~predicted.inside).sum())
    if not outside:
        return ""
    which = "It is" if len(predicted.inside) == 1 else f"{outside} are"
    return f"{which} outside the domain, unlike the training molecules: trust little."


def _problem_words(problems: dict[int, str]) -> list[str]:
    if not problems:
        return []
    shown = "; ".join(f"row {row}: {why}" for row, why in list(problems.items())[:3])
    return [f"{len(problems)} rows without a usable molecule ({shown})"]


def _with_identifiers(table: "DataFrame", frame: "DataFrame") -> "DataFrame":
    """Puts the table's own identifiers before the predictions, as they are written there."""
    from models.data.readers.molecules import is_identifier

    for name in reversed(frame.columns):
        if is_identifier(name) and name not in table:
            table.insert(0, name, frame[name])
    return table


def _every_row(table: "DataFrame", frame: "DataFrame", problems: dict[int, str]) -> "DataFrame":
    """Returns a row for each of the file's: those without a prediction with their reason."""
    if not problems:
        return table
    every = _with_identifiers(table.reindex(frame.index).rename_axis("row"), frame)
    for name in every.columns.intersection(frame.columns):
        every[name] = every[name].where(every.index.isin(table.index), frame[name])
    every["problem"] = [problems.get(row) for row in every.index]
    return every


def _json_rows(table: "DataFrame") -> list[dict[str, Any]]:
    plain = table.astype(object).where(table.notna(), None)
    return [
        {"row": int(index)} | {str(name): value for name, value in row.items()}
        for index, row in zip(plain.index.tolist(), plain.to_dict("records"), strict=True)
    ]
