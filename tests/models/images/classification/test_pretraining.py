import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from models.fitting.effort import Effort
from models.images.classification.learning.fitting import Recipe
from models.images.classification.learning.pretraining import TEMPERATURE, Proof, contrast, pretrain
from models.images.networks.augmentation import view
from models.images.networks.tensors import standardised

RECIPE = Recipe("vit", dimensions=2, channels=1, classes=2, side=32, epochs=1, batch=16)


def blobs(count: int, seed: int = 0) -> torch.Tensor:
    """Images with a bright square somewhere; uint8 (n, 1, 32, 32)."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 90, (count, 1, 32, 32)).astype(np.uint8)
    for image, (down, across) in zip(images, rng.integers(2, 20, (count, 2)), strict=True):
        image[:, down : down + 9, across : across + 9] += 140
    return torch.from_numpy(images)


def test_loss_is_that_of_the_paper_by_hand() -> None:
    # Two images, two views each: 0 and 2 are one, 1 and 3 the other.
    rows = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0], [0.0, 1.0]])
    same, other = math.exp(1 / TEMPERATURE), math.exp(0)
    expected = -math.log(same / (same + 2 * other))
    assert contrast(rows).item() == pytest.approx(expected, rel=1e-6)
    swapped = contrast(rows[[0, 2, 1, 3]])
    assert swapped.item() > contrast(rows).item()


def test_views_differ_and_keep_the_shape() -> None:
    seen = standardised(blobs(6))
    chance = torch.Generator().manual_seed(0)
    one, two = view(seen, chance), view(seen, chance)
    assert one.shape == seen.shape
    assert torch.isfinite(one).all()
    assert not torch.allclose(one, two, atol=0.1)


def patterns(count: int) -> torch.Tensor:
    """Images of which no two are alike, uint8 (n, 1, 32, 32)."""
    coarse = torch.from_numpy(np.random.default_rng(0).uniform(0, 255, (count, 1, 4, 4)))
    fine = torch.nn.functional.interpolate(coarse, (32, 32), mode="bicubic")
    return fine.clamp(0, 255).to(torch.uint8)


@pytest.mark.slow
def test_views_of_one_image_are_told_from_those_of_others() -> None:
    said: list[str] = []
    effort = Effort(0, progress=lambda fraction, message: said.append(message))
    recipe = replace(RECIPE, architecture="resnet18")
    weights = pretrain(recipe, patterns(256), effort, shown=2500)
    first, last = (float(message.rpartition(" ")[2]) for message in (said[0], said[-1]))
    assert first > 4.5  # the logarithm of 127 others is 4.84
    assert last < first - 0.25
    missing, unexpected = recipe.network().load_state_dict(weights, strict=False)
    assert not unexpected
    assert sorted(missing) == ["fc.bias", "fc.weight"]


def test_the_same_seed_gives_the_same_weights() -> None:
    first, again = (pretrain(RECIPE, blobs(64), Effort(3), shown=256) for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_a_gain_within_its_error_does_not_pay() -> None:
    assert Proof(500, 60, 0.40, 0.50, 0.05).pays
    assert not Proof(500, 60, 0.48, 0.50, 0.05).pays
    assert "tried and not used" in str(Proof(500, 60, 0.60, 0.50, 0.05))
