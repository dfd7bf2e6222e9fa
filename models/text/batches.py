"""Token sequences of like length side by side."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Batch(NamedTuple):
    """Token ids and attention mask, both int64 (rows, tokens), and which sequences the rows are."""

    rows: NDArray[np.int64]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


def batches(
    sequences: Sequence[Sequence[int]],
    most_tokens: int = 4096,
    rng: np.random.Generator | None = None,
) -> list[Batch]:
    """Groups sequences of like length, so that little is padded.

    Args:
        sequences: Token ids of each.
        most_tokens: Of a batch, padding included; a longer sequence is a batch of its own.
        rng: Shuffles lengths a little and the batches' order; None for the longest first.
    """
    lengths = np.array([len(ids) for ids in sequences], np.int64)
    # In training, sequences of about equal length must not always meet the same neighbours.
    blurred = lengths + rng.uniform(0, 0.1 * lengths.mean(), len(lengths)) if rng else lengths
    order = np.argsort(-blurred, kind="stable")
    found = list(_cut(sequences, lengths, order, most_tokens))
    return [found[index] for index in rng.permutation(len(found))] if rng else found


def _cut(
    sequences: Sequence[Sequence[int]],
    lengths: NDArray[np.int64],
    order: NDArray[np.int64],
    most_tokens: int,
) -> Iterator[Batch]:
    start = 0
    while start < len(order):
        end, longest = start, 0
        while end < len(order):
            longest = max(longest, int(lengths[order[end]]))
            if end > start and longest * (end + 1 - start) > most_tokens:
                break
            end += 1
        rows = order[start:end]
        ids = np.zeros((len(rows), int(lengths[rows].max())), np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : lengths[row]] = sequences[row]
            mask[place, : lengths[row]] = 1
        yield Batch(rows, ids, mask)
        start = end
