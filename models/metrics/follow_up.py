"""The outcome of survival models: how long each subject was followed, and how that ended."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.metrics.kaplan_meier import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class FollowUp:
    """Follow-up of n subjects.

    Attributes:
        time: Follow-up times, shape (n,), not negative.
        event: True where the event ended the follow-up, False where censored, shape (n,).
    """

    time: FloatArray
    event: BoolArray

    @classmethod
    def of(cls, time: ArrayLike, event: ArrayLike) -> "FollowUp":
        """Makes an outcome from anything array-like."""
        return cls(np.asarray(time, float), np.asarray(event).astype(bool))

    def __len__(self) -> int:
        return self.time.size

    def __getitem__(self, rows: IntArray | BoolArray | slice) -> "FollowUp":
        return FollowUp(self.time[rows], self.event[rows])
