"""Whether a sentence is about what the passage is about that it cites."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from agent.verification.alignment import FRAME, content

LEAST_WORDS = 4
"""Words that a sentence must have to be judged by them."""

LEAST = 0.06
"""Weighed share of a sentence's words that must be in what it cites."""

BETTER = 0.2
"""By so much another passage must have more of them to be the one that was meant."""

WELL = 0.45
"""Share from which a passage is held to be what a sentence is taken from."""


def unsupported(sentence: str, cited: Sequence[int], sources: Mapping[int, str]) -> str | None:
    """Returns why the cited passages are not where a sentence comes from, if so.

    Args:
        sentence: Without its citations and quotations.
        cited: Numbers of the passages that it cites.
        sources: All retrieved passages by number.
    """
    said = content(FRAME.sub("", sentence))
    if len(said) < LEAST_WORDS:
        return None
    held = {n: content(text) for n, text in sources.items()}
    spread = Counter(word for words in held.values() for word in words)
    weights = {word: 1 / math.sqrt(1 + spread[word]) for word in said}
    total = sum(weights.values())

    def share(words: frozenset[str]) -> float:
        return sum(weights[word] for word in said & words) / total

    own = share(frozenset().union(*(held[n] for n in cited)))
    others = {n: share(words) for n, words in held.items() if n not in cited}
    best = max(others, key=others.__getitem__, default=None)
    if best is not None and others[best] >= WELL and others[best] - own >= BETTER:
        return f"it is closer to [{best}] than to what it cites"
    if own < LEAST:
        return "the cited passage says nothing of it"
    return None
