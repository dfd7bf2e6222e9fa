"""What can be measured of an image without learning: thumbnail, brightness, edges, symmetry.

Classical models on these stand beside every network, and images that they have never seen the
like of are told by them.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

FloatArray = NDArray[np.float32]
THUMBNAIL = 12
LEVELS = 32
PERCENTILES = (5, 25, 50, 75, 95)
EDGES_SIDE = 64
CELL = 8
DIRECTIONS = 9
COARSE = 0.07
"""Side of the square that is averaged before left and right are compared, as a share of the side.
"""

OFF_CENTRE = 0.08
"""How far the middle of the body may lie from that of the image, as a share of the side."""

MIRROR_CELLS = 8
MIRROR_QUANTILES = (0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
AT_ONCE = 256


def simple_features(images: Tensor) -> FloatArray:
    """Measures images.

    Per channel a thumbnail of 12 × 12 pixels, a histogram of 32 levels and five percentiles; a
    histogram of oriented gradients of the grey image (Dalal & Triggs 2005, doi
    10.1109/CVPR.2005.177), 8 × 8 cells of nine directions; by how much it differs from its mirror
    image, in 8 × 8 cells and as quantiles. Of volumes the three middle planes.

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
    parts = [small.numpy(), _brightness(images), _edges(grey), _asymmetry(grey)]
    return np.hstack(parts).astype(np.float32)


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


def _asymmetry(grey: Tensor) -> FloatArray:
    """Compares left and right, which disease seldom strikes alike, about the axis that fits best."""
    side = grey.shape[-1]
    width, reach = 2 * round(COARSE * side / 2) + 1, max(1, round(OFF_CENTRE * side))
    mean, deviation = grey.mean((2, 3), keepdim=True), grey.std((2, 3), keepdim=True)
    plane = (grey - mean) / deviation.clamp_min(1e-3)
    plane = functional.avg_pool2d(plane, width, 1, width // 2, count_include_pad=False)
    steps = range(-reach, reach + 1)
    differences = [(plane - plane.flip(-1).roll(step, -1)).abs() for step in steps]
    best = torch.stack([one.mean((1, 2, 3)) for one in differences]).argmin(0)
    difference = torch.stack(differences)[best, torch.arange(len(plane))]
    cells = functional.adaptive_avg_pool2d(difference, MIRROR_CELLS).flatten(1)
    shares = torch.tensor(MIRROR_QUANTILES)
    quantiles = torch.quantile(difference.flatten(1), shares, dim=1).T
    return np.hstack([cells.numpy(), quantiles.numpy()])
