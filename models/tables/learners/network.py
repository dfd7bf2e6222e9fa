"""A multilayer perceptron for tables: an ensemble whose members train side by side.

Each member leaves its own part of the rows out and keeps the weights that did best on it; the
prediction is the members' mean. All members are trained at once by batched matrix products, on one
thread, so that the result does not depend on how many cores there are.
"""

import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from safetensors.torch import load_file, save_file
from sklearn.base import BaseEstimator
from torch import Tensor
from torch.nn import functional

from models.fitting.threads import one_thread
from models.store.files import write_json

Task = Literal["classification", "regression"]
FloatArray = NDArray[np.float64]
MAXIMUM_STEPS = 20_000
LEARNING_RATE = 5e-3
PATIENCE = 10


class TabularNetwork(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Two hidden layers with dropout, AdamW and early stopping.

    Args:
        task: Cross-entropy over classes, or squared error of the standardised target.
        width: Units of a hidden layer.
        members: Networks in the ensemble; each is stopped on 1/members of the rows.
        weight_decay: Strength of regularisation.
        dropout: Share of hidden units left out in a step (0-1).
        epochs: At most so many passes.
        random_state: Decides weights, batches and dropout.
    """

    def __init__(
        self,
        task: Task = "classification",
        width: int = 32,
        members: int = 8,
        weight_decay: float = 0.5,
        dropout: float = 0.2,
        epochs: int = 150,
        random_state: int = 0,
    ) -> None:
        self.task = task
        self.width = width
        self.members = members
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.epochs = epochs
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> "TabularNetwork":
        """Fits to standardised columns, shape (n, p), and class positions or numbers (n,)."""
        inputs = torch.as_tensor(np.asarray(X), dtype=torch.float32)
        target = np.asarray(y)
        if self.task == "regression":
            self.center_, self.scale_ = float(target.mean()), float(target.std()) or 1.0
            wanted = torch.as_tensor((target - self.center_) / self.scale_, dtype=torch.float32)
            outputs = 1
        else:
            wanted = torch.as_tensor(target, dtype=torch.int64)
            outputs = int(target.max()) + 1
            self.classes_ = np.arange(outputs)
        with one_thread():
            self.layers_ = self._train(inputs, wanted, outputs)
        return self

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Returns class probabilities, shape (n, k)."""
        with one_thread(), torch.inference_mode():
            outputs = self._forward(torch.as_tensor(np.asarray(X), dtype=torch.float32))
            return outputs.softmax(dim=2).mean(dim=0).double().numpy()

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Returns numbers (regression) or class positions, shape (n,)."""
        if self.task == "classification":
            likeliest: NDArray[Any] = self.predict_proba(X).argmax(axis=1)
            return likeliest
        with one_thread(), torch.inference_mode():
            outputs = self._forward(torch.as_tensor(np.asarray(X), dtype=torch.float32))
            return outputs[..., 0].mean(dim=0).double().numpy() * self.scale_ + self.center_

    def save(self, folder: Path) -> None:
        """Writes weights (safetensors) and settings (JSON)."""
        layers = {name: tensor.contiguous() for name, tensor in self.layers_.items()}
        save_file(layers, folder / "network.safetensors")
        fitted = {"center_": self.center_, "scale_": self.scale_} if self._is_regression else {}
        write_json(folder / "network.json", {"settings": self.get_params(), "fitted": fitted})

    @classmethod
    def load(cls, folder: Path) -> "TabularNetwork":
        """Reads what `save` wrote; predictions are identical."""
        kept = json.loads((folder / "network.json").read_text())
        network = cls(**kept["settings"])
        network.layers_ = load_file(folder / "network.safetensors")
        for name, value in kept["fitted"].items():
            setattr(network, name, value)
        return network

    @property
    def _is_regression(self) -> bool:
        return self.task == "regression"

    def _forward(self, inputs: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Returns the outputs of all members, shape (members, n, outputs)."""
        hidden = inputs
        for layer in ("first", "second"):
            weight, bias = self.layers_[f"{layer}.weight"], self.layers_[f"{layer}.bias"]
            hidden = functional.relu(hidden @ weight + bias)
            if generator is not None:
                kept = torch.rand(hidden.shape, generator=generator) >= self.dropout
                hidden = hidden * kept / (1 - self.dropout)
        return hidden @ self.layers_["last.weight"] + self.layers_["last.bias"]

    def _losses(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        """Returns each member's loss on each row, shape (members, n)."""
        if self._is_regression:
            return (outputs[..., 0] - wanted) ** 2
        logs = outputs.log_softmax(dim=2)
        return -logs.gather(2, wanted.expand(self.members, -1)[..., None])[..., 0]

    def _train(self, inputs: Tensor, wanted: Tensor, outputs: int) -> dict[str, Tensor]:
        generator = torch.Generator().manual_seed(self.random_state)
        self.layers_ = self._initial(inputs.shape[1], outputs, generator)
        parameters = list(self.layers_.values())
        rows = len(inputs)
        part = torch.arange(rows)[torch.randperm(rows, generator=generator)] % self.members
        stops_on = part == torch.arange(self.members)[:, None]
        batch = int(min(512, max(32, rows // 8)))
        steps = -(-rows // batch)
        optimizer = torch.optim.AdamW(
            parameters, lr=LEARNING_RATE, weight_decay=self.weight_decay, foreach=True
        )
        best = {name: tensor.detach().clone() for name, tensor in self.layers_.items()}
        best_loss = torch.full((self.members,), torch.inf)
        since = 0
        for _ in range(max(1, min(self.epochs, MAXIMUM_STEPS // steps))):
            for chosen in torch.split(torch.randperm(rows, generator=generator), batch):
                losses = self._losses(self._forward(inputs[chosen], generator), wanted[chosen])
                trains = ~stops_on[:, chosen]
                # Members share no weight, so the sum of their losses trains each by its own.
                loss = ((losses * trains).sum(dim=1) / trains.sum(dim=1).clamp(min=1)).sum()
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            with torch.no_grad():
                losses = self._losses(self._forward(inputs), wanted)
                held_out = (losses * stops_on).sum(dim=1) / stops_on.sum(dim=1).clamp(min=1)
                better = held_out < best_loss
                best_loss = torch.where(better, held_out, best_loss)
                for name, tensor in self.layers_.items():
                    best[name] = torch.where(better[:, None, None], tensor, best[name])
            since = 0 if better.any() else since + 1
            if since >= PATIENCE:
                break
        return best

    def _initial(self, inputs: int, outputs: int, generator: torch.Generator) -> dict[str, Tensor]:
        sizes = {
            "first": (inputs, self.width),
            "second": (self.width, self.width),
            "last": (self.width, outputs),
        }
        layers = {}
        for layer, (fan_in, fan_out) in sizes.items():
            bound = (6 / fan_in) ** 0.5  # He et al. 2015, doi 10.1109/ICCV.2015.123
            weight = torch.rand((self.members, fan_in, fan_out), generator=generator)
            layers[f"{layer}.weight"] = ((weight * 2 - 1) * bound).requires_grad_()
            layers[f"{layer}.bias"] = torch.zeros((self.members, 1, fan_out)).requires_grad_()
        return layers
