"""Shapley values of a model's score: each feature's share in why a row differs from the average.

For every background row a random order of the features is drawn and also walked backwards: along
it the background row turns into the explained one, feature by feature, and each step's change of
the score goes to the feature that was changed (Strumbelj & Kononenko 2014,
doi 10.1007/s10115-013-0679-x; walking both ways is exact for pairwise interactions). The shares add
up exactly to the score less the background's mean. It is the interventional SHAP value (Lundberg &
Lee 2017, arXiv 1705.07874) on the original columns, whatever the model's family; shap's own
permutation explainer needs as many evaluations for one order as this for one per background row.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.fitted import FittedModel
from models.explain.shares import FloatArray, Shares

BACKGROUND_ROWS = 50
BATCH_ROWS = 50_000
ADDS_UP_TO = 1e-6


def shapley_values(
    model: FittedModel,
    frame: pd.DataFrame,
    seed: int = 0,
    progress: Callable[[float, str], None] = lambda fraction, message: None,
) -> Shares:
    """Shares out the scores of rows.

    Args:
        model: A kept model.
        frame: Canonical rows to explain, shape (n, features).
        seed: Decides background rows and orders.
        progress: Called with a fraction and a message.

    Returns:
        Shares that add up to the score; `base` is the mean score of the background.

    Raises:
        RuntimeError: The shares do not add up to the score (the model is not deterministic).
    """
    rng = np.random.default_rng(seed)
    names = model.features.names
    background = model.background[names]
    if len(background) > BACKGROUND_ROWS:
        chosen = np.sort(rng.choice(len(background), BACKGROUND_ROWS, replace=False))
        background = background.iloc[chosen]
    orders = np.array([rng.permutation(len(names)) for _ in range(len(background))])
    rows, errors = [], []
    per_batch = max(1, BATCH_ROWS // (2 * len(background) * (len(names) + 1)))
    for start in range(0, len(frame), per_batch):
        progress(start / len(frame), "sharing out scores")
        shares = _shares(model, frame[names].iloc[start : start + per_batch], background, orders)
        rows.append(shares.mean(axis=1))
        # The background row's own score varies too, but the base is the same for all rows.
        errors.append(shares.std(axis=1, ddof=1) / np.sqrt(shares.shape[1]))
    values, scores = np.concatenate(rows), model.score(frame[names])
    base = model.score(background).mean(axis=0)
    gap = float(np.abs(values.sum(axis=1) + base - scores).max())
    if gap > ADDS_UP_TO * max(1.0, float(np.abs(scores).max())):
        message = f"shares do not add up to the score (by {gap:.3g})"
        raise RuntimeError(message)
    return Shares(frame[names], values, np.concatenate(errors), np.asarray(base), scores)


def _shares(
    model: FittedModel, frame: pd.DataFrame, background: pd.DataFrame, orders: NDArray[np.intp]
) -> FloatArray:
    """Returns shares by background row, shape (n, background, features[, classes])."""
    n, b, p = len(frame), len(background), frame.shape[1]
    # place[z, j]: at which step of background row z's order feature j is changed
    place = np.argsort(orders, axis=1)
    both_ways = np.stack([place, p - 1 - place])  # (2, b, p)
    steps = np.arange(p + 1)
    changed = both_ways[:, :, None, :] < steps[:, None]  # (2, b, p + 1, p)
    columns = {}
    for j, name in enumerate(frame.columns):
        own = frame[name].to_numpy()[:, None, None, None]
        other = background[name].to_numpy()[None, None, :, None]
        columns[name] = np.where(changed[None, :, :, :, j], own, other).ravel()
    scores = model.score(pd.DataFrame(columns))
    path = scores.reshape(n, 2, b, p + 1, *scores.shape[1:])
    gains = np.diff(path, axis=3)  # by step
    index = both_ways[None, ..., *([None] * (gains.ndim - 4))]
    by_feature = np.take_along_axis(gains, np.broadcast_to(index, gains.shape), axis=3)
    shares: FloatArray = by_feature.mean(axis=1)
    return shares
