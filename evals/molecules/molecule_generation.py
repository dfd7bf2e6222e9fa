"""Generators of molecules, judged as in MOSES, beside real molecules and pairs of tokens."""

import time
from typing import TYPE_CHECKING, Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task

if TYPE_CHECKING:
    from models.molecules.generation.corpus import Corpus

    Judged = tuple[list[str], Corpus, float]

ARCHITECTURES = ("rnn", "vae", "gan")
SECONDS = 600.0
"""For the training of each architecture, on however many cores there are."""

JUDGED = 10_000
FEWEST = 2_000
"""Judged molecules below which nothing is trained for them."""

METRICS = (
    "raw_validity", "validity", "uniqueness", "novelty", "filters", "internal_diversity",
    "nearest_similarity", "scaffold_similarity", "fragment_similarity", "frechet_chemnet_distance",
)  # fmt: skip
SHIPPED = "shipped rnn"


@eval_task(
    "molecule_generation",
    "generators trained on ZINC's 250,000: validity, uniqueness@10k, novelty, diversity, Fréchet "
    "ChemNet distance (bars: 0.99, 0.99, 0.95, within 0.02 of the training set, 2)",
)
def run(options: EvalOptions) -> Report:
    """Judges the shipped generator, then trains each architecture for a while and judges it.

    `limit` is how many molecules are judged of each; with one below 2,000 only the shipped
    generator is.
    """
    from models.data.tables import load_dataset
    from models.fitting.effort import Effort
    from models.molecules.generation.corpus import read_corpus
    from models.molecules.generation.family import SHIPPED_FOLDER, load
    from models.store.workspace import Workspace

    path = options.folder("molecules") / "zinc250k.smi.gz"
    workspace = Workspace(options.workspace.root, (path.parent,))
    dataset = load_dataset(str(path), workspace)
    corpus = read_corpus(dataset, str(dataset.smiles_column), 0, Effort(0), "smiles")
    count = options.limit or JUDGED
    shipped = load(SHIPPED_FOLDER)
    written = shipped.draw(count, Effort(options.seed))
    judged: dict[str, Judged] = {
        SHIPPED: (written.texts, corpus, written.raw_validity),
        "training molecules": (corpus.training[:count], corpus, 1.0),
    }
    notes = [
        "Raw validity is the share of written rows that are molecules, which elsewhere is called "
        "validity; others are written anew for the rest, so that validity here is that of what one "
        "is given.",
        f"Split: the seed parts ZINC's molecules (no doubles) into {len(corpus.training):,} that "
        f"are learnt from and {len(corpus.held_out):,} that are not; a vae or gan, which reads "
        "them as SELFIES, is judged beside those that were held out from it.",
        f"{count:,} molecules of each row as they were drawn. Fréchet ChemNet distance (Preuer et "
        "al. 2018, doi 10.1021/acs.jcim.8b00234) to the held-out molecules; the row of training "
        "molecules is its floor.",
        "Published for MOSES' own split, which is another: character RNN validity 0.975, "
        "uniqueness 0.999, novelty 0.842, Fréchet distance 0.07; VAE 0.977, 0.998, 0.695, 0.10 "
        "(Polykovskiy et al. 2020, doi 10.3389/fphar.2020.565644).",
    ]
    if count >= FEWEST:
        judged |= _trained(str(path), workspace, count, options.seed, notes)
    rows = {
        name: {"raw_validity": raw, **_metrics(texts, own)}
        for name, (texts, own, raw) in judged.items()
    }
    return Report(
        title="Generators of molecules",
        tables=[
            ReportTable(
                title=f"{count:,} molecules of each, beside {len(corpus.held_out):,} held out",
                columns=["molecules", *METRICS],
                rows=[
                    [name, *(round(found.get(metric, float("nan")), 4) for metric in METRICS)]
                    for name, found in rows.items()
                ],
            )
        ],
        figures={
            f"{name}/{metric}": round(value, 4)
            for name, found in rows.items()
            for metric, value in found.items()
        },
        notes=notes,
    )


def _trained(
    path: str, workspace: Any, count: int, seed: int, notes: list[str]
) -> "dict[str, Judged]":
    """Trains each architecture as the tool does and draws from it."""
    from models.fitting.effort import Effort
    from models.molecules.generation.train import train_molecule_generator
    from models.store.runs import RunStore

    found = {}
    for architecture in ARCHITECTURES:
        started = time.monotonic()
        run = RunStore(workspace).start("train_molecule_generator", {"dataset": path})
        kept = train_molecule_generator(
            path, None, architecture, None, workspace, run, Effort.within(0, SECONDS)
        )
        seconds = time.monotonic() - started
        notes.append(
            f"{architecture}: {kept.fit.tokens:,} tokens in {seconds:.0f} s with reading and "
            f"judging; held-out loss {kept.fit.history[-1]['held_out_loss']:.3f} nats a token."
        )
        written = kept.generator.draw(count, Effort(seed))
        found[architecture] = written.texts, kept.corpus, written.raw_validity
    return found


def _metrics(texts: list[str], corpus: "Corpus") -> dict[str, float]:
    from models.molecules.chemistry.distribution import Molecules, distribution_metrics, valid

    found = distribution_metrics(texts, frozenset(corpus.training), Molecules(corpus.held_out))
    return found | {"frechet_chemnet_distance": _frechet(valid(texts), corpus.held_out)}


def _frechet(made: list[str], real: list[str]) -> float:
    """Returns the Fréchet ChemNet distance, by the authors' package and weights."""
    import warnings

    from fcd import get_fcd

    with warnings.catch_warnings():  # its own: tensors of NumPy that cannot be written to
        warnings.simplefilter("ignore")
        return float(get_fcd(list(dict.fromkeys(made)), real))
