"""From images to the features in which sets of images are compared."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from models.errors import FieldFault, ToolError
from models.fitting.effort import Effort
from models.images.classification.fitted import FittedImageClassifier
from models.images.classification.learning.fitting import Recipe, fit_network
from models.images.networks.tensors import standardised
from models.store.registry import ModelStore
from models.store.workspace import Workspace

FloatArray = NDArray[np.float64]
ARCHITECTURE = "resnet18"
EPOCHS = 12
BATCH = 32
UNTRAINED_SEED = 0
LEAST_SPREAD = 0.1
"""Of the mean spread of a stage's channels."""

STAGES = ("layer1", "layer2", "layer3", "layer4")


@dataclass(frozen=True)
class Extractor:
    """Turns images into features.

    Attributes:
        said: What it is, for reports.
        features: From uint8 images (n, channels, side, side) to features (n, d).
    """

    said: str
    features: Callable[[torch.Tensor], FloatArray]


def extractor_for(images: torch.Tensor, classes: NDArray[np.intp], effort: Effort) -> Extractor:
    """Makes an extractor of the training images alone.

    With classes, it is a ResNet-18 trained to tell them apart; without, one that is not trained at
    all: random features tell sets of images apart where no fit classifier is at hand (Naeem et al.
    2020, arXiv 2002.09797). The features are mean and deviation of every channel after each of the
    four stages, each stage counting the same: the last layer alone, which knows only what tells the
    classes apart, takes blurred images for real ones.

    Args:
        images: uint8, shape (n, channels, side, side).
        classes: Class of each, shape (n,), from 0.
        effort: Seed, deadline and progress.
    """
    kinds = int(classes.max()) + 1
    recipe = Recipe(ARCHITECTURE, 2, images.shape[1], kinds, images.shape[2], EPOCHS, BATCH)
    if kinds > 1:
        rows = np.arange(len(images))
        network = fit_network(recipe, images, classes, rows, rows[:0], effort).network
        said = f"a ResNet-18 trained on the {len(images)} training images to tell their classes"
    else:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(UNTRAINED_SEED)
            network = recipe.network().eval()
        said = "a ResNet-18 with random weights, as there are no classes to train one on"
    stages = _Stages(network)
    centre, scale = _scaling(stages(images))
    return Extractor(said, lambda some: np.concatenate(stages(some), axis=1) * scale - centre)


class _Stages:
    """Channel statistics after each stage of a ResNet.

    Args:
        network: MONAI's, trained.
    """

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self._seen: list[torch.Tensor] = []
        for name in STAGES:
            stage = network.get_submodule(name)
            stage.register_forward_hook(lambda _module, _inputs, output: self._seen.append(output))

    @torch.inference_mode()
    def __call__(self, images: torch.Tensor) -> list[FloatArray]:
        """Returns means and deviations of the channels, shape (n, d) for each stage."""
        found: list[list[torch.Tensor]] = [[] for _ in STAGES]
        for batch in torch.split(images, BATCH):
            self._seen.clear()
            self._network(standardised(batch))
            for stage, output in zip(found, self._seen, strict=True):
                values = output.flatten(2).double()
                stage.append(torch.cat([values.mean(2), values.std(2)], dim=1))
        self._seen.clear()
        return [torch.cat(stage).numpy() for stage in found]


def _scaling(stages: list[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Returns what features lose and are multiplied by, so that each stage has the same variance.

    Within a stage every channel has the same variance over the training images, but those that
    hardly ever answer: an image that makes them answer would count for more than all else.
    """
    scales = []
    for stage in stages:
        spread = stage.std(axis=0)
        least = max(LEAST_SPREAD * float(spread.mean()), 1e-9)
        scales.append(1 / np.maximum(spread, least) / np.sqrt(len(stages) * stage.shape[1]))
    scale = np.concatenate(scales)
    return np.concatenate(stages, axis=1).mean(0) * scale, scale


def kept_extractor(name: str, workspace: Workspace) -> Extractor:
    """Takes the features of a kept classifier of images.

    Raises:
        ToolError: There is no such model, or it does not classify planes.
    """
    model = ModelStore(workspace).load(name)
    if not isinstance(model, FittedImageClassifier) or model.dimensions != 2:
        wrong = FieldFault(field="classifier", got=name, expected="a classifier of images, img-1")
        raise ToolError(f"{name} does not classify planes.", wrong)

    def features(images: torch.Tensor) -> FloatArray:
        return np.asarray(model.features(fitted_to(images, model.side, model.channels)))

    return Extractor(f"the classifier {name}", features)


def fitted_to(images: torch.Tensor, side: int, channels: int) -> torch.Tensor:
    """Returns uint8 images with another side and number of channels, grey being their mean."""
    values = images.float()
    if values.shape[1] != channels:
        values = values.mean(1, keepdim=True).expand(-1, channels, -1, -1)
    if values.shape[-1] != side:
        values = functional.interpolate(values, (side, side), mode="bilinear", antialias=True)
    return values.clamp(0, 255).round().to(torch.uint8)
