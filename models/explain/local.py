"""LIME: a weighted linear model around a row, in which features are as they are or someone else's.

Ribeiro, Singh & Guestrin 2016, doi 10.1145/2939672.2939778, on the interpretable representation of
tables: a neighbour of the row keeps some of its features and takes the others from the background,
and counts the less the more of them it has exchanged. The line's coefficients are the shares. A
neighbour's score is the mean over several background rows, so that the line's fit tells how far the
model adds up, not how much those rows differ.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.fitted import FittedModel
from models.explain.shares import FloatArray, Shares

NEIGHBOURS = 200
BACKGROUND_ROWS = 10
"""That each neighbour's score is averaged over."""

KERNEL_WIDTH = 0.75
"""Times the square root of the number of features: the authors' width for tables."""

RIDGE = 1.0
"""The authors' penalty; beside hundreds of neighbours it mostly guards against singular systems."""


def local_shares(
    model: FittedModel,
    frame: pd.DataFrame,
    seed: int = 0,
    progress: Callable[[float, str], None] = lambda fraction, message: None,
) -> Shares:
    """Explains each row by a linear model of its neighbourhood.

    Args:
        model: A kept model.
        frame: Canonical rows to explain, shape (n, features).
        seed: Decides the neighbours.
        progress: Called with a fraction and a message.

    Returns:
        Shares with the fit of each row's line; `base` is the mean intercept.
    """
    rng = np.random.default_rng(seed)
    names = model.features.names
    kept = rng.random((NEIGHBOURS, len(names))) < 0.5  # (neighbours, features)
    kept[0] = True  # the row itself
    others = model.background[names].sample(
        NEIGHBOURS * BACKGROUND_ROWS, replace=True, random_state=seed
    )
    repeated = kept.repeat(BACKGROUND_ROWS, axis=0)
    exchanged = (~kept).sum(axis=1)
    weights = np.exp(-exchanged / (KERNEL_WIDTH**2 * len(names)))
    lines = []
    for i in range(len(frame)):
        progress(i / len(frame), "fitting lines around rows")
        row = frame.iloc[i]
        columns = {n: np.where(repeated[:, j], row[n], others[n]) for j, n in enumerate(names)}
        neighbours = model.features.apply(pd.DataFrame(columns))
        scores = model.score(neighbours)
        means = scores.reshape(NEIGHBOURS, BACKGROUND_ROWS, *scores.shape[1:]).mean(axis=1)
        lines.append(_line(kept.astype(float), means, weights))
    slopes, errors, intercepts, fits = (np.stack(part) for part in zip(*lines, strict=True))
    base, scores = intercepts.mean(axis=0), model.score(frame[names])
    return Shares(frame[names], slopes, errors, base, scores, fits)


def _line(
    kept: FloatArray, scores: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Fits weighted ridge regressions.

    Args:
        kept: 1 where a neighbour has the row's own value, shape (neighbours, features).
        scores: Shape (neighbours,) or (neighbours, classes).
        weights: Shape (neighbours,).

    Returns:
        Slopes and their standard errors, shape (features, ...), intercepts and fits, shape (...).
    """
    share = weights / weights.sum()
    x_mean, y_mean = share @ kept, share @ scores
    x, y = kept - x_mean, scores - y_mean
    weighted = x * weights[:, None]
    inverse: NDArray[np.float64] = np.linalg.inv(x.T @ weighted + RIDGE * np.eye(x.shape[1]))
    slopes = inverse @ (weighted.T @ y)
    residuals = y - x @ slopes
    freedom = max(1, len(y) - x.shape[1] - 1)
    noise = (weights @ residuals**2) / freedom
    errors = np.sqrt(np.multiply.outer(np.diag(inverse), noise))
    total = weights @ y**2
    # A score that is the same everywhere is told perfectly.
    fits = 1 - np.divide(weights @ residuals**2, total, out=np.zeros_like(total), where=total > 0)
    return slopes, errors, y_mean - x_mean @ slopes, fits
