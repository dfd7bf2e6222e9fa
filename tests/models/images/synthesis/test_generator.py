"""Generators: the same again, whole after keeping, in time; and one that learns by heart."""

import time
from pathlib import Path

import numpy as np
import pytest
import torch

from models.errors import ToolError
from models.fitting.effort import Effort
from models.images.phantoms.bodies import make_phantom
from models.images.synthesis.extractor import extractor_for, fitted_to
from models.images.synthesis.fitted import FittedImageGenerator, position_of, shared
from models.images.synthesis.fitting import fit_generator
from models.images.synthesis.generator import Generator, Shape
from models.images.synthesis.memorisation import Memory
from models.images.synthesis.pictures import is_marked, write_pictures

SILENT = Effort(0).progress


def phantoms(count: int, seed: int, side: int = 32) -> torch.Tensor:
    """Returns uint8 phantoms, shape (count, 1, side, side)."""
    rng = np.random.default_rng(seed)
    images = np.stack([make_phantom(rng, side).image for _ in range(count)])
    return torch.from_numpy((images * 255).round().astype(np.uint8))[:, None]


def test_the_same_seed_gives_the_same_generator() -> None:
    images, classes = phantoms(8, 0), np.repeat([0, 1], 4)
    first, second, other = (
        fit_generator(images, classes, 2, 1, Effort(seed)).arrays() for seed in (0, 0, 1)
    )
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_images_in_colour_of_another_side_and_in_time() -> None:
    images = phantoms(6, 0, side=48).expand(-1, 3, -1, -1)
    started = time.monotonic()
    generator = fit_generator(images, np.zeros(6, np.intp), 1, 10_000, Effort.within(0, 1.0))
    assert time.monotonic() - started < 30
    drawn = generator.draw(np.zeros(3, np.intp), (0, 0), SILENT)
    assert drawn.shape == (3, 3, 48, 48)
    kept = Generator.from_arrays(Shape(48, 3, 1), generator.arrays())
    assert torch.equal(kept.draw(np.zeros(3, np.intp), (0, 0), SILENT), drawn)


def test_grain_has_the_spectrum_and_the_channels_of_what_is_left_over() -> None:
    torch.manual_seed(0)
    generator = Generator(Shape(32, 3, 1))
    white = torch.randn(40, 3, 32, 32)
    smooth = 2 * (white + white.roll(1, dims=-1))  # neighbours along a row are alike
    smooth[:, 1] = smooth[:, 0]
    generator.learn_grain(smooth)
    drawn = generator.coloured(torch.randn(40, 3, 32, 32))
    assert drawn.std() == pytest.approx(float(smooth.std()), rel=0.05)

    def alike(first: torch.Tensor, second: torch.Tensor) -> float:
        return float(torch.corrcoef(torch.stack([first.flatten(), second.flatten()]))[0, 1])

    assert alike(drawn, drawn.roll(1, dims=-1)) == pytest.approx(0.5, abs=0.05)
    assert alike(drawn, drawn.roll(1, dims=-2)) == pytest.approx(0, abs=0.05)
    assert alike(drawn[:, 0], drawn[:, 1]) > 0.95
    assert abs(alike(drawn[:, 0], drawn[:, 2])) < 0.05


def test_copies_are_withheld() -> None:
    """A generator whose every image counts as a copy gives none, and says so."""
    torch.manual_seed(0)
    network = Generator(Shape(32, 1, 2)).eval()
    drawn = [network.draw(np.array([0, 1]), (0, number), SILENT) for number in range(3)]
    known = Memory.of(torch.cat([drawn[0], phantoms(3, 0)]), phantoms(5, 1))
    fitted = FittedImageGenerator(network, ["clear", "lesion"], [1, 1], known_images(drawn), known)
    made = fitted.make(2, None, Effort(0))
    assert made.withheld == 2
    assert made.labels == ["clear", "lesion"]
    assert torch.equal(made.images, drawn[1])
    all_known = Memory.of(torch.cat(drawn), phantoms(5, 1))
    closed = FittedImageGenerator(network, ["clear", "lesion"], [1, 1], drawn[0], all_known)
    with pytest.raises(ToolError, match="copies of training images"):
        closed.make(2, None, Effort(0))


def known_images(drawn: list[torch.Tensor]) -> torch.Tensor:
    return torch.cat([drawn[0], phantoms(3, 0)])


def test_classes_are_shared_out_and_found_by_name() -> None:
    assert np.bincount(shared([155, 98], 16)).tolist() == [10, 6]
    assert shared([5, 5], 1).tolist() == [0]
    assert position_of("TUMOUR", ["normal", "tumour"]) == 1
    assert position_of(None, ["image"]) is None


def test_features_have_variance_one_over_the_training_images() -> None:
    images = phantoms(12, 0)
    features = extractor_for(images, np.zeros(12, np.intp), Effort(0)).features(images)
    assert features.mean(0) == pytest.approx(0, abs=1e-6)
    assert 0.7 < features.var(0).sum() <= 1.01
    again = extractor_for(images, np.zeros(12, np.intp), Effort(3)).features(images)
    np.testing.assert_array_equal(features, again)
    assert fitted_to(images, 48, 3).shape == (12, 3, 48, 48)


def test_labels_that_are_no_file_names(tmp_path: Path) -> None:
    paths = write_pictures(phantoms(2, 0), ["a/b", "ödem"], tmp_path, "syn-1", 0)
    assert [path.name for path in paths] == ["synthetic_000_a-b.png", "synthetic_001_ödem.png"]
    assert all(is_marked(path) for path in paths)
