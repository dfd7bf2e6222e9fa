"""The training loop of networks that write molecules."""

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.fitting.effort import Effort
from models.fitting.hardware import device, has_fast_bfloat16
from models.fitting.schedule import Schedule
from models.molecules.generation.alphabet import Alphabet, Codes
from models.molecules.generation.networks.batches import batches, padded

RATE = 3e-3
TRANSFER_RATE = 5e-4
"""Weights that have been learnt already are not to be forgotten in the first steps."""

WEIGHT_DECAY = 1e-2
WARM_UP = 0.05
BATCH = 64
"""With 256 the same time brings a quarter of the steps and a higher loss."""

REPORTED_STEPS = 10
PATIENCE = 0.3
"""Share of the epochs without a better loss of held-out molecules after which training ends."""


class Writer(nn.Module):
    """A network that is trained on rows of tokens."""

    def loss(self, read: Tensor, written: Tensor, along: float) -> Tensor:
        """Returns the mean loss of a batch.

        Args:
            read: Shape (n, length).
            written: What is to follow; -1 is not counted.
            along: How far the training has come (0-1).
        """
        raise NotImplementedError


@dataclass
class Fit:
    """How a network was trained.

    Attributes:
        history: Loss by epoch, in nats per token, on training and on held-out molecules.
        best_epoch: Whose weights were kept, counted from 1.
        tokens: How many were trained on.
    """

    history: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int = 0
    tokens: int = 0


def fit_writer(
    network: Writer,
    alphabet: Alphabet,
    codes: Sequence[Codes],
    held_out: Sequence[Codes],
    epochs: int,
    effort: Effort,
    *,
    known: bool = False,
) -> Fit:
    """Trains a network in place and keeps the weights with the best held-out loss.

    AdamW, a rate that rises and falls along a cosine and comes to its end with the deadline,
    gradients clipped; bfloat16 where the machine is faster in it.

    Args:
        network: What is trained.
        alphabet: What its numbers mean.
        codes: Rows to learn from.
        held_out: Rows that tell when to stop.
        epochs: At most so many passes.
        effort: Seed, deadline and progress.
        known: The network has learnt molecules before.
    """
    torch.manual_seed(effort.seed)
    where, draw = device(), np.random.default_rng(effort.seed)
    network.to(where).train()
    steps = epochs * max(1, round(len(codes) / BATCH))
    schedule = Schedule(steps, effort.deadline, WARM_UP)
    rate = TRANSFER_RATE if known else RATE
    groups = [
        {"params": [p for p in network.parameters() if p.ndim > 1], "weight_decay": WEIGHT_DECAY},
        {"params": [p for p in network.parameters() if p.ndim < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW([group | {"peak": rate} for group in groups], rate)
    fit, kept, best, step = Fit(), copy.deepcopy(network.state_dict()), math.inf, 0
    for epoch in range(1, epochs + 1):
        total, count = 0.0, 0
        for rows in batches(codes, BATCH, draw):
            schedule.set(optimizer)
            read, written = padded([codes[row] for row in rows], alphabet)
            with torch.autocast(where.type, torch.bfloat16, enabled=has_fast_bfloat16()):
                loss = network.loss(read.to(where), written.to(where), min(1.0, step / steps))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            tokens = int((written >= 0).sum())
            total, count, step = total + float(loss.detach()) * tokens, count + tokens, step + 1
            if step % REPORTED_STEPS == 0:
                said = f"epoch {epoch} of {epochs}, loss {total / count:.3f} a token"
                effort.progress(min(1.0, step / steps), said)
            if schedule.over:
                break
        fit.tokens += count
        held = held_out_loss(network, alphabet, held_out)
        fit.history.append({"loss": total / count, "held_out_loss": held})
        if held < best:
            best, fit.best_epoch = held, epoch
            kept = copy.deepcopy(network.state_dict())
        if schedule.over or epoch - fit.best_epoch > max(2, PATIENCE * epochs):
            break
    network.load_state_dict(kept)
    network.to("cpu").eval()
    return fit


@torch.no_grad()
def held_out_loss(network: Writer, alphabet: Alphabet, codes: Sequence[Codes]) -> float:
    """Returns the loss on molecules that are not learnt from, in nats per token."""
    where = next(network.parameters()).device
    network.eval()
    total, count = 0.0, 0
    for rows in batches(codes, BATCH, np.random.default_rng(0)):
        read, written = padded([codes[row] for row in rows], alphabet)
        tokens = int((written >= 0).sum())
        loss = network.loss(read.to(where), written.to(where), 1.0)
        total, count = total + float(loss) * tokens, count + tokens
    network.train()
    return total / count


def token_loss(scores: Tensor, written: Tensor) -> Tensor:
    """Returns the mean cross-entropy of the tokens that count, in nats.

    Args:
        scores: Shape (n, length, size).
        written: Shape (n, length); -1 is not counted.
    """
    return functional.cross_entropy(scores.flatten(0, 1).float(), written.flatten(),
                                    ignore_index=-1)  # fmt: skip
