"""Training a generator of molecules, from the dataset to the kept model."""

from dataclasses import dataclass
from typing import Any

from torch import nn

from models.data.tables import Dataset, load_dataset, require_columns
from models.errors import FieldFault, ToolError
from models.fitting.effort import Effort
from models.metrics.intervals import Interval
from models.molecules.generation.corpus import Corpus, read_corpus
from models.molecules.generation.family import KIND
from models.molecules.generation.fitted import FittedMoleculeGenerator
from models.molecules.generation.networks.adversarial import Adversarial
from models.molecules.generation.networks.architectures import DESCRIBED, language_of, make_writer
from models.molecules.generation.networks.fitting import BATCH, Fit, fit_writer
from models.molecules.generation.quality import BIGRAMS, GENERATOR, Quality, judge
from models.store.card import model_card
from models.store.registry import ModelStore
from models.store.runs import Run
from models.store.workspace import Workspace

SHOWN = 400_000
"""Molecules that are shown when nobody says how many epochs."""

FEWEST_EPOCHS, MOST_EPOCHS = 2, 60
READING, FITTING = 0.15, 0.85
DECODER_TIME = 0.8
"""Share of the time for the autoencoder of a gan."""

INTENDED_USE = (
    "Research: ideas for molecules in the manner of {name}, to be judged by properties, models and "
    "chemists, and as the prior of searches towards an objective."
)
NOT_FOR = (
    "Anything made in a laboratory without a chemist's and a safety review: the molecules are "
    "proposals, none is known to be safe, stable, active or makeable.",
    "Design towards weapons, toxins or drugs of abuse.",
)


@dataclass(frozen=True)
class KeptGenerator:
    """A trained generator in the store, and all there is to say of it.

    Attributes:
        model: Its short name.
        generator: Itself.
        corpus: What it learnt from.
        fit: How.
        quality: What it is worth.
        drawn: SMILES that it was judged by.
    """

    model: str
    generator: FittedMoleculeGenerator
    corpus: Corpus
    fit: Fit
    quality: Quality
    drawn: list[str]


def train_molecule_generator(
    reference: str,
    column: str | None,
    architecture: str,
    epochs: int | None,
    workspace: Workspace,
    run: Run,
    effort: Effort,
) -> KeptGenerator:
    """Trains, judges and keeps a generator.

    Args:
        reference: The dataset with the molecules.
        column: Where the SMILES are; None to find it.
        architecture: A name in ARCHITECTURES.
        epochs: Passes at most; None for as many as pay.
        workspace: Where data are read and the model is kept.
        run: Gets the split.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: There are no molecules, or too few.
    """
    dataset = load_dataset(reference, workspace)
    where = smiles_column(dataset, column)
    language = language_of(architecture, len(dataset.frame))
    corpus = read_corpus(dataset, where, effort.seed, effort.part(0, READING), language)
    run.record(data_sha256=dataset.sha256, seed=effort.seed, split=corpus.record())
    network = make_writer(architecture, corpus.alphabet.size)
    wanted = epochs or min(MOST_EPOCHS, max(FEWEST_EPOCHS, SHOWN // len(corpus.training)))
    fit = fit_writer(
        network, corpus.alphabet, corpus.codes, corpus.held_out_codes, wanted,
        effort.spending(DECODER_TIME).part(READING, 0.7) if architecture == "gan"
        else effort.part(READING, FITTING),
    )  # fmt: skip
    if isinstance(network, Adversarial):
        network.learn_codes(corpus.codes, corpus.alphabet, effort.part(0.7, FITTING))
    half_precision(network)
    longest = max(map(len, corpus.codes))
    generator = FittedMoleculeGenerator(architecture, corpus.alphabet, network, longest)
    quality, drawn = judge(generator, corpus, effort.part(FITTING, 1))
    name = _keep(generator, corpus, fit, quality, dataset, reference, workspace, run, effort.seed)
    return KeptGenerator(name, generator, corpus, fit, quality, drawn)


def smiles_column(dataset: Dataset, column: str | None) -> str:
    """Returns the column of SMILES.

    Raises:
        ToolError: There is none, or not the one that is named.
    """
    if column:
        return str(require_columns(dataset, {"smiles_column": column})["smiles_column"])
    if dataset.smiles_column:
        return dataset.smiles_column
    wrong = FieldFault(
        field="smiles_column", got="nothing",
        expected=f"the column with SMILES, one of {', '.join(dataset.frame.columns[:12])}",
    )  # fmt: skip
    raise ToolError(f"{dataset.name} has no column named like SMILES.", wrong)


def _keep(
    generator: FittedMoleculeGenerator, corpus: Corpus, fit: Fit, quality: Quality,
    dataset: Dataset, reference: str, workspace: Workspace, run: Run, seed: int,
) -> str:  # fmt: skip
    notes = [*dataset.notes, *corpus.notes]
    manifest: dict[str, Any] = {
        "algorithm": generator.architecture,
        "dataset": reference,
        "data_sha256": dataset.sha256,
        "target": {"what": "molecules", "alphabet": f"{len(corpus.alphabet.tokens)} tokens"},
        "features": {"features": []},
        "metrics": _intervals(quality.rows[GENERATOR]),
        "baseline": _intervals(quality.rows[BIGRAMS]),
        "quality": quality.rows,
        "judged": quality.judged,
        "split": corpus.record(),
        "training": {
            "epochs": len(fit.history), "best_epoch": fit.best_epoch, "tokens": fit.tokens,
            "batch": BATCH, "history": fit.history,
        },
        "run": run.id,
        "seed": seed,
        "warnings": [],
        "notes": notes,
    }  # fmt: skip
    loss = fit.history[fit.best_epoch - 1]["held_out_loss"]
    card = model_card(
        {"kind": KIND} | manifest,
        intended_use=INTENDED_USE.format(name=dataset.name),
        not_for=NOT_FOR,
        calibration="It states no probabilities.",
        limits=notes,
        sections={
            "Beside real molecules": (
                f"{quality.judged} molecules of each set, beside {len(corpus.held_out)} held-out "
                f"ones; the metrics are MOSES' (Polykovskiy et al. 2020).\n\n{quality.markdown()}"
            ),
            "Network": (
                f"{DESCRIBED[generator.architecture]} over {corpus.alphabet.language.upper()}; "
                f"{fit.tokens:,} tokens trained on, "
                f"weights of epoch {fit.best_epoch} of {len(fit.history)}; "
                f"held-out loss {loss:.3f} nats a token."
            ),
        },
    )
    return ModelStore(workspace).save(KIND, manifest, generator.save, card)


def _intervals(values: dict[str, float]) -> dict[str, Interval]:
    return {name: Interval(value=value, low=None, high=None) for name, value in values.items()}


def half_precision(network: nn.Module) -> None:
    """Rounds weights to half precision, as they are kept."""
    for value in network.state_dict().values():
        value.copy_(value.half().float())
