"""What the trainers on tables share: arguments, estimate and result."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, Seed, ToolArguments, ToolContext, ToolResult
from tools.wording import figures, within_limit

if TYPE_CHECKING:
    from models.data.requests import TrainingRequest
    from models.fitting.effort import Effort
    from models.tables.keeping import Kept

SECONDS_FOR_BUILT_IN = 20.0
SECONDS_PER_MEGABYTE = 15.0


class TrainingArguments(ToolArguments):
    """Arguments of every trainer on tables."""

    dataset: str = Field(
        description="The table: a path, or a built-in name such as gbsg2 or breast_cancer.",
        json_schema_extra={"role": "dataset"},
    )
    features: list[str] | None = Field(
        default=None,
        min_length=1,
        description="Columns to predict from; all that are fit when not given.",
        json_schema_extra={"role": "columns"},
    )
    test_dataset: str | None = Field(
        default=None,
        description="A second table to judge on (external validation, a published test set); then "
        "all of `dataset` is trained on.",
        json_schema_extra={"role": "dataset"},
    )
    split: Literal["random", "group", "time"] | None = Field(
        default=None,
        description="How rows are held out: at random (stratified), whole groups (group_column), "
        "or the latest rows (date_column). When not given, a column `split` decides, else random.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "random": ["random split", "randomly"],
                "group": ["group split", "by group", "grouped", "by patient", "by site"],
                "time": ["temporal", "time-based", "chronological", "by date", "time split"],
            },
        },
    )
    group_column: str | None = Field(
        default=None,
        description="Rows with the same value (one patient, one site) stay on one side.",
        json_schema_extra={"role": "column"},
    )
    date_column: str | None = Field(
        default=None,
        description="Orders the rows in time, for a split by time.",
        json_schema_extra={"role": "column"},
    )
    seed: Seed = 0
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds after which no further candidate is tried.",
        json_schema_extra={"role": "seconds"},
    )

    def request(self) -> "TrainingRequest":
        """Returns what the trainers of `models` take."""
        from models.data.requests import TrainingRequest

        return TrainingRequest(
            self.dataset,
            self.features,
            self.test_dataset,
            self.split,
            self.group_column,
            self.date_column,
            self.seed,
        )

    def effort(self, context: ToolContext) -> "Effort":
        """Returns what the fit may spend, reporting to the call's progress."""
        from models.fitting.effort import Effort

        return Effort.within(self.seed, self.time_limit, context.progress)


def training_seconds(arguments: TrainingArguments, workspace: Workspace) -> float:
    """Estimates how long training takes, from the size of the file."""
    from models.data.builtin import BUILT_IN

    if arguments.dataset.casefold() in BUILT_IN:
        seconds = SECONDS_FOR_BUILT_IN
    else:
        try:
            path = workspace.readable(arguments.dataset, "dataset")
        except ToolError:  # the call itself will say what is wrong
            return 0.0
        megabytes = path.stat().st_size / 1e6
        seconds = SECONDS_FOR_BUILT_IN + SECONDS_PER_MEGABYTE * megabytes
    return min(seconds, arguments.time_limit or seconds)


def training_result(
    kept: "Kept",
    workspace: Workspace,
    what: str,
    headline: list[str],
    remarks: list[str] | None = None,
    **data: Any,
) -> ToolResult:
    """Makes the result of a trainer.

    Args:
        kept: The model in the store.
        workspace: Where the store is.
        what: What the model predicts, as in `predict diagnosis (positive: malignant)`.
        headline: The metrics that the summary names.
        remarks: Further sentences for the summary, before the warnings.
        data: Further entries of the result's data.
    """
    from models.store.registry import ModelStore

    trained, prepared = kept.trained, kept.prepared
    split = prepared.split
    sentences = [
        f"Trained {kept.model} ({trained.algorithm}) to {what} on {prepared.dataset.name}: "
        f"{split['train']} rows to train, {split['test']} held out ({split['method']}).",
        f"On held-out rows: {figures(trained.metrics, headline)}. "
        f"The trivial model: {figures(trained.baseline, headline, intervals=False)}.",
    ]
    if len(kept.candidates) > 1:
        ranked = ", ".join(f"{c['algorithm']} {c['mean']:.3f}" for c in kept.candidates)
        sentences.append(f"Compared by inner {kept.candidates[0]['score']}: {ranked}.")
    sentences += remarks or []
    if prepared.warnings:
        sentences.append(f"Warnings: {'; '.join(prepared.warnings)}.")
    if prepared.notes:
        sentences.append(f"Notes: {'; '.join(prepared.notes)}.")
    card = ModelStore(workspace).folder(kept.model) / "card.md"
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": kept.model,
            "algorithm": trained.algorithm,
            "metrics": trained.metrics,
            "baseline": trained.baseline,
            "split": split,
            "target": dict(trained.target),
            "features": prepared.schema.names,
            "candidates": list(kept.candidates),
            "warnings": prepared.warnings,
            "notes": prepared.notes,
        }
        | data,
        artifacts=[*map(_plot, kept.plots), Artifact(kind="card", path=str(card))],
    )


def _plot(path: Path) -> Artifact:
    return Artifact(kind="plot", path=str(path))
