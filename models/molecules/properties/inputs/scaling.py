"""Descriptors on one scale, far values drawn in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """Which descriptors vary among the training molecules, and how.

    Attributes:
        kept: Positions of those that vary, shape (k,).
        centre: Their means, shape (k,).
        spread: Their standard deviations, shape (k,).
        usual: Their medians, which an undefined value is taken for, shape (k,).
    """

    kept: NDArray[np.int64]
    centre: FloatArray
    spread: FloatArray
    usual: FloatArray

    @property
    def size(self) -> int:
        """How many descriptors are kept."""
        return len(self.kept)

    @classmethod
    def fit(cls, descriptors: FloatArray) -> "Scaling":
        """Learns from training molecules, shape (n, d), NaN where undefined."""
        defined = np.isfinite(descriptors)
        usual = np.zeros(descriptors.shape[1])
        some = defined.any(axis=0)
        usual[some] = np.nanmedian(descriptors[:, some], axis=0)
        filled = np.where(defined, descriptors, usual)
        spread = filled.std(axis=0)
        kept = np.flatnonzero(spread > 1e-9)
        return cls(kept.astype(np.int64), filled.mean(axis=0)[kept], spread[kept], usual[kept])

    def apply(self, descriptors: FloatArray) -> FloatArray:
        """Returns scaled descriptors, shape (n, k): asinh of the distance in deviations."""
        chosen = descriptors[:, self.kept]
        filled = np.where(np.isfinite(chosen), chosen, self.usual)
        return np.asarray(np.arcsinh((filled - self.centre) / self.spread), dtype=float)
