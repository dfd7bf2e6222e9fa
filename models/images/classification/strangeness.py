"""Whether an image is like those that a model was trained on.

The distance to the nearest training images, in what the network makes of an image (Sun et al. 2022,
arXiv 2204.06507) and in its simple features, which see what a network has learnt to overlook. Both
are divided by what held-out images of the training set reach, so that 1 is the edge of what is
known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
NEAREST = 3
MOST_KEPT = 1000
KNOWN = 0.95
"""Share of held-out images that count as known."""


@dataclass(frozen=True)
class Neighbours:
    """Training images in one space of features.

    Attributes:
        points: Shape (m, d).
        centre, scale: With which features are standardised, shape (d,).
    """

    points: Array
    centre: Array
    scale: Array

    @classmethod
    def of(cls, features: Array, seed: int) -> "Neighbours":
        """Keeps training images (at most 1,000, drawn at random)."""
        if len(features) > MOST_KEPT:
            drawn = np.random.default_rng(seed).choice(len(features), MOST_KEPT, replace=False)
            features = features[np.sort(drawn)]
        centre, spread = features.mean(0), features.std(0)
        # What hardly varies in training may vary at random elsewhere; it must not decide.
        scale = np.maximum(spread, 0.1 * float(spread.mean()) + 1e-6)
        kept = ((features - centre) / scale).astype(np.float16)  # as it is written
        return cls(kept.astype(np.float32), centre, scale)

    def distance(self, features: Array) -> Array:
        """Returns the distance to the third nearest training image, shape (n,)."""
        seen = (features - self.centre) / self.scale
        squared = (
            (seen**2).sum(1)[:, None] + (self.points**2).sum(1)[None] - 2 * seen @ self.points.T
        )
        near = min(NEAREST, len(self.points)) - 1
        found: Array = np.sqrt(np.maximum(np.partition(squared, near, axis=1)[:, near], 0))
        return found


@dataclass(frozen=True)
class Strangeness:
    """How far images lie from those of the training set.

    Attributes:
        members: Training images as each network sees them.
        simple: Training images by their simple features.
        edges: Distances that count as 1: of the networks, of the simple features.
        held_out: What held-out images of the training set reached, sorted.
    """

    members: Sequence[Neighbours]
    simple: Neighbours
    edges: tuple[float, float]
    held_out: Array

    @classmethod
    def fit(
        cls, members: Sequence[Neighbours], simple: Neighbours, by_network: Array, by_simple: Array
    ) -> "Strangeness":
        """Sets the edges so that 95% of held-out images lie within.

        Args:
            members, simple: Training images.
            by_network, by_simple: Distances of held-out images, shape (n,).
        """
        first = (float(np.quantile(by_network, KNOWN)), float(np.quantile(by_simple, KNOWN)))
        first = (max(first[0], 1e-6), max(first[1], 1e-6))
        reached = np.maximum(by_network / first[0], by_simple / first[1])
        both = float(np.quantile(reached, KNOWN))
        return cls(
            members, simple, (first[0] * both, first[1] * both),
            np.sort(reached / both).astype(np.float32),
        )  # fmt: skip

    def of(self, by_network: Sequence[Array], simple: Array) -> Array:
        """Returns how strange images are: above 1 they are unlike the training set, shape (n,).

        Args:
            by_network: Features from each network, shape (n, d) each.
            simple: Simple features, shape (n, e).
        """
        pairs = zip(self.members, by_network, strict=True)
        networks = np.mean([known.distance(features) for known, features in pairs], axis=0)
        found: Array = np.maximum(
            networks / self.edges[0], self.simple.distance(simple) / self.edges[1]
        )
        return found

    def rank(self, strangeness: float) -> float:
        """Returns the share of held-out training images that were less strange (0-1)."""
        return float(np.searchsorted(self.held_out, strangeness) / len(self.held_out))
