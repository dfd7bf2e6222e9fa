"""Fits the router's weights; only needed when the example requests have changed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

INVERSE_PENALTY = 30.0
HELD_OUT_EVERY = 5
TEMPERATURES = np.geomspace(0.25, 2.0, 25)


def fit(features: Array, labels: Sequence[str]) -> tuple[list[str], Array, Array]:
    """Fits a multinomial logistic regression and calibrates its temperature.

    Args:
        features: One row per example, float32 (n, d).
        labels: The class of each row.

    Returns:
        The classes (k), the weights (d, k) and the biases (k), both divided by the temperature
        under which examples that were held out are most likely.
    """
    names, codes = np.unique(np.asarray(labels), return_inverse=True)
    order = np.random.default_rng(0).permutation(len(codes))
    held_out = order[::HELD_OUT_EVERY]
    kept = np.setdiff1d(order, held_out)
    temperature = 1.0
    if np.array_equal(np.unique(codes[kept]), np.arange(len(names))):
        weights, bias = _fit(features[kept], codes[kept])
        logits = features[held_out] @ weights + bias
        temperature = min(TEMPERATURES, key=lambda t: _log_loss(logits / t, codes[held_out]))
    weights, bias = _fit(features, codes)
    return [str(name) for name in names], weights / temperature, bias / temperature


def _fit(features: Array, codes: NDArray[np.int64]) -> tuple[Array, Array]:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=400, tol=1e-4, class_weight="balanced")
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(csr_matrix(features), codes)
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return weights.T.astype(np.float32), bias.astype(np.float32)


def _log_loss(logits: Array, codes: NDArray[np.int64]) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    normal = np.log(np.exp(shifted).sum(axis=1))
    return float((normal - shifted[np.arange(len(codes)), codes]).mean())
