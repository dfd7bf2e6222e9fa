"""The grid that a segmenter works on, and the way there and back."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel
from torch.nn import functional

from models.images.formats.picture import Picture

MOST_PLANE = {"cpu": 384**2, "cuda": 1024**2}
MOST_VOLUME = {"cpu": 96**3, "cuda": 160**3}
"""Grid points of the usual image; a larger one is brought to a coarser grid."""

MOST_BYTES = 4e9
"""Of all images together, two bytes for each point and channel and one for its label."""

PATCH_PLANE = {"cpu": 160, "cuda": 384}
PATCH_VOLUME = {"cpu": 64, "cuda": 96}
"""Grid points along each axis that the network sees at once."""

LEAST_PATCH, SURROUNDINGS = {2: 96, 3: 32}, 3.0
"""A patch need not see more than so many times the extent of what is outlined."""

LEVELS = 4
"""Resolutions that the network works at, where the patch has room for them."""

LEAST_AT_BOTTOM = 4
"""Grid points that an axis keeps at the coarsest level."""


class Grid(BaseModel):
    """How images are brought to the network.

    Attributes:
        dimensions: 2 or 3.
        channels: 1 for grey, 3 for colour.
        step: Pixels of a usual image from one grid point to the next, along each axis.
        spacing: Millimetres of the same, where the training images state theirs.
        patch: Grid points along each axis that the network sees at once.
        strides: By which each axis is reduced from level to level, coarsest last.
    """

    dimensions: int
    channels: int
    step: list[float]
    spacing: list[float] | None
    patch: list[int]
    strides: list[list[int]]

    @classmethod
    def plan(
        cls,
        spatial: Sequence[int],
        spacing: Sequence[float] | None,
        *,
        colour: bool,
        device: str,
        cases: int = 1,
    ) -> "Grid":
        """Makes the grid for images of a usual size.

        The finest axes are made coarser first, until the usual image has no more than MOST_PLANE or
        MOST_VOLUME grid points: what remains is the more even, the coarser it is.

        Args:
            spatial: Usual sizes of the spatial axes.
            spacing: Usual millimetres between pixels, where known.
            colour: Some images are in colour.
            device: `cpu` or `cuda`.
            cases: How many images are held in memory.
        """
        dimensions = len(spatial)
        most: float = (MOST_PLANE if dimensions == 2 else MOST_VOLUME)[device]
        most = min(most, MOST_BYTES / cases / (7 if colour else 3))
        finest = np.array(spacing if spacing is not None else [1.0] * dimensions)
        extent = finest * spatial
        coarse = finest.copy()
        while np.prod(extent / coarse) > most:
            coarse = np.maximum(coarse, coarse.min() * 1.02)
        sizes = np.maximum(1, np.rint(extent / coarse)).astype(int)
        longest = (PATCH_PLANE if dimensions == 2 else PATCH_VOLUME)[device]
        strides = _strides(np.minimum(sizes, longest), coarse)
        multiple = np.prod(strides, axis=0, dtype=int) if strides else np.ones(dimensions, int)
        patch = [
            int(min(-(-size // m) * m, max(longest // m, 1) * m))
            for size, m in zip(sizes, multiple, strict=True)
        ]
        return cls(
            dimensions=dimensions,
            channels=3 if colour else 1,
            step=(coarse / finest).tolist(),
            spacing=coarse.tolist() if spacing is not None else None,
            patch=patch,
            strides=strides,
        )

    def narrowed(self, extents: Sequence[float]) -> "Grid":
        """Returns the grid with a patch that sees what is outlined and its surroundings.

        Smaller patches are cheaper, so that more of them are seen in the same time, and less of
        each is background.

        Args:
            extents: Grid points of the usual thing that is outlined, along each axis.
        """
        multiple = np.prod(self.strides, axis=0, dtype=int) if self.strides else 1
        wanted = np.maximum(SURROUNDINGS * np.array(extents), LEAST_PATCH[self.dimensions])
        rounded = (np.ceil(wanted / multiple) * multiple).astype(int)
        return self.model_copy(update={"patch": np.minimum(self.patch, rounded).tolist()})

    def size_for(self, picture: Picture) -> tuple[int, ...]:
        """Returns the grid points of an image along each axis."""
        if self.spacing is not None and picture.spacing is not None:
            steps = np.array(self.spacing) / picture.spacing
        else:
            steps = np.array(self.step)
        return tuple(np.maximum(1, np.rint(picture.spatial / steps)).astype(int).tolist())

    def values(self, picture: Picture) -> torch.Tensor:
        """Returns an image on the grid, from 0 (black) to 1 (white).

        Returns:
            float32, shape (channels, *size_for(picture)).
        """
        values = picture.shown() if self.channels == 3 and picture.colour else picture.grey()
        if values.ndim == self.dimensions:
            values = np.repeat(values[..., None], self.channels, axis=-1)
        tensor = torch.from_numpy(np.ascontiguousarray(np.moveaxis(values, -1, 0)))
        return _smooth(tensor, self.size_for(picture))

    def labels(self, labels: NDArray[np.uint8], size: Sequence[int]) -> torch.Tensor:
        """Returns labels on the grid, uint8, by the nearest pixel of each grid point."""
        tensor = torch.from_numpy(np.ascontiguousarray(labels))[None, None].float()
        nearest = functional.interpolate(tensor, tuple(size), mode="nearest-exact")
        return nearest[0, 0].to(torch.uint8)


def standardised(values: torch.Tensor) -> torch.Tensor:
    """Returns an image with mean 0 and variance 1 per channel: what scanners differ in is gone."""
    axes = tuple(range(1, values.ndim))
    deviation = values.std(axes, keepdim=True).clamp_min(1e-3)
    standard: torch.Tensor = (values - values.mean(axes, keepdim=True)) / deviation
    return standard


def back(probability: torch.Tensor, spatial: Sequence[int]) -> torch.Tensor:
    """Brings values on the grid to an image's own pixels, linearly.

    Args:
        probability: Shape (labels, *grid).
        spatial: Sizes of the image's axes.

    Returns:
        Shape (labels, *spatial).
    """
    if tuple(probability.shape[1:]) == tuple(spatial):
        return probability
    mode = "bilinear" if len(spatial) == 2 else "trilinear"
    return functional.interpolate(probability[None], tuple(spatial), mode=mode)[0]


def _smooth(tensor: torch.Tensor, size: tuple[int, ...]) -> torch.Tensor:
    """Resamples, averaging where the grid is coarser, so that fine patterns leave no moiré."""
    if tuple(tensor.shape[1:]) == size:
        return tensor
    if tensor.ndim == 3:
        return functional.interpolate(tensor[None], size, mode="bilinear", antialias=True)[0]
    # torch has no antialiased trilinear resampling: average down first, then go up linearly
    lower = [min(old, new) for old, new in zip(tensor.shape[1:], size, strict=True)]
    averaged = functional.interpolate(tensor[None], lower, mode="area")
    return functional.interpolate(averaged, size, mode="trilinear")[0]


def _strides(sizes: NDArray[np.intp], spacing: NDArray[np.float64]) -> list[list[int]]:
    """Halves, from level to level, the axes that have room and are not the coarse ones yet."""
    strides: list[list[int]] = []
    points, apart = sizes.astype(float), spacing.copy()
    for _ in range(LEVELS - 1):
        halved = (points >= 2 * LEAST_AT_BOTTOM) & (apart <= 2 * apart.min())
        if not halved.any():
            break
        strides.append(np.where(halved, 2, 1).tolist())
        points, apart = np.where(halved, points / 2, points), np.where(halved, apart * 2, apart)
    return strides
