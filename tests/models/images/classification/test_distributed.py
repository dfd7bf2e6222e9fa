import numpy as np
import pytest
import torch

from models.fitting.effort import Effort
from models.images.classification.learning.distributed import fit_everywhere
from models.images.classification.learning.fitting import Recipe
from models.images.classification.learning.members import look


@pytest.mark.slow
def test_two_processes_train_one_network_together() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 60, (48, 1, 32, 32)).astype(np.uint8)
    classes = np.arange(48) % 2
    images[classes == 1, :, 8:24, 8:24] += 120
    shown: list[float] = []
    fit = fit_everywhere(
        Recipe("vit", 2, 1, 2, 32, 4, 12), torch.from_numpy(images), classes, np.arange(40),
        np.arange(40, 48), Effort(0, progress=lambda fraction, message: shown.append(fraction)),
        processes=2,
    )  # fmt: skip
    assert fit.presented == 4 * 40
    assert len(fit.history) == 4
    assert fit.history[-1]["loss"] < fit.history[0]["loss"]
    assert shown
    assert look(fit.network, torch.from_numpy(images)).views.shape == (2, 48, 2)
