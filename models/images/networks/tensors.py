"""From files to the tensors that networks read."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from models.images.formats.picture import Picture
from models.images.formats.reading import read_picture

Progress = Callable[[float, str], None]

SMALLEST, LARGEST, LARGEST_VOLUME = 32, 224, 96


def side_for(spatial: Sequence[int], largest: int | None = None) -> int:
    """Returns the side of the square or cube that images are brought to.

    It is the images' own longer side, rounded up to a multiple of 32, between 32 and `largest`.

    Args:
        spatial: Usual sizes of the spatial axes.
        largest: Bound; None for 224 pixels, or 96 voxels of a volume.
    """
    bound = largest or (LARGEST if len(spatial) == 2 else LARGEST_VOLUME)
    return int(np.clip(32 * np.ceil(max(spatial) / 32), SMALLEST, bound))


def to_tensor(picture: Picture, side: int, channels: int) -> torch.Tensor:
    """Returns an image as a network sees it.

    It is padded with black to a square (or cube) and resampled with antialiasing, so that nothing
    is stretched.

    Args:
        picture: The image.
        side: Pixels along each spatial axis.
        channels: 1 for grey, 3 for colour.

    Returns:
        uint8, shape (channels, side, side) or (channels, side, side, side).
    """
    values = picture.shown() if channels == 3 and picture.colour else picture.grey()
    if values.ndim == len(picture.spatial):
        values = np.repeat(values[..., None], channels, axis=-1)
    tensor = torch.from_numpy(np.ascontiguousarray(np.moveaxis(values, -1, 0)))
    resampled = _resampled(_squared(tensor)[None], side)[0]
    return (resampled.clamp(0, 1) * 255).round().to(torch.uint8)


def load_tensors(
    paths: Sequence[Path],
    side: int,
    channels: int,
    progress: Progress = lambda fraction, message: None,
) -> torch.Tensor:
    """Reads images into one tensor, shape (n, channels, side, side[, side]), uint8."""
    loaded = []
    for index, path in enumerate(paths):
        progress(index / len(paths), "reading images")
        loaded.append(to_tensor(read_picture(path), side, channels))
    return torch.stack(loaded)


def standardised(batch: torch.Tensor) -> torch.Tensor:
    """Returns uint8 images as floats with mean 0 and variance 1 per image.

    It takes away what scanners and exposures differ in and leaves how the channels of a stain
    differ; an image of one value becomes zeros.
    """
    values = batch.float() / 255
    axes = tuple(range(1, values.ndim))
    mean, deviation = values.mean(axes, keepdim=True), values.std(axes, keepdim=True)
    return (values - mean) / deviation.clamp_min(1e-3)


def blurred(images: torch.Tensor, radius: float) -> torch.Tensor:
    """Returns images averaged over a square or cube around each pixel.

    Args:
        images: Shape (n, channels, side, side[, side]).
        radius: Of the square, as a share of the side.
    """
    dimensions = images.ndim - 2
    reach = max(1, round(radius * images.shape[-1]))
    pool = functional.avg_pool2d if dimensions == 2 else functional.avg_pool3d
    padded = functional.pad(images, (reach,) * (2 * dimensions), mode="replicate")
    for axis in range(dimensions):  # one after the other: the same means, far fewer additions
        width = [1] * dimensions
        width[axis] = 2 * reach + 1
        padded = pool(padded, tuple(width), 1)
    return padded


def place_in_original(values: NDArray[np.float32], spatial: Sequence[int]) -> NDArray[np.float32]:
    """Brings a map over the squared image back to the image's own pixels.

    Args:
        values: Shape (side, side[, side]).
        spatial: Sizes of the image's axes.
    """
    longest = max(spatial)
    tensor = torch.from_numpy(np.ascontiguousarray(values, np.float32))[None, None]
    mode = "bilinear" if len(spatial) == 2 else "trilinear"
    grown = functional.interpolate(
        tensor, size=(longest,) * len(spatial), mode=mode, align_corners=False
    )
    before = [(longest - size) // 2 for size in spatial]
    inner = tuple(slice(start, start + size) for start, size in zip(before, spatial, strict=True))
    found: NDArray[np.float32] = grown[0, 0].numpy()[inner]
    return found


def _squared(tensor: torch.Tensor) -> torch.Tensor:
    longest = max(tensor.shape[1:])
    padding: list[int] = []
    for size in reversed(tensor.shape[1:]):
        before = (longest - size) // 2
        padding += [before, longest - size - before]
    return functional.pad(tensor, padding)


def _resampled(tensor: torch.Tensor, side: int) -> torch.Tensor:
    if tensor.ndim == 4:
        return functional.interpolate(tensor, (side, side), mode="bilinear", antialias=True)
    # torch has no antialiased trilinear resampling
    return functional.interpolate(tensor, (side, side, side), mode="area")
