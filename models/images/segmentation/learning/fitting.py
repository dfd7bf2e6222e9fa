"""The training loop of segmenters."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from models.fitting.effort import Effort
from models.fitting.hardware import device, has_fast_bfloat16
from models.fitting.schedule import Schedule
from models.images.segmentation.learning.grid import Grid
from models.images.segmentation.learning.inference import probabilities
from models.images.segmentation.learning.networks import scores
from models.images.segmentation.learning.sampling import Sample, Sampler
from models.images.segmentation.overlap import dice

LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-4
BATCH_POINTS, MOST_AT_ONCE = {"cpu": 7.0e4, "cuda": 1.8e6}, 12
"""Grid points of a step: many small steps learn sooner than few large ones."""

FEWEST_PATCHES, MOST_PATCHES = {2: 64, 3: 32}, {2: 600, 3: 120}
"""Patches of an epoch, where there are fewer or more cases."""

POINTS = {("cpu", 2): 3.0e7, ("cpu", 3): 7.0e7, ("cuda", 2): 1.0e9, ("cuda", 3): 2.0e9}
"""Grid points that a network is shown when nobody says how many epochs: a minute or two."""

FEWEST_EPOCHS, MOST_EPOCHS = 10, 120
PATIENCE = 0.4
"""Share of the epochs without a better validation Dice after which training ends."""

BETTER = 0.002
"""Gain in Dice that counts as better there."""

VALIDATIONS = 15
"""At most so many times the validation cases are outlined, evenly over the epochs."""


@dataclass
class Fit:
    """A trained network.

    Attributes:
        network: With the weights of its best epoch, on the CPU.
        history: Loss by epoch, and validation Dice where it was looked at.
        best_epoch: Counted from 1.
    """

    network: nn.Module
    history: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int = 0


def patches_for(cases: int, dimensions: int) -> int:
    """Returns how many patches an epoch has."""
    return int(np.clip(cases, FEWEST_PATCHES[dimensions], MOST_PATCHES[dimensions]))


def patches_at_once(grid: Grid, device_type: str) -> int:
    """Returns how many patches a step is made of."""
    return int(np.clip(BATCH_POINTS[device_type] / np.prod(grid.patch), 1, MOST_AT_ONCE))


def epochs_for(cases: int, grid: Grid, device_type: str) -> int:
    """Returns how many epochs are trained when nobody says: the smaller the set, the more."""
    shown = patches_for(cases, grid.dimensions) * float(np.prod(grid.patch))
    wanted = POINTS[device_type, grid.dimensions] / shown
    return int(np.clip(wanted, FEWEST_EPOCHS, MOST_EPOCHS))


def fit_segmenter(
    network: nn.Module,
    sampler: Sampler,
    training: Sequence[Sample],
    validation: Sequence[Sample],
    epochs: int,
    effort: Effort,
) -> Fit:
    """Trains a network and keeps the weights with the best Dice on whole validation cases.

    AdamW with a rate that rises, then falls along a cosine, sooner where a deadline is set; Dice
    and cross-entropy added; bfloat16 where that is faster, channels last.

    Args:
        network: Untrained; is changed.
        sampler: Draws the patches.
        training: Cases to draw from.
        validation: Cases that decide when to stop.
        epochs: At most so many.
        effort: Seed, deadline and progress.
    """
    from monai.losses import DiceCELoss

    where, draw = device(), np.random.default_rng(effort.seed)
    dimensions = sampler.grid.dimensions
    layout = torch.channels_last if dimensions == 2 else torch.channels_last_3d
    network.to(where, memory_format=layout)  # type: ignore[call-overload]
    size = patches_at_once(sampler.grid, where.type)
    batches = -(-patches_for(len(training), dimensions) // size)
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    optimizer.param_groups[0]["peak"] = LEARNING_RATE
    schedule = Schedule(epochs * batches, effort.deadline)
    # Dice over the whole batch: a patch without the label is not worth as much as one with it.
    loss_of = DiceCELoss(include_background=False, to_onehot_y=True, softmax=True, batch=True)
    every = max(1, epochs // VALIDATIONS)
    fit, best = Fit(network), copy.deepcopy(network.state_dict())
    best_dice, level, risen = -1.0, -1.0, 0
    for epoch in range(1, epochs + 1):
        network.train()
        total = 0.0
        for rows in _batches(len(training), batches, size, draw):
            images, labels = sampler.batch([training[row] for row in rows], draw, where)
            images = images.contiguous(memory_format=layout)
            schedule.set(optimizer)
            with torch.autocast(where.type, torch.bfloat16, enabled=has_fast_bfloat16()):
                loss = loss_of(scores(network, images), labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            total += float(loss.detach())
        fit.history.append({"loss": total / batches})
        last = epoch == epochs or effort.spent()
        said = f"epoch {epoch} of {epochs}, loss {total / batches:.3f}"
        if last or epoch % every == 0:
            held = validation_dice(network, validation, sampler.grid, where)
            fit.history[-1]["validation_dice"] = held
            said += f", validation Dice {held:.3f}"
            if held > best_dice:
                best_dice, fit.best_epoch = held, epoch
                best = copy.deepcopy(network.state_dict())
            if held > level + BETTER:
                level, risen = held, epoch
        effort.progress(epoch / epochs, said)
        if last or epoch - risen > max(5, PATIENCE * epochs):
            break
    network.load_state_dict(best)
    network.to("cpu").eval()
    return fit


def validation_dice(
    network: nn.Module, samples: Sequence[Sample], grid: Grid, where: torch.device
) -> float:
    """Returns the mean Dice over cases and labels, on the grid."""
    network.eval()
    found = []
    for sample in samples:
        probability = probabilities(network, sample.image.float(), grid, where)
        guessed, truth = probability.argmax(0).numpy(), sample.labels.numpy()
        found += [dice(truth == label, guessed == label) for label in range(1, len(probability))]
    defined = [value for value in found if np.isfinite(value)]
    return float(np.mean(defined)) if defined else 0.0


def _batches(cases: int, batches: int, size: int, draw: np.random.Generator) -> list[list[int]]:
    """Returns the cases of each batch of an epoch: all of them in turn, in shuffled rounds."""
    rounds = -(-batches * size // cases)
    order = np.concatenate([draw.permutation(cases) for _ in range(rounds)])[: batches * size]
    return [part.tolist() for part in order.reshape(batches, size)]
