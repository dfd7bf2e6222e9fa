"""Rows of tokens in batches of about one length."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.molecules.generation.alphabet import END, Alphabet, Codes

POOL = 50
"""Batches that are sorted by length together."""


def batches(
    codes: Sequence[Codes], size: int, draw: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    """Yields the positions of a pass in shuffled batches whose rows are about as long."""
    order = draw.permutation(len(codes))
    lengths = np.array([len(row) for row in codes])
    parts: list[NDArray[np.intp]] = []
    for pool in np.array_split(order, max(1, round(len(order) / (POOL * size)))):
        by_length = pool[np.argsort(lengths[pool], kind="stable")]
        parts += np.array_split(by_length, max(1, round(len(pool) / size)))
    for index in draw.permutation(len(parts)):
        yield parts[index]


def padded(rows: Sequence[Codes], alphabet: Alphabet) -> tuple[Tensor, Tensor]:
    """Returns what is read and what is to be written, both (n, longest) int64.

    What is read begins with the start; what is written ends with the end, and behind it is -1,
    which no loss counts.
    """
    longest = max(len(row) for row in rows)
    read = np.full((len(rows), longest), END, np.int64)
    written = np.full((len(rows), longest), -1, np.int64)
    read[:, 0] = alphabet.start
    for index, row in enumerate(rows):
        read[index, 1 : len(row)] = row[:-1]
        written[index, : len(row)] = row
    return torch.from_numpy(read), torch.from_numpy(written)
