"""Images a second in training, beside a bare loop with the same network of MONAI and batch."""

import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from evals.agents.turns import compared, loops
from evals.registry import EvalOptions, Report, ReportTable, eval_task

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

CASES = (("resnet18", 96, 320), ("densenet121", 64, 192))
"""Network, side of the images, images of one turn; on a GPU resnet50 at 224 pixels instead."""

ON_GPU = (("resnet50", 224, 4096),)
BATCH = 32
TURNS = 4
BAR = 0.9


@eval_task(
    "image_training_speed",
    "images a second in training beside a bare MONAI loop (bar: at least 0.9 of it)",
)
def run(options: EvalOptions) -> Report:
    """Trains by turns, so that a busy moment of the machine meets all; `limit` is turns."""
    import torch

    on_gpu = torch.cuda.is_available()
    rows: list[list[str | float]] = []
    ratios: dict[str, float] = {}
    for architecture, side, count in ON_GPU if on_gpu else CASES:
        drawn = np.random.default_rng(options.seed).integers(0, 256, (count, 1, side, side))
        images = torch.from_numpy(drawn.astype(np.uint8))
        classes = np.arange(count) % 2
        task = (architecture, images, classes)
        _bare(architecture, images[: 2 * BATCH], classes[: 2 * BATCH], halved=False)  # warms up
        ways = loops(partial(_bare, *task), partial(_ours, *task))
        found, figures = compared(f"{architecture}, {side} px", ways, options.limit or TURNS)
        rows += found
        ratios |= figures
    return Report(
        title="Speed of training on images",
        tables=[
            ReportTable(
                title=f"Images a second, batch {BATCH}, {torch.get_num_threads()} threads, "
                f"{'GPU' if on_gpu else 'CPU'}",
                columns=["network", "loop", "images a second", "ours to this (median of turns)"],
                rows=rows,
            )
        ],
        figures=ratios | {"bar": f"at least {BAR}"},
        notes=[
            "The bare loop has ready float32 tensors, no augmentation, Adam and nothing else; "
            "where the machine is faster in bfloat16 a second one computes in it, as ours then "
            "does. Ours standardises, augments, weights classes and averages weights in each step."
        ],
    )


def _bare(
    architecture: str, images: "Tensor", classes: "NDArray[np.intp]", *, halved: bool
) -> float:
    """Returns the images a second of one epoch of a plain loop."""
    import torch
    from torch.nn import functional

    from models.images.networks.architectures import make_network

    where = "cuda" if torch.cuda.is_available() else "cpu"
    side = images.shape[-1]
    network = make_network(architecture, dimensions=2, channels=1, classes=2, side=side).to(where)
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)
    inputs, truth = (images.float() / 255).to(where), torch.from_numpy(classes).to(where)
    network.train()
    started = time.perf_counter()
    for batch in torch.split(torch.randperm(len(inputs)), BATCH):
        optimizer.zero_grad()
        with torch.autocast(where, torch.bfloat16, enabled=halved):
            loss = functional.cross_entropy(network(inputs[batch]), truth[batch])
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    if where == "cuda":
        torch.cuda.synchronize()
    return len(images) / (time.perf_counter() - started)


def _ours(architecture: str, images: "Tensor", classes: "NDArray[np.intp]") -> float:
    """Returns the images a second of one epoch of the product's loop."""
    from models.fitting.effort import Effort
    from models.images.classification.learning.fitting import Recipe, fit_network

    recipe = Recipe(architecture, 2, 1, 2, images.shape[-1], 1, BATCH)
    everything = np.arange(len(images))
    started = time.perf_counter()
    fit_network(recipe, images, classes, everything, everything[:0], Effort(0))
    return len(images) / (time.perf_counter() - started)
