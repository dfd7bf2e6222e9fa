"""Where molecules and proteins lie among those that were measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
AXES = 16


@dataclass(frozen=True)
class Coordinates:
    """Principal axes of a similarity (kernel PCA; Schölkopf et al. 1998).

    Attributes:
        means: Mean similarity to each of the n measured ones, shape (n,).
        axes: Shape (n, k).
    """

    means: FloatArray
    axes: FloatArray

    @classmethod
    def of(cls, similarity: FloatArray) -> "Coordinates":
        """Makes the axes of n measured ones from their similarity, shape (n, n)."""
        means = similarity.mean(axis=0)
        centred = similarity - means - means[:, None] + means.mean()
        strength, vectors = np.linalg.eigh(centred)
        strength, vectors = strength[::-1][:AXES], vectors[:, ::-1][:, :AXES]
        kept = strength > 1e-6 * max(strength[0], 1e-12)
        axes = vectors[:, kept] / np.sqrt(strength[kept])
        # An eigenvector's sign is arbitrary: the largest entry is made positive.
        turned = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        return cls(means, axes * turned)

    def of_similar(self, similarity: FloatArray) -> FloatArray:
        """Returns coordinates from similarities to the n, shape (m, n) to (m, k)."""
        centred = similarity - similarity.mean(axis=1, keepdims=True) - self.means
        return np.asarray((centred + self.means.mean()) @ self.axes)
