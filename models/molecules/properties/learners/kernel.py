"""Kernel regression on molecules: likeness of substructures and nearness of descriptors."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from models.data.splits import folds
from models.fitting.threads import one_thread
from models.molecules.properties.inputs.fingerprints import Fingerprints
from models.molecules.properties.inputs.scaling import Scaling
from models.molecules.properties.intake.targets import Task
from models.store.files import write_bytes

FloatArray = NDArray[np.float64]
LEVELS = (1, 2, 3, 4, 6, 8)
"""Counts from which a substructure counts once more."""

SHARES = (0.15, 0.3, 0.6)
"""Of substructures; the rest is for descriptors."""

STEEPNESS = (0.3, 1.0, 3.0)
RIDGES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
SELECTION_ROWS = 700
"""Settings are compared on at most so many molecules."""

BLOCKS = 5
"""Where molecules come in groups, so many parts of whole groups are left out in turn."""


@dataclass(frozen=True)
class KernelSetting:
    """How like two molecules are, and how smooth the model is.

    Attributes:
        share: Weight of Tanimoto's likeness of counted substructures, 0-1; the rest goes to
            exp(-steepness * mean squared distance of scaled descriptors).
        steepness: How fast the second falls.
        ridge: Added to the diagonal.
    """

    share: float
    steepness: float
    ridge: float


class FittedKernel:
    """A kernel regression per target, for quantities as well as for 0 and 1.

    Args:
        scaling: Of the descriptors.
        descriptors: Scaled, of the training molecules, shape (n, k).
        counts: Of the training molecules, shape (n, bits), uint8.
        settings: Of each target, shape (tasks, 3): share, steepness, ridge.
        weights: Of each training molecule for each target, shape (n, tasks).
        centre: Mean of each target, shape (tasks,).
        is_probability: 1 where outputs are probabilities.
    """

    def __init__(
        self,
        scaling: Scaling,
        descriptors: FloatArray,
        counts: NDArray[np.uint8],
        settings: FloatArray,
        weights: FloatArray,
        centre: FloatArray,
        is_probability: bool,
    ) -> None:
        self.scaling = scaling
        # The order in memory decides the order of sums, and so the last digits.
        self.descriptors = np.ascontiguousarray(descriptors)
        self.counts = counts
        self.settings = settings
        self.weights = np.ascontiguousarray(weights)
        self.centre = centre
        self.is_probability = is_probability
        levels = levels_of(counts)
        self._sizes = levels.sum(axis=1)
        self._columns = np.flatnonzero(levels.any(axis=0))
        self._levels = np.ascontiguousarray(levels[:, self._columns])

    @classmethod
    def fit(
        cls,
        data: Fingerprints,
        values: FloatArray,
        task: Task,
        seed: int,
        groups: NDArray[Any] | None = None,
        settings: FloatArray | None = None,
    ) -> "FittedKernel":
        """Fits; the setting of each target is the one with the least error on what is left out.

        Args:
            data: n molecules.
            values: Shape (n, tasks), NaN where unknown.
            task: regression or classification.
            seed: Decides which molecules settings are compared on, where there are many.
            groups: Molecules of one group are left out together, shape (n,); None to leave out one
                at a time.
            settings: Of each target, shape (tasks, 3), where they are chosen already.
        """
        scaling = Scaling.fit(data.descriptors)
        scaled = scaling.apply(data.descriptors)
        with one_thread():
            levels = levels_of(data.counts)
            sizes = levels.sum(axis=1)
            alike = tanimoto(levels @ levels.T, sizes, sizes)
            near = _distances(scaled, scaled)
            weights = np.zeros(values.shape)
            centre = np.zeros(values.shape[1])
            chosen = []
            for k, column in enumerate(values.T):
                known = np.flatnonzero(np.isfinite(column))
                centre[k] = column[known].mean()
                wanted = column[known] - centre[k]
                square = np.ix_(known, known)
                if settings is not None:
                    setting = KernelSetting(*map(float, settings[k]))
                else:
                    apart = np.arange(len(known)) if groups is None else _blocks(groups[known])
                    setting = _choose(alike[square], near[square], wanted, apart, seed)
                kernel = _mixed(alike[square], near[square], setting)
                kernel[np.diag_indices(len(known))] += setting.ridge
                weights[known, k] = np.linalg.solve(kernel, wanted)
                chosen.append([setting.share, setting.steepness, setting.ridge])
        return cls(
            scaling, scaled, data.counts, np.array(chosen), weights, centre,
            task == "classification",
        )  # fmt: skip

    def predict(self, data: Fingerprints) -> FloatArray:
        """Returns values in the unit of the targets, or probabilities, shape (n, tasks)."""
        scaled = self.scaling.apply(data.descriptors)
        made = np.empty((len(data), len(self.centre)))
        asked = levels_of(data.counts)
        shared = asked[:, self._columns] @ self._levels.T
        alike = tanimoto(shared, asked.sum(axis=1), self._sizes)
        near = _distances(scaled, self.descriptors)
        for k, row in enumerate(self.settings):
            kernel = _mixed(alike, near, KernelSetting(*map(float, row)))
            made[:, k] = self.centre[k] + kernel @ self.weights[:, k]
        return np.clip(made, 0.001, 0.999) if self.is_probability else made

    def save(self, folder: Path, name: str) -> None:
        """Writes it (safetensors)."""
        arrays: dict[str, Any] = {
            "descriptors": self.descriptors, "counts": self.counts, "settings": self.settings,
            "weights": self.weights, "centre": self.centre,
            "is_probability": np.array([self.is_probability]),
        } | {f"scaling.{key}": value for key, value in asdict(self.scaling).items()}  # fmt: skip
        plain = {key: np.ascontiguousarray(value) for key, value in arrays.items()}
        write_bytes(folder / f"{name}.safetensors", save(plain))

    @classmethod
    def load(cls, folder: Path, name: str) -> "FittedKernel":
        """Reads what `save` wrote; predictions are identical."""
        arrays = load((folder / f"{name}.safetensors").read_bytes())
        scaling = {
            key.removeprefix("scaling."): value
            for key, value in arrays.items()
            if key.startswith("scaling.")
        }
        return cls(
            Scaling(**scaling), arrays["descriptors"], arrays["counts"], arrays["settings"],
            arrays["weights"], arrays["centre"], bool(arrays["is_probability"][0]),
        )  # fmt: skip


def levels_of(counts: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Returns counts as presences at growing levels, shape (n, bits * levels)."""
    return np.concatenate([counts >= level for level in LEVELS], axis=1).astype(np.float32)


