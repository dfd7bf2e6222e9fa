"""How good made-up images are: beside real images, trivial generators and the training images."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.fitting.effort import Effort
from models.images.synthesis.extractor import Extractor
from models.images.synthesis.frechet import diversity_interval, frechet_interval
from models.images.synthesis.memorisation import Memory
from models.images.synthesis.simple import PixelGaussian, noisy_means
from models.metrics.intervals import Interval, bootstrap, show_interval

GENERATOR, FLOOR = "generator", "real training images"
GAUSSIAN, MEANS = "Gaussian over pixels", "mean image with noise"
HELD_OUT = "real held-out images"


@dataclass(frozen=True)
class Real:
    """Real images on both sides of the split.

    Attributes:
        training: uint8, shape (n, channels, side, side).
        training_classes: Class of each, shape (n,), from 0.
        held_out: uint8, shape (m, channels, side, side).
        held_out_classes: Class of each, shape (m,).
    """

    training: torch.Tensor
    training_classes: NDArray[np.intp]
    held_out: torch.Tensor
    held_out_classes: NDArray[np.intp]


@dataclass(frozen=True)
class Quality:
    """What a generator was found to be worth.

    Attributes:
        rows: Metrics of each set of images, the generator's first.
        images: Images in each set.
        extractor: What the features are of.
        copies: Images of the generator that are copies of training images.
    """

    rows: Mapping[str, Mapping[str, Interval]]
    images: int
    extractor: str
    copies: int

    @property
    def metrics(self) -> Mapping[str, Interval]:
        """Of the generator."""
        return self.rows[GENERATOR]

    @property
    def baseline(self) -> Mapping[str, Interval]:
        """Of the better of the trivial generators: a Gaussian over pixels."""
        return self.rows[GAUSSIAN]

    def markdown(self) -> str:
        """Returns the rows as a table."""
        names = list(self.metrics)
        lines = [f"| images | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
        for name, row in self.rows.items():
            cells = [show_interval(row[m]) if m in row else "-" for m in names]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Returns everything, for results and manifests."""
        return {
            "sets": {name: dict(row) for name, row in self.rows.items()},
            "images_each": self.images,
            "features_of": self.extractor,
            "copies": self.copies,
        }


def judge(
    generated: torch.Tensor, real: Real, memory: Memory, extractor: Extractor, effort: Effort
) -> Quality:
    """Compares made-up images with held-out real ones.

    Every set has as many images of each class as are held out (the training images, where a class
    has fewer of them, a few less), because the Fréchet distance depends on the number of images.
    Features are scaled so that the variance of those of the training images is 1 in all.

    Args:
        generated: uint8, shape (m, channels, side, side), of the classes of the held-out images.
        real: Both sides of the split.
        memory: Of the training images.
        extractor: From images to features.
        effort: Seed and progress.
    """
    wanted, seed = real.held_out_classes, effort.seed
    drawn = _same_classes(real.training_classes, wanted, seed)
    gaussian = PixelGaussian(real.training, real.training_classes).sample(wanted, seed)
    sets = {
        GENERATOR: generated,
        FLOOR: real.training[drawn],
        GAUSSIAN: gaussian,
        MEANS: noisy_means(real.training, real.training_classes, wanted, seed),
        HELD_OUT: real.held_out,
    }
    known = extractor.features(real.training)
    unit = float(np.sqrt(max(known.var(axis=0).sum(), 1e-12)))
    features = {name: extractor.features(images) / unit for name, images in sets.items()}
    rows: dict[str, dict[str, Interval]] = {}
    for number, (name, found) in enumerate(features.items()):
        effort.progress(number / len(features), f"judging: {name}")
        rows[name] = {}
        if name != HELD_OUT:
            rows[name]["frechet_distance"] = frechet_interval(found, features[HELD_OUT], seed)
        rows[name]["internal_diversity"] = diversity_interval(found, seed)
        if name != FLOOR:  # each of them is its own nearest
            rows[name] |= _nearness(sets[name], memory, seed)
    copies = int(memory.copies(memory.near(generated)).sum())
    return Quality(rows, len(wanted), extractor.said, copies)


def _nearness(images: torch.Tensor, memory: Memory, seed: int) -> dict[str, Interval]:
    """Returns how far the training images are in the middle, and how many images are too near."""
    found = memory.near(images)
    distance = found.distance
    near = {
        name: bootstrap(lambda rows, limit=limit: float((distance[rows] < limit).mean()),  # type: ignore[misc]
                        len(distance), seed)
        for name, limit in memory.limits().items()
    }  # fmt: skip
    middle = bootstrap(lambda rows: float(np.median(distance[rows])), len(distance), seed)
    return {"nearest_training_distance": middle} | near


def _same_classes(
    available: NDArray[np.intp], wanted: NDArray[np.intp], seed: int
) -> NDArray[np.intp]:
    """Draws positions so that each class occurs as often as wanted, as far as there are enough."""
    rng = np.random.default_rng(seed)
    drawn = [
        rng.permutation(np.flatnonzero(available == k))[: int((wanted == k).sum())]
        for k in np.unique(wanted)
    ]
    return np.sort(np.concatenate(drawn))
