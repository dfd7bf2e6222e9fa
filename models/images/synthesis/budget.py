"""How many images a generator is shown in training, and how long that takes."""

import os
from dataclasses import dataclass

CODER_SECONDS, FLOW_SECONDS, JUDGE_SECONDS = 0.011, 0.010, 0.15
"""Per image of 64 pixels on one core: shown to the coder, to the flow; judged and compared."""

LEAST_SHARE = 0.5
"""Smaller images take at least so much of that time."""

USEFUL_CORES = 4


@dataclass(frozen=True)
class Budget:
    """Images that are shown, counted each time.

    Attributes:
        coder: To the autoencoder.
        flow: To the flow over its codes.
    """

    coder: int
    flow: int


USUAL, ON_GPU = Budget(12_000, 24_000), Budget(100_000, 400_000)


def budget_for(images: int, epochs: int | None, *, gpu: bool) -> Budget:
    """Returns what a training shows.

    Args:
        images: Training images.
        epochs: How often each part goes through them; None for as often as pays.
        gpu: There is a GPU.
    """
    if epochs:
        return Budget(epochs * images, epochs * images)
    return ON_GPU if gpu else USUAL


def training_seconds(images: int, side: int, epochs: int | None) -> float:
    """Estimates how long training and judging take on this machine's processor.

    Args:
        images: All images, of which three quarters are trained on.
        side: Pixels along each axis.
        epochs: See `budget_for`.
    """
    shown = budget_for(3 * images // 4, epochs, gpu=False)
    cores = min(os.cpu_count() or 1, USEFUL_CORES)
    fitting = CODER_SECONDS * shown.coder + FLOW_SECONDS * shown.flow
    return max(LEAST_SHARE, (side / 64) ** 2) * (fitting + JUDGE_SECONDS * images) / cores
