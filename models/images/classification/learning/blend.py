"""From the scores of a network and of classical models to one calibrated probability."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from scipy.optimize import minimize
from scipy.special import log_softmax

FloatArray = NDArray[np.float64]
Rows = NDArray[np.intp]
NETWORK = "network"
BIAS_PENALTY = 0.01
STEEPEST = 10.0


class Blend(BaseModel):
    """Log probabilities of several models, weighted, added and normalised.

    With one model the weight is the inverse of a temperature (Guo et al. 2017, arXiv 1706.04599);
    with several it is a logistic opinion pool. The offsets undo the class weights of training.

    Attributes:
        weights: By model, 0 or more.
        offsets: One per class.
    """

    weights: dict[str, float]
    offsets: list[float]

    @classmethod
    def fit(cls, scores: Mapping[str, FloatArray], truth: Rows) -> "Blend":
        """Fits weights and offsets to predictions for images that the models have not seen.

        Args:
            scores: By model, log probabilities, shape (n, k).
            truth: Class of each image, shape (n,).
        """
        stacked = np.stack(list(scores.values()))
        models, count, classes = stacked.shape
        wanted = np.eye(classes)[truth]

        def loss(values: FloatArray) -> tuple[float, FloatArray]:
            weights, offsets = values[:models], values[models:]
            log = log_softmax(np.tensordot(weights, stacked, 1) + offsets, axis=1)
            gap = (np.exp(log) - wanted) / count
            slope = np.concatenate(
                [(stacked * gap).sum((1, 2)), gap.sum(0) + 2 * BIAS_PENALTY * offsets]
            )
            penalty = BIAS_PENALTY * float((offsets**2).sum())
            return -float((log * wanted).sum()) / count + penalty, slope

        start = np.concatenate([np.full(models, 1 / models), np.zeros(classes)])
        bounds = [(0.0, STEEPEST)] * models + [(None, None)] * classes
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
        weights = {name: float(value) for name, value in zip(scores, found[:models], strict=True)}
        return cls(weights=weights, offsets=found[models:].tolist())

    def apply(self, scores: Mapping[str, FloatArray]) -> FloatArray:
        """Returns calibrated probabilities, shape (n, k); further models are passed over."""
        added = sum(weight * scores[name] for name, weight in self.weights.items())
        found: FloatArray = np.exp(log_softmax(added + np.asarray(self.offsets), axis=1))
        return found


def cross_fitted(
    scores: Mapping[str, FloatArray], truth: Rows, folds: Sequence[tuple[Rows, Rows]]
) -> FloatArray:
    """Returns probabilities of which none was calibrated on its own image, shape (n, k)."""
    made = np.zeros_like(next(iter(scores.values())))
    for others, these in folds:
        blend = Blend.fit({name: values[others] for name, values in scores.items()}, truth[others])
        made[these] = blend.apply({name: values[these] for name, values in scores.items()})
    return made


def choose(
    scores: Mapping[str, FloatArray], truth: Rows, folds: Sequence[tuple[Rows, Rows]]
) -> tuple[str, ...]:
    """Chooses between the network alone and the network with the classical models.

    They are blended in where the cross-fitted log loss falls by more than its standard error.

    Returns:
        The models that are used.
    """
    alone = _log_losses(cross_fitted({NETWORK: scores[NETWORK]}, truth, folds), truth)
    together = _log_losses(cross_fitted(scores, truth, folds), truth)
    gain = alone - together
    if gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain)):
        return tuple(scores)
    return (NETWORK,)


def _log_losses(probability: FloatArray, truth: Rows) -> FloatArray:
    found: FloatArray = -np.log(np.clip(probability[np.arange(len(truth)), truth], 1e-12, 1))
    return found
