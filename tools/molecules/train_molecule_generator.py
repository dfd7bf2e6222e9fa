"""The tool `train_molecule_generator`."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, Seed, ToolArguments, ToolContext, ToolResult
from tools.registry import tool
from tools.wording import within_limit

if TYPE_CHECKING:
    from models.molecules.generation.train import KeptGenerator

SECONDS_AT_LEAST = 60.0
SECONDS_PER_BYTE = 1e-4
SHOWN = 20
SAID = (
    "validity", "uniqueness", "novelty", "internal_diversity", "nearest_similarity",
    "scaffold_similarity",
)  # fmt: skip


class Arguments(ToolArguments):
    """Which molecules to learn from, and how."""

    dataset: str = Field(
        description="A table with SMILES (.smi, .csv, .sdf; also .gz).",
        json_schema_extra={"role": "dataset"},
    )
    architecture: Literal["rnn", "vae", "gan"] = Field(
        default="rnn",
        description="rnn: a recurrent language model, the most faithful; vae: a variational "
        "autoencoder; gan: an adversarial generator of the autoencoder's codes.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "rnn": ["recurrent", "language model", "gru", "lstm", "char-rnn"],
                "vae": ["variational autoencoder", "autoencoder", "variational"],
                "gan": ["adversarial", "latent gan", "wgan", "generative adversarial network"],
            },
        },
    )
    smiles_column: str | None = Field(
        default=None,
        description="The dataset's column with SMILES, where it is not called smiles.",
        json_schema_extra={"role": "column"},
    )
    epochs: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="How often each molecule is shown at most; their number decides when not "
        "given.",
        json_schema_extra={"role": "count"},
    )
    seed: Seed = 0
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds in which training comes to its end.",
        json_schema_extra={"role": "seconds"},
    )


def _seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long training takes, from the size of the file."""
    try:
        size = workspace.readable(arguments.dataset, "dataset").stat().st_size
    except ToolError:  # the call itself will say what is wrong
        return 0.0
    seconds = SECONDS_AT_LEAST + SECONDS_PER_BYTE * size
    return min(seconds, arguments.time_limit or seconds)


@tool(heavy=True, computes=True, estimate=_seconds)
def train_molecule_generator(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Train a generator that writes new molecules like those of a dataset.

    When to use: the person has SMILES and wants a generative model of such molecules, to draw new
    ones from it afterwards. When not: new molecules are wanted at once (generate_molecules), known
    ones are to be improved (optimize_molecules), or a property is to be learnt
    (train_property_model).
    """
    from models.fitting.effort import Effort
    from models.molecules.generation.train import train_molecule_generator as train

    kept = train(
        arguments.dataset,
        arguments.smiles_column,
        arguments.architecture,
        arguments.epochs,
        context.workspace,
        context.active_run,
        Effort.within(arguments.seed, arguments.time_limit, context.progress),
    )
    return _result(kept, context)


def _result(kept: "KeptGenerator", context: ToolContext) -> ToolResult:
    from rdkit import Chem

    from models.molecules.chemistry.distribution import valid
    from models.molecules.chemistry.drawing import Panel, draw_grid
    from models.molecules.generation.quality import BIGRAMS, GENERATOR, REAL
    from models.store.files import write_bytes, write_text
    from models.store.registry import ModelStore

    run = context.active_run
    drawn = list(dict.fromkeys(valid(kept.drawn)))
    table, grid = run.artifact("drawn.smi"), run.artifact("molecules.png")
    write_text(table, "\n".join(drawn) + "\n")
    write_bytes(grid, draw_grid([Panel(Chem.MolFromSmiles(s), "") for s in drawn[:SHOWN]]))
    rows, corpus = kept.quality.rows, kept.corpus
    said = ", ".join(
        f"{name.replace('_', ' ')} {rows[GENERATOR].get(name, 0.0):.3f} ({rows[REAL][name]:.3f})"
        for name in SAID
    )
    sentences = [
        f"Trained {kept.model} ({kept.generator.architecture}) on {len(corpus.training):,} "
        f"molecules; {len(corpus.held_out):,} were held out.",
        f"{kept.quality.judged:,} molecules drawn from it, beside as many real ones in brackets: "
        f"{said}. Of the rows that it wrote {rows[GENERATOR]['raw_validity']:.1%} were molecules; "
        "others were written anew.",
        f"Without a network, by pairs of tokens: uniqueness {rows[BIGRAMS]['uniqueness']:.3f}, "
        f"scaffold similarity {rows[BIGRAMS].get('scaffold_similarity', 0.0):.3f}.",
    ]
    if corpus.notes:
        sentences.append(f"Notes: {'; '.join(corpus.notes)}.")
    card = ModelStore(context.workspace).folder(kept.model) / "card.md"
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": kept.model,
            "algorithm": kept.generator.architecture,
            "metrics": rows[GENERATOR],
            "baseline": rows[BIGRAMS],
            "real": rows[REAL],
            "judged": kept.quality.judged,
            "split": corpus.record(),
            "training": kept.fit.history,
            "notes": corpus.notes,
        },
        artifacts=[
            Artifact(kind="picture", path=str(grid)), Artifact(kind="table", path=str(table)),
            Artifact(kind="card", path=str(card)),
        ],
    )  # fmt: skip
