"""What can be measured of an image without learning: thumbnail, brightness, directions of edges.

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
AT_ONCE = 256


def simple_features(images: Tensor) -> FloatArray:
    """Measures images.

    Per channel a thumbnail of 12 × 12 pixels, a histogram of 32 levels and five percentiles; a
    histogram of oriented gradients of the grey image (Dalal & Triggs 2005, doi
    10.1109/CVPR.2005.177), 8 × 8 cells of nine directions. Of volumes the three middle planes.

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
    return np.hstack([small.numpy(), _brightness(images), _edges(grey)]).astype(np.float32)


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
