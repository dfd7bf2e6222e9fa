"""Whether an image looks like those that a segmenter was trained on.

A few numbers describe how an image looks: how bright its parts are, how coarse its texture, how
colourful, what its border is like, how large it is. An image is strange when no training image is
near in them: the distance to the nearest one is divided by the greatest that a training image has
to its own nearest, so that above 1 it is farther out than any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.images.segmentation.learning.grid import standardised

SLACK = 1.25
"""Of the greatest distance among training images: a new image is not one of them."""

LEAST_SPREAD = 0.05
"""Of a property that hardly varies in training; less, and chance would decide."""

SCALES = (1, 2, 4)
BORDER = 0.08

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Familiarity:
    """How training images look.

    Attributes:
        points: Shape (n, properties), standardised.
        centre, scale: With which they are.
        edge: Distance from which an image is strange.
    """

    points: Vector
    centre: Vector
    scale: Vector
    edge: float

    @classmethod
    def of(cls, appearances: Sequence[Vector]) -> "Familiarity":
        """Learns from training images, at least two."""
        stacked = np.stack(appearances)
        centre, scale = stacked.mean(0), np.maximum(stacked.std(0), LEAST_SPREAD)
        points = (stacked - centre) / scale
        apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
        np.fill_diagonal(apart, np.inf)
        return cls(points, centre, scale, float(max(SLACK * apart.min(1).max(), 1.0)))

    def strangeness(self, appearance: Vector) -> float:
        """Returns how far an image is from the nearest training image; above 1 it is strange."""
        point = (appearance - self.centre) / self.scale
        return float(np.linalg.norm(self.points - point, axis=1).min() / self.edge)


def appearance(values: torch.Tensor) -> Vector:
    """Returns how an image looks, shape (15,).

    Args:
        values: From 0 to 1 on the grid, shape (channels, *size).
    """
    grey = values.mean(0)
    spread = float(grey.std())
    flat = grey.flatten()
    quantiles = torch.quantile(
        flat[:: -(-flat.numel() // 1_000_000)], torch.tensor([0.05, 0.25, 0.5, 0.75, 0.95])
    )
    standard = standardised(grey[None])[0]
    textures = [_roughness(standard, step) for step in SCALES]
    colourful = (values.amax(0) - values.amin(0)).mean()
    tints = [float(channel.mean()) for channel in values] if len(values) == 3 else [0.0] * 3
    size = float(np.log(np.prod(grey.shape)) / grey.ndim)
    return np.array(
        [*quantiles.tolist(), spread, *textures, float(colourful), *tints, _border(grey), size]
    )


def _roughness(standard: torch.Tensor, step: int) -> float:
    """Returns the mean difference between points so far apart, in standard deviations."""
    steps = [
        (standard.narrow(axis, step, size - step) - standard.narrow(axis, 0, size - step)).abs()
        for axis, size in enumerate(standard.shape)
        if size > step
    ]
    return float(np.mean([float(some.mean()) for some in steps])) if steps else 0.0


def _border(grey: torch.Tensor) -> float:
    """Returns how much brighter the middle is than the border of rows and columns."""
    rows, columns = (max(1, round(BORDER * size)) for size in grey.shape[-2:])
    inside = torch.zeros(grey.shape[-2:], dtype=torch.bool)
    inside[rows:-rows, columns:-columns] = True
    if not inside.any():
        return 0.0
    return float(grey[..., inside].mean() - grey[..., ~inside].mean())
