"""What a segmenter must beat: a brightness threshold, or the usual shape at the usual place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from models.images.segmentation.learning.grid import back
from models.images.segmentation.learning.sampling import Sample
from models.images.segmentation.overlap import dice

SIDE = 32
"""Points along each axis of the usual shape."""

MOST_SAMPLES = 60
MOST_POINTS = 20_000
BINS = 256
LEVELS = np.linspace(-2.5, 4, 53)
"""Thresholds that are tried, in standard deviations from the image's mean."""

SHARES = np.linspace(0.05, 0.95, 19)

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Rule:
    """A way to find one label without learning.

    Attributes:
        name: In words.
        level: The threshold in standard deviations; None for Otsu's of each image.
        bright: What lies above the threshold is the label, else what lies below.
        shape: Where the label is, of an image of any size; then no threshold counts.
    """

    name: str
    level: float | None = None
    bright: bool = True
    shape: NDArray[np.bool_] | None = None

    def find(self, image: torch.Tensor) -> NDArray[np.bool_]:
        """Returns where the label is said to be.

        Args:
            image: Standardised, shape (channels, *size).
        """
        size = tuple(image.shape[1:])
        if self.shape is not None:
            placed = back(torch.from_numpy(self.shape)[None].float(), size)[0]
            return np.asarray(placed.numpy() > 0.5)
        return self.above(image.float().mean(0).numpy())

    def above(self, values: Values) -> NDArray[np.bool_]:
        """Applies the threshold."""
        level = otsu(values) if self.level is None else self.level
        return np.asarray(values > level if self.bright else values < level)


def best_rules(samples: Sequence[Sample], labels: int) -> list[Rule]:
    """Returns, for each label, the rule with the best mean Dice on training cases."""
    chosen = samples[:MOST_SAMPLES]
    points = [_thinned(sample) for sample in chosen]
    return [_best(chosen, points, label) for label in range(1, labels + 1)]


def otsu(values: Values) -> float:
    """Returns the threshold with the greatest variance between both sides (Otsu 1979, doi
    10.1109/TSMC.1979.4310076).
    """  # fmt: skip
    counts, edges = np.histogram(values, BINS)
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)[:-1]
    above = counts.sum() - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (sums[:-1] / below - (sums[-1] - sums[:-1]) / above) ** 2
    between = np.nan_to_num(below * above * apart)
    # Where a gap parts both sides, every threshold in it is as good: the middle one is taken.
    return float(edges[1:-1][between >= between.max() * (1 - 1e-9)].mean())


def _thinned(sample: Sample) -> tuple[Values, NDArray[np.uint8]]:
    values = sample.image.float().mean(0).numpy().ravel()
    step = -(-values.size // MOST_POINTS)
    return values[::step], sample.labels.numpy().ravel()[::step]


def _best(
    samples: Sequence[Sample], points: Sequence[tuple[Values, NDArray[np.uint8]]], label: int
) -> Rule:
    rules = [Rule("Otsu's threshold", bright=bright) for bright in (True, False)]
    rules += [
        Rule("the best fixed threshold", float(level), bright)
        for level in LEVELS
        for bright in (True, False)
    ]
    scored = [
        (_mean([dice(truth == label, rule.above(values)) for values, truth in points]), rule)
        for rule in rules
    ]
    scored.append(_usual_shape(samples, label))
    return max(scored, key=lambda pair: pair[0])[1]


def _usual_shape(samples: Sequence[Sample], label: int) -> tuple[float, Rule]:
    """Returns the shape where a label lies in enough of the training cases, with its Dice."""
    side = (SIDE,) * samples[0].labels.ndim
    masks = [
        functional.interpolate((sample.labels == label)[None, None].float(), side, mode="area")
        for sample in samples
    ]
    stacked = torch.cat(masks)[:, 0].numpy()
    mean = stacked.mean(0)
    scored = [
        (_mean([dice(one >= 0.5, mean >= share) for one in stacked]), float(share))
        for share in SHARES
    ]
    value, share = max(scored)
    return value, Rule("the usual shape at the usual place", shape=mean >= share)


def _mean(values: Sequence[float]) -> float:
    defined = [value for value in values if np.isfinite(value)]
    return float(np.mean(defined)) if defined else 0.0
