"""The grid, patches, windows: what goes in comes back where it was."""

import numpy as np
import pytest
import torch
from torch import nn

from models.images.formats.picture import Picture
from models.images.segmentation.learning.grid import Grid, back, standardised
from models.images.segmentation.learning.inference import probabilities, views
from models.images.segmentation.learning.networks import ARCHITECTURES, make_segmenter
from models.images.segmentation.learning.sampling import (
    Sample,
    Sampler,
    mirrored_axes,
    usual_extents,
)

CPU = torch.device("cpu")


def plan(spatial: tuple[int, ...], spacing: tuple[float, ...] | None = None) -> Grid:
    return Grid.plan(spatial, spacing, colour=False, device="cpu")


def test_small_images_keep_their_pixels() -> None:
    grid = plan((28, 30))
    assert grid.step == [1, 1]
    assert grid.spacing is None
    assert grid.patch == [28, 32]


def test_large_images_get_a_coarser_grid() -> None:
    grid = plan((3000, 2000))
    picture = Picture("x", np.zeros((3000, 2000), np.uint8))
    height, width = grid.size_for(picture)
    assert height * width <= 384**2
    assert height / width == pytest.approx(1.5, abs=0.01)


def test_anisotropic_volumes_are_made_even_and_halved_where_they_are_fine() -> None:
    grid = plan((20, 256, 256), (5.0, 0.8, 0.8))
    assert grid.spacing is not None
    assert grid.spacing[0] == 5  # the coarse axis keeps its planes
    assert grid.spacing[1] == grid.spacing[2] > 0.8
    assert grid.strides[0] == [1, 2, 2]
    assert all(size % np.prod(axis) == 0 for size, axis in
               zip(grid.patch, zip(*grid.strides, strict=True), strict=True))  # fmt: skip
    twice_as_fine = Picture("x", np.zeros((40, 512, 512), np.uint8), spacing=(2.5, 0.4, 0.4))
    usual = Picture("y", np.zeros((20, 256, 256), np.uint8), spacing=(5.0, 0.8, 0.8))
    unknown = Picture("z", np.zeros((20, 256, 256), np.uint8))
    assert grid.size_for(twice_as_fine) == grid.size_for(usual) == grid.size_for(unknown)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("spatial", [(40, 24), (6, 48, 48), (3, 20, 20)])
def test_networks_return_the_size_they_get(architecture: str, spatial: tuple[int, ...]) -> None:
    grid = plan(spatial, (5.0, 1.0, 1.0) if len(spatial) == 3 else None)
    network = make_segmenter(architecture, grid, 2).eval()
    with torch.inference_mode():
        assert network(torch.zeros(1, 1, *grid.patch)).shape == (1, 3, *grid.patch)


def test_labels_and_images_come_back_where_they_were() -> None:
    rng = np.random.default_rng(0)
    pixels = np.zeros((300, 500), np.uint8)
    pixels[60:140, 300:420] = 200
    grid = plan((900, 1500))
    picture = Picture("x", pixels + rng.integers(0, 20, pixels.shape, dtype=np.uint8))
    values = grid.values(picture)
    labels = grid.labels((pixels > 0).astype(np.uint8), values.shape[1:])
    assert (labels.bool() == (values[0] > 0.4)).float().mean() > 0.99
    returned = back(labels[None].float(), pixels.shape)[0].numpy() > 0.5
    overlap = 2 * (returned & (pixels > 0)).sum() / (returned.sum() + (pixels > 0).sum())
    assert overlap > 0.97


class Brightness(nn.Module):
    """Scores each point by its own brightness alone, so that windows cannot matter."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Returns the scores of background and foreground."""
        return torch.cat([-images, 3 * images], 1)


@pytest.mark.parametrize("size", [(100, 75), (20, 16), (33, 200)])
def test_windows_join_without_seams(size: tuple[int, int]) -> None:
    grid = plan((32, 32))
    image = standardised(torch.from_numpy(np.random.default_rng(0).random((1, *size), np.float32)))
    direct = Brightness()(image[None])[0].softmax(0)
    found = probabilities(Brightness(), image, grid, CPU)
    assert found.shape == (2, *size)
    torch.testing.assert_close(found, direct, atol=1e-4, rtol=0)
    for view in views(Brightness(), image, grid, CPU, [0, 1]):
        torch.testing.assert_close(view, direct, atol=1e-4, rtol=0)


@pytest.mark.parametrize("spatial", [(64, 48), (8, 40, 40)])
def test_images_and_labels_are_turned_alike(spatial: tuple[int, ...]) -> None:
    labels = torch.zeros(spatial, dtype=torch.uint8)
    labels[tuple(slice(size // 4, size // 2) for size in spatial)] = 1
    sample = Sample.of(labels[None].float() * 10, labels, 1)
    grid = plan(spatial, (4.0, 1.0, 1.0) if len(spatial) == 3 else None)
    sampler = Sampler(grid, list(range(len(spatial))))
    images, turned = sampler.batch([sample] * 8, np.random.default_rng(0), CPU)
    assert images.shape == (8, 1, *grid.patch)
    assert turned.shape == (8, 1, *grid.patch)
    assert not torch.equal(turned[0], turned[1])
    inside, outside = images[turned == 1].mean(), images[turned == 0].mean()
    assert inside > 8
    assert outside < 1.5
    again = sampler.batch([sample] * 8, np.random.default_rng(0), CPU)
    assert torch.equal(images, again[0])


def test_patches_of_a_large_image_hold_its_small_foreground() -> None:
    labels = torch.zeros((400, 400), dtype=torch.uint8)
    labels[380:390, 5:15] = 1
    sample = Sample.of(labels[None].float(), labels, 1)
    grid = plan((400, 400)).model_copy(update={"patch": [64, 64]})
    _, found = Sampler(grid, []).batch([sample] * 40, np.random.default_rng(0), CPU)
    with_it = (found.flatten(1) > 0).any(1).float().mean()
    assert with_it > 0.5  # an even draw would hold it in about one of twenty


def test_patches_see_what_is_outlined_and_its_surroundings() -> None:
    samples = []
    for size in (10, 12, 14):
        labels = torch.zeros((48, 56, 64), dtype=torch.uint8)
        labels[4 : 4 + size, 8:12, 20:44] = 1
        labels[40, 50, 60] = 1  # a speck apart from it
        samples.append(Sample.of(labels[None].float(), labels, 1))
    extents = usual_extents(samples)
    assert extents.tolist() == [12, 4, 24]
    whole = plan((48, 56, 64))
    narrow = whole.narrowed(extents)
    assert whole.patch == [48, 56, 64]
    assert narrow.patch == [40, 32, 64]
    assert narrow.strides == whole.strides


def test_sides_are_kept_where_labels_have_them() -> None:
    samples = []
    for index in range(6):
        labels = torch.zeros((20, 20), dtype=torch.uint8)
        labels[index : index + 5, 2:6], labels[8:12, 12:18] = 1, 2
        samples.append(Sample.of(labels[None].float(), labels, 2))
    assert mirrored_axes(samples, 2) == [0] or mirrored_axes(samples, 2) == []
    assert 1 not in mirrored_axes(samples, 2)
    assert mirrored_axes(samples[:2], 2) == [0, 1]
