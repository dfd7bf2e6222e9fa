"""The training loop of image classifiers."""

import copy
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.fitting.effort import Effort
from models.fitting.hardware import device, has_fast_bfloat16
from models.fitting.schedule import Schedule
from models.images.networks.architectures import make_network
from models.images.networks.augmentation import augmented
from models.images.networks.tensors import standardised

Rows = NDArray[np.intp]
LEARNING_RATE = 1e-3
TRANSFER_RATE = 3e-4
"""Weights that have been learnt already are not to be forgotten in the first steps."""

WEIGHT_DECAY = 0.05
SMOOTHING = 0.05
"""Label smoothing: small sets otherwise drive the scores to certainty."""

PATIENCE = 0.4
"""Share of the epochs without a better validation loss after which training ends."""

AVERAGED = 0.99
"""Share of the running mean of the weights that a step keeps (Polyak averaging)."""

REPORTED_STEPS = 10
AT_ONCE = 64
ON_DEVICE = 0.25
"""Share of a GPU's memory that the images may take; more stays in the machine's."""


@dataclass(frozen=True)
class Recipe:
    """What is trained and how; written to the model's manifest.

    Attributes:
        architecture: A name in ARCHITECTURES.
        dimensions: 2 or 3 spatial axes.
        channels: 1 or 3.
        classes: Number of classes.
        side: Pixels along each spatial axis.
        epochs: At most so many.
        batch: Images of one step.
    """

    architecture: str
    dimensions: int
    channels: int
    classes: int
    side: int
    epochs: int
    batch: int

    def network(self) -> nn.Module:
        """Makes the untrained network."""
        return make_network(
            self.architecture, dimensions=self.dimensions, channels=self.channels,
            classes=self.classes, side=self.side,
        )  # fmt: skip


@dataclass(frozen=True)
class Share:
    """Which part of each batch a process trains on.

    Attributes:
        rank: Number of this process.
        processes: How many there are.
    """

    rank: int = 0
    processes: int = 1


@dataclass
class Fit:
    """A trained network.

    Attributes:
        network: On the CPU, with the weights that are kept.
        history: Training and validation loss by epoch.
        best_epoch: Counted from 1.
        presented: Images that it was shown.
    """

    network: nn.Module
    history: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int = 0
    presented: int = 0


def layout_of(dimensions: int) -> torch.memory_format:
    """Returns the order in memory that convolutions are fastest in: channels last."""
    return torch.channels_last if dimensions == 2 else torch.channels_last_3d


def fit_network(
    recipe: Recipe,
    images: Tensor,
    classes: Rows,
    training: Rows,
    validation: Rows,
    effort: Effort,
    initial: Mapping[str, Tensor] | None = None,
    share: Share = Share(),  # frozen
) -> Fit:
    """Trains a network.

    AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101), a learning rate that rises and then falls
    along a cosine, cross-entropy weighted against the class shares, label smoothing, augmentation,
    running mean of the weights; bfloat16 where the machine is faster in it. With validation images
    the weights of the epoch with their best loss are kept, and training ends when none comes any
    more; without, the schedule is gone through. A deadline shortens the schedule.

    Args:
        recipe: The network and its epochs.
        images: uint8, shape (n, channels, side, side[, side]).
        classes: Class of each image, shape (n,).
        training: Positions that are trained on.
        validation: Positions that decide when to stop; may be empty.
        effort: Seed, deadline and progress.
        initial: Weights to start from, by name; those missing start at random.
        share: The part of each batch that is this process's.
    """
    loop = _Loop(recipe, images, torch.from_numpy(classes), training, effort, initial, share)
    fit, kept, best = Fit(loop.network), copy.deepcopy(loop.network.state_dict()), math.inf
    for epoch in range(1, recipe.epochs + 1):
        loss, shown = loop.run(epoch)
        fit.presented += shown
        record, stale = {"loss": loss}, False
        if len(validation):
            held = record["validation_loss"] = loop.loss(validation)
            if held < best:
                best, fit.best_epoch = held, epoch
                kept = copy.deepcopy(loop.mean.network.state_dict())
            stale = epoch - fit.best_epoch > max(3, PATIENCE * recipe.epochs)
        else:
            fit.best_epoch = epoch
        fit.history.append(record)
        if _agreed(loop.schedule.over or stale, share):
            break
    loop.network.load_state_dict(kept if len(validation) else loop.mean.network.state_dict())
    loop.network.to("cpu").eval()
    return fit


