"""The trained head in numpy: what `network.RelationHead` computes, without torch."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, softmax

from models.text.relations.places import HEADS

Array = NDArray[np.float32]


class TrainedHead:
    """Scores pairs and tokens of one sentence at a time.

    Args:
        weights: By the names of `network.RelationHead`.
    """

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights

    def labels(
        self, states: Array, regions: NDArray[np.int64], distances: NDArray[np.int64]
    ) -> Array:
        """Returns the scores of the labels, (pairs, labels).

        Args:
            states: (tokens, width).
            regions: Of each pair, (pairs, tokens).
            distances: From its entities, (pairs, 2, tokens).
        """
        entities = np.concatenate([_mean(states, regions == region) for region in (1, 3)], axis=1)
        query = self._linear("query", entities).reshape(len(regions), HEADS, -1)
        keys = self._linear("key", states).reshape(len(states), HEADS, -1)
        values = self._linear("value", states).reshape(len(states), HEADS, -1)
        scores = np.einsum("phd,thd->pth", query, keys) / np.sqrt(keys.shape[-1])
        near = self._weights["near"]
        scores += near[0][distances[:, 0]] + near[1][distances[:, 1]]
        share = softmax(scores + self._weights["region"][regions], axis=1)
        seen = np.einsum("pth,thd->phd", share, values).reshape(len(regions), -1)
        hidden = self._linear("hidden", np.concatenate([entities, seen], axis=1))
        return self._linear("label", 0.5 * hidden * (1 + erf(hidden / np.sqrt(2))))

    def tags(self, states: Array) -> Array:
        """Returns the scores of the tags, (tokens, tags)."""
        return self._linear("tag", states)

    def _linear(self, name: str, states: Array) -> Array:
        scores: Array = states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return scores


def _mean(states: Array, chosen: NDArray[np.bool_]) -> Array:
    mean: Array = (chosen @ states) / chosen.sum(axis=1, keepdims=True)
    return mean
