"""Trains the reader of relations, measures it and writes its card."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import Tensor

from models.fitting.effort import Effort
from models.text.encoder import Encoder
from models.text.fitting import Schedule, fit
from models.text.keeping import load_text_model, save_text_model
from models.text.ner.words import words_tokenizer
from models.text.parts import read_parts, train_measured
from models.text.relations.batches import examples, shuffled
from models.text.relations.card import relation_card
from models.text.relations.labels import LABELS, NONE
from models.text.relations.network import LOWER_LAYERS, Batch, RelationHead, joint_loss
from models.text.relations.pairs import LabelledPair, read_pairs
from models.text.relations.reader import RelationReader
from models.text.relations.sentences import Sentence, gather
from models.text.weights import packaged_weights

NAME = "relations"
DESCRIPTION = (
    "tells what a chemical is to a protein, such as inhibitor or substrate, and finds such pairs; "
    "training reads train.txt and, where it is there, dev.txt: a JSON object a line with text, in "
    "which << >> and [[ ]] mark the two, and label"
)
SCHEDULE = Schedule(epochs=6, rate=3e-4, head_rate=1e-3)


def train(data: Path, output: Path, effort: Effort) -> dict[str, float]:
    """Trains twice: without the part that is held out, for the figures, then on everything.

    Args:
        data: Has train.txt and may have dev.txt.
        output: Gets the model that was trained on everything, and the card.
        effort: Its seed decides every random choice.

    Returns:
        F1 on the part that was held out, the micro-F1 of its commonest relation, and how well
        unrelated pairs and proteins are told.

    Raises:
        ToolError: train.txt is missing, or a file is not of the layout.
    """
    parts = read_parts(data, "train.txt", "dev.txt", read_pairs)

    def measure(folder: Path, held_out: Sequence[LabelledPair]) -> dict[str, float]:
        return _measured(RelationReader(load_text_model(folder)), held_out)

    return train_measured(parts, output, effort, fit_relations, measure, relation_card)


def fit_relations(
    pairs: Sequence[LabelledPair],
    output: Path,
    effort: Effort,
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Trains on all these pairs, writes the model and returns its config.

    Args:
        pairs: Related ones; unrelated ones are derived from them.
        output: Folder of the model.
        effort: Its seed decides every random choice.
        about: What the config says beside how the model was made.
    """
    sentences = gather(pairs)
    encoder, head = fit_reader(sentences, SCHEDULE, effort)
    counts = Counter(pair.label for sentence in sentences for pair in sentence.pairs)
    config: dict[str, Any] = {
        "task": NAME,
        "labels": list(LABELS),
        "epochs": SCHEDULE.epochs,
        "sentences": len(sentences),
        "pairs": {label: counts[label] for label in LABELS},
        "seed": effort.seed,
        **(about or {}),
    }
    tuned = {name: weight.detach().numpy() for name, weight in encoder.named_weights()
             if weight.requires_grad}  # fmt: skip
    own = {name: weight.numpy() for name, weight in head.state_dict().items()}
    save_text_model(output, tuned, own, config)
    return config


def fit_reader(
    sentences: Sequence[Sentence], schedule: Schedule, effort: Effort
) -> tuple[Encoder, RelationHead]:
    """Fine-tunes an encoder and trains a head on sentences with their pairs."""
    weights = packaged_weights()
    torch.manual_seed(effort.seed)
    encoder = Encoder(weights)
    encoder.layers[:LOWER_LAYERS].requires_grad_(False)
    head = RelationHead(int(weights.config["hidden_size"]))
    known = examples(words_tokenizer(weights), sentences)

    def epoch(rng: np.random.Generator) -> list[Batch]:
        return shuffled(known, rng)

    def loss(batch: Batch) -> Tensor:
        return joint_loss(encoder, head, batch)

    fit(encoder, head, epoch, loss, schedule, effort)
    return encoder, head


def _measured(reader: RelationReader, pairs: Sequence[LabelledPair]) -> dict[str, float]:
    gold = [listed.label for listed in pairs]
    found = [relation.label for relation in reader.classify([listed.pair for listed in pairs])]
    sentences = gather(pairs)
    return {
        "micro_f1": float(np.mean(np.array(gold) == np.array(found))),
        "macro_f1": float(f1_score(gold, found, average="macro", zero_division=0)),
        "baseline_micro_f1": Counter(gold).most_common(1)[0][1] / len(gold),
        **_with_none(reader, sentences),
        **_proteins(reader, sentences),
    }


def _with_none(reader: RelationReader, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Returns figures of pairs that may be unrelated, as mining meets them."""
    listed = [pair for sentence in sentences for pair in sentence.pairs]
    gold = np.array([pair.label for pair in listed])
    read = reader.classify([pair.pair for pair in listed], may_be_none=True)
    found = np.array([relation.label for relation in read])
    right = int(((found == gold) & (gold != NONE)).sum())
    return {
        "mined_precision": right / max(1, int((found != NONE).sum())),
        "mined_recall": right / max(1, int((gold != NONE).sum())),
        "unrelated_seen_as_such": float(
            ((found == NONE) & (gold == NONE)).sum() / max(1, (gold == NONE).sum())
        ),
    }


def _proteins(reader: RelationReader, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Returns figures of protein names; marked ones are all that is known to be right."""
    found = reader.proteins([sentence.text for sentence in sentences])
    exact = touched = marked = claimed = 0
    for sentence, proteins in zip(sentences, found, strict=True):
        spans = {(protein.start, protein.end) for protein in proteins}
        claimed += len(spans)
        marked += len(sentence.proteins)
        exact += sum(tuple(span) in spans for span in sentence.proteins)
        touched += sum(
            any(start < span.end and span.start < end for start, end in spans)
            for span in sentence.proteins
        )
    return {
        "protein_recall": exact / max(1, marked),
        "protein_recall_overlapping": touched / max(1, marked),
        "protein_precision_at_least": exact / max(1, claimed),
    }
