"""How far the features of two sets of images lie apart."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.metrics.intervals import Interval

FloatArray = NDArray[np.float64]
PARTS = 10
"""Parts of each set, one of which is left out at a time for an interval."""


def gaussian_distance(
    first_mean: FloatArray,
    first_covariance: FloatArray,
    second_mean: FloatArray,
    second_covariance: FloatArray,
) -> float:
    """Returns the squared Fréchet distance of two Gaussians (0 for the same one).

    |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½), Dowson & Landau 1982, doi 10.1016/0047-259X(82)90077-X.
    The trace of the root is that of (C1^½ C2 C1^½)^½, which is symmetric, so that rounding gives no
    complex numbers.

    Args:
        first_mean: Shape (d,).
        first_covariance: Shape (d, d), symmetric and not negative.
        second_mean: Shape (d,).
        second_covariance: Shape (d, d).
    """
    values, vectors = np.linalg.eigh(first_covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    inner = np.linalg.eigvalsh(root @ second_covariance @ root)
    spread = np.trace(first_covariance) + np.trace(second_covariance)
    apart = float(np.sum((first_mean - second_mean) ** 2))
    return max(0.0, apart + float(spread - 2 * np.sqrt(np.maximum(inner, 0)).sum()))


def frechet_distance(first: FloatArray, second: FloatArray) -> float:
    """Returns the Fréchet distance of two sets of images, by their features (lower is better).

    Heusel et al. 2017 (arXiv 1706.08500): each set is taken for a Gaussian in feature space. With
    few images the distance is too large, the more so the fewer there are (Chong & Forsyth 2020,
    arXiv 1911.07023): only figures of the same number of images can be compared, and real against
    real images is the floor, not 0. As there are often fewer images than features, the covariances
    are shrunk towards a multiple of the identity (Ledoit & Wolf 2004, doi
    10.1016/S0047-259X(03)00096-4). Symmetric; 0 for the same set.

    Args:
        first: Shape (n, d), n at least 2.
        second: Shape (m, d), m at least 2.
    """
    sets = [some - some.mean(axis=0) for some in (first, second)]
    apart = first.mean(axis=0) - second.mean(axis=0)
    # Outside the directions in which any image differs from its set's mean, both shrunk covariances
    # are multiples of the identity: only these few directions need an eigendecomposition.
    span, _ = np.linalg.qr(np.concatenate(sets).T)
    outside = first.shape[1] - span.shape[1]
    covariances, floors = [], []
    for centred in sets:
        shrinkage, variance = _shrinkage(centred)
        inner = centred @ span
        covariance = (1 - shrinkage) * inner.T @ inner / len(inner)
        floors.append(shrinkage * variance)
        covariances.append(covariance + floors[-1] * np.eye(len(covariance)))
    zero = np.zeros(span.shape[1])
    within = gaussian_distance(zero, covariances[0], zero, covariances[1])
    beyond: float = outside * float((np.sqrt(floors[0]) - np.sqrt(floors[1])) ** 2)
    return within + beyond + float(apart @ apart)


def frechet_interval(first: FloatArray, second: FloatArray, seed: int = 0) -> Interval:
    """Returns the Fréchet distance with its 95% interval.

    A jackknife that leaves out a tenth of either set at a time (Shao & Tu 1995, chapter 2): in a
    bootstrap, images drawn twice would make the distance larger still.

    Args:
        first: Shape (n, d).
        second: Shape (m, d).
        seed: Decides which images are left out together.
    """
    return _jackknifed(frechet_distance, first, second, seed)


def mean_distance(features: FloatArray) -> float:
    """Returns the mean distance between two different images of a set: its diversity.

    Args:
        features: Shape (n, d), n at least 2.
    """
    squares = np.sum(features**2, axis=1)
    apart = squares[:, None] + squares - 2 * features @ features.T
    n = len(features)
    return float(np.sqrt(np.maximum(apart, 0))[~np.eye(n, dtype=bool)].mean())


def diversity_interval(features: FloatArray, seed: int = 0) -> Interval:
    """Returns the mean distance within a set with its 95% interval (jackknife)."""
    return _jackknifed(lambda first, _: mean_distance(first), features, features, seed)


def _shrinkage(centred: FloatArray) -> tuple[float, float]:
    """Returns how far a covariance is shrunk (0-1) and the mean variance of the features.

    Ledoit and Wolf's formula written in the products of images (n × n) in place of features.

    Args:
        centred: Features less their mean, shape (n, d).
    """
    images, features = centred.shape
    products = centred @ centred.T
    total = float(np.trace(products)) / images
    size = float(np.sum(products**2)) / images**2
    noise = (float(np.sum(np.diag(products) ** 2)) / images - size) / images
    spread = size - total**2 / features
    return (min(noise, spread) / spread if spread > 0 else 0.0), total / features


def _jackknifed(
    distance: Callable[[FloatArray, FloatArray], float],
    first: FloatArray,
    second: FloatArray,
    seed: int,
) -> Interval:
    value = distance(first, second)
    parts = min(PARTS, len(first) // 2, len(second) // 2)
    if parts < 3:
        return {"value": value, "low": None, "high": None}
    rng = np.random.default_rng(seed)
    members = [rng.permutation(len(features)) % parts for features in (first, second)]
    without = [distance(first[members[0] != k], second[members[1] != k]) for k in range(parts)]
    error = float(np.sqrt((parts - 1) * np.var(without)))
    return {"value": value, "low": max(0.0, value - 1.96 * error), "high": value + 1.96 * error}
