"""Patches for training: where something is to be outlined, turned and changed at random.

Cutting and turning is one resampling of the whole image, alike for image and labels; so no corner
of a turned patch is empty where the image goes on.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch.nn import functional

from models.images.segmentation.learning.grid import Grid

ON_FOREGROUND = 0.67
"""Share of patches that are centred on a label, each label as often as the others."""

TURN = 0.26
"""Radians (15°), at most, in each plane."""

ZOOM = 0.15
CONTRAST, BRIGHTNESS, NOISE = 0.25, 0.25, 0.1
KEPT_POINTS = 5_000
SIDED = 0.9
FEWEST_SIDED = 5

Draw = np.random.Generator


@dataclass(frozen=True)
class Sample:
    """One case on the grid.

    Attributes:
        image: Standardised, float16, shape (channels, *size).
        labels: uint8, shape `size`.
        points: Some points of each label that occurs, by its number, each shape (n, dimensions).
    """

    image: torch.Tensor
    labels: torch.Tensor
    points: dict[int, NDArray[np.intp]] = field(repr=False)

    @classmethod
    def of(cls, image: torch.Tensor, labels: torch.Tensor, count: int) -> "Sample":
        """Makes a sample, noting where each of `count` labels lies."""
        numbered = labels.numpy()
        places = {label: np.argwhere(numbered == label) for label in range(1, count + 1)}
        thinned = {
            label: some[:: -(-len(some) // KEPT_POINTS)]
            for label, some in places.items()
            if len(some)
        }
        return cls(image.half(), labels, thinned)


@dataclass(frozen=True)
class Sampler:
    """Draws patches from samples.

    Attributes:
        grid: Decides the patch's size and the proportions of its axes.
        mirrors: Axes that may be mirrored.
    """

    grid: Grid
    mirrors: Sequence[int]

    def batch(
        self, samples: Sequence[Sample], draw: Draw, device: torch.device
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Returns a patch of each sample, changed at random.

        Returns:
            Images, shape (n, channels, *patch), and labels, uint8, shape (n, 1, *patch).
        """
        pairs = [self._patch(sample, draw, device) for sample in samples]
        images, labels = (torch.cat(some) for some in zip(*pairs, strict=True))
        each = (len(samples), images.shape[1], *[1] * self.grid.dimensions)
        contrast, brightness = (
            torch.from_numpy(draw.uniform(-most, most, each).astype(np.float32)).to(device)
            for most in (CONTRAST, BRIGHTNESS)
        )
        noise = draw.standard_normal(images.shape, np.float32)
        strength = draw.uniform(0, NOISE, (len(samples), *each[2:], 1)).astype(np.float32)
        changed = images * (1 + contrast) + brightness
        return changed + torch.from_numpy(noise * strength).to(device), labels

    def _patch(
        self, sample: Sample, draw: Draw, device: torch.device
    ) -> tuple[torch.Tensor, torch.Tensor]:
        size, patch = np.array(sample.labels.shape), np.array(self.grid.patch)
        centre = self._centre(sample, size, patch, draw)
        turned = self._turn(draw)
        # From a point of the patch in -1..1 to one of the image in -1..1, axes first to last.
        matrix = turned * patch[None, :] / size[:, None]
        shift = (2 * centre + 1) / size - 1
        theta = np.concatenate([matrix[::-1, ::-1], shift[::-1, None]], axis=1)  # x comes first
        map_ = torch.from_numpy(np.ascontiguousarray(theta, np.float32))[None]
        points = functional.affine_grid(map_, [1, 1, *patch.tolist()], align_corners=False)
        points = points.to(device)
        image = functional.grid_sample(
            sample.image.to(device).float()[None], points, align_corners=False
        )
        labels = functional.grid_sample(
            sample.labels.to(device)[None, None].float(), points, "nearest", align_corners=False
        )
        return image, labels.to(torch.uint8)

    def _centre(
        self, sample: Sample, size: NDArray[np.intp], patch: NDArray[np.intp], draw: Draw
    ) -> NDArray[np.float64]:
        """Returns the patch's centre; an axis that fits in the patch is shifted a little only."""
        middle, room = (size - 1) / 2, size - patch
        if sample.points and draw.random() < ON_FOREGROUND:
            places = list(sample.points.values())[draw.integers(len(sample.points))]
            wanted = places[draw.integers(len(places))].astype(float)
        else:
            wanted = draw.uniform(0, size - 1)
        inside = np.clip(wanted, middle - np.maximum(room, 0) / 2, middle + np.maximum(room, 0) / 2)
        jitter = draw.uniform(-0.1, 0.1, len(size)) * patch
        centre: NDArray[np.float64] = np.where(room > 0, inside, middle) + jitter
        return centre

    def _turn(self, draw: Draw) -> NDArray[np.float64]:
        """Returns a turn, zoom and mirroring of offsets in grid points, made in millimetres."""
        dimensions = self.grid.dimensions
        turned = np.eye(dimensions)
        for first, second in itertools.combinations(range(dimensions), 2):
            angle = draw.uniform(-TURN, TURN)
            plane = np.eye(dimensions)
            plane[[first, second], [first, second]] = np.cos(angle)
            plane[first, second], plane[second, first] = -np.sin(angle), np.sin(angle)
            turned = turned @ plane
        flips = [-1 if axis in self.mirrors and draw.random() < 0.5 else 1
                 for axis in range(dimensions)]  # fmt: skip
        apart = np.array(self.grid.spacing or self.grid.step)
        zoom = 1 + draw.uniform(-ZOOM, ZOOM)
        matrix: NDArray[np.float64] = turned * np.array(flips) * zoom * apart[None] / apart[:, None]
        return matrix


def usual_extents(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """Returns the grid points of the usual outlined thing along each axis.

    It is the median over the cases of the largest part that hangs together, for the label where
    that is largest.
    """
    found: dict[int, list[list[int]]] = {}
    for sample in samples:
        for label in sample.points:
            parts, _ = ndimage.label((sample.labels == label).numpy())
            largest = int(np.bincount(parts.ravel())[1:].argmax())
            place = ndimage.find_objects(parts)[largest]
            found.setdefault(label, []).append([axis.stop - axis.start for axis in place])
    usual: NDArray[np.float64] = np.max(
        [np.median(some, axis=0) for some in found.values()], axis=0
    )
    return usual


def mirrored_axes(samples: Sequence[Sample], dimensions: int) -> list[int]:
    """Returns the axes that may be mirrored: not those on which labels have fixed sides.

    Where one label lies on the same side of another in nearly all cases (left and right lung), a
    mirror image would teach the wrong name.
    """
    free = []
    for axis in range(dimensions):
        signs: dict[tuple[int, int], list[float]] = {}
        for sample in samples:
            means = {label: places[:, axis].mean() for label, places in sample.points.items()}
            for first, second in itertools.combinations(means, 2):
                signs.setdefault((first, second), []).append(np.sign(means[first] - means[second]))
        sided = [
            len(some) >= FEWEST_SIDED and abs(np.mean(some)) >= SIDED for some in signs.values()
        ]
        if not any(sided):
            free.append(axis)
    return free
