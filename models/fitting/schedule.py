"""The learning rate over a fit that may have a deadline."""

import math
import time

import torch

WARM_UP = 0.2


class Schedule:
    """The learning rate over a fit: a linear rise, then a cosine to nothing.

    Every group of the optimizer states its highest rate as `peak`.

    Args:
        steps: Steps of the whole fit.
        deadline: `time.monotonic()` at which the rate is to be nothing; None for no limit.
        warm_up: Share of the fit in which the rate rises (0-1).
    """

    def __init__(self, steps: int, deadline: float | None, warm_up: float = WARM_UP) -> None:
        self._steps = steps
        self._warm_up = warm_up
        self._done = 0
        self._start = time.monotonic()
        self._seconds = None if deadline is None else max(deadline - self._start, 1e-9)

    def set(self, optimizer: torch.optim.Optimizer) -> None:
        """Sets the rate of the next step."""
        along = self._along()
        rising = along / self._warm_up
        falling = 0.5 * (1 + math.cos(math.pi * (along - self._warm_up) / (1 - self._warm_up)))
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * max(1e-3, rising if along < self._warm_up else falling)
        self._done += 1

    @property
    def over(self) -> bool:
        """The deadline has passed."""
        return self._along() >= 1

    def _along(self) -> float:
        along = self._done / self._steps
        if self._seconds is not None:
            along = max(along, (time.monotonic() - self._start) / self._seconds)
        return min(along, 1.0)
