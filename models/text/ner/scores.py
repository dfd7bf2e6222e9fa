"""The numpy half of the tagger's head: what `models.text.ner.head` trains, run without torch."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.text.ner.chain import NEVER, best_tags, cannot_begin, forbidden
from models.text.ner.corpus import TAGS
from models.text.ner.shapes import feature_ids

Array = NDArray[np.float32]
GELU, CUBIC, HALF = np.float32((2 / np.pi) ** 0.5), np.float32(0.044715), np.float32(0.5)
"""Of the approximation of GELU by tanh (Hendrycks and Gimpel 2016, arXiv:1606.08415)."""

TOGETHER = 256
"""Sentences of like length that are decoded at once."""

MOST_KNOWN = 1 << 17


class Head:
    """Scores and decodes the tags of words.

    Args:
        weights: Of `TagHead`, by name.
    """

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights
        self._moves = np.where(forbidden(), NEVER, weights["moves"]).astype(np.float32)
        self._known: dict[str, Array] = {}

    def scores(self, means: Array, words: Sequence[str], lengths: Sequence[int]) -> Array:
        """Scores words.

        Args:
            means: The mean vector of each word's pieces, float32 (words, dimensions).
            words: As they are written, sentence after sentence.
            lengths: Words of each sentence.

        Returns:
            Scores of each tag, float32 (words, tags).
        """
        weights = self._weights
        inputs = np.concatenate([means, self._looks(words, lengths)], axis=1)
        hidden: Array = inputs @ weights["hidden.weight"].T + weights["hidden.bias"]
        hidden *= HALF * (1 + np.tanh(GELU * (hidden + CUBIC * hidden * hidden * hidden)))
        scores: Array = hidden @ weights["scores.weight"].T + weights["scores.bias"]
        return scores

    def decode(
        self, scores: Array, lengths: Sequence[int]
    ) -> list[tuple[NDArray[np.int64], Array]]:
        """Returns the tags of each sentence, positions in `TAGS`, and their probabilities."""
        starts = np.concatenate([[0], np.cumsum(lengths)])
        scores = scores.copy()
        scores[starts[:-1]] += np.where(cannot_begin(), NEVER, np.float32(0))
        order = np.argsort(lengths, kind="stable")
        found: dict[int, tuple[NDArray[np.int64], Array]] = {}
        for start in range(0, len(order), TOGETHER):
            rows = order[start : start + TOGETHER]
            padded = np.zeros((len(rows), lengths[rows[-1]], len(TAGS)), np.float32)
            for place, row in enumerate(rows):
                padded[place, : lengths[row]] = scores[starts[row] : starts[row + 1]]
            tags, confidence = best_tags(padded, [lengths[row] for row in rows], self._moves)
            for place, row in enumerate(rows):
                found[row] = tags[place, : lengths[row]], confidence[place, : lengths[row]]
        return [found[row] for row in range(len(lengths))]

    def _looks(self, words: Sequence[str], lengths: Sequence[int]) -> Array:
        """Returns the looks of the word before, the word and the word after, (words, 3 x width)."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        places = {word: place for place, word in enumerate(dict.fromkeys(words))}
        own = np.stack([self._look(word) for word in places])[[places[word] for word in words]]
        firsts = np.concatenate([[0], np.cumsum(lengths)])
        before, after = np.roll(own, 1, axis=0), np.roll(own, -1, axis=0)
        before[firsts[:-1]] = 0
        after[firsts[1:] - 1] = 0
        return np.concatenate([before, own, after], axis=1)

    def _look(self, word: str) -> Array:
        found = self._known.get(word)
        if found is None:
            found = self._weights["looks.weight"][list(feature_ids(word))].mean(axis=0)
            self._known[word] = found
        return found
