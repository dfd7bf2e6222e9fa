"""Images that are the same, or nearly: they must not lie on both sides of a split."""

import numpy as np
from numpy.typing import NDArray

SIDE = 32
NEARLY = 0.99
"""Correlation of thumbnails from which two images count as one picture taken once."""

SHARPER = 0.997
"""Where so many look alike that a group would hold more than a fifth of all, this is asked."""

LARGEST_SHARE = 0.2
MOST_COMPARED = 30_000
BLOCK = 2000

FloatArray = NDArray[np.float32]


def thumbnail(grey: FloatArray) -> FloatArray:
    """Returns an image's thumbnail with mean 0 and length 1, shape (1024,).

    Args:
        grey: Shape (height, width), or a volume, of which the middle plane counts.
    """
    plane = grey[grey.shape[0] // 2] if grey.ndim == 3 else grey
    small = _shrunk(plane)
    small = small - small.mean()
    length = float(np.linalg.norm(small))
    unit: FloatArray = small / length if length > 0 else small
    return unit.ravel()


def near_duplicates(thumbnails: FloatArray) -> tuple[list[tuple[int, int]], float]:
    """Finds pairs of nearly the same image.

    Args:
        thumbnails: Shape (n, 1024).

    Returns:
        The pairs, and the correlation that was asked of them; no pairs above 30,000 images.
    """
    if len(thumbnails) > MOST_COMPARED:
        return [], 1.0
    for threshold in (NEARLY, SHARPER):
        pairs = _pairs(thumbnails, threshold)
        groups = grouped(len(thumbnails), pairs)
        if np.bincount(groups).max() <= max(2, LARGEST_SHARE * len(thumbnails)):
            return pairs, threshold
    return [], 1.0


def grouped(count: int, pairs: list[tuple[int, int]]) -> NDArray[np.intp]:
    """Returns the group of each of `count` things, numbered from 0, shape (count,)."""
    root = list(range(count))

    def find(index: int) -> int:
        while root[index] != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    for first, second in pairs:
        root[find(first)] = find(second)
    return np.unique([find(index) for index in range(count)], return_inverse=True)[1]


def _pairs(thumbnails: FloatArray, threshold: float) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(thumbnails), BLOCK):
        alike = thumbnails[start : start + BLOCK] @ thumbnails.T >= threshold
        first, second = np.nonzero(alike)
        pairs += [
            (int(i) + start, int(j)) for i, j in zip(first, second, strict=True) if i + start < j
        ]
    return pairs


def _shrunk(plane: FloatArray) -> FloatArray:
    """Returns a plane as 32 × 32 means over equal areas, whatever its size."""
    return _means(_means(plane, 0), 1)


def _means(values: FloatArray, axis: int) -> FloatArray:
    """Averages one axis over 32 equal stretches, parts of pixels counting in part."""
    size = values.shape[axis]
    edges = np.linspace(0, size, SIDE + 1)
    sums = np.insert(np.cumsum(np.moveaxis(values, axis, 0), axis=0, dtype=float), 0, 0, axis=0)
    below = np.minimum(edges.astype(int), size - 1)
    inside = (edges - below)[:, None]
    at_edges = sums[below] * (1 - inside) + sums[below + 1] * inside
    means: FloatArray = (np.diff(at_edges, axis=0) * (SIDE / size)).astype(np.float32)
    return np.moveaxis(means, 0, axis)
