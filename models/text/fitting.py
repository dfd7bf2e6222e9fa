"""Fine-tuning: AdamW with a linear warm-up and decay."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from models.fitting.effort import Effort

CLIP = 1.0
WEIGHT_DECAY = 0.01
SMOOTHING = 0.98
"""Of the loss that progress shows."""

T = TypeVar("T")


@dataclass(frozen=True)
class Schedule:
    """How a model is fine-tuned.

    Attributes:
        epochs: Passes over the data.
        rate: Highest learning rate of the encoder.
        head_rate: Highest learning rate of the head.
        warm_up: Share of the steps in which the rates rise (0-1).
    """

    epochs: int
    rate: float = 2e-4
    head_rate: float = 1e-3
    warm_up: float = 0.1

    def share(self, step: int, steps: int) -> float:
        """Returns the share of the highest rates that a step has, 0-1."""
        rising = max(1, round(self.warm_up * steps))
        return min((step + 1) / rising, (steps - step) / max(1, steps - rising), 1.0)


def fit(
    encoder: nn.Module,
    head: nn.Module,
    epoch: Callable[[np.random.Generator], Sequence[T]],
    loss: Callable[[T], Tensor],
    schedule: Schedule,
    effort: Effort,
) -> None:
    """Trains encoder and head in place.

    Args:
        encoder: The trunk; its frozen parts stay.
        head: What is on top of it.
        epoch: Returns the batches of a pass in the order in which they are taken.
        loss: Returns the mean loss of a batch.
        schedule: Rates and length.
        effort: Its seed decides order and dropout; its progress is called after each batch.
    """
    rng = np.random.default_rng(effort.seed)
    torch.manual_seed(effort.seed)
    optimizer = torch.optim.AdamW(
        [
            *_groups(encoder, schedule.rate),
            *_groups(head, schedule.head_rate),
        ],
        fused=True,
    )
    highest = [group["lr"] for group in optimizer.param_groups]
    trained = [p for group in optimizer.param_groups for p in group["params"]]
    encoder.train()
    head.train()
    shown = math.nan
    for number in range(schedule.epochs):
        taken = epoch(rng)
        for place, batch in enumerate(taken):
            done = (number + place / len(taken)) / schedule.epochs
            share = schedule.share(round(done * schedule.epochs * len(taken)),
                                   schedule.epochs * len(taken))  # fmt: skip
            for group, rate in zip(optimizer.param_groups, highest, strict=True):
                group["lr"] = rate * share
            value = loss(batch)
            optimizer.zero_grad()
            value.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, CLIP)
            optimizer.step()
            now = float(value.detach())
            shown = now if math.isnan(shown) else SMOOTHING * shown + (1 - SMOOTHING) * now
            effort.progress(done, f"epoch {number + 1} of {schedule.epochs}, loss {shown:.4f}")
    encoder.eval()
    head.eval()


def _groups(module: nn.Module, rate: float) -> list[dict[str, object]]:
    """Returns a module's trained parameters; biases and norms do not decay."""
    trained = [p for p in module.parameters() if p.requires_grad]
    matrices = [p for p in trained if p.ndim > 1]
    vectors = [p for p in trained if p.ndim < 2]
    return [
        {"params": matrices, "lr": rate, "weight_decay": WEIGHT_DECAY},
        {"params": vectors, "lr": rate, "weight_decay": 0.0},
    ]