def tanimoto(
    shared: NDArray[np.float32], first: NDArray[np.float32], second: NDArray[np.float32]
) -> FloatArray:
    """Returns Tanimoto's likeness, shape (n, m); 0 between two without any feature.

    Args:
        shared: Features that both have, shape (n, m).
        first: Features of each of n, shape (n,).
        second: Features of each of m, shape (m,).
    """
    either = first[:, None] + second[None, :] - shared
    return np.asarray(shared / np.maximum(either, 1.0), dtype=float)


def _distances(first: FloatArray, second: FloatArray) -> FloatArray:
    """Returns mean squared distances, shape (n, m)."""
    squares = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1)[None, :]
    distances = np.maximum(squares - 2 * first @ second.T, 0.0)
    return np.asarray(distances / max(1, first.shape[1]))


def _mixed(alike: FloatArray, near: FloatArray, setting: KernelSetting) -> FloatArray:
    closeness = np.exp(-setting.steepness * near)
    return np.asarray(setting.share * alike + (1 - setting.share) * closeness)


def _blocks(groups: NDArray[Any]) -> NDArray[np.intp]:
    """Returns the part that each molecule is left out with, shape (n,)."""
    parts = np.zeros(len(groups), dtype=np.intp)
    for number, (_, rest) in enumerate(folds(len(groups), None, groups, count=BLOCKS)):
        parts[rest] = number
    return parts


def _choose(
    alike: FloatArray, near: FloatArray, wanted: FloatArray, parts: NDArray[np.intp], seed: int
) -> KernelSetting:
    """Returns the setting with the least error on parts that are left out in turn.

    Of the inverse follow the errors without a second fit (Rasmussen and Williams 2006, section
    5.4.2), of one eigendecomposition the inverses for every ridge.
    """
    if len(wanted) > SELECTION_ROWS:
        rng = np.random.default_rng(seed)
        rows = np.sort(rng.choice(len(wanted), SELECTION_ROWS, replace=False))
        square = np.ix_(rows, rows)
        alike, near, wanted, parts = alike[square], near[square], wanted[rows], parts[rows]
    blocks = [np.flatnonzero(parts == part) for part in np.unique(parts)]
    best, least = KernelSetting(SHARES[1], STEEPNESS[1], RIDGES[2]), np.inf
    for share in SHARES:
        for steepness in STEEPNESS:
            kernel = _mixed(alike, near, KernelSetting(share, steepness, 0.0))
            values, vectors = np.linalg.eigh(kernel)
            turned = vectors.T @ wanted
            for ridge in RIDGES:
                kept = 1 / (np.maximum(values, 0.0) + ridge)
                weights = vectors @ (kept * turned)
                if len(blocks) == len(wanted):
                    errors = weights / ((vectors**2) @ kept)
                else:
                    inverse = (vectors * kept) @ vectors.T
                    left_out = [
                        np.linalg.solve(inverse[np.ix_(rows, rows)], weights[rows])
                        for rows in blocks
                    ]
                    errors = np.concatenate(left_out)
                if (error := float(np.mean(errors**2))) < least:
                    best, least = KernelSetting(share, steepness, ridge), error
    return best
