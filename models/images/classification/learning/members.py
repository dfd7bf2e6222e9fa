"""The networks of a model: what they make of images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.fitting.hardware import device
from models.images.classification.learning.fitting import layout_of
from models.images.networks.architectures import scores_and_features
from models.images.networks.augmentation import mirrored
from models.images.networks.tensors import standardised

FloatArray = NDArray[np.float64]
AT_ONCE = 64


@dataclass(frozen=True)
class Seen:
    """What one network makes of n images.

    Attributes:
        views: Probabilities of each class from the image and its mirror image (test-time
            augmentation), shape (views, n, k).
        features: What the last layer makes the scores from, of the image, shape (n, d).
    """

    views: FloatArray
    features: NDArray[np.float32]


@torch.no_grad()
def look(network: nn.Module, images: Tensor) -> Seen:
    """Shows images to a network.

    Args:
        network: Trained.
        images: uint8, shape (n, channels, side, side[, side]).
    """
    where, layout = device(), layout_of(images.ndim - 2)
    network.to(where, memory_format=layout).eval()  # type: ignore[call-overload]
    views, features = [], []
    for part in torch.split(images, AT_ONCE):
        batch = standardised(part.to(where)).contiguous(memory_format=layout)
        scores, entered = scores_and_features(network, batch)
        both = torch.stack([scores, network(mirrored(batch))])
        views.append(both.double().softmax(2).cpu())
        features.append(entered.float().cpu())
    return Seen(torch.cat(views, dim=1).numpy(), torch.cat(features).numpy())


def log_mean(seen: Sequence[Seen]) -> FloatArray:
    """Returns the logarithm of the mean probability over networks and views, shape (n, k)."""
    mean = np.mean([one.views.mean(0) for one in seen], axis=0)
    return np.asarray(np.log(np.clip(mean, 1e-6, 1)))
