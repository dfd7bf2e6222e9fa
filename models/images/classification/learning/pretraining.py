"""Learning from images without a class, kept only where it proves its gain on those with one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.data.splits import folds
from models.fitting.effort import Effort
from models.fitting.hardware import device, has_fast_bfloat16
from models.fitting.schedule import Schedule
from models.images.classification.labelled import Labelled
from models.images.classification.learning.distributed import fit_everywhere
from models.images.classification.learning.fitting import Recipe, adamw, layout_of, placed
from models.images.classification.learning.members import log_mean, look
from models.images.networks.architectures import head_of, scores_and_features
from models.images.networks.augmentation import view
from models.images.networks.tensors import standardised

ENOUGH = 200
"""Images without a class from which pretraining is tried."""

BATCH, SMALLEST_BATCH = 64, 16
RATE = 1e-3
TEMPERATURE = 0.2
PROJECTED = 128
SHOWN = 24_000
"""Images that are shown, each in two views; large sets are gone through twice at least."""

MOST_ROUNDS = 100
PARTS = 3
"""Of the first fold's training images, that prove the gain."""

REPORTED_STEPS = 10
Weights = dict[str, Tensor]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Proof:
    """What pretraining gains on labelled images that tell networks only when to stop.

    Attributes:
        images: Without a class, that were learnt from.
        judged: With a class, that it was judged on.
        log_loss: Mean log loss of networks that start from it, in nats.
        log_loss_without: Of networks that do not.
        standard_error: Of the difference.
    """

    images: int
    judged: int
    log_loss: float
    log_loss_without: float
    standard_error: float

    @property
    def pays(self) -> bool:
        """The loss falls by more than the standard error of the difference."""
        return self.log_loss_without - self.log_loss > self.standard_error

    def as_json(self) -> dict[str, Any]:
        """Returns the figures and the decision."""
        return asdict(self) | {"used": self.pays}

    def __str__(self) -> str:
        return (
            f"self-supervised pretraining on {self.images} images without a class was "
            f"{'used' if self.pays else 'tried and not used'}: log loss {self.log_loss:.3f} with "
            f"it, {self.log_loss_without:.3f} without (difference's standard error "
            f"{self.standard_error:.3f}, {self.judged} training images held out in {PARTS} parts)"
        )


def pretrain(
    recipe: Recipe,
    images: Tensor,
    effort: Effort,
    initial: Mapping[str, Tensor] | None = None,
    shown: int = SHOWN,
) -> Weights:
    """Learns weights from images whose classes nobody knows (SimCLR).

    Two views of an image are to be alike, and unlike the views of all others in the batch: the
    normalised temperature-scaled cross-entropy of Chen et al. 2020 (arXiv 2002.05709, equation 1).

    Args:
        recipe: The network.
        images: uint8, shape (n, channels, side, side[, side]).
        effort: Seed, deadline and progress.
        initial: Weights to start from.
        shown: Images that are shown, about; each counts as often as it is.

    Returns:
        All weights but those of the last layer, by name.
    """
    torch.manual_seed(effort.seed)
    chance = torch.Generator().manual_seed(effort.seed)
    where, layout = device(), layout_of(recipe.dimensions)
    network = recipe.network()
    if initial:
        network.load_state_dict(dict(initial), strict=False)
    network.to(where, memory_format=layout).train()  # type: ignore[call-overload]
    width = head_of(network).in_features
    projection = nn.Sequential(
        nn.Linear(width, width), nn.ReLU(), nn.Linear(width, PROJECTED)
    ).to(where)  # fmt: skip
    optimizer = adamw(nn.ModuleList([network, projection]), RATE)
    rounds = int(np.clip(shown // len(images), 2, MOST_ROUNDS))
    pool = placed(images, where)
    batches = [
        batch
        for _ in range(rounds)
        for batch in torch.split(torch.randperm(len(images), generator=chance), BATCH)
        if len(batch) >= SMALLEST_BATCH
    ]
    schedule = Schedule(len(batches), effort.deadline)
    for step, batch in enumerate(batches):
        schedule.set(optimizer)
        seen = standardised(pool[batch].to(where))
        both = torch.cat([view(seen, chance), view(seen, chance)]).contiguous(memory_format=layout)
        with torch.autocast(where.type, torch.bfloat16, enabled=has_fast_bfloat16()):
            found = projection(scores_and_features(network, both)[1])
        loss = contrast(found.float())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step % REPORTED_STEPS == 0:
            said = f"learning from {len(images)} unlabelled images, loss {float(loss.detach()):.2f}"
            effort.progress(step / len(batches), said)
        if schedule.over:
            break
    head = head_of(network)
    of_head = {name for name, module in network.named_modules() if module is head}
    return {
        name: value.detach().cpu().contiguous()
        for name, value in network.state_dict().items()
        if name.rpartition(".")[0] not in of_head
    }


def contrast(projected: Tensor) -> Tensor:
    """Returns the loss of pairs of views, of which rows i and i + n show the same image.

    Args:
        projected: Shape (2 n, d).
    """
    unit = functional.normalize(projected, dim=1)
    alike = unit @ unit.T / TEMPERATURE
    alike.fill_diagonal_(-torch.inf)
    count = len(unit)
    partner = torch.arange(count, device=unit.device).roll(count // 2)
    return functional.cross_entropy(alike, partner)


def prove(
    recipe: Recipe,
    images: Tensor,
    data: Labelled,
    weights: Weights,
    learnt_from: int,
    effort: Effort,
    initial: Mapping[str, Tensor] | None = None,
) -> Proof:
    """Trains with and without the weights on parts of the first fold's training images.

    Args:
        recipe: The network.
        images: The labelled images, uint8.
        data: Their classes and folds.
        weights: Made by `pretrain`.
        learnt_from: How many images they were learnt from.
        effort: Seed, deadline and progress.
        initial: What training starts from without them.
    """
    rows = data.folds[0][0]
    parts = folds(len(rows), data.truth[rows], data.admitted.groups[rows], count=PARTS,
                  seed=effort.seed)  # fmt: skip
    starts = (weights, initial)
    losses: list[list[FloatArray]] = [[], []]
    count = len(parts) * len(starts)
    for number, (inner, held) in enumerate(parts):
        for which, start in enumerate(starts):
            step = number * len(starts) + which
            share = effort.spending(1 / (count - step)).part(step / count, (step + 1) / count)
            fit = fit_everywhere(recipe, images, data.truth, rows[inner], rows[held], share, start)
            scores = log_mean([look(fit.network, images[rows[held]])])
            truth = data.truth[rows[held]]
            losses[which].append(-scores[np.arange(len(truth)), truth])
    with_it, without = (np.concatenate(each) for each in losses)
    gain = without - with_it
    error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
    return Proof(learnt_from, len(gain), float(with_it.mean()), float(without.mean()), error)
