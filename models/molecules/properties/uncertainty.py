"""How far a predicted quantity may be off: a standard deviation of its own, and an interval."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from scipy.optimize import minimize

FloatArray = NDArray[np.float64]
COVERAGE = 0.95
PENALTY = 0.05
STEEPEST = 3.0
"""Deviations beyond which a sign of uncertainty counts no further."""


class Uncertainty(BaseModel):
    """sd = exp(weights . signs), the signs standardised; the interval is q deviations wide.

    The signs of an uncertain prediction: members that disagree, molecules alike that were
    predicted badly while they were left out, and no molecule alike at all.

    Attributes:
        centre: Means of the signs among the training molecules.
        spread: Their standard deviations.
        weights: Of the intercept and of each sign.
        quantile: Deviations that cover 95% of the errors.
    """

    centre: list[float]
    spread: list[float]
    weights: list[float]
    quantile: float

    @classmethod
    def fit(cls, signs: FloatArray, errors: FloatArray) -> "Uncertainty":
        """Learns from molecules while they were left out.

        The deviations are those under which normally distributed errors are likeliest, drawn a
        little to equal ones. The interval is conformal, scaled by them (Lei et al. 2018, doi
        10.1080/01621459.2017.1307116).

        Args:
            signs: Shape (n, 3), see `signs_of`.
            errors: Observed less predicted, shape (n,).
        """
        centre, spread = signs.mean(axis=0), signs.std(axis=0)
        spread[spread < 1e-9] = 1.0
        columns = _columns(signs, centre, spread)
        size = float(np.sqrt(np.mean(errors**2))) or 1e-9
        ratios = np.minimum((errors / size) ** 2, 25.0)  # one gross error must not decide

        def loss(weights: FloatArray) -> tuple[float, FloatArray]:
            logs = columns @ weights
            fits = 0.5 * ratios * np.exp(-2 * logs)
            value = float(np.mean(logs + fits) + PENALTY * (weights[1:] @ weights[1:]))
            gradient = columns.T @ (1 - 2 * fits) / len(errors)
            gradient[1:] += 2 * PENALTY * weights[1:]
            return value, gradient

        # A sign may only raise the deviation.
        bounds = [(None, None), *([(0.0, 1.0)] * signs.shape[1])]
        start = np.zeros(columns.shape[1])
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
        found[0] += np.log(size)
        deviations = np.exp(columns @ found)
        found[0] += np.log(np.sqrt(np.mean((errors / deviations) ** 2)) or 1.0)
        ordered = np.sort(np.abs(errors) / np.exp(columns @ found))
        rank = min(len(ordered), int(np.ceil((len(ordered) + 1) * COVERAGE)))
        return cls(
            centre=centre.tolist(),
            spread=spread.tolist(),
            weights=found.tolist(),
            quantile=float(ordered[rank - 1]),
        )

    def deviation(self, signs: FloatArray) -> FloatArray:
        """Returns a standard deviation per molecule, shape (n,), in the unit of the target."""
        columns = _columns(signs, np.array(self.centre), np.array(self.spread))
        return np.asarray(np.exp(columns @ np.array(self.weights)))


def signs_of(spread: FloatArray, local: FloatArray, similarity: FloatArray) -> FloatArray:
    """Returns the signs of uncertainty.

    Args:
        spread: Of the members, shape (n,).
        local: Size of the errors of the nearest training molecules, shape (n,).
        similarity: To the nearest training molecule, shape (n,).
    """
    return np.stack([np.log(spread + 1e-3), np.log(local + 1e-3), 1 - similarity], axis=1)


def _columns(signs: FloatArray, centre: FloatArray, spread: FloatArray) -> FloatArray:
    scaled = np.clip((signs - centre) / spread, -STEEPEST, STEEPEST)
    return np.hstack([np.ones((len(signs), 1)), scaled])
