"""Probabilities that mean what they say, learnt from predictions for left-out rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from scipy.optimize import minimize
from scipy.special import softmax

FloatArray = NDArray[np.float64]
SMALLEST = 1e-6
LEAST_ROWS_PER_CLASS = 20
PENALTY = 1e-3


class Calibration(BaseModel):
    """p' = softmax(slope * log p + offsets).

    With two classes this is Platt's scaling of the log odds (Platt 1999), with more it is
    temperature scaling (Guo et al. 2017, arXiv 1706.04599) with a bias per class.

    Attributes:
        slope: Above 1 sharpens, below 1 flattens.
        offsets: One per class, the first 0.
    """

    slope: float = 1.0
    offsets: list[float]

    @classmethod
    def fit(cls, probability: FloatArray, truth: NDArray[Any]) -> "Calibration":
        """Minimises the log loss of out-of-fold probabilities.

        Args:
            probability: Shape (n, k).
            truth: Class positions, shape (n,).

        Returns:
            The calibration; no change where a class has fewer than 20 rows.
        """
        classes = probability.shape[1]
        counts = np.bincount(truth, minlength=classes)
        if counts.min() < LEAST_ROWS_PER_CLASS:
            return cls(offsets=[0.0] * classes)
        logs = np.log(np.clip(probability, SMALLEST, 1.0))
        wanted = np.eye(classes)[truth]

        def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
            slope, offsets = np.exp(parameters[0]), np.append(0.0, parameters[1:])
            scores = slope * logs + offsets
            made = softmax(scores, axis=1)
            value = -np.log(np.clip((made * wanted).sum(axis=1), 1e-300, 1.0)).mean()
            error = (made - wanted) / len(truth)
            gradient = np.append((error * logs).sum() * slope, error.sum(axis=0)[1:])
            return value + PENALTY * (parameters @ parameters), gradient + 2 * PENALTY * parameters

        found = minimize(loss, np.zeros(classes), jac=True, method="L-BFGS-B").x
        return cls(slope=float(np.exp(found[0])), offsets=[0.0, *map(float, found[1:])])

    def apply(self, probability: FloatArray) -> FloatArray:
        """Returns calibrated probabilities, shape (n, k)."""
        logs = np.log(np.clip(probability, SMALLEST, 1.0))
        calibrated: FloatArray = softmax(self.slope * logs + np.asarray(self.offsets), axis=1)
        return calibrated
