"""The tool `train_affinity_model`."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, Seed, ToolArguments, ToolContext, ToolResult
from tools.registry import tool
from tools.wording import figures, within_limit

if TYPE_CHECKING:
    from models.molecules.affinity.train import KeptAffinityModel

SECONDS_AT_LEAST = 20.0
SECONDS_PER_MEGABYTE = 60.0
PACKED = 10
"""How much larger a packed table is than its file."""

LONGEST_ESTIMATE = 3600.0
OTHER_NAMES = {
    "pair": "random", "drug": "cold_drug", "molecule": "cold_drug", "protein": "cold_protein",
    "target": "cold_protein", "cold_target": "cold_protein", "both": "cold_both",
}  # fmt: skip


class Arguments(ToolArguments):
    """Which measured pairs to learn from, and how."""

    dataset: str = Field(
        description="The table with SMILES, proteins (names or sequences) and affinities.",
        json_schema_extra={"role": "dataset"},
    )
    smiles_column: str | None = Field(
        default=None,
        description="The column with SMILES; found when not given.",
        json_schema_extra={"role": "column"},
    )
    protein_column: str | None = Field(
        default=None,
        description="The column with the proteins' names or sequences; found when not given.",
        json_schema_extra={"role": "column"},
    )
    affinity_column: str | None = Field(
        default=None,
        description="The column with the affinities (pKd, Ki in nM, KIBA score); found when not "
        "given.",
        json_schema_extra={"role": "column"},
    )
    sequences: str | None = Field(
        default=None,
        description="A file with the sequences of the named proteins (FASTA, JSON, CSV); looked "
        "for beside the table when not given.",
        json_schema_extra={"role": "path"},
    )
    unit: Literal["auto", "log", "nM", "uM", "M"] = Field(
        default="auto",
        description="What the affinities are: log (pKd, pKi, scores) or a concentration, of which "
        "the negative logarithm is learnt.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "log": ["negative logarithm", "logarithmic"], "nM": ["nanomolar"],
                "uM": ["micromolar"], "M": ["molar"],
            },
        },
    )  # fmt: skip
    split: Literal["random", "cold_drug", "cold_protein", "cold_both"] | None = Field(
        default=None,
        description="What is new of held-out pairs: the pair (random), its molecule "
        "(cold_drug), its protein (cold_protein), or both. When not given, a column `split` "
        "decides, else random.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "random": ["random split", "by pair", "pairs"],
                "cold_drug": [
                    "by drug", "cold-drug", "unseen drugs", "new drugs", "by molecule",
                    "new molecules", "unseen molecules", "new compounds", "unseen compounds",
                    "by compound",
                ],
                "cold_protein": [
                    "by protein", "cold target", "cold-target", "unseen proteins", "new proteins",
                    "by target", "unseen targets", "new targets", "cold-protein",
                ],
                "cold_both": [
                    "cold pair", "all-cold", "both unseen", "both new",
                    "both drugs and proteins unseen",
                ],
            },
        },
    )  # fmt: skip
    test_dataset: str | None = Field(
        default=None,
        description="A second table to judge on; then all of `dataset` is trained on.",
        json_schema_extra={"role": "dataset"},
    )
    seed: Seed = 0
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds after which nothing further is learnt.",
        json_schema_extra={"role": "seconds"},
    )

    @field_validator("split", mode="before")
    @classmethod
    def _named_otherwise(cls, value: Any) -> Any:
        return OTHER_NAMES.get(value, value) if isinstance(value, str) else value


def _seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long training takes, from the size of the file."""
    try:
        path = workspace.readable(arguments.dataset, "dataset")
    except ToolError:  # the call itself will say what is wrong
        return 0.0
    megabytes = path.stat().st_size / 1e6 * (PACKED if path.suffix == ".gz" else 1)
    seconds = min(LONGEST_ESTIMATE, SECONDS_AT_LEAST + SECONDS_PER_MEGABYTE * megabytes)
    return min(seconds, arguments.time_limit or seconds)


@tool(heavy=True, computes=True, estimate=_seconds)
def train_affinity_model(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Train a model of how strongly molecules bind proteins, from measured pairs.

    When to use: a table has molecules, proteins and their affinities (Kd, Ki, IC50, pKd, KIBA), as
    Davis or BindingDB, and the person wants drug-target affinities predicted. When not: there is
    one protein only, or none (train_property_model), or a pose in a protein's structure is wanted
    (dock_molecules).
    """
    from models.fitting.effort import Effort
    from models.molecules.affinity.division import AffinityRequest
    from models.molecules.affinity.train import train_affinity_model as train

    request = AffinityRequest(
        arguments.dataset,
        arguments.smiles_column,
        arguments.protein_column,
        arguments.affinity_column,
        arguments.sequences,
        arguments.unit,
        arguments.split,
        arguments.test_dataset,
        arguments.seed,
    )
    kept = train(
        request,
        context.workspace,
        context.active_run,
        Effort.within(arguments.seed, arguments.time_limit, context.progress),
    )
    return _result(kept, context)


def _result(kept: "KeptAffinityModel", context: ToolContext) -> ToolResult:
    from models.molecules.affinity.judging import HEADLINE
    from models.molecules.affinity.train import ALGORITHM
    from models.store.registry import ModelStore

    division, pairs = kept.division, kept.fitted.pairs
    columns = division.columns
    scale = f" (-log10 of {columns.value} in mol/L)" if columns.potency else ""
    sentences = [
        f"Trained {kept.model} to predict {kept.fitted.target}{scale} on {division.dataset.name}: "
        f"{len(pairs):,} pairs of {len(pairs.smiles):,} molecules and {len(pairs.proteins):,} "
        f"proteins; {len(division.test):,} pairs held out ({division.split['method']}).",
        f"On held-out pairs: {figures(kept.metrics, HEADLINE)}. "
        f"The trivial model: {figures(kept.baseline, ['mse', 'rmse'], intervals=False)}.",
    ]
    sentences += [
        f"By {name}: {figures(rows, ['concordance_index', 'mse'], intervals=False)}."
        for name, rows in kept.simpler.items()
    ]
    if division.warnings:
        sentences.append(f"Warnings: {'; '.join(division.warnings)}.")
    if division.notes:
        sentences.append(f"Notes: {'; '.join(division.notes)}.")
    card = ModelStore(context.workspace).folder(kept.model) / "card.md"
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": kept.model,
            "algorithm": ALGORITHM,
            "metrics": dict(kept.metrics),
            "baseline": dict(kept.baseline),
            "simpler": {name: dict(rows) for name, rows in kept.simpler.items()},
            "split": division.split,
            "columns": {
                "smiles_column": columns.smiles,
                "protein_column": columns.protein,
                "affinity_column": columns.value,
                "unit": columns.unit,
                "learnt_as": columns.target,
            },
            "warnings": division.warnings,
            "notes": division.notes,
        },
        artifacts=[
            Artifact(kind="plot", path=str(kept.plot)),
            Artifact(kind="table", path=str(kept.table)),
            Artifact(kind="card", path=str(card)),
        ],
    )
