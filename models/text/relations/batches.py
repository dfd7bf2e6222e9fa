"""Sentences and their pairs as tensors to train on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.text.batches import batches
from models.text.relations.labels import LABELS
from models.text.relations.network import LOWER_LAYERS, Batch
from models.text.relations.places import Read, read_sentences
from models.text.relations.sentences import Sentence
from models.text.relations.tags import known_spans, token_tags
from models.text.shallow import shallow_engine

BATCH_TOKENS = 1024
PADDING = -100


@dataclass(frozen=True)
class Example:
    """A sentence ready to train on.

    Attributes:
        read: Its tokens.
        lower: Their states after the layers that are not trained, float16 (tokens, width).
        tags: Tag of each token.
        regions: Regions of each pair, (pairs, tokens).
        distances: Distances from the entities of each pair, (pairs, 2, tokens).
        gold: Label of each pair, indices of `LABELS`.
    """

    read: Read
    lower: NDArray[np.float16]
    tags: NDArray[np.int64]
    regions: NDArray[np.int64]
    distances: NDArray[np.int64]
    gold: list[int]


def examples(tokenizer: Tokenizer, sentences: Sequence[Sentence]) -> list[Example]:
    """Turns sentences into examples."""
    reads = read_sentences(tokenizer, [sentence.text for sentence in sentences])
    lower = shallow_engine(LOWER_LAYERS).states([read.ids for read in reads])
    return [
        Example(
            read,
            states.astype(np.float16),
            token_tags(read, spans),
            np.stack([read.regions(listed.pair) for listed in sentence.pairs]),
            np.stack([read.distances(listed.pair) for listed in sentence.pairs]),
            [LABELS.index(listed.label) for listed in sentence.pairs],
        )
        for sentence, read, states, spans in zip(
            sentences, reads, lower, known_spans(sentences), strict=True
        )
    ]


def shuffled(known: Sequence[Example], rng: np.random.Generator) -> list[Batch]:
    """Returns the batches of a pass, of like lengths, in random order."""
    found = batches([example.read.ids for example in known], BATCH_TOKENS, rng)
    return [_batch([known[row] for row in batch.rows], batch.mask) for batch in found]


def _batch(chosen: Sequence[Example], mask: NDArray[np.int64]) -> Batch:
    tags = np.full(mask.shape, PADDING)
    lower = np.zeros((*mask.shape, chosen[0].lower.shape[1]), np.float32)
    for row, example in enumerate(chosen):
        tags[row, : len(example.tags)] = example.tags
        lower[row, : len(example.lower)] = example.lower
    counts = [len(example.gold) for example in chosen]
    regions = np.full((sum(counts), mask.shape[1]), -1)
    distances = np.zeros((len(regions), 2, mask.shape[1]), np.int64)
    start = 0
    for example, count in zip(chosen, counts, strict=True):
        regions[start : start + count, : len(example.read.ids)] = example.regions
        distances[start : start + count, :, : len(example.read.ids)] = example.distances
        start += count
    gold = np.concatenate([example.gold for example in chosen])
    sentence = np.repeat(np.arange(len(chosen)), counts)
    return Batch(*map(torch.from_numpy, (lower, mask, tags, sentence, regions, distances, gold)))
