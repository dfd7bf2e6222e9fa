"""The tool `describe_dataset`."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import Field

from tools.contract import Artifact, ToolArguments, ToolContext, ToolResult
from tools.images.words.answers import describe_images, names_images
from tools.registry import tool
from tools.tables.words.dataset_answers import focus
from tools.wording import within_limit

if TYPE_CHECKING:
    from models.data.overview import Column, Overview
    from models.data.tables import Dataset

SHOWN_COLUMNS = 30


class Arguments(ToolArguments):
    """Which dataset."""

    dataset: str = Field(
        description="A built-in name such as gbsg2 or breast_cancer, or the path of a table, "
        "molecule file, folder or table of images, or an image.",
        json_schema_extra={"role": "dataset", "also": ["images"]},
    )


@tool(heavy=True, computes=True, focus=focus)
def describe_dataset(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Tell what a dataset holds: rows, columns, types, ranges, missing values, events, warnings.

    When to use: the person asks what is in a table, molecule file or folder of images (DICOM,
    NIfTI, PNG, JPEG), how many rows, which columns or classes, what is missing or damaged, how
    balanced it is, or wants a look before modelling. When not: for a trained
    model (describe_model), or for properties of molecules (profile_molecules).
    """
    from models.data.overview import describe
    from models.data.overview_plot import overview_plot
    from models.data.tables import load_dataset
    from models.images.intake.collection import lists_images
    from models.images.segmentation.outlining.boxes import lists_boxes

    if names_images(arguments.dataset, context.workspace):
        return describe_images(arguments.dataset, context)
    dataset = load_dataset(arguments.dataset, context.workspace)
    of_images = dataset.path is not None and lists_images(dataset.frame, dataset.path)
    if of_images or lists_boxes(dataset.frame):
        return describe_images(arguments.dataset, context)
    context.active_run.record(data_sha256=dataset.sha256)
    context.progress(0.4, "looking at the columns")
    overview = describe(dataset)
    plot = overview_plot(dataset.frame, overview, context.active_run.artifact("overview.png"))
    return ToolResult(
        summary=within_limit(_sentences(dataset, overview)),
        data={
            "dataset": dataset.name,
            "rows": overview.rows,
            "columns": [asdict(column) for column in overview.columns],
            "duplicates": overview.duplicates,
            "outcome_candidates": overview.outcomes,
            "follow_up": overview.follow_up and asdict(overview.follow_up),
            "unreadable_molecules": overview.unreadable_molecules,
            "warnings": overview.warnings,
            "notes": dataset.notes,
            "sha256": dataset.sha256,
        },
        artifacts=[Artifact(kind="plot", path=str(plot))],
    )


def _sentences(dataset: "Dataset", overview: "Overview") -> list[str]:
    missing = [f"{c.name} {c.missing}" for c in overview.columns if c.missing]
    about = f": {dataset.built_in.description}" if dataset.built_in else ""
    said = [f"{dataset.name} has {overview.rows} rows and {len(overview.columns)} columns{about}."]
    if overview.follow_up:
        said.append(_follow_up_words(dataset, overview.follow_up))
    if overview.unreadable_molecules is not None:
        readable = overview.rows - overview.unreadable_molecules
        said.append(f"{readable} of {overview.rows} SMILES are readable molecules.")
    if dataset.target_column is not None:
        target = next(c for c in overview.columns if c.name == dataset.target_column)
        said.append(f"The outcome is {_column_words(target)}.")
    if dataset.target_column is None and not overview.follow_up and overview.outcomes:
        said.append(f"Possible outcomes: {', '.join(overview.outcomes[:8])}.")
    if overview.warnings:
        said.append(f"Look at: {'; '.join(overview.warnings[:6])}.")
    said.append(f"Missing: {', '.join(missing[:12]) or 'nothing'}.")
    if overview.duplicates:
        said.append(f"{overview.duplicates} rows repeat an earlier one exactly.")
    if dataset.notes:
        said.append(f"Reading: {'; '.join(dataset.notes[:4])}.")
    shown = "; ".join(_column_words(column) for column in overview.columns[:SHOWN_COLUMNS])
    return [*said, f"Columns: {shown}."]


def _follow_up_words(dataset: "Dataset", follow_up: Any) -> str:
    def show(value: float | None) -> str:
        unit = (dataset.built_in.units if dataset.built_in else {}).get(dataset.time_column or "")
        return "not reached" if value is None else f"{value:g} {unit or ''}".strip()

    total = follow_up.events + follow_up.censored
    return (
        f"{follow_up.events} of {total} had the event ({follow_up.events / total:.0%}), "
        f"{follow_up.censored} are censored; median follow-up {show(follow_up.median_follow_up)} "
        f"(reverse Kaplan-Meier), median time to the event {show(follow_up.median_survival)}."
    )


def _column_words(column: "Column") -> str:
    summary = column.summary
    match column.type:
        case "numeric":
            return (
                f"{column.name} {summary['min']:.4g} to {summary['max']:.4g}, "
                f"median {summary['median']:.4g}"
            )
        case "boolean" | "categorical":
            levels = ", ".join(f"{level} {n}" for level, n in list(summary["levels"].items())[:5])
            return f"{column.name} ({levels})"
        case "date":
            return f"{column.name} {summary['first']} to {summary['last']}"
    return f"{column.name} ({column.type}, {column.distinct} values)"
