"""How good a ranking of documents is, given the relevant ones."""

import math
from collections.abc import Collection, Sequence


def ndcg(ranked: Sequence[str], relevant: Collection[str], depth: int) -> float:
    """Returns the normalised discounted cumulative gain of the first `depth`, 0 to 1.

    Relevance is yes or no, as in BEIR (Thakur et al. 2021, arXiv:2104.08663).
    """
    gain = sum(1 / math.log2(n + 2) for n, key in enumerate(ranked[:depth]) if key in relevant)
    best = sum(1 / math.log2(n + 2) for n in range(min(depth, len(relevant))))
    return gain / best


def recall(ranked: Sequence[str], relevant: Collection[str], depth: int) -> float:
    """Returns the share of the relevant documents that are among the first `depth`, 0 to 1."""
    return len(set(ranked[:depth]) & set(relevant)) / len(relevant)
