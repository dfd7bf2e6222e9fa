"""The tool `train_property_model`."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, Seed, ToolArguments, ToolContext, ToolResult
from tools.registry import tool
from tools.wording import figures, within_limit

if TYPE_CHECKING:
    from models.molecules.properties.intake.request import PropertyRequest
    from models.molecules.properties.train import KeptPropertyModel

SECONDS_FOR_BUILT_IN = 60.0
SECONDS_AT_LEAST = 20.0
SECONDS_PER_MEGABYTE = 1500.0
LONGEST_ESTIMATE = 1800.0


def _as_list(value: Any) -> Any:
    """Takes one text for a list of one, as language models often send it."""
    return [value] if isinstance(value, str) else value


class Arguments(ToolArguments):
    """Which property of which molecules to learn, and how."""

    dataset: str = Field(
        description="The table with molecules: a path (.csv, .smi, .sdf) or a built-in name such "
        "as chembl_sulfonamides.",
        json_schema_extra={"role": "dataset"},
    )
    smiles_column: str | None = Field(
        default=None,
        description="The column with SMILES, where it is not called smiles.",
        json_schema_extra={"role": "column"},
    )
    target_column: str | None = Field(
        default=None,
        description="The column with the property: numbers, or two classes. Found where only one "
        "can be meant.",
        json_schema_extra={"role": "target"},
    )
    target_columns: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(
        default=None,
        min_length=1,
        description="Several properties for one model (multi-task); values may be missing.",
        json_schema_extra={"role": "columns"},
    )
    measurement_type: str | None = Field(
        default=None,
        description="Of a table whose values are of several types (a column Standard Type), the "
        "one to learn: IC50, Ki.",
        json_schema_extra={"role": "text"},
    )
    algorithm: Literal["auto", "fingerprint_boosting", "message_passing"] = Field(
        default="auto",
        description="auto compares both and their mean by inner cross-validation; "
        "fingerprint_boosting: descriptors and fingerprints, boosted trees and kernels; "
        "message_passing: a directed message passing network on the graph.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "auto": ["best", "automatic", "whatever works best"],
                "fingerprint_boosting": [
                    "fingerprints", "fingerprint", "morgan fingerprints", "ecfp", "descriptors",
                    "gradient boosting", "boosting", "boosted trees", "random forest", "gbm",
                    "xgboost",
                ],
                "message_passing": [
                    "message passing network", "message passing neural network", "mpnn", "d-mpnn",
                    "dmpnn", "chemprop", "graph neural network", "graph network", "gnn",
                    "graph convolution", "graph convolutional network", "gcn", "neural network",
                    "deep learning", "graph model",
                ],
            },
        },
    )  # fmt: skip
    task: Literal["regression", "classification"] | None = Field(
        default=None,
        description="What the property is taken for; told from its values when not given.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "regression": ["a regression", "regressor", "quantitative"],
                "classification": ["a classification", "classifier", "binary classification"],
            },
        },
    )
    split: Literal["random", "scaffold", "group", "time"] | None = Field(
        default=None,
        description="How molecules are held out: at random, by Bemis-Murcko scaffold (new "
        "chemistry), whole groups (group_column), or the latest (date_column). When not given, a "
        "column `split` decides, else random.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "scaffold": ["scaffold split", "murcko", "by scaffold", "new scaffolds"],
                "random": ["random split", "randomly"],
                "group": ["group split", "by group", "by series", "by project"],
                "time": ["temporal", "time-based", "chronological", "by date", "time split"],
            },
        },
    )
    test_dataset: str | None = Field(
        default=None,
        description="A second table to judge on; then all of `dataset` is trained on.",
        json_schema_extra={"role": "dataset"},
    )
    group_column: str | None = Field(
        default=None,
        description="Molecules with the same value (one series, one project) stay on one side.",
        json_schema_extra={"role": "column"},
    )
    date_column: str | None = Field(
        default=None,
        description="Orders the molecules in time, for a split by time.",
        json_schema_extra={"role": "column"},
    )
    seed: Seed = 0
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds after which no further algorithm is tried.",
        json_schema_extra={"role": "seconds"},
    )

    def request(self) -> "PropertyRequest":
        """Returns what the trainer takes."""
        from models.molecules.properties.intake.request import PropertyRequest

        named = [self.target_column] if self.target_column else []
        return PropertyRequest(
            self.dataset,
            self.smiles_column,
            [*named, *(self.target_columns or [])],
            self.measurement_type,
            self.algorithm,
            self.task,
            self.split,
            self.test_dataset,
            self.group_column,
            self.date_column,
            self.seed,
        )


def _seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long training takes, from the size of the file."""
    from models.data.builtin import BUILT_IN

    if arguments.dataset.casefold() in BUILT_IN:
        seconds = SECONDS_FOR_BUILT_IN
    else:
        try:
            size = workspace.readable(arguments.dataset, "dataset").stat().st_size
        except ToolError:  # the call itself will say what is wrong
            return 0.0
        seconds = min(LONGEST_ESTIMATE, SECONDS_AT_LEAST + SECONDS_PER_MEGABYTE * size / 1e6)
    return min(seconds, arguments.time_limit or seconds)


