"""A linear-chain conditional random field over the tags of a sentence, in numpy.

Source:
    Lafferty, McCallum and Pereira 2001. Its training half is in `head.py`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.text.ner.corpus import TAGS

Array = NDArray[np.float32]
NEVER = np.float32(-1e4)


def forbidden() -> NDArray[np.bool_]:
    """Returns which tag cannot follow which, bool (from, to): I only goes on with its own type."""
    return np.array(
        [[after[0] == "I" and before[2:] != after[2:] for after in TAGS] for before in TAGS]
    )


def cannot_begin() -> NDArray[np.bool_]:
    """Returns which tags cannot begin a sentence, bool (tags,)."""
    return np.array([tag[0] == "I" for tag in TAGS])


def best_tags(
    scores: Array, lengths: Sequence[int], moves: Array
) -> tuple[NDArray[np.int64], Array]:
    """Finds the most probable tags of each sentence (Viterbi) and how probable each is.

    Args:
        scores: Of each tag of each word, float32 (sentences, words, tags); those of tags that
            cannot begin a sentence are `NEVER` at its first word.
        lengths: Words of each sentence.
        moves: Score of each tag after each other, float32 (from, to).

    Returns:
        Tags, int64 (sentences, words), and their marginal probabilities, float32, both of no
        meaning past a sentence's end.
    """
    ends = np.asarray(lengths)
    rows, words, count = scores.shape
    best = scores[:, 0].copy()
    before = np.zeros((words, rows, count), np.int64)
    forward = np.empty_like(scores)
    forward[:, 0] = best
    for place in range(1, words):
        inside = (place < ends)[:, None]
        paths = best[:, :, None] + moves
        before[place] = np.where(inside, paths.argmax(axis=1), np.arange(count))
        best = np.where(inside, paths.max(axis=1) + scores[:, place], best)
        forward[:, place] = _log_sum(forward[:, place - 1, :, None] + moves, 1) + scores[:, place]
    tags = np.zeros((rows, words), np.int64)
    tags[:, -1] = best.argmax(axis=1)
    for place in range(words - 1, 0, -1):
        tags[:, place - 1] = before[place][np.arange(rows), tags[:, place]]
    backward = np.zeros_like(scores)
    for place in range(words - 2, -1, -1):
        ahead = moves + (scores[:, place + 1] + backward[:, place + 1])[:, None, :]
        backward[:, place] = np.where((place + 1 < ends)[:, None], _log_sum(ahead, 2), 0)
    logs = forward + backward
    total = _log_sum(logs, 2)
    chosen = np.take_along_axis(logs, tags[:, :, None], axis=2)[:, :, 0]
    return tags, np.exp(np.minimum(chosen - total, 0))


def _log_sum(values: Array, axis: int) -> Array:
    highest = values.max(axis=axis, keepdims=True)
    total: Array = np.log(np.exp(values - highest).sum(axis=axis)) + highest.squeeze(axis)
    return total
