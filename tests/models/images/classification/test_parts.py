"""The parts of the classifier that need no training."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from models.data.splits import folds
from models.errors import ToolError
from models.fitting.effort import Effort
from models.fitting.schedule import Schedule
from models.images.classification.explaining import heat_of
from models.images.classification.judging import judge, sensitivity
from models.images.classification.learning.blend import Blend, choose, cross_fitted
from models.images.classification.learning.classical import (
    CLASSICAL,
    classical_scores,
    fit_classical,
)
from models.images.classification.learning.fitting import Recipe, fit_network
from models.images.classification.learning.simple_features import simple_features
from models.images.classification.strangeness import Neighbours, Strangeness
from models.images.formats.picture import Picture
from models.images.networks.architectures import ARCHITECTURES, make_network, scores_and_features
from models.images.networks.augmentation import augmented
from models.images.networks.tensors import standardised
from models.metrics.tabular import calibration_error


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("dimensions", [2, 3])
def test_every_network_gives_scores_and_features(architecture: str, dimensions: int) -> None:
    network = make_network(architecture, dimensions=dimensions, channels=1, classes=3, side=32)
    images = torch.rand(2, 1, *[32] * dimensions)
    with torch.no_grad():
        scores, features = scores_and_features(network.eval(), images)
    assert scores.shape == (2, 3)
    assert features.ndim == 2
    assert len(features) == 2


@pytest.mark.parametrize("shape", [(4, 1, 32, 32), (4, 3, 40, 40), (2, 1, 16, 16, 16)])
def test_augmentation_changes_images_but_follows_its_generator(shape: tuple[int, ...]) -> None:
    images = torch.rand(shape, generator=torch.Generator().manual_seed(1))
    first, second = (augmented(images, torch.Generator().manual_seed(0)) for _ in range(2))
    assert first.shape == images.shape
    assert torch.equal(first, second)
    assert (first - images).abs().mean() > 0.05


def test_standardising_removes_exposure_and_keeps_colour() -> None:
    image = torch.randint(0, 100, (1, 3, 8, 8), dtype=torch.uint8)
    image[:, 0] += 100
    brighter = image + 50
    assert torch.allclose(standardised(image), standardised(brighter), atol=1e-5)
    assert standardised(image)[:, 0].mean() > 0.5
    assert (standardised(torch.full((1, 1, 8, 8), 7, dtype=torch.uint8)) == 0).all()


def test_blend_undoes_overconfidence_and_class_weights() -> None:
    rng = np.random.default_rng(0)
    true = rng.dirichlet([0.5, 1.0, 2.0], 3000)
    truth = np.array([rng.choice(3, p=row) for row in true])
    scores = {"network": 3 * np.log(true) - np.log([0.1, 0.3, 0.6])}
    blend = Blend.fit(scores, truth)
    assert blend.weights["network"] == pytest.approx(1 / 3, rel=0.1)
    assert calibration_error(truth, blend.apply(scores)) < 0.03


def test_classical_models_are_blended_in_only_where_they_help() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 400)
    signal = np.where(truth == 1, 1.0, -1.0)

    def scores(noise: float) -> np.ndarray:
        margin = signal + noise * rng.normal(size=400)
        return np.log(np.stack([1 / (1 + np.exp(margin)), 1 / (1 + np.exp(-margin))], axis=1))

    parts = folds(400, truth)
    equally_good = {"network": scores(1.0), "logistic_regression": scores(1.0)}
    assert choose(equally_good, truth, parts) == ("network", "logistic_regression")
    noise = np.log(rng.dirichlet([1.0, 1.0], 400))
    useless = {"network": scores(0.5), "logistic_regression": noise}
    assert choose(useless, truth, parts) == ("network",)
    assert cross_fitted(equally_good, truth, parts).sum(1) == pytest.approx(np.ones(400))


def test_simple_features_tell_stripes_apart_and_feed_classical_models() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 60, (60, 1, 32, 32)).astype(np.uint8)
    images[:30, :, ::8] += 150
    images[30:, :, :, ::8] += 150
    classes = np.repeat([0, 1], 30)
    features = simple_features(torch.from_numpy(images))
    assert features.shape[0] == 60
    assert np.isfinite(features).all()
    fitted = {name: fit_classical(name, features, classes, 0) for name in CLASSICAL}
    for scores in classical_scores(fitted, features).values():
        assert (scores.argmax(1) == classes).mean() > 0.95
    volumes = torch.from_numpy(rng.integers(0, 255, (3, 1, 32, 32, 32)).astype(np.uint8))
    assert simple_features(volumes).shape == (3, 3 * features.shape[1])


def test_simple_features_see_what_is_on_one_side_only() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(90, 110, (80, 1, 48, 48)).astype(np.uint8)
    for index, image in enumerate(images[:, 0]):
        row, column = rng.integers(4, 36), rng.integers(4, 14)
        image[row : row + 8, column : column + 8] += 60
        if index % 2:  # the same on the other side, as a healthy organ would be
            image[:] = np.maximum(image, image[:, ::-1])
    features, one_sided = simple_features(torch.from_numpy(images)), np.arange(80) % 2 == 0
    fitted = fit_classical("gradient_boosting", features[:60], one_sided[:60].astype(np.intp), 0)
    assert (fitted.predict(features[60:]) == one_sided[60:]).mean() > 0.9


def test_strangeness_flags_one_in_twenty_of_its_own_and_all_others() -> None:
    rng = np.random.default_rng(0)
    seen, held, other = (rng.normal(0, 1, (400, 8)).astype(np.float32) for _ in range(3))
    known = Neighbours.of(seen, 0)
    found = Strangeness.fit([known], known, known.distance(held), known.distance(held))
    own = rng.normal(0, 1, (1000, 8)).astype(np.float32)
    assert 0.01 < (found.of([own], own) > 1).mean() < 0.1
    far = other + 6
    assert (found.of([far], own[:400]) > 1).all()
    assert (found.of([own[:400]], far) > 1).all()
    assert found.rank(0.0) == 0
    assert found.rank(99.0) == 1


class Bright(nn.Module):
    """Says that an image is of class 1 as far as pixels stand out."""

    def __init__(self) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.tensor(1e-5))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        score = self.gain * images.clamp_min(2).flatten(1).sum(1)
        return torch.stack([-score, score], dim=1)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_heat_lies_where_the_network_looks(dimensions: int) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 40, (48,) * dimensions).astype(np.uint8)
    spot = (slice(4, 16),) * dimensions
    pixels[spot] = 250
    images = torch.from_numpy(pixels)[None, None]
    picture = Picture("spot.png", pixels, spacing=(0.5,) * dimensions)
    found = heat_of([Bright()], images, 1, picture)
    assert found.values[spot].sum() > 0.8 * found.values.sum()
    assert found.where == "upper left"
    assert found.centre == pytest.approx((9.5,) * dimensions, abs=1.0)
    assert found.data()["centre_mm"] == pytest.approx((4.75,) * dimensions, abs=0.5)
    assert found.explained[1] < found.explained[0]
    assert "mm" in found.said("spot")[0]
    far = (slice(40, 44),) * dimensions  # pulls the middle of all heat, not the hottest spot
    pixels[far] = 250
    both = heat_of([Bright()], images, 1, Picture("two.png", pixels))
    assert both.where == "upper left"
    none = heat_of([Bright()], torch.zeros_like(images), 1, picture)
    assert none.where == "nowhere"
    assert none.data()["centre"] is None


def test_sensitivity_at_a_specificity_by_hand() -> None:
    truth = np.array([0] * 10 + [1] * 4)
    score = np.array([0.1] * 9 + [0.8] + [0.05, 0.5, 0.9, 0.95])
    probability = np.stack([1 - score, score], axis=1)
    assert sensitivity(truth, probability, 0.9) == 0.75
    assert sensitivity(truth, probability, 0.95) == 0.5
    found = judge(truth, probability, np.arange(14), 0)
    assert {"auroc", "sensitivity_at_90_specificity", "calibration_error"} <= set(found)


def test_schedule_rises_and_falls_and_heeds_the_deadline() -> None:
    weight = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.AdamW([{"params": [weight], "peak": 1.0}], 1.0)
    schedule, rates = Schedule(100, None), []
    for _ in range(100):
        schedule.set(optimizer)
        rates.append(optimizer.param_groups[0]["lr"])
    assert int(np.argmax(rates)) == 20
    assert rates[-1] < 0.01
    assert schedule.over
    assert Schedule(100, 0.0).over


def test_training_ends_early_when_validation_no_longer_improves() -> None:
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.integers(0, 255, (16, 1, 32, 32)).astype(np.uint8))
    classes = rng.integers(0, 2, 16)
    recipe = Recipe("vit", 2, 1, 2, 32, 24, 8)
    rows = np.arange(16)
    fit = fit_network(recipe, images, classes, rows[:8], rows[8:], Effort(0))
    assert len(fit.history) < 24
    assert fit.best_epoch < len(fit.history)
    assert "validation_loss" in fit.history[0]


def test_progress_can_cancel_training() -> None:
    class CancelledError(Exception):
        pass

    def stop(fraction: float, message: str) -> None:
        raise CancelledError

    images = torch.zeros(8, 1, 32, 32, dtype=torch.uint8)
    rows = np.arange(8)
    with pytest.raises(CancelledError):
        fit_network(
            Recipe("vit", 2, 1, 2, 32, 1, 4), images, rows % 2, rows, rows[:0],
            Effort(0, progress=stop),
        )  # fmt: skip


def test_wrong_kind_of_image_is_refused(tmp_path: Path) -> None:
    from models.images.classification.fitted import FittedImageClassifier

    known = Neighbours.of(np.zeros((4, 2), np.float32), 0)
    distance = np.ones(4, np.float32)
    model = FittedImageClassifier(
        ["a", "b"], Recipe("vit", 2, 1, 2, 32, 1, 4), [], {},
        Blend(weights={"network": 1.0}, offsets=[0.0, 0.0]),
        Strangeness.fit([], known, distance, distance),
    )  # fmt: skip
    with pytest.raises(ToolError, match="volume"):
        model.read(Picture("head.nii", np.zeros((8, 8, 8), np.uint8)), tmp_path.joinpath)
