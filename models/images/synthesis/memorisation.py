"""Whether made-up images are copies of the images that a generator was trained on."""

import itertools
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from models.images.intake.likeness import SIDE, thumbnail

FloatArray = NDArray[np.float64]
Thumbnails = NDArray[np.float32]
BLOCK = 2000
POOLED = 2
"""Thumbnails are averaged over so many points along each axis: a copy with new grain is a copy."""

SAME = 0.98
"""Correlation of these from which two images count as one."""

MOVES = (-0.06, -0.03, 0.0, 0.03, 0.06)
"""Shares of the side by which images are moved: a generator learns moved ones too."""

LUMA = (0.299, 0.587, 0.114)
"""ITU-R BT.601."""

NEAREST_SHARES = (0.01, 0.05)
"""Shares of the held-out images whose distances are the yardstick."""


@dataclass(frozen=True)
class Nearness:
    """How near images lie to the training images.

    Attributes:
        nearest: Position of the training image most like each, shape (n,).
        distance: Distance to it, shape (n,): of thumbnails with mean 0 and length 1, those of the
            image mirrored or moved a little counting too. 0 is the same image, 1.41 one that has
            nothing in common with it.
    """

    nearest: NDArray[np.intp]
    distance: FloatArray


@dataclass(frozen=True)
class Memory:
    """What a generator may have memorised, and how near new real images come to it.

    Attributes:
        training: Thumbnails of the training images, shape (n, 256).
        usual: Distances of held-out images to their nearest training image, sorted.
    """

    training: Thumbnails
    usual: FloatArray

    @classmethod
    def of(cls, training: torch.Tensor, held_out: torch.Tensor) -> "Memory":
        """Measures held-out images against training images, both uint8 (n, c, side, side)."""
        known = thumbnails(training)
        return cls(known, np.sort(nearness(held_out, known).distance))

    @property
    def copy_distance(self) -> float:
        """The distance from which an image counts as a copy.

        It is never more than the distance below which only a hundredth of the held-out images lie:
        where all images are alike, an image like a training image need not be a copy.
        """
        same = float(np.sqrt(2 - 2 * SAME))
        return min(same, float(np.quantile(self.usual, NEAREST_SHARES[0])))

    def near(self, images: torch.Tensor) -> Nearness:
        """Measures new images, uint8 (n, c, side, side), against the training images."""
        return nearness(images, self.training)

    def copies(self, found: Nearness) -> NDArray[np.bool_]:
        """Tells which images are copies of a training image, shape (n,)."""
        return found.distance < self.copy_distance

    def limits(self) -> dict[str, float]:
        """Returns the distances below which the nearest 1% and 5% of held-out images lie.

        Of real new images, these shares lie below them; of copies, more.
        """
        return {
            f"nearer_than_{100 * share:.0f}_percent": float(np.quantile(self.usual, share))
            for share in NEAREST_SHARES
        }


def thumbnails(images: torch.Tensor) -> Thumbnails:
    """Returns a small thumbnail of each image with mean 0 and length 1, shape (n, 256).

    Args:
        images: uint8, shape (n, channels, side, side).
    """
    values = images.float() / 255
    if values.shape[1] == 3:
        values = (values * torch.tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
    found = np.stack([thumbnail(grey) for grey in values[:, 0].numpy()])
    small = SIDE // POOLED
    pooled = found.reshape(-1, small, POOLED, small, POOLED).mean((2, 4)).reshape(len(found), -1)
    unit: Thumbnails = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)
    return unit


def nearness(images: torch.Tensor, known: Thumbnails) -> Nearness:
    """Finds the known thumbnail nearest to each image, however it is mirrored or moved a little.

    Args:
        images: uint8, shape (n, channels, side, side).
        known: Shape (m, 256).
    """
    nearest, likeness = np.zeros(len(images), np.intp), np.full(len(images), -np.inf)
    for down, across in itertools.product(MOVES, MOVES):
        new = thumbnails(_moved(images, down, across))
        side = int(np.sqrt(new.shape[1]))
        mirrored = new.reshape(-1, side, side)[:, :, ::-1].reshape(new.shape)
        for start in range(0, len(known), BLOCK):
            some = known[start : start + BLOCK]
            alike = np.maximum(new @ some.T, mirrored @ some.T)
            best = alike.argmax(axis=1)
            value = alike[np.arange(len(new)), best]
            nearest = np.where(value > likeness, best + start, nearest)
            likeness = np.maximum(value, likeness)
    return Nearness(nearest, np.sqrt(np.maximum(0.0, 2 - 2 * likeness.astype(float))))


def _moved(images: torch.Tensor, down: float, across: float) -> torch.Tensor:
    """Moves images by shares of their side, repeating their border."""
    side = images.shape[-1]
    most = max(1, round(max(MOVES) * side))
    padded = functional.pad(images.float(), (most,) * 4, mode="replicate")
    top, left = most + round(down * side), most + round(across * side)
    return padded[..., top : top + side, left : left + side].to(torch.uint8)
