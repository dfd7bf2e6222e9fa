"""The trained network in numpy: what `network.RoleNetwork` computes, without torch."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Array = NDArray[np.float32]


class TrainedNetwork:
    """Scores the roles of sentences.

    Args:
        weights: By the names of `network.RoleNetwork`.

    Attributes:
        moves: Score of each role after each other, (from, to).
    """

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights
        self.moves = weights["moves"]

    def scores(self, abstracts: Sequence[Array]) -> Array:
        """Returns scores of abstracts side by side, those of beginning and end included.

        Args:
            abstracts: Rows of each, (sentences, width); at least one sentence.

        Returns:
            (abstracts, most sentences, roles), of no meaning past an abstract's end.
        """
        weights = self._weights
        lengths = np.array([len(rows) for rows in abstracts])
        rows = np.zeros((len(abstracts), lengths.max(), len(weights["mean"])), np.float32)
        for place, own in enumerate(abstracts):
            rows[place, : len(own)] = own
        known = (rows - weights["mean"]) / weights["spread"]
        projected = np.tanh(known @ weights["project.weight"].T + weights["project.bias"])
        backwards = _turned(self._context(_turned(projected, lengths), "_reverse"), lengths)
        read = np.concatenate([self._context(projected, ""), backwards], axis=2)
        scores: Array = (projected + read) @ weights["score.weight"].T + weights["score.bias"]
        scores[:, 0] += weights["start"]
        scores[np.arange(len(lengths)), lengths - 1] += weights["end"]
        return scores

    def _context(self, rows: Array, direction: str) -> Array:
        """Reads rows (abstracts, sentences, hidden) from the first to the last."""
        name = f"context.{{}}_l0{direction}"
        into, again = (self._weights[name.format(f"weight_{part}")] for part in ("ih", "hh"))
        shift, inner = (self._weights[name.format(f"bias_{part}")] for part in ("ih", "hh"))
        given = rows @ into.T + shift
        width = again.shape[1]
        state = np.zeros((len(rows), width), np.float32)
        read = np.empty((*rows.shape[:2], width), np.float32)
        for place in range(rows.shape[1]):
            recalled = state @ again.T + inner
            now = given[:, place]
            reset = expit(now[:, :width] + recalled[:, :width])
            keep = expit(now[:, width:-width] + recalled[:, width:-width])
            fresh = np.tanh(now[:, -width:] + reset * recalled[:, -width:])
            state = fresh + keep * (state - fresh)
            read[:, place] = state
        return read


def _turned(rows: Array, lengths: NDArray[np.int64]) -> Array:
    """Returns each abstract's rows from the last to the first; padding stays behind them."""
    turned = rows.copy()
    for place, length in enumerate(lengths):
        turned[place, :length] = rows[place, :length][::-1]
    return turned
