"""Trains the tagger of chemical and disease names and writes its card."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from models.fitting.effort import Effort
from models.store.files import write_text
from models.text.fitting import Schedule
from models.text.keeping import CARD, load_text_model, save_text_model
from models.text.ner.card import Evidence, tagger_card
from models.text.ner.corpus import TAGS, Sentence, read_corpus
from models.text.ner.dictionary import Dictionary
from models.text.ner.scoring import find_names, score_names
from models.text.ner.tagger import Tagger
from models.text.ner.training import train_tagger
from models.text.parts import read_parts

NAME = "entities"
DESCRIPTION = (
    "finds names of chemicals and diseases; training reads train.tsv and, where it is there, "
    "devel.tsv: a word, a tab and its IOB tag a line, a blank line after each sentence"
)
SCHEDULE = Schedule(epochs=5, rate=3e-4)


def train(data: Path, output: Path, effort: Effort) -> dict[str, float]:
    """Trains twice: without the part that is held out, for the figures, then on everything.

    Args:
        data: Has train.tsv and may have devel.tsv.
        output: Gets the model that was trained on everything, and the card.
        effort: Seed and progress.

    Returns:
        Strict F1 on the part that was held out, by type and of all.

    Raises:
        ToolError: train.tsv is missing, or a file is no corpus.
    """
    parts = read_parts(data, "train.tsv", "devel.tsv", read_corpus)
    training, held_out = parts.training, parts.held_out
    share = len(training) / (2 * len(training) + len(held_out))
    with tempfile.TemporaryDirectory() as folder:
        fit_tagger(training, Path(folder), SCHEDULE, effort.part(0, share), {})
        tagger = Tagger(load_text_model(Path(folder)))
        evidence = gather_evidence(tagger, training, held_out, parts.files, effort.seed)
    about = evidence.as_config()
    fit_tagger(training + held_out, output, SCHEDULE, effort.part(share, 1), about)
    write_text(output / CARD, tagger_card(evidence))
    return {kind: score.f1 for kind, score in evidence.scores.items()}


def gather_evidence(
    tagger: Tagger,
    training: Sequence[Sentence],
    held_out: Sequence[Sentence],
    files: Sequence[Path],
    seed: int,
) -> Evidence:
    """Measures a tagger on what was held out from its training."""
    found = find_names(tagger, held_out)
    wanted = [sentence.names for sentence in held_out]
    known = Dictionary(training)
    return Evidence(
        files=files,
        sentences=(len(training), len(held_out)),
        scores=score_names([[item.name for item in own] for own in found], wanted),
        baseline=score_names([known.find(sentence.words) for sentence in held_out], wanted),
        right=[
            (item.confidence, item.name in names)
            for own, names in zip(found, wanted, strict=True)
            for item in own
        ],
        schedule=SCHEDULE,
        seed=seed,
    )


def fit_tagger(
    sentences: Sequence[Sentence],
    output: Path,
    schedule: Schedule,
    effort: Effort,
    config: dict[str, object],
) -> None:
    """Trains a tagger on all these sentences and writes it."""
    encoder, head = train_tagger(sentences, schedule, effort)
    tuned = {name: value.detach().numpy() for name, value in encoder.named_weights()}
    about = {"task": NAME, "tags": TAGS, "seed": effort.seed, "epochs": schedule.epochs}
    save_text_model(output, tuned, head.arrays(), about | config)
