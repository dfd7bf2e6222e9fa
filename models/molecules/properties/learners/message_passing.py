"""Fitting a message passing network to molecules, and predicting with it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load, save
from torch import Tensor
from torch.nn import functional

from models.fitting.effort import Effort
from models.fitting.threads import one_thread
from models.molecules.properties.inputs.graphs import Graph, batch_of
from models.molecules.properties.inputs.scaling import Scaling
from models.molecules.properties.intake.targets import Task
from models.molecules.properties.learners.network import MessagePassing
from models.store.files import write_bytes, write_json

FloatArray = NDArray[np.float64]
AT_ONCE = 256
WARM = 0.1
"""Share of the steps in which the learning rate rises; afterwards it falls to nearly nothing."""


@dataclass(frozen=True)
class Setting:
    """How a network is made and fitted.

    Attributes:
        width: Of its messages.
        depth: How often they are passed.
        dropout: Share of units left out in training.
        epochs: How often each molecule is shown, where there are few.
        batch: Molecules in a step.
        rate: The highest learning rate.
        decay: Of the weights (AdamW).
        most_steps: Steps at most; larger sets are shown less often.
    """

    width: int = 64
    depth: int = 3
    dropout: float = 0.1
    epochs: int = 30
    batch: int = 64
    rate: float = 3e-3
    decay: float = 0.01
    most_steps: int = 1500


class FittedNetwork:
    """A network and the scale of what it reads and gives.

    Args:
        network: Trained.
        setting: How.
        task: What it gives.
        scaling: Of the descriptors that join it.
        centre: Mean of each target, shape (tasks,); zeros for classes.
        spread: Standard deviation of each, shape (tasks,); ones for classes.
    """

    def __init__(
        self,
        network: MessagePassing,
        setting: Setting,
        task: Task,
        scaling: Scaling,
        centre: FloatArray,
        spread: FloatArray,
    ) -> None:
        self.network = network.eval()
        self.setting = setting
        self.task = task
        self.scaling = scaling
        self.centre = centre
        self.spread = spread

    def predict(self, graphs: Sequence[Graph], descriptors: FloatArray) -> FloatArray:
        """Returns values in the unit of the targets, or probabilities, shape (n, tasks)."""
        extra = self.scaling.apply(descriptors).astype(np.float32)
        made = []
        with torch.inference_mode():
            for start in range(0, len(graphs), AT_ONCE):
                part = slice(start, start + AT_ONCE)
                made.append(self.network(batch_of(graphs[part], extra[part])).double().numpy())
        outputs = np.concatenate(made) if made else np.empty((0, len(self.centre)))
        if self.task == "classification":
            return np.asarray(1 / (1 + np.exp(-outputs)), dtype=float)
        return np.asarray(outputs * self.spread + self.centre, dtype=float)

    def save(self, folder: Path, name: str) -> None:
        """Writes weights (safetensors) and settings (JSON)."""
        weights = {key: value.contiguous() for key, value in self.network.state_dict().items()}
        weights |= {
            f"scaling.{key}": torch.from_numpy(value) for key, value in asdict(self.scaling).items()
        }
        write_bytes(folder / f"{name}.safetensors", save(weights))
        settings = {"setting": asdict(self.setting), "task": self.task,
                    "centre": self.centre.tolist(), "spread": self.spread.tolist()}  # fmt: skip
        write_json(folder / f"{name}.json", settings)

    @classmethod
    def load(cls, folder: Path, name: str) -> "FittedNetwork":
        """Reads what `save` wrote; predictions are identical."""
        kept = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        weights = load((folder / f"{name}.safetensors").read_bytes())
        scaling = Scaling(
            **{
                key.removeprefix("scaling."): weights.pop(key).numpy()
                for key in list(weights)
                if key.startswith("scaling.")
            }
        )
        setting = Setting(**kept["setting"])
        network = _network(setting, len(kept["centre"]), scaling.size)
        network.load_state_dict(weights)
        centre, spread = np.array(kept["centre"]), np.array(kept["spread"])
        return cls(network, setting, kept["task"], scaling, centre, spread)


def fit_network(
    graphs: Sequence[Graph],
    descriptors: FloatArray,
    values: FloatArray,
    task: Task,
    setting: Setting,
    effort: Effort,
) -> FittedNetwork:
    """Fits a network; each unknown value is left out of the loss.

    Args:
        graphs: Length n.
        descriptors: Of the same molecules, shape (n, d), NaN where undefined.
        values: Numbers, or 0 and 1, shape (n, tasks), NaN where unknown.
        task: regression or classification.
        setting: How.
        effort: Seed, deadline and progress; past the deadline the learning rate falls at once.
    """
    scaling = Scaling.fit(descriptors)
    extra = scaling.apply(descriptors).astype(np.float32)
    tasks = values.shape[1]
    centre, spread = np.zeros(tasks), np.ones(tasks)
    if task == "regression":
        centre = np.nanmean(values, axis=0)
        spread = np.nanstd(values, axis=0)
        spread[spread < 1e-12] = 1.0
    wanted = torch.from_numpy(((values - centre) / spread).astype(np.float32))
    with one_thread():
        generator = torch.Generator().manual_seed(effort.seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(effort.seed)  # initial weights and dropout draw from here alone
            network = _network(setting, tasks, scaling.size)
            _train(network, graphs, extra, wanted, task, setting, generator, effort)
    return FittedNetwork(network, setting, task, scaling, centre, spread)


def _network(setting: Setting, tasks: int, extra: int) -> MessagePassing:
    return MessagePassing(tasks, extra, setting.width, setting.depth, setting.dropout)


def _train(
    network: MessagePassing,
    graphs: Sequence[Graph],
    extra: NDArray[np.float32],
    wanted: Tensor,
    task: Task,
    setting: Setting,
    generator: torch.Generator,
    effort: Effort,
) -> None:
    rows = len(graphs)
    batch = min(setting.batch, rows)
    each = rows // batch
    epochs = max(1, min(setting.epochs, setting.most_steps // each))
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=setting.rate, weight_decay=setting.decay, foreach=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, setting.rate, total_steps=epochs * each + 1, pct_start=WARM
    )
    network.train()
    for epoch in range(epochs):
        effort.progress(epoch / epochs, f"message passing, epoch {epoch + 1} of {epochs}")
        if epoch and effort.spent():
            break
        order = torch.randperm(rows, generator=generator).numpy()
        for step in range(each):
            chosen = order[step * batch : (step + 1) * batch]
            outputs = network(batch_of([graphs[n] for n in chosen], extra[chosen]))
            loss = _loss(outputs, wanted[torch.from_numpy(chosen)], task)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()


def _loss(outputs: Tensor, wanted: Tensor, task: Task) -> Tensor:
    """Returns the mean loss of the known values; 0 where none is known."""
    known = torch.isfinite(wanted)
    filled = torch.where(known, wanted, torch.zeros_like(wanted))
    if task == "classification":
        each = functional.binary_cross_entropy_with_logits(outputs, filled, reduction="none")
    else:
        each = (outputs - filled) ** 2
    return (each * known).sum() / known.sum().clamp(min=1)
