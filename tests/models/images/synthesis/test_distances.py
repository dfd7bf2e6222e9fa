"""Fréchet distance, diversity and copies: known values, symmetry, and what must be caught."""

import numpy as np
import pytest
import torch
from sklearn.covariance import LedoitWolf

from models.images.phantoms.bodies import make_phantom
from models.images.synthesis.frechet import (
    diversity_interval,
    frechet_distance,
    frechet_interval,
    gaussian_distance,
    mean_distance,
)
from models.images.synthesis.memorisation import Memory
from models.images.synthesis.simple import PixelGaussian, noisy_means


def phantoms(count: int, seed: int, side: int = 32) -> torch.Tensor:
    """Returns uint8 phantoms, shape (count, 1, side, side)."""
    rng = np.random.default_rng(seed)
    images = np.stack([make_phantom(rng, side).image for _ in range(count)])
    return torch.from_numpy((images * 255).round().astype(np.uint8))[:, None]


def test_two_gaussians_worked_out_by_hand() -> None:
    # |(0,0)-(3,4)|² = 25; variances (1, 4) and (9, 16), no covariance: (1-3)² + (2-4)² = 8.
    first, second = np.diag([1.0, 4.0]), np.diag([9.0, 16.0])
    distance = gaussian_distance(np.zeros(2), first, np.array([3.0, 4.0]), second)
    assert distance == pytest.approx(33.0)


def test_covariances_that_do_not_commute() -> None:
    # Of 2 x 2 matrices, tr(M^½) = sqrt(tr M + 2 sqrt(det M)); here M = C1 C2.
    first = np.array([[2.0, 1.0], [1.0, 2.0]])
    second = np.array([[1.0, 0.0], [0.0, 3.0]])
    product = first @ second
    root = np.sqrt(np.trace(product) + 2 * np.sqrt(np.linalg.det(product)))
    distance = gaussian_distance(np.zeros(2), first, np.zeros(2), second)
    assert distance == pytest.approx(4 + 4 - 2 * root)


def test_the_same_set_and_symmetry() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(30, 50)), rng.normal(0.5, 2, size=(40, 50))
    assert frechet_distance(first, first) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(first, second) == pytest.approx(frechet_distance(second, first))
    assert frechet_distance(first, second) > frechet_distance(first, rng.normal(size=(40, 50)))
    interval = frechet_interval(first, second)
    assert interval["low"] < interval["value"] < interval["high"]
    assert frechet_interval(first[:4], second)["low"] is None


@pytest.mark.parametrize(("images", "features"), [((9, 12), 70), ((60, 50), 20)])
def test_few_directions_give_what_full_covariances_give(
    images: tuple[int, int], features: int
) -> None:
    rng = np.random.default_rng(1)
    mixed = rng.normal(size=(features, features))
    first, second = (rng.normal(at, 1, (n, features)) @ mixed for at, n in enumerate(images))
    moments = []
    for some in (first, second):
        fitted = LedoitWolf().fit(some)
        moments += [fitted.location_, fitted.covariance_]
    assert frechet_distance(first, second) == pytest.approx(gaussian_distance(*moments))


def test_mean_distance_of_three_points() -> None:
    assert mean_distance(np.array([[0.0, 0], [3, 4], [0, 8]])) == pytest.approx((5 + 8 + 5) / 3)
    same = diversity_interval(np.ones((20, 3)))
    assert same["value"] == pytest.approx(0, abs=1e-6)


def test_copies_are_caught_and_new_images_are_not() -> None:
    training, held_out, new = phantoms(40, 0), phantoms(20, 1), phantoms(20, 2)
    memory = Memory.of(training, held_out)
    noise = torch.randint(-3, 4, training[:5].shape, generator=torch.Generator().manual_seed(0))
    noisy = (training[:5].int() + noise).clamp(0, 255).to(torch.uint8)
    copies = torch.cat([noisy, training[5:8].flip(-1)])
    found = memory.near(copies)
    assert found.nearest.tolist() == list(range(8))
    assert memory.copies(found).all()
    fresh = memory.near(new)
    assert not memory.copies(fresh).any()
    limits = memory.limits()
    assert 0 < limits["nearer_than_1_percent"] <= limits["nearer_than_5_percent"]
    assert (fresh.distance < limits["nearer_than_5_percent"]).mean() <= 0.25
    assert (found.distance < limits["nearer_than_1_percent"]).all()


def test_a_moved_copy_with_new_noise_is_a_copy() -> None:
    def taken(seed: int, noise_seed: int, count: int) -> torch.Tensor:
        rng = np.random.default_rng(seed)
        clean = np.stack([make_phantom(rng, 64, noise=0).image for _ in range(count)])
        noisy = clean + np.random.default_rng(noise_seed).normal(0, 0.08, clean.shape)
        return torch.from_numpy((noisy.clip(0, 1) * 255).round().astype(np.uint8))[:, None]

    memory = Memory.of(taken(0, 1, 60), taken(2, 3, 30))
    again, new = taken(0, 4, 30), taken(5, 6, 30)
    moved = again.roll((2, -3), dims=(-2, -1)).flip(-1)  # bodies do not reach the border
    found = memory.near(moved)
    assert found.nearest.tolist() == list(range(30))
    assert (found.distance < memory.limits()["nearer_than_1_percent"]).all()
    assert memory.copies(found).mean() > 0.7
    assert memory.copies(memory.near(again)).mean() > 0.9
    assert memory.copies(memory.near(new)).mean() < 0.1


def test_trivial_generators() -> None:
    images = phantoms(30, 0)
    classes = np.repeat([0, 1], 15)
    wanted = np.array([0, 1, 1])
    gaussian = PixelGaussian(images, classes)
    drawn = gaussian.sample(wanted, seed=3)
    assert drawn.shape == (3, 1, 32, 32)
    assert drawn.dtype == torch.uint8
    assert torch.equal(drawn, gaussian.sample(wanted, seed=3))
    assert not torch.equal(drawn, gaussian.sample(wanted, seed=4))
    many = gaussian.sample(np.zeros(300, np.intp), seed=0).float().mean(0)
    assert (many - images[:15].float().mean(0)).abs().mean() < 6
    flat = noisy_means(images, classes, wanted, seed=0).float()
    assert (flat[0] - images[:15].float().mean(0)).abs().mean() < 40
