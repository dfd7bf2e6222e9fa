"""Fitting a generator: first the autoencoder, then the flow over its codes."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from models.fitting.effort import Effort
from models.fitting.hardware import device, has_fast_bfloat16
from models.fitting.schedule import Schedule
from models.images.synthesis.budget import budget_for
from models.images.synthesis.generator import Generator, Shape

BATCH = 16
CODER_RATE, FLOW_RATE = 1e-3, 1e-3
WEIGHT_DECAY = 1e-2
SPREAD = 1e-3
"""Weight of what keeps the codes near a normal distribution."""

SCALE = 0.1
"""Weight of the likelihood of each pixel's scale."""

AVERAGED = 0.995
SHIFT = 0.05
"""Share of the side that images are shifted by, at most."""

VIEWS = 8
"""Shifted and mirrored views of each image whose codes the flow learns."""

CODER_TIME = 0.5
"""Share of the time for the coder."""

MOST_FOR_GRAIN = 1000
REPORTED_STEPS = 20


def fit_generator(
    images: Tensor, classes: NDArray[np.intp], kinds: int, epochs: int | None, effort: Effort
) -> Generator:
    """Fits a generator.

    Args:
        images: uint8, shape (n, channels, side, side).
        classes: Class of each, shape (n,).
        kinds: Number of classes.
        epochs: How often coder and flow go through the images; None for as often as pays.
        effort: Seed, deadline and progress.
    """
    where = device()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(effort.seed)
        generator = Generator(Shape(images.shape[2], images.shape[1], kinds)).to(where)
        pixels = images.float() / 127.5 - 1
        wanted = torch.from_numpy(classes).long()
        shown = budget_for(len(images), epochs, gpu=where.type == "cuda")
        _fit_coder(generator, pixels, shown.coder, effort.spending(CODER_TIME).part(0, CODER_TIME))
        _learn_grain(generator, pixels)
        codes, kinds_of = _codes(generator, pixels, wanted)
        averaged = _fit_flow(generator, codes, kinds_of, shown.flow, effort.part(CODER_TIME, 1))
        generator.flow.load_state_dict(averaged)
    # As it will be read again: another layout of the weights rounds otherwise.
    generator.cpu().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    return generator.eval()