@tool(heavy=True, computes=True, estimate=_seconds)
def train_property_model(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Train a model that predicts properties of molecules from their structure.

    When to use: a table has SMILES and measured values or labels (activity, solubility, toxicity,
    permeability) and the person wants a QSAR model of them. When not: the property can be computed
    (profile_molecules), molecules are to be made (train_molecule_generator), the table has no
    structures (train_regressor, train_classifier) or also proteins (train_affinity_model).
    """
    from models.fitting.effort import Effort
    from models.molecules.properties.train import train_property_model as train

    kept = train(
        arguments.request(),
        context.workspace,
        context.active_run,
        Effort.within(arguments.seed, arguments.time_limit, context.progress),
    )
    return _result(kept, context)


def _result(kept: "KeptPropertyModel", context: ToolContext) -> ToolResult:
    from models.molecules.properties.judging import HEADLINE
    from models.store.registry import ModelStore

    division, targets = kept.division, kept.division.targets
    headline = list(HEADLINE[targets.task])
    several = len(targets.names) > 1
    named = f"{len(targets.names)} targets" if several else targets.names[0]
    if targets.task == "classification" and not several:
        named += f" (positive: {targets.classes[0][1]})"
    named += "".join(
        f" ({one.name} is -log10 of {one.column} in mol/L)" for one in targets.potencies
    )
    table = kept.chosen.table(targets.task)
    sentences = [
        f"Trained {kept.model} ({kept.chosen.best.algorithm}) to predict {named} on "
        f"{division.dataset.name}: {len(division.train)} molecules to train, {len(division.test)} "
        f"held out ({division.split['method']}).",
        f"On held-out molecules{', mean over targets' if several else ''}: "
        f"{figures(kept.metrics, headline)}. "
        f"The trivial model: {figures(kept.baseline, headline, intervals=False)}.",
        f"{kept.predicted.inside.mean():.0%} of the held-out molecules are inside its domain.",
    ]
    if len(table) > 1:
        ranked = ", ".join(f"{entry['algorithm']} {entry['mean']:.3f}" for entry in table)
        sentences.append(f"Compared by inner {table[0]['score']}: {ranked}.")
    if several:
        metric = headline[0]
        known = {name: found[metric]["value"] for name, found in kept.by_target.items()}
        ranked = ", ".join(f"{name} {v:.3f}" for name, v in known.items() if v is not None)
        sentences.append(f"Each target's {metric}: {ranked}.")
    if division.warnings:
        sentences.append(f"Warnings: {'; '.join(division.warnings)}.")
    if division.notes:
        sentences.append(f"Notes: {'; '.join(division.notes)}.")
    card = ModelStore(context.workspace).folder(kept.model) / "card.md"
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": kept.model,
            "algorithm": kept.chosen.best.algorithm,
            "task": targets.task,
            "targets": list(targets.names),
            "potencies": [
                {"target": one.name, "column": one.column, "unit": one.unit}
                for one in targets.potencies
            ],
            "smiles_column": division.smiles_column,
            "metrics": kept.metrics,
            "baseline": kept.baseline,
            "by_target": kept.by_target,
            "split": division.split,
            "candidates": table,
            "domain_border": kept.fitted.domain.border,
            "warnings": division.warnings,
            "notes": division.notes,
        },
        artifacts=[
            Artifact(kind="plot", path=str(kept.plot)),
            Artifact(kind="table", path=str(kept.table)),
            Artifact(kind="card", path=str(card)),
        ],
    )
