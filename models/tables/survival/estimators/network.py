"""Small neural networks trained as an ensemble with early stopping."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.data.splits import Rows
from models.fitting.effort import Effort
from models.fitting.threads import one_thread
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.tables.survival.estimators.estimator import inner_folds

MEMBERS = 10
HIDDEN = 64
DROPOUT = 0.4
LEARNING_RATE = 1e-2
WEIGHT_DECAY = 1e-1
MOST_EPOCHS = 300
PATIENCE = 30

Objective = Callable[[torch.Tensor], torch.Tensor]
"""The loss, a scalar, of the outputs of all rows of an outcome."""


Start = Callable[[Rows], FloatArray]
"""Linear weights (outputs, features) fitted to some rows."""


class Network(nn.Module):
    """A linear map plus a two-layer perceptron that starts at zero.

    Args:
        features: Number of inputs p.
        outputs: Number of outputs k.
    """

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, outputs, bias=outputs > 1)
        last = nn.Linear(HIDDEN, outputs, bias=False)
        self.hidden = nn.Sequential(
            nn.Linear(features, HIDDEN),
            nn.ReLU(),
            nn.Dropout(DROPOUT),
            nn.Linear(HIDDEN, HIDDEN),
            nn.ReLU(),
            nn.Dropout(DROPOUT),
            last,
        )
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(last.weight)

    def start_from(self, weights: FloatArray) -> None:
        """Sets the linear weights, shape (outputs, features), once and for all."""
        with torch.no_grad():
            self.linear.weight.copy_(torch.from_numpy(weights))
        self.linear.requires_grad_(False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Maps (n, p) to (n, k)."""
        output: torch.Tensor = self.linear(x) + self.hidden(x)
        return output


class Ensemble:
    """Networks that differ by seed and by the fifth of the rows that stops their training.

    Args:
        networks: Trained members.
    """

    def __init__(self, networks: list[Network]) -> None:
        self.networks = networks

    @classmethod
    def fit(
        cls,
        x: FloatArray,
        outcome: FollowUp,
        outputs: int,
        objective: Callable[[FollowUp], Objective],
        effort: Effort,
        groups: NDArray[Any] | None = None,
        start: Start | None = None,
    ) -> "Ensemble":
        """Trains members until there are enough or the time is up.

        Args:
            x: Features, shape (n, p), of about unit scale.
            outcome: Follow-up of the n rows.
            outputs: Outputs k of each network.
            objective: Makes the loss for the follow-up of some rows.
            effort: Seed, deadline and progress.
            groups: Rows with the same value stay together, shape (n,).
            start: Makes the linear weights that stay as they are; default learnt from 0.
        """
        inputs = torch.from_numpy(within_range(x)).float()
        networks: list[Network] = []
        while len(networks) < MEMBERS and not (networks and effort.spent()):
            number = len(networks)
            seed = effort.seed + number // 5
            splits = inner_folds(outcome, groups, seed)
            train, valid = splits[number % len(splits)]
            effort.progress(number / MEMBERS, f"training network {number + 1} of {MEMBERS}")
            with one_thread(), torch.random.fork_rng(devices=[]):
                torch.manual_seed(1000 * effort.seed + number)
                network = Network(x.shape[1], outputs)
                if start:
                    network.start_from(start(train))
                _train(network, inputs, outcome, train, valid, objective, effort)
            networks.append(network.eval())
        return cls(networks)

    def outputs(self, x: FloatArray) -> FloatArray:
        """Returns the outputs of every member, shape (members, n, k)."""
        inputs = torch.from_numpy(within_range(x)).float()
        with one_thread(), torch.no_grad():
            return np.stack([network(inputs).double().numpy() for network in self.networks])

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns all weights under `member.parameter`."""
        return {
            f"{number}.{name}": weight.numpy()
            for number, network in enumerate(self.networks)
            for name, weight in network.state_dict().items()
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> "Ensemble":
        """Makes the ensemble of weights that `arrays` returned."""
        members: dict[int, dict[str, torch.Tensor]] = {}
        for name, weight in arrays.items():
            number, parameter = name.split(".", 1)
            members.setdefault(int(number), {})[parameter] = torch.from_numpy(weight)
        networks = []
        for _, state in sorted(members.items()):
            outputs, features = state["linear.weight"].shape
            network = Network(features, outputs)
            network.load_state_dict(state)
            networks.append(network.eval())
        return cls(networks)


def within_range(x: FloatArray) -> FloatArray:
    """Limits standardised features to five standard deviations, lest rare values rule."""
    return np.clip(x, -5.0, 5.0)


def _train(
    network: Network,
    x: torch.Tensor,
    outcome: FollowUp,
    train: Rows,
    valid: Rows,
    objective: Callable[[FollowUp], Objective],
    effort: Effort,
) -> None:
    """Trains on all training rows at a time; ends with the weights of the best epoch."""
    loss_of_train, loss_of_valid = objective(outcome[train]), objective(outcome[valid])
    x_train, x_valid = x[train], x[valid]
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(trained, LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    best, best_state, since = float("inf"), {}, 0
    for _ in range(MOST_EPOCHS):
        network.eval()
        with torch.no_grad():
            loss = float(loss_of_valid(network(x_valid)))
        if loss < best:
            best, since = loss, 0
            best_state = {name: value.clone() for name, value in network.state_dict().items()}
        since += 1
        if since > PATIENCE or effort.spent():
            break
        network.train()
        optimizer.zero_grad()
        loss_of_train(network(x_train)).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    network.load_state_dict(best_state)