def _fit_coder(generator: Generator, pixels: Tensor, shown: int, effort: Effort) -> None:
    """Learns to encode and decode: absolute error, its scale, and the spread of the codes."""
    where, layout = generator.centre.device, torch.channels_last
    steps = -(-shown // BATCH)
    optimizer = _optimizer(generator.coder, CODER_RATE)
    schedule = Schedule(steps, effort.deadline)
    generator.coder.to(memory_format=layout)
    for step, rows in zip(range(steps), _endless(len(pixels)), strict=False):
        schedule.set(optimizer)
        seen, _ = _viewed(pixels[rows].to(where), torch.zeros_like(rows))
        with torch.autocast(where.type, torch.bfloat16, enabled=has_fast_bfloat16()):
            mean, deviation = generator.encode(seen.contiguous(memory_format=layout))
            again, scale = generator.decode(mean + deviation * torch.randn_like(deviation))
        error = (again - seen).abs()
        # The scale follows the error (Laplace), but the error is not excused by the scale.
        loss = error.mean() + SCALE * (error.detach() / scale + scale.log()).mean()
        _step(optimizer, loss + SPREAD * _spread(mean.float(), deviation.float()))
        if step % REPORTED_STEPS == 0:
            effort.progress(step / steps, f"learning to encode, step {step} of {steps}")
        if schedule.over:
            break
    generator.coder.eval()


@torch.no_grad()
def _learn_grain(generator: Generator, pixels: Tensor) -> None:
    """Learns what decoded training images lack."""
    residuals = []
    for some in torch.split(pixels[:MOST_FOR_GRAIN], 4 * BATCH):
        seen = some.to(generator.centre.device)
        mean, scale = generator.decode(generator.encode(seen)[0])
        residuals.append((seen - mean) / scale)
    generator.learn_grain(torch.cat(residuals))


@torch.no_grad()
def _codes(generator: Generator, pixels: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
    """Returns standardised codes of several views of every image, and their classes."""
    where = generator.centre.device
    codes, kinds = [], []
    for _ in range(VIEWS):
        for rows in torch.split(torch.arange(len(pixels)), 4 * BATCH):
            seen, kind = _viewed(pixels[rows].to(where), classes[rows])
            mean, deviation = generator.encode(seen)
            codes.append(mean + deviation * torch.randn_like(deviation))
            kinds.append(kind)
    found = torch.cat(codes)
    generator.centre.copy_(found.mean((0, 2, 3), keepdim=True))
    generator.scale.copy_(found.std((0, 2, 3), keepdim=True).clamp_min(1e-3))
    return (found - generator.centre) / generator.scale, torch.cat(kinds).to(where)


def _fit_flow(
    generator: Generator, codes: Tensor, classes: Tensor, shown: int, effort: Effort
) -> dict[str, Tensor]:
    """Learns the flow; returns the running mean of its weights."""
    where = generator.centre.device
    flow = generator.flow.to(memory_format=torch.channels_last)
    optimizer = _optimizer(flow, FLOW_RATE)
    mean = get_ema_multi_avg_fn(AVERAGED)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(flow, multi_avg_fn=mean)
    steps = -(-shown // BATCH)
    schedule = Schedule(steps, effort.deadline)
    for step in range(steps):
        schedule.set(optimizer)
        rows = torch.randint(len(codes), (BATCH,))
        start, noise = codes[rows], torch.randn(BATCH, *codes.shape[1:]).to(where)
        times = torch.sigmoid(torch.randn(BATCH)).to(where)  # the middle is the hardest
        along = times[:, None, None, None]
        with torch.autocast(where.type, torch.bfloat16, enabled=has_fast_bfloat16()):
            found = generator.velocity((1 - along) * start + along * noise, times, classes[rows])
        _step(optimizer, functional.mse_loss(found.float(), noise - start))
        averaged.update_parameters(flow)
        if step % REPORTED_STEPS == 0:
            effort.progress(step / steps, f"learning to draw, step {step} of {steps}")
        if schedule.over:
            break
    return averaged.module.state_dict()


def _spread(mean: Tensor, deviation: Tensor) -> Tensor:
    """Returns the Kullback-Leibler divergence from a standard normal distribution, per number."""
    variance = deviation**2
    return 0.5 * (mean**2 + variance - 1 - variance.clamp_min(1e-8).log()).mean()


def _optimizer(network: nn.Module, rate: float) -> torch.optim.Optimizer:
    optimizer = torch.optim.AdamW(network.parameters(), rate, weight_decay=WEIGHT_DECAY)
    for group in optimizer.param_groups:
        group["peak"] = rate
    return optimizer


def _step(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
    optimizer.step()


def _endless(count: int) -> Iterator[Tensor]:
    """Yields the positions of batches, round after round, each shuffled."""
    size = min(BATCH, count)
    while True:
        for rows in torch.split(torch.randperm(count), size):
            if len(rows) == size:
                yield rows


def _viewed(pixels: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
    """Shifts images a little and mirrors every other; the mirrored are classes of their own."""
    count, side = len(pixels), pixels.shape[-1]
    most = max(1, round(SHIFT * side))
    padded = functional.pad(pixels, (most,) * 4, mode="replicate")
    mirrored = torch.rand(count) < 0.5
    moved = []
    for image, turned, (down, across) in zip(
        padded, mirrored.tolist(), torch.randint(0, 2 * most + 1, (count, 2)).tolist(), strict=True
    ):
        part = image[:, down : down + side, across : across + side]
        moved.append(part.flip(-1) if turned else part)
    return torch.stack(moved), 2 * classes + mirrored.long()
