"""The tool `predict`."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from tools.contract import Artifact, ToolArguments, ToolContext, ToolResult
from tools.registry import tool
from tools.roles import ON_MOLECULES, ON_TABLES, wrong_model
from tools.wording import within_limit

if TYPE_CHECKING:
    import pandas as pd

    from models.data.fitted import FittedModel
    from models.data.tables import Dataset
    from models.store.prediction import Prediction

SHOWN_ROWS = 5
CSV_ROWS = 200_000
CAUTION = "Research only: not for decisions about a person."


def _as_list(value: Any) -> Any:
    """Takes one text for a list of one, as language models often send it."""
    return [value] if isinstance(value, str) else value


class Arguments(ToolArguments):
    """With which model, for whom."""

    model: str = Field(
        description="The model's short name, such as srv-1, clf-2, reg-1, prop-1 or aff-1.",
        json_schema_extra={"role": "model", "prefixes": ["srv", "clf", "reg", "prop", "aff"]},
    )
    dataset: str | None = Field(
        default=None,
        description="A table with the model's features, or with SMILES: a path or a built-in name.",
        json_schema_extra={"role": "dataset"},
    )
    smiles: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(
        default=None,
        min_length=1,
        max_length=10_000,
        description="For models of molecules (prop, aff): SMILES or drug names.",
        json_schema_extra={"role": "smiles", "prefixes": ["prop", "aff"]},
    )
    proteins: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="For affinity models, with `smiles`: names of measured proteins, or sequences; "
        "all measured ones when not given.",
        json_schema_extra={"role": "proteins"},
    )
    records: list[dict[str, str | int | float | bool | None]] | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="Described patients, each as spoken names and values, such as "
        '{"age": 60, "grade": "II", "positive nodes": 3}; what is not given is assumed.',
        json_schema_extra={"role": "records", "sensitive": True},
    )
    times: list[float] | None = Field(
        default=None,
        min_length=1,
        description="For survival models: the times at which to give survival, in the unit of the "
        "training follow-up.",
        json_schema_extra={"role": "count"},
    )


@tool(heavy=True, computes=True)
def predict(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Apply a trained model to a table, to patients described in words, or to molecules.

    When to use: a model is named (or was just trained) and the person wants predictions, scores,
    risks or survival for rows of a file, for a patient they describe or for SMILES. When not: to
    train (train_...), to explain a prediction (explain_model) or for pictures (analyze_image).
    """
    from models.errors import FieldFault, ToolError
    from models.store.registry import ModelStore

    given = {
        name: value
        for name in ("dataset", "records", "smiles")
        if (value := getattr(arguments, name)) is not None
    }
    if len(given) != 1:
        got = " and ".join(given) or "neither"
        wrong = FieldFault(field="dataset", got=got, expected="one of dataset, records, smiles")
        raise ToolError("Say what to predict for: a dataset, records, or smiles.", wrong)
    store = ModelStore(context.workspace)
    manifest = store.manifest(arguments.model)
    model = store.load(arguments.model)
    if manifest["kind"] == "property_model":
        return _predict_molecules(arguments, context, model, manifest)
    if manifest["kind"] == "affinity_model":
        return _predict_bindings(arguments, context, model, manifest)
    if arguments.smiles is not None:
        raise wrong_model(arguments.model, str(manifest["kind"]), ON_MOLECULES)
    if not hasattr(model, "background"):
        raise wrong_model(arguments.model, str(manifest["kind"]), ON_TABLES)
    if arguments.times and manifest["kind"] != "survival":
        wrong = FieldFault(field="times", got=str(arguments.times), expected="a survival model")
        raise ToolError(f"{arguments.model} has no time axis.", wrong)
    options: dict[str, Any] = {"times": arguments.times} if arguments.times else {}
    if arguments.records is not None:
        return _predict_records(arguments, arguments.records, context, model, manifest, options)
    return _predict_table(arguments, str(arguments.dataset), context, model, manifest, options)


def _predict_molecules(
    arguments: Arguments, context: ToolContext, model: Any, manifest: dict[str, Any]
) -> ToolResult:
    from models.errors import FieldFault, ToolError
    from tools.molecules.families.molecule_predictions import predict_molecule_table, predict_smiles

    if arguments.smiles is not None:
        return predict_smiles(arguments.model, model, arguments.smiles, context)
    if arguments.dataset is None:
        wrong = FieldFault(field="records", got="records", expected="smiles, or a dataset of them")
        raise ToolError(f"{arguments.model} reads molecules.", wrong)
    return predict_molecule_table(arguments.model, model, manifest, arguments.dataset, context)


def _predict_bindings(
    arguments: Arguments, context: ToolContext, model: Any, manifest: dict[str, Any]
) -> ToolResult:
    from models.errors import FieldFault, ToolError
    from tools.molecules.families.affinity_predictions import predict_bindings, predict_pair_table

    if arguments.smiles is not None:
        return predict_bindings(
            arguments.model, model, arguments.smiles, arguments.proteins, context
        )
    if arguments.dataset is None:
        expected = "smiles with proteins, or a dataset of pairs"
        wrong = FieldFault(field="records", got="records", expected=expected)
        raise ToolError(f"{arguments.model} reads pairs of molecules and proteins.", wrong)
    return predict_pair_table(arguments.model, model, manifest, arguments.dataset, context)