class _Loop:
    """A network with what its training goes on with from epoch to epoch (see `fit_network`)."""

    def __init__(
        self,
        recipe: Recipe,
        images: Tensor,
        truth: Tensor,
        training: Rows,
        effort: Effort,
        initial: Mapping[str, Tensor] | None,
        share: Share,
    ) -> None:
        torch.manual_seed(effort.seed)
        self._order = torch.Generator().manual_seed(effort.seed)
        self._changes = torch.Generator().manual_seed(effort.seed + 1 + share.rank)
        self._where, self._layout = device(), layout_of(recipe.dimensions)
        self._recipe, self._training = recipe, training
        self._effort, self._share = effort, share
        self.network = recipe.network()
        if initial:
            self.network.load_state_dict(dict(initial), strict=False)
        self.network.to(self._where, memory_format=self._layout)  # type: ignore[call-overload]
        self._trained = _shared(self.network, share, recipe)
        self._images, self._truth = placed(images, self._where), truth.to(self._where)
        self._weights = _class_weights(truth[training], recipe.classes).to(self._where)
        self._optimizer = adamw(self.network, TRANSFER_RATE if initial else LEARNING_RATE)
        steps = recipe.epochs * -(-len(training) // recipe.batch)
        self.schedule = Schedule(steps, effort.deadline)
        self.mean = _Mean(self.network)

    def run(self, epoch: int) -> tuple[float, int]:
        """Goes through the training images once.

        Returns:
            The mean loss, and how many images were shown.
        """
        self._trained.train()
        total, shown = torch.zeros((), device=self._where), 0
        batches = _batches(self._training, self._recipe, self._share, self._order)
        for step, batch in enumerate(batches):
            total += self._step(batch) * len(batch)
            shown += len(batch)
            if step % REPORTED_STEPS == 0:
                done = (epoch - 1 + shown / len(self._training)) / self._recipe.epochs
                self._effort.progress(done, f"epoch {epoch} of {self._recipe.epochs}")
            if self._share.processes == 1 and self.schedule.over:
                break
        return float(total) / max(1, shown), shown

    def _step(self, batch: Tensor) -> Tensor:
        self.schedule.set(self._optimizer)
        mine = batch[self._share.rank :: self._share.processes]
        seen = standardised(self._images[mine].to(self._where))
        seen = augmented(seen, self._changes).contiguous(memory_format=self._layout)
        with torch.autocast(self._where.type, torch.bfloat16, enabled=has_fast_bfloat16()):
            loss = functional.cross_entropy(
                self._trained(seen), self._truth[mine], self._weights, label_smoothing=SMOOTHING
            )
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimizer.step()
        self.mean.update(self.network)
        return loss.detach()

    @torch.no_grad()
    def loss(self, rows: Rows) -> float:
        """Returns the loss of the mean weights on images that are not trained on."""
        scores = [
            self.mean.network(standardised(self._images[batch].to(self._where)))
            for batch in torch.split(torch.from_numpy(rows), AT_ONCE)
        ]
        return float(functional.cross_entropy(torch.cat(scores), self._truth[rows], self._weights))


class _Mean:
    """The running mean of a network's weights."""

    def __init__(self, network: nn.Module) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self._steps = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Takes a step's weights in."""
        self._steps += 1
        kept = min(AVERAGED, self._steps / (9 + self._steps))
        means, news = self.network.state_dict(), network.state_dict()
        floats = [name for name, value in news.items() if value.is_floating_point()]
        torch._foreach_lerp_(
            [means[name] for name in floats], [news[name] for name in floats], 1 - kept
        )
        for name in news.keys() - set(floats):
            means[name].copy_(news[name])


def _shared(network: nn.Module, share: Share, recipe: Recipe) -> nn.Module:
    """Returns the network as several processes train it together."""
    if share.processes == 1:
        return network
    if device().type == "cuda":
        network = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
    # MONAI's transformer has layers for a second input that images do not give.
    unused = recipe.architecture == "vit"
    return nn.parallel.DistributedDataParallel(network, find_unused_parameters=unused)


def _agreed(ends: bool, share: Share) -> bool:
    """Tells whether any process wants to end: they must all end after the same epoch."""
    if share.processes == 1:
        return ends
    wanted = torch.tensor(float(ends), device=device())
    torch.distributed.all_reduce(wanted)
    return bool(wanted > 0)


def placed(images: Tensor, where: torch.device) -> Tensor:
    """Puts the images on a GPU where they take little of its memory."""
    if where.type == "cuda":
        memory = torch.cuda.get_device_properties(where).total_memory
        if images.numel() < ON_DEVICE * memory:
            return images.to(where)
    return images


def _class_weights(classes: Tensor, count: int) -> Tensor:
    """Returns weights with which every class counts the same, mean 1 over the images."""
    return len(classes) / (count * classes.bincount(minlength=count).clamp_min(1))


def adamw(network: nn.Module, rate: float) -> torch.optim.Optimizer:
    """Returns AdamW that lets biases and norms be."""
    tensors = [parameter for parameter in network.parameters() if parameter.requires_grad]
    groups = [
        {"params": [t for t in tensors if t.ndim > 1], "weight_decay": WEIGHT_DECAY, "peak": rate},
        {"params": [t for t in tensors if t.ndim <= 1], "weight_decay": 0.0, "peak": rate},
    ]
    return torch.optim.AdamW(groups, rate)


def _batches(
    rows: Rows, recipe: Recipe, share: Share, generator: torch.Generator
) -> Iterator[Tensor]:
    """Yields the rows shuffled, in batches; batch norm needs two images in every process."""
    order = torch.from_numpy(rows)[torch.randperm(len(rows), generator=generator)]
    for batch in torch.split(order, recipe.batch):
        if len(batch) >= 2 * share.processes:
            yield batch
