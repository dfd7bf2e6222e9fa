"""The networks that classify images, by the names they are known by (MONAI's)."""

from typing import Literal, get_args

from torch import Tensor, nn

from models.fitting.hardware import has_fast_bfloat16

Architecture = Literal["densenet121", "resnet18", "resnet50", "efficientnet_b0", "vit"]
ARCHITECTURES: tuple[str, ...] = get_args(Architecture)

PATCHES_ALONG = 8
"""Patches of the vision transformer along each axis."""

SMALL_SIDE = 40
"""Up to this side a residual network starts without stride: little would be left of the image."""

SECONDS = {
    "resnet18": 0.021, "densenet121": 0.041, "resnet50": 0.055, "efficientnet_b0": 0.022,
    "vit": 0.012,
}  # fmt: skip
"""To train on one image of 96 × 96 pixels, on one core (measured, float32)."""

IN_BFLOAT16 = 0.6
"""Share of that time where the core is faster in bfloat16 (measured)."""


def make_network(
    architecture: str, *, dimensions: int, channels: int, classes: int, side: int
) -> nn.Module:
    """Makes an untrained network from images to class scores (logits), shape (n, classes).

    Args:
        architecture: densenet121 (Huang et al. 2017), resnet18 or resnet50 (He et al. 2016; their
            last maps are pooled by mean and maximum together), efficientnet_b0 (Tan & Le 2019) or
            vit (Dosovitskiy et al. 2021; here six layers of width 192, because medical sets are
            small).
        dimensions: 2 or 3 spatial axes.
        channels: 1 or 3.
        classes: Number of classes.
        side: Pixels along each spatial axis.
    """
    from monai.networks import nets

    network: nn.Module
    match architecture:
        case "densenet121":
            network = nets.DenseNet121(dimensions, channels, classes)
        case "resnet18" | "resnet50":
            make = nets.resnet18 if architecture == "resnet18" else nets.resnet50
            small = side <= SMALL_SIDE
            network = make(
                spatial_dims=dimensions, n_input_channels=channels, num_classes=classes,
                conv1_t_size=3 if small else 7, conv1_t_stride=1 if small else 2,
            )  # fmt: skip
            network.avgpool = _MeanAndMaximum()
        case "efficientnet_b0":
            network = nets.EfficientNetBN(
                "efficientnet-b0", pretrained=False, spatial_dims=dimensions,
                in_channels=channels, num_classes=classes,
            )  # fmt: skip
        case _:
            network = _Scores(
                nets.ViT(
                    channels, side, side // PATCHES_ALONG, hidden_size=192, mlp_dim=768,
                    num_layers=6, num_heads=6, classification=True, num_classes=classes,
                    dropout_rate=0.1, spatial_dims=dimensions, post_activation="none",
                )
            )  # fmt: skip
    return network


def head_of(network: nn.Module) -> nn.Linear:
    """Returns the layer that makes the class scores; what enters it are the image's features."""
    return [module for module in network.modules() if isinstance(module, nn.Linear)][-1]


def scores_and_features(network: nn.Module, images: Tensor) -> tuple[Tensor, Tensor]:
    """Returns class scores and what the last layer makes them from.

    Args:
        network: Made by `make_network`.
        images: Standardised, shape (n, channels, side, side[, side]).

    Returns:
        Shapes (n, classes) and (n, d).
    """
    entered: list[Tensor] = []
    hook = head_of(network).register_forward_pre_hook(lambda _, given: entered.append(given[0]))
    try:
        scores: Tensor = network(images)
    finally:
        hook.remove()
    return scores, entered[-1]


def training_seconds(architecture: str, side: int, dimensions: int) -> float:
    """Estimates how long a training step takes for one image, on one core."""
    small = side <= SMALL_SIDE and architecture.startswith("resnet")
    # A transformer has as many patches whatever the side.
    pixels = float((96 if architecture == "vit" else side) ** dimensions) * (6 if small else 1)
    pace = IN_BFLOAT16 if has_fast_bfloat16() else 1.0
    return pace * SECONDS[architecture] * max(pixels / 96**2, 0.15)


class _MeanAndMaximum(nn.Module):
    """Pools each channel to the mean of its mean and its maximum: a small lesion is not diluted."""

    def forward(self, maps: Tensor) -> Tensor:
        """Returns shape (n, channels, 1, 1[, 1])."""
        axes = tuple(range(2, maps.ndim))
        return 0.5 * (maps.mean(axes, keepdim=True) + maps.amax(axes, keepdim=True))


class _Scores(nn.Module):
    """A transformer without what it returns beside the scores."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Returns the scores, shape (n, classes)."""
        scores: Tensor = self.network(images)[0]
        return scores
