"""Training on several GPUs of one machine: one process each (PyTorch's DistributedDataParallel)."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, distributed
from torch.multiprocessing.spawn import start_processes

from models.fitting.effort import Effort
from models.fitting.threads import one_thread
from models.images.classification.learning.fitting import Fit, Recipe, Rows, Share, fit_network

POLL_SECONDS = 0.2
WEIGHTS, HISTORY = "weights.safetensors", "history.json"


def fit_everywhere(
    recipe: Recipe,
    images: Tensor,
    classes: Rows,
    training: Rows,
    validation: Rows,
    effort: Effort,
    initial: Mapping[str, Tensor] | None = None,
    processes: int | None = None,
) -> Fit:
    """Trains a network on all GPUs that are there, or in this process (see `fit_network`).

    Args:
        recipe, images, classes, training, validation, effort, initial: As of `fit_network`.
        processes: How many; None for one per GPU.
    """
    count = torch.cuda.device_count() if processes is None else processes
    if count <= 1:
        return fit_network(recipe, images, classes, training, validation, effort, initial)
    with tempfile.TemporaryDirectory() as folder:
        queue = get_context("spawn").Queue()
        sent = replace(effort, progress=_Sent(queue))
        shared = images.share_memory_()  # type: ignore[no-untyped-call]
        given = (recipe, shared, classes, training, validation, sent, initial)
        started = start_processes(  # type: ignore[no-untyped-call]
            _train, (count, folder, given), count, join=False
        )
        try:
            while not started.join(POLL_SECONDS):
                while not queue.empty():
                    effort.progress(*queue.get())
        finally:
            for process in started.processes:
                process.kill()
        return _read(recipe, Path(folder))


class _Sent:
    """Progress of the first process, on its way to the one that asked for the training."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def __call__(self, fraction: float, message: str) -> None:
        self._queue.put((fraction, message))


def _train(rank: int, processes: int, folder: str, given: tuple[Any, ...]) -> None:
    """What each process does; the first writes the result."""
    recipe, images, classes, training, validation, effort, initial = given
    if rank:
        effort = replace(effort, progress=_unheard)
    on_gpus = torch.cuda.device_count() >= processes
    if on_gpus:
        torch.cuda.set_device(rank)
    distributed.init_process_group(
        "nccl" if on_gpus else "gloo", f"file://{folder}/meeting", world_size=processes, rank=rank
    )
    with one_thread():
        fit = fit_network(
            recipe,
            images,
            classes,
            training,
            validation,
            effort,
            initial,
            Share(rank, processes),
        )
    if rank == 0:
        weights = {name: value.contiguous() for name, value in fit.network.state_dict().items()}
        save_file(weights, Path(folder) / WEIGHTS)
        told = {"history": fit.history, "best_epoch": fit.best_epoch, "presented": fit.presented}
        (Path(folder) / HISTORY).write_text(json.dumps(told))
    distributed.barrier()
    distributed.destroy_process_group()


def _unheard(fraction: float, message: str) -> None:
    """The first process alone reports."""


def _read(recipe: Recipe, folder: Path) -> Fit:
    network = recipe.network()
    network.load_state_dict(load_file(folder / WEIGHTS))
    return Fit(network.eval(), **json.loads((folder / HISTORY).read_text()))