def _predict_records(
    arguments: Arguments,
    records: list[dict[str, Any]],
    context: ToolContext,
    model: "FittedModel",
    manifest: dict[str, Any],
    options: dict[str, Any],
) -> ToolResult:
    from models.data.spoken.records import match_records
    from models.explain.prediction_notes import if_unknown

    matched = match_records(records, model.features)
    prediction: Prediction = model.predict(matched.frame, **options)
    sentences = [f"{CAUTION} {arguments.model}:"]
    for row in range(min(len(records), SHOWN_ROWS)):
        who = f"patient {row + 1}: " if len(records) > 1 else ""
        sentences.append(f"{who}{prediction.describe(row)}.")
    taken = [f"{said} as {name}" for said, name in matched.mapping.items() if said != name]
    if taken:
        sentences.append(f"Taken: {', '.join(taken)}.")
    assumed = matched.assumed[0]
    sentences += [f"{note}." for note in (*matched.notes, *prediction.notes)]
    if assumed:
        sentences.append(if_unknown(model, matched, manifest["kind"]))
        whose = " for the first" if len(records) > 1 else ""
        listed = ", ".join(f"{name} {value}" for name, value in assumed.items())
        sentences.append(f"Not given and assumed (median or commonest){whose}: {listed}.")
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": arguments.model,
            "predictions": _json_rows(prediction.table),
            "mapping": matched.mapping,
            "assumed": matched.assumed,
            "notes": [*matched.notes, *prediction.notes],
        }
        | dict(prediction.data),
        artifacts=_drawn(prediction, context),
    )


def _predict_table(
    arguments: Arguments,
    reference: str,
    context: ToolContext,
    model: "FittedModel",
    manifest: dict[str, Any],
    options: dict[str, Any],
) -> ToolResult:
    from models.data.tables import load_dataset, require_columns
    from models.explain.prediction_notes import input_notes, overview_of
    from models.store.prediction import Evaluable

    dataset = load_dataset(reference, context.workspace)
    found = require_columns(dataset, {"dataset": model.features.names})["dataset"]
    assert isinstance(found, list)  # noqa: S101  # a list was asked for
    raw = dataset.frame.rename(columns=dict(zip(found, model.features.names, strict=True)))
    frame = model.features.apply(raw)
    context.active_run.record(data_sha256=dataset.sha256)
    context.progress(0.3, f"predicting {len(frame)} rows")
    prediction: Prediction = model.predict(frame, **options)
    notes = [*input_notes(model, raw, frame), *prediction.notes]
    metrics: dict[str, Any] = {}
    judged = ""
    outcome = model.outcome_of(raw) if isinstance(model, Evaluable) else None
    if outcome is not None and isinstance(model, Evaluable):
        context.progress(0.7, "judging")
        known = outcome.notna().all(axis=1)
        if known.any():
            metrics = dict(model.evaluate(frame[known], outcome[known]))
            judged = f"Judged on {int(known.sum())} rows with the outcome: {_figures(metrics)}."
        if dataset.sha256 == manifest["data_sha256"]:
            notes.insert(0, "These rows were trained on: the metrics are too good")
    path = _write(dataset, prediction, context)
    sentences = [f"{arguments.model} predicted {len(frame)} rows of {dataset.name}: "
                 f"{overview_of(prediction.table)}."]  # fmt: skip
    if judged:
        sentences.append(judged)
    sentences += [f"Row {prediction.table.index[row]}: {prediction.describe(row)}."
                  for row in range(min(2, len(frame)))]  # fmt: skip
    sentences += [f"{note}." for note in notes] + [f"All are in {path.name}. {CAUTION}"]
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": arguments.model,
            "rows": len(frame),
            "metrics": metrics,
            "predictions": _json_rows(prediction.table.head(100)),
            "notes": notes,
        },
        artifacts=[Artifact(kind="table", path=str(path)), *_drawn(prediction, context)],
    )


def _write(dataset: "Dataset", prediction: "Prediction", context: ToolContext) -> Any:
    """Writes the predictions with the row and the table's own identifiers."""
    from models.data.leaks import named_identifier

    table = prediction.table
    for name in reversed(dataset.frame.columns):
        if named_identifier(dataset.frame[name]) and name not in table:
            table.insert(0, name, dataset.frame[name])
    table.index.name = "row"
    if len(table) > CSV_ROWS:
        path = context.active_run.artifact("predictions.parquet")
        table.to_parquet(path)
    else:
        path = context.active_run.artifact("predictions.csv")
        table.to_csv(path)
    return path


def _figures(metrics: dict[str, Any]) -> str:
    from models.metrics.intervals import show_interval

    return ", ".join(f"{name} {show_interval(value)}" for name, value in metrics.items())


def _json_rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Returns rows as JSON: NaN is null."""
    plain = table.astype(object).where(table.notna(), None)
    return [
        {"row": index} | {str(name): value for name, value in row.items()}
        for index, row in zip(plain.index.tolist(), plain.to_dict("records"), strict=True)
    ]


def _drawn(prediction: "Prediction", context: ToolContext) -> list[Artifact]:
    if prediction.draw is None:
        return []
    path = context.active_run.artifact("predictions.png")
    prediction.draw(path)
    return [Artifact(kind="plot", path=str(path))]
