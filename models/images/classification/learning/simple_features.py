"""What can be measured of an image without learning: brightness, edges, spots, symmetry.

Classical models on these stand beside every network, and images that they have never seen the
like of are told by them.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.images.networks.tensors import blurred

FloatArray = NDArray[np.float32]
THUMBNAIL = 12
LEVELS = 32
PERCENTILES = (5, 25, 50, 75, 95)
EDGES_SIDE = 64
CELL = 8
DIRECTIONS = 9
COMPARED_SIDE = 96
"""What left and right, and spots, are looked for in, at most."""

COARSE = 0.035
"""Radius that is averaged before left and right are compared, as a share of the side."""

OFF_CENTRE = 0.08
"""How far the middle of the body may lie from that of the image, as a share of the side."""

MIRROR_CELLS = 8
MIRROR_QUANTILES = (0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
SPOTS = (0.015, 0.03, 0.06, 0.12)
"""Radii that are averaged to find spots of three sizes between them, as shares of the side."""

SPOT_CELLS = 4
SPOT_QUANTILES = (0.01, 0.05, 0.25, 0.75, 0.95, 0.99, 1.0)
AT_ONCE = 256


def simple_features(images: Tensor) -> FloatArray:
    """Measures images.

    Per channel a thumbnail of 12 × 12 pixels, a histogram of 32 levels and five percentiles; a
    histogram of oriented gradients of the grey image (Dalal & Triggs 2005, doi
    10.1109/CVPR.2005.177), 8 × 8 cells of nine directions; by how much it differs from its mirror
    image, in 8 × 8 cells and as quantiles; bright and dark spots of three sizes (differences of
    blurred copies: Marr & Hildreth 1980, doi 10.1098/rspb.1980.0020), in 4 × 4 cells and as
    quantiles. Of volumes the three middle planes.

    Args:
        images: uint8, shape (n, channels, side, side[, side]).

    Returns:
        Shape (n, d).
    """
    parts = [_of_planes(planes) for planes in _planes(images)]
    return np.hstack(parts)


def _planes(images: Tensor) -> list[Tensor]:
    if images.ndim == 4:
        return [images]
    return [images.select(axis, images.shape[axis] // 2) for axis in (2, 3, 4)]


def _of_planes(images: Tensor) -> FloatArray:
    rows = [_measured(part.float() / 255) for part in torch.split(images, AT_ONCE)]
    return np.concatenate(rows)


def _measured(images: Tensor) -> FloatArray:
    count = len(images)
    small = functional.adaptive_avg_pool2d(images, THUMBNAIL).reshape(count, -1)
    grey = images.mean(1, keepdim=True)
    even = _even(grey)
    parts = [small.numpy(), _brightness(images), _edges(grey), _asymmetry(even), _spots(even)]
    return np.hstack(parts).astype(np.float32)


def _even(grey: Tensor) -> Tensor:
    """Returns images of at most 96 pixels with mean 0 and variance 1 each."""
    if grey.shape[-1] > COMPARED_SIDE:
        size = (COMPARED_SIDE, COMPARED_SIDE)
        grey = functional.interpolate(grey, size, mode="bilinear", antialias=True)
    mean, deviation = grey.mean((2, 3), keepdim=True), grey.std((2, 3), keepdim=True)
    return (grey - mean) / deviation.clamp_min(1e-3)


def _brightness(images: Tensor) -> FloatArray:
    count, channels = images.shape[:2]
    values = images.reshape(count, channels, -1)
    level = (values * LEVELS).long().clamp_max(LEVELS - 1)
    shares = torch.zeros(count, channels, LEVELS)
    shares.scatter_add_(2, level, torch.full_like(values, 1 / values.shape[2]))
    percentiles = np.percentile(values.numpy(), PERCENTILES, axis=2)
    found: FloatArray = np.hstack(
        [shares.reshape(count, -1).numpy(), np.moveaxis(percentiles, 0, 2).reshape(count, -1)]
    )
    return found


def _edges(grey: Tensor) -> FloatArray:
    plane = functional.interpolate(grey, (EDGES_SIDE, EDGES_SIDE), mode="bilinear", antialias=True)
    down, right = torch.gradient(plane[:, 0], dim=(1, 2))
    strength = torch.hypot(down, right)
    direction = torch.atan2(down, right).remainder(torch.pi) * (DIRECTIONS / torch.pi)
    lower = direction.floor()
    towards_next = direction - lower
    lower = lower.long() % DIRECTIONS
    votes = torch.zeros(len(plane), DIRECTIONS, EDGES_SIDE, EDGES_SIDE)
    votes.scatter_add_(1, lower[:, None], (strength * (1 - towards_next))[:, None])
    upper = (lower + 1) % DIRECTIONS
    votes.scatter_add_(1, upper[:, None], (strength * towards_next)[:, None])
    cells = functional.avg_pool2d(votes, CELL)
    energy = functional.avg_pool2d(cells.square().sum(1, keepdim=True), 3, 1, 1)
    found: FloatArray = (cells / (energy.sqrt() + 1e-2)).reshape(len(plane), -1).numpy()
    return found


def _asymmetry(even: Tensor) -> FloatArray:
    """Compares left and right, which disease seldom strikes alike, about the best fitting axis."""
    reach = max(1, round(OFF_CENTRE * even.shape[-1]))
    plane = blurred(even, COARSE)
    steps = range(-reach, reach + 1)
    differences = [(plane - plane.flip(-1).roll(step, -1)).abs() for step in steps]
    best = torch.stack([one.mean((1, 2, 3)) for one in differences]).argmin(0)
    difference = torch.stack(differences)[best, torch.arange(len(plane))]
    cells = functional.adaptive_avg_pool2d(difference, MIRROR_CELLS).flatten(1)
    return np.hstack([cells.numpy(), _quantiles(difference, MIRROR_QUANTILES)])


def _spots(even: Tensor) -> FloatArray:
    """Looks for what is brighter or darker than around it, as lesions and nuclei are."""
    levels = [blurred(blurred(even, radius), radius) for radius in SPOTS]
    found = []
    for finer, coarser in pairwise(levels):
        spots = finer - coarser
        for sign in (1, -1):
            found.append(functional.adaptive_max_pool2d(sign * spots, SPOT_CELLS).flatten(1))
        found.append(torch.from_numpy(_quantiles(spots, SPOT_QUANTILES)))
    return torch.cat(found, dim=1).numpy()


def _quantiles(values: Tensor, shares: Sequence[float]) -> FloatArray:
    found: FloatArray = np.quantile(values.flatten(1).numpy(), shares, axis=1).T
    return found.astype(np.float32)
