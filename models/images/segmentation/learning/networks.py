"""The networks that outline, by the names they are known by (MONAI's)."""

from typing import Literal, get_args

from torch import Tensor, nn

from models.images.segmentation.learning.grid import Grid

Architecture = Literal["unet", "dynunet"]
ARCHITECTURES: tuple[str, ...] = get_args(Architecture)
WIDTHS, WIDER = (8, 16, 32, 64, 128), (32, 64, 128, 256)


def make_segmenter(architecture: str, grid: Grid, labels: int) -> nn.Module:
    """Makes an untrained network from images to scores of each label (logits).

    Args:
        architecture: unet (Ronneberger et al. 2015, arXiv 1505.04597; with the residual units of
            Kerfoot et al. 2019; narrow, but its first level keeps every grid point, because the
            edges of small things are lost at half the resolution) or dynunet (the network of
            nnU-Net, Isensee et al. 2021, doi 10.1038/s41592-020-01008-z, with residual blocks;
            four times as wide, some eight times slower).
        grid: Decides dimensions, channels and what is halved from level to level.
        labels: Number of labels without the background.
    """
    from monai.networks import nets

    network: nn.Module
    if architecture == "dynunet":
        kernels = [[3] * grid.dimensions] * (len(grid.strides) + 1)
        network = nets.DynUNet(
            grid.dimensions, grid.channels, labels + 1, kernels,
            [[1] * grid.dimensions, *grid.strides], grid.strides,
            filters=list(WIDER[: len(grid.strides) + 1]), res_block=True,
        )  # fmt: skip
        return network
    network = nets.UNet(
        grid.dimensions, grid.channels, labels + 1, WIDTHS[: len(grid.strides) + 2],
        [(1,) * grid.dimensions, *map(tuple, grid.strides)], num_res_units=1,
    )  # fmt: skip
    return network


def scores(network: nn.Module, images: Tensor) -> Tensor:
    """Returns the scores of each label, shape (n, labels + 1, *spatial), in single precision."""
    found: Tensor = network(images)
    return found.float()
