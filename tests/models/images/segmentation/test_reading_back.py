"""Measuring, the rules that need no learning, and what looks strange."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.images.formats.picture import Picture
from models.images.phantoms.bodies import make_phantom
from models.images.segmentation.baseline import best_rules, otsu
from models.images.segmentation.familiarity import Familiarity, appearance
from models.images.segmentation.learning.grid import standardised
from models.images.segmentation.learning.sampling import Sample
from models.images.segmentation.overlap import dice
from models.images.segmentation.overlays import Panel, draw_overlays
from models.images.segmentation.regions import measured, show_size


def test_regions_by_hand() -> None:
    mask = np.zeros((10, 20), bool)
    mask[1:3, 2:5] = True  # six pixels around (1.5, 3)
    mask[8, 18] = True
    found = measured(mask, (0.5, 2.0))
    assert found["pixels"] == 7
    assert found["share"] == 7 / 200
    assert found["area_mm2"] == pytest.approx(7)
    assert found["regions"] == 2
    first, second = found["largest_regions"]
    assert first["centre"] == [1.5, 3.0]
    assert first["centre_mm"] == [0.75, 6.0]
    assert first["area_mm2"] == pytest.approx(6)
    assert second["centre"] == [8.0, 18.0]
    assert show_size(found) == "7.0 mm²"
    assert "spacing" in show_size(measured(mask, None))


def test_volume_by_hand() -> None:
    mask = np.zeros((4, 10, 10), bool)
    mask[1:3, 2:6, 2:6] = True  # 32 voxels of 5 × 0.5 × 0.5 mm
    found = measured(mask, (5.0, 0.5, 0.5))
    assert found["volume_mm3"] == pytest.approx(40)
    assert found["volume_ml"] == pytest.approx(0.04)
    assert show_size(found) == "40 mm³ (0.04 ml)"
    assert measured(mask & False, (5.0, 0.5, 0.5))["largest_regions"] == []


def test_otsu_lies_between_two_heaps() -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0, 0.1, 900), rng.normal(2, 0.1, 100)]).astype(np.float32)
    assert 0.5 < otsu(values) < 1.5


def phantom_values(seed: int, side: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    made = make_phantom(np.random.default_rng(seed), side)
    return torch.from_numpy(made.image)[None], torch.from_numpy(made.lesion.astype(np.uint8))


def test_best_rule_of_phantoms_is_a_threshold() -> None:
    samples = [
        Sample.of(standardised(values), labels, 1)
        for values, labels in map(phantom_values, range(12))
    ]
    (rule,) = best_rules(samples, 1)
    assert "threshold" in rule.name
    scores = [dice(s.labels.numpy() == 1, rule.find(s.image.float())) for s in samples]
    assert 0.6 < np.mean(scores) < 0.95


def test_best_rule_of_a_fixed_place_is_the_usual_shape() -> None:
    rng = np.random.default_rng(0)
    labels = torch.zeros((40, 40), dtype=torch.uint8)
    labels[10:20, 10:20] = 1
    samples = [
        Sample.of(torch.from_numpy(rng.normal(size=(1, 40, 40)).astype(np.float32)), labels, 1)
        for _ in range(5)
    ]
    (rule,) = best_rules(samples, 1)
    assert "usual shape" in rule.name
    assert rule.find(torch.zeros(1, 80, 80)).shape == (80, 80)
    assert dice(labels.numpy() == 1, rule.find(samples[0].image)) > 0.9


def test_what_is_unlike_the_training_images_is_strange() -> None:
    known = Familiarity.of([appearance(phantom_values(seed)[0]) for seed in range(40)])
    others = [appearance(phantom_values(seed)[0]) for seed in range(100, 140)]
    assert np.mean([known.strangeness(one) > 1 for one in others]) <= 0.1
    rng = np.random.default_rng(0)
    noise = torch.from_numpy(rng.random((1, 64, 64), np.float32))
    inverted = 1 - phantom_values(200)[0]
    ramp = torch.linspace(0, 1, 64).expand(1, 64, 64)
    black = torch.zeros(1, 64, 64)
    blurred = torch.nn.functional.avg_pool2d(phantom_values(201)[0], 7, 1, 3)
    for strange in (noise, inverted, ramp, black, blurred):
        assert known.strangeness(appearance(strange)) > 1


def test_overlays_of_planes_and_volumes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    volume = Picture("v", rng.random((6, 30, 30)), spacing=(5.0, 1.0, 1.0))
    found = np.zeros((6, 30, 30), np.uint8)
    found[4, 5:20, 5:20] = 1
    colour = Picture("c", rng.integers(0, 255, (30, 40, 3), dtype=np.uint8), colour=True)
    truth = np.zeros((30, 40), np.uint8)
    truth[:10] = 2
    panels = [Panel("a", volume, found, found), Panel("b", colour, truth * 0, truth)]
    for name in ("one.png", "two.png"):
        draw_overlays(panels, tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
