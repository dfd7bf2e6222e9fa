"""Where in an image the networks find their reasons.

Integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365) from a blurred copy, in which the
details are hidden, to the image itself: what each pixel adds to the score on the way. Class
activation maps were measured, too: those of the last layers are too coarse for small lesions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor, nn

from models.images.formats.picture import Picture
from models.images.networks.tensors import blurred, place_in_original, standardised

STEPS = 16
STEPS_OF_VOLUMES = 8
HIDDEN = 0.25
"""Radius of the blur that hides what is looked for, as a share of the side."""

SMOOTHED = 0.03
"""Radius within which pixels share their heat, as a share of the side."""

FAINT = 0.2
"""Share of the strongest heat below which there is none."""

HOT = 0.5
"""Share of the strongest heat from which a pixel counts as hot."""


@dataclass(frozen=True)
class Heat:
    """What speaks for a class, pixel by pixel.

    Attributes:
        values: 0 or more, shape of the image; 0 everywhere where nothing speaks for the class.
        centre: Centre of the hot spot with most heat, in pixels along each axis; None without heat.
        spacing: Millimetres from pixel to pixel along each axis, where known.
        hot_share: Share of the image that is hot (0-1).
        explained: The class's probability by the networks alone, and with the hot part blurred.
    """

    values: NDArray[np.float32]
    centre: tuple[float, ...] | None
    spacing: tuple[float, ...] | None
    hot_share: float
    explained: tuple[float, float]

    @property
    def where(self) -> str:
        """The centre in words, as the image is looked at: upper left, centre."""
        if self.centre is None:
            return "nowhere"
        rows, columns = self.centre[-2:]
        height, width = self.values.shape[-2:]
        down = ("upper", "", "lower")[min(2, int(3 * rows / height))]
        along = ("left", "", "right")[min(2, int(3 * columns / width))]
        return f"{down} {along}".strip() or "centre"

    def said(self, label: str) -> list[str]:
        """Returns sentences about it."""
        if self.centre is None:
            return [f"No part of the image speaks for {label} more than its blurred copy does."]
        at = ", ".join(f"{value:.0f}" for value in self.centre)
        axes = "plane, row, column" if len(self.centre) == 3 else "row, column"
        distance = ""
        if self.spacing:
            pairs = zip(self.centre, self.spacing, strict=True)
            distance = f" ({', '.join(f'{c * s:.0f}' for c, s in pairs)} mm from the first pixel)"
        before, after = self.explained
        return [
            f"What speaks for {label} is centred at {axes} {at}{distance}, {self.where}; the hot "
            f"part is {self.hot_share:.1%} of the image. With it blurred, the networks' "
            f"probability of {label} goes from {before:.0%} to {after:.0%}."
        ]

    def data(self) -> dict[str, Any]:
        """Returns it as JSON, without the pixels."""
        spaced = None
        if self.centre and self.spacing:
            spaced = [c * s for c, s in zip(self.centre, self.spacing, strict=True)]
        return {
            "where": self.where,
            "centre": None if self.centre is None else list(self.centre),
            "centre_mm": spaced,
            "hot_share": self.hot_share,
            "probability_of_networks": self.explained[0],
            "probability_without_hot_part": self.explained[1],
        }


def heat_of(networks: Sequence[nn.Module], images: Tensor, label: int, picture: Picture) -> Heat:
    """Returns where the reasons for a class lie, the mean over networks.

    Args:
        networks: Trained, on the CPU or a GPU.
        images: The image as networks see it, uint8, shape (1, channels, side, side[, side]).
        label: Position of the class.
        picture: The image as it was read.
    """
    maps = torch.stack([heat_map(network, images, label) for network in networks]).mean(0)
    values = place_in_original(maps.numpy(), picture.spatial)
    values = np.where(values >= FAINT * values.max(), values, 0).astype(np.float32)
    hot = maps >= HOT * maps.max() if maps.max() > 0 else torch.zeros_like(maps, dtype=torch.bool)
    hot_share = float((values >= HOT * values.max()).mean()) if values.max() > 0 else 0.0
    centre = _focus(values) if values.max() > 0 else None
    explained = _with_and_without(networks, images, label, hot)
    return Heat(values, centre, picture.spacing, hot_share, explained)


def _focus(values: NDArray[np.float32]) -> tuple[float, ...]:
    """Returns the centre of the hot spot with most heat, in pixels along each axis."""
    spots, count = ndimage.label(values >= HOT * values.max())
    numbers = np.arange(1, count + 1)
    strongest = numbers[np.argmax(ndimage.sum_labels(values, spots, numbers))]
    found = ndimage.center_of_mass(values, spots, strongest)
    return tuple(map(float, found))


def heat_map(network: nn.Module, images: Tensor, label: int) -> Tensor:
    """Returns what each pixel adds to the score of a class; 0 where it takes away.

    Args:
        network: From standardised images to scores.
        images: uint8, shape (1, channels, side, side[, side]).
        label: Position of the class.

    Returns:
        Shape (side, side[, side]).
    """
    where = next(network.parameters()).device
    network.eval()
    image = standardised(images.to(where))
    hidden = blurred(image, HIDDEN)
    steps = STEPS if images.ndim == 4 else STEPS_OF_VOLUMES
    total = torch.zeros_like(image)
    for step in range(steps):
        between = hidden + (step + 0.5) / steps * (image - hidden)
        between.requires_grad_(True)
        total += torch.autograd.grad(_margin(network(between), label), between)[0]
    added = (total / steps * (image - hidden)).sum(1, keepdim=True)
    return blurred(added, SMOOTHED)[0, 0].clamp_min(0).cpu()


def _margin(scores: Tensor, label: int) -> Tensor:
    """Returns the log odds of a class."""
    others = torch.cat([scores[:, :label], scores[:, label + 1 :]], dim=1)
    return (scores[:, label] - others.logsumexp(1)).sum()


@torch.no_grad()
def _with_and_without(
    networks: Sequence[nn.Module], images: Tensor, label: int, hot: Tensor
) -> tuple[float, float]:
    found = []
    for network in networks:
        where = next(network.parameters()).device
        image = standardised(images.to(where))
        without = torch.where(hot.to(where), blurred(image, HIDDEN), image)
        found.append(network(torch.cat([image, without])).softmax(1)[:, label].cpu())
    before, after = torch.stack(found).mean(0).tolist()
    return before, after
