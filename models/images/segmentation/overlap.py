"""How well outlines agree: Dice and the 95% Hausdorff distance of each case.

A label that neither outline has says nothing of the case and is not counted. Where only one of
them has it, Dice is 0 and the distance is the image's diagonal, the farthest there is, so that a
miss is never left out of the mean.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from models.metrics.intervals import Interval, bootstrap_all

Mask = NDArray[np.bool_]


def dice(truth: Mask, found: Mask) -> float:
    """Returns 2 |A ∩ B| / (|A| + |B|) (Dice 1945, doi 10.2307/1932409); nan where both are empty.

    Args:
        truth: Shape (height, width) or (depth, height, width).
        found: The same shape.
    """
    total = int(truth.sum()) + int(found.sum())
    return 2 * int((truth & found).sum()) / total if total else float("nan")


def hausdorff_95(truth: Mask, found: Mask, spacing: Sequence[float]) -> float:
    """Returns the 95% Hausdorff distance between two outlines.

    The greater of the 95th percentiles of the distances from each outline's surface to the other's
    (Huttenlocher et al. 1993, doi 10.1109/34.232073, with a percentile for the maximum).

    Args:
        truth: Shape (height, width) or (depth, height, width).
        found: The same shape.
        spacing: Between pixels along each axis; its unit is the result's.

    Returns:
        nan where both are empty, the image's diagonal where one is.
    """
    if not truth.any() or not found.any():
        if not truth.any() and not found.any():
            return float("nan")
        return float(np.linalg.norm(np.multiply(truth.shape, spacing)))
    inside = _both(truth, found)
    first, second = _surface(truth[inside]), _surface(found[inside])
    there = ndimage.distance_transform_edt(~second, sampling=spacing)[first]
    back = ndimage.distance_transform_edt(~first, sampling=spacing)[second]
    return float(max(np.percentile(there, 95), np.percentile(back, 95)))


def per_case(
    truth: NDArray[np.uint8], found: NDArray[np.uint8], labels: int, spacing: Sequence[float]
) -> NDArray[np.float64]:
    """Returns Dice and 95% Hausdorff distance of each label, shape (labels, 2)."""
    pairs = [(truth == label, found == label) for label in range(1, labels + 1)]
    return np.array([[dice(*pair), hausdorff_95(*pair, spacing)] for pair in pairs])


def summarised(
    values: NDArray[np.float64], names: Sequence[str], groups: NDArray[np.intp], seed: int = 0
) -> dict[str, Interval]:
    """Returns the means over cases with their intervals.

    Args:
        values: Of each case and label, Dice and distance, shape (cases, labels, 2).
        names: Of the labels.
        groups: Group of each case, shape (cases,): whole groups are drawn for the intervals.
        seed: Decides the draws.

    Returns:
        `dice` and `hausdorff_95`, each the mean over labels of the means over cases; with several
        labels also `dice <name>` and `hausdorff_95 <name>`.
    """

    def means(rows: NDArray[np.intp]) -> dict[str, float]:
        by_label = _mean(values[rows])
        found = dict(zip(("dice", "hausdorff_95"), _mean(by_label), strict=True))
        if len(names) > 1:
            for name, (overlap, distance) in zip(names, by_label, strict=True):
                found |= {f"dice {name}": overlap, f"hausdorff_95 {name}": distance}
        return found

    return bootstrap_all(means, len(values), seed, groups=groups)


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Averages the first axis over what is defined; nan where nothing is."""
    defined = np.isfinite(values)
    total = np.where(defined, values, 0).sum(0)
    count = defined.sum(0)
    mean: NDArray[np.float64] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def _both(truth: Mask, found: Mask) -> tuple[slice, ...]:
    """Returns the smallest part of the image that holds both outlines."""
    places = ndimage.find_objects((truth | found).astype(np.uint8))[0]
    return tuple(places)


def _surface(mask: Mask) -> Mask:
    """Returns the pixels of a mask that touch its outside; beyond the array is outside."""
    surface: Mask = mask & ~ndimage.binary_erosion(mask)
    return surface
