"""Trivial generators, beside which the trained one is judged."""

import numpy as np
import torch
from numpy.typing import NDArray

COMPONENTS = 64
MOST_IMAGES = 1000
"""Of a class; its components need no more."""

FloatArray = NDArray[np.float64]


class PixelGaussian:
    """A Gaussian over the pixels of each class: principal components, drawn independently.

    Args:
        images: uint8, shape (n, channels, side, side).
        classes: Class of each, shape (n,), from 0.
    """

    def __init__(self, images: torch.Tensor, classes: NDArray[np.intp]) -> None:
        self._shape = tuple(images.shape[1:])
        flat = images.flatten(1).double().numpy()
        self._parts = [_components(flat[classes == k]) for k in range(int(classes.max()) + 1)]

    def sample(self, classes: NDArray[np.intp], seed: int) -> torch.Tensor:
        """Draws an image of each class given; uint8, shape (n, channels, side, side)."""
        rng = np.random.default_rng(seed)
        drawn = [self._draw(rng, int(k)) for k in classes]
        return _pixels(np.stack(drawn), self._shape)

    def _draw(self, rng: np.random.Generator, k: int) -> FloatArray:
        mean, directions = self._parts[k]
        drawn: FloatArray = mean + rng.normal(size=len(directions)) @ directions
        return drawn


def noisy_means(
    images: torch.Tensor, classes: NDArray[np.intp], wanted: NDArray[np.intp], seed: int
) -> torch.Tensor:
    """Returns the mean image of each class with the noise of its pixels, each pixel by itself.

    Args:
        images: Training images, uint8, shape (n, channels, side, side).
        classes: Class of each, shape (n,).
        wanted: Class of each image to make, shape (m,).
        seed: Decides the noise.
    """
    rng = np.random.default_rng(seed)
    flat = images.flatten(1).double().numpy()
    made = []
    for k in wanted:
        members = flat[classes == k]
        made.append(rng.normal(members.mean(axis=0), members.std(axis=0)))
    return _pixels(np.stack(made), tuple(images.shape[1:]))


def _components(flat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Returns the mean and the directions, each as long as its standard deviation."""
    mean = flat.mean(axis=0)
    if len(flat) < 2:
        return mean, np.zeros((0, flat.shape[1]))
    flat = flat[:: -(-len(flat) // MOST_IMAGES)]
    _, lengths, directions = np.linalg.svd(flat - mean, full_matrices=False)
    kept = lengths[:COMPONENTS] / np.sqrt(len(flat) - 1)
    return mean, kept[:, None] * directions[:COMPONENTS]


def _pixels(values: FloatArray, shape: tuple[int, ...]) -> torch.Tensor:
    rounded = np.clip(values, 0, 255).round().astype(np.uint8)
    return torch.from_numpy(rounded).reshape(-1, *shape)
