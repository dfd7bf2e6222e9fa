"""The members of an ensemble: what each reads, how it is fitted, kept and read back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from models.fitting.effort import Effort
from models.molecules.properties.inputs.blocks import Inputs
from models.molecules.properties.intake.targets import Task
from models.molecules.properties.learners.kernel import FittedKernel
from models.molecules.properties.learners.message_passing import FittedNetwork, Setting, fit_network
from models.molecules.properties.learners.trees import FittedTrees

FloatArray = NDArray[np.float64]
MemberName = Literal["boosting", "trees", "kernel", "network"]
CLASSICAL: tuple[MemberName, ...] = ("boosting", "trees", "kernel")
NETWORK: tuple[MemberName, ...] = ("network",)
TITLES = {
    "boosting": "gradient boosting of trees",
    "trees": "extremely randomised trees",
    "kernel": "kernel regression",
    "network": "directed message passing",
}
KERNEL_ROWS = 3_000
"""From more molecules on, the kernel's matrix costs more than it brings."""


class Member(Protocol):
    """A fitted member."""

    def predict(self, inputs: Inputs) -> FloatArray:
        """Returns values or probabilities, shape (n, tasks)."""

    def save(self, folder: Path) -> None:
        """Writes it."""


class ReadsFingerprints:
    """A member that reads fingerprints."""

    def __init__(self, name: MemberName, fitted: FittedTrees | FittedKernel) -> None:
        self.name, self.fitted = name, fitted

    def predict(self, inputs: Inputs) -> FloatArray:
        """Returns values or probabilities, shape (n, tasks)."""
        return self.fitted.predict(inputs.fingerprints)

    def save(self, folder: Path) -> None:
        """Writes it."""
        self.fitted.save(folder, self.name)


class Networks:
    """Networks that were each fitted to another part of the molecules, and their mean."""

    def __init__(self, networks: Sequence[FittedNetwork]) -> None:
        self.networks = list(networks)

    def predict(self, inputs: Inputs) -> FloatArray:
        """Returns mean values or probabilities, shape (n, tasks)."""
        descriptors = inputs.fingerprints.descriptors
        made = [network.predict(inputs.graphs, descriptors) for network in self.networks]
        return np.asarray(np.mean(made, axis=0))

    def save(self, folder: Path) -> None:
        """Writes them."""
        for number, network in enumerate(self.networks):
            network.save(folder, f"network_{number}")


def fit_member(
    name: MemberName,
    inputs: Inputs,
    values: FloatArray,
    task: Task,
    groups: NDArray[Any] | None,
    effort: Effort,
    like: Member | None = None,
) -> Member:
    """Fits a member.

    Args:
        name: Which.
        inputs: n molecules.
        values: Shape (n, tasks), NaN where unknown.
        task: regression or classification.
        groups: Molecules of one group belong together, shape (n,); None where each is alone.
        effort: Seed, deadline and progress.
        like: The same member fitted to more molecules, whose setting saves another search.
    """
    if name == "network":
        descriptors = inputs.fingerprints.descriptors
        fitted = fit_network(inputs.graphs, descriptors, values, task, Setting(), effort)
        return Networks([fitted])
    if name == "kernel":
        known = like.fitted if isinstance(like, ReadsFingerprints) else None
        settings = known.settings if isinstance(known, FittedKernel) else None
        kernel = FittedKernel.fit(inputs.fingerprints, values, task, effort.seed, groups, settings)
        return ReadsFingerprints(name, kernel)
    trees = FittedTrees.fit(inputs.fingerprints, values, name, task, effort.seed)
    return ReadsFingerprints(name, trees)


def load_member(name: MemberName, folder: Path) -> Member:
    """Reads what `save` wrote."""
    if name == "network":
        names = sorted(path.stem for path in folder.glob("network_*.safetensors"))
        return Networks([FittedNetwork.load(folder, stem) for stem in names])
    if name == "kernel":
        return ReadsFingerprints(name, FittedKernel.load(folder, name))
    return ReadsFingerprints(name, FittedTrees.load(folder, name))
