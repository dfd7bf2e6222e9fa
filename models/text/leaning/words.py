"""Words and pairs of words of a text, weighed by how rare they are."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

TOKEN = re.compile(r"\b\w\w+\b")
LEAST_TEXTS = 2
"""Texts that a term must be in to be known."""

Matrix = NDArray[np.float64]


def terms(text: str) -> list[str]:
    """Returns the words of a text and the pairs of words that follow each other."""
    tokens = TOKEN.findall(text.lower())
    return tokens + [f"{one} {two}" for one, two in pairwise(tokens)]


class Vocabulary:
    """Known terms with their weights.

    Args:
        known: The terms, in the order of the columns.
        rarity: Their weight, shape (terms,).
    """

    def __init__(self, known: Sequence[str], rarity: Matrix) -> None:
        self.known = list(known)
        self.rarity = rarity
        self._column = {term: n for n, term in enumerate(self.known)}

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Vocabulary":
        """Makes a vocabulary of the terms that are in at least two texts."""
        spread = Counter(term for text in texts for term in set(terms(text)))
        known = sorted(term for term, count in spread.items() if count >= LEAST_TEXTS)
        counts = np.array([spread[term] for term in known], float)
        return cls(known, np.log((1 + len(texts)) / (1 + counts)) + 1)

    def weigh(self, text: str) -> tuple[NDArray[np.int64], Matrix]:
        """Returns the columns of a text's known terms, and a unit vector of their weights."""
        counts = Counter(self._column[term] for term in terms(text) if term in self._column)
        columns = np.fromiter(counts, np.int64, len(counts))
        times = np.fromiter(counts.values(), float, len(counts))
        weights = (1 + np.log(times)) * self.rarity[columns]
        length = float(np.linalg.norm(weights))
        return columns, weights / length if length else weights
