"""Random changes of images that leave what they show: a batch at a time, on the device it is on.

Turns, shifts, zooms, slants and slight bends, mirrored sides, exposure, contrast and noise are what
differs between takes of one patient. Nothing is cut out where classes are learnt: that could remove
or make a lesion.
"""

import torch
from torch.nn import functional

TURN = 0.35
"""Radians (20°), at most."""

SHIFT = 0.1
ZOOM = 0.2
SLANT = 0.1
"""Shear, and by how much one axis is stretched more than another."""

BEND, BENDS = 0.05, 5
"""Standard deviation of the displacement at each of 5 points along each axis (the side is 2)."""

EXPOSURE = 0.4
"""Logarithm of the exponent that brightness is raised to (gamma), at most."""

CONTRAST = 0.25
BRIGHTNESS = 0.25
NOISE = 0.08
CHANGED = 0.67
"""Share of the images that are changed: when each is shown only a few times, the network must also
see them as they are."""

CUT = 0.4
"""Share of the side that a view leaves out, at most."""


def augmented(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Returns images of which two in three are changed at random, each in its own way.

    Args:
        images: Standardised, shape (n, channels, side, side[, side]).
        generator: Decides the changes; of the CPU.
    """
    moved = _moved(images, _maps(images, generator), generator)
    changed = (torch.rand(len(images), generator=generator) < CHANGED).to(images.device)
    mask = changed.view(-1, *[1] * (images.ndim - 1))
    return torch.where(mask, _retaken(moved, generator), images)


def view(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Returns a part of each image, 0.6 to 1 of its side, changed at random.

    What two views of an image share is what is learnt where no classes are known.

    Args:
        images: Standardised, shape (n, channels, side, side[, side]).
        generator: Decides the changes; of the CPU.
    """
    maps = _maps(images, generator)
    kept = 1 - CUT * torch.rand((len(images), 1, 1), generator=generator).to(images)
    aside = _even((len(images), images.ndim - 2, 1), generator).to(images)
    maps = torch.cat([kept * maps[..., :-1], maps[..., -1:] + (1 - kept) * aside], dim=2)
    return _retaken(_moved(images, maps, generator), generator)


def mirrored(images: torch.Tensor) -> torch.Tensor:
    """Returns images with left and right exchanged."""
    return images.flip(-1)


def _moved(images: torch.Tensor, maps: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Resamples each image by its map, slightly bent."""
    grid = functional.affine_grid(maps, list(images.shape), align_corners=False)
    grid = grid + _bends(images, generator)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def _retaken(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Changes exposure, contrast, brightness and noise."""
    each = (len(images), *[1] * (images.ndim - 1))
    axes = tuple(range(1, images.ndim))
    low, high = images.amin(axes, keepdim=True), images.amax(axes, keepdim=True)
    span = (high - low).clamp_min(1e-6)
    exponent = torch.exp(EXPOSURE * _even(each, generator)).to(images)
    exposed = ((images - low) / span).clamp(0, 1) ** exponent * span + low
    contrast = 1 + CONTRAST * _even(each, generator).to(images)
    brightness = BRIGHTNESS * _even(each, generator).to(images)
    strength = (NOISE * torch.rand(each, generator=generator)).to(images)
    return exposed * contrast + brightness + strength * _noise(images, generator)


def _noise(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    if images.device.type == "cpu":
        return torch.randn(images.shape, generator=generator)
    # Drawn where it is needed: a batch of noise would take longer to copy than to train on.
    seed = int(torch.randint(2**31, (1,), generator=generator))
    there = torch.Generator(images.device).manual_seed(seed)
    return torch.randn(images.shape, generator=there, device=images.device)


def _maps(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Returns one affine map per image, shape (n, d, d + 1)."""
    count, dimensions = len(images), images.ndim - 2
    turns = torch.eye(dimensions).repeat(count, 1, 1)
    angle = TURN * _even((count,), generator)
    turns[:, 0, 0], turns[:, 0, 1] = angle.cos(), -angle.sin()
    turns[:, 1, 0], turns[:, 1, 1] = angle.sin(), angle.cos()
    slants = torch.eye(dimensions) + SLANT * _even((count, dimensions, dimensions), generator)
    maps = turns @ slants * (1 + ZOOM * _even((count, 1, 1), generator))
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    maps[:, :, 0] *= mirror[:, None]
    shifts = 2 * SHIFT * _even((count, dimensions, 1), generator)
    return torch.cat([maps, shifts], dim=2).to(images)


def _bends(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Returns smooth displacements, shape (n, side, side[, side], d)."""
    dimensions = images.ndim - 2
    points = torch.randn((len(images), dimensions, *[BENDS] * dimensions), generator=generator)
    mode = "bilinear" if dimensions == 2 else "trilinear"
    smooth = functional.interpolate(
        points.to(images), images.shape[2:], mode=mode, align_corners=True
    )
    return BEND * smooth.movedim(1, -1)


def _even(shape: tuple[int, ...], generator: torch.Generator) -> torch.Tensor:
    """Draws evenly from -1 to 1."""
    return 2 * torch.rand(shape, generator=generator) - 1
