"""Outlining a whole image with a network that sees a patch of it at once."""

from collections.abc import Sequence

import torch
from torch import nn

from models.fitting.hardware import has_fast_bfloat16
from models.images.segmentation.learning.grid import Grid
from models.images.segmentation.learning.networks import scores

OVERLAP = 0.25
WINDOWS = 4
"""Patches that the network sees in one step."""


@torch.inference_mode()
def probabilities(
    network: nn.Module, image: torch.Tensor, grid: Grid, device: torch.device
) -> torch.Tensor:
    """Returns the probability of each label at each grid point, by a sliding window.

    Args:
        network: Trained, on `device`, in eval mode.
        image: Standardised, shape (channels, *size).
        grid: Its patch is the window.
        device: Where to compute.

    Returns:
        float32 on the CPU, shape (labels + 1, *size).
    """
    from monai.inferers import sliding_window_inference

    with torch.autocast(device.type, torch.bfloat16, enabled=has_fast_bfloat16()):
        found: torch.Tensor = sliding_window_inference(
            image[None].to(device), grid.patch, WINDOWS, lambda seen: scores(network, seen),
            OVERLAP, mode="gaussian",
        )  # fmt: skip
    return found[0].float().softmax(0).cpu()


def views(
    network: nn.Module,
    image: torch.Tensor,
    grid: Grid,
    device: torch.device,
    mirrors: Sequence[int],
) -> torch.Tensor:
    """Returns the probabilities from the image and its mirror images, mirrored back.

    Args:
        network, image, grid, device: As for `probabilities`.
        mirrors: Spatial axes along which to mirror, one at a time.

    Returns:
        Shape (1 + len(mirrors), labels + 1, *size).
    """
    found = [probabilities(network, image, grid, device)]
    for axis in mirrors:
        place = 1 + axis
        seen = probabilities(network, image.flip(place), grid, device)
        found.append(seen.flip(place))
    return torch.stack(found)
