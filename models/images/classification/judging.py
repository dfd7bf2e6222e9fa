"""How good an image classifier is, beside classical models and always guessing the class shares."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.metrics.intervals import Interval, bootstrap_all
from models.metrics.plots import roc_points
from models.metrics.tabular import classification_metrics

FloatArray = NDArray[np.float64]
Rows = NDArray[np.intp]
SPECIFICITIES = (0.9, 0.95)


def judge(
    truth: Rows, probability: FloatArray, groups: NDArray[Any], seed: int
) -> dict[str, Interval]:
    """Returns every metric with its interval.

    Args:
        truth: Class of each held-out image, shape (n,).
        probability: Shape (n, k).
        groups: Images of one group are drawn together, shape (n,).
        seed: Decides the resamples.
    """
    alone = len(np.unique(groups)) == len(groups)
    return bootstrap_all(
        lambda rows: _metrics(truth[rows], probability[rows]),
        len(truth),
        seed,
        groups=None if alone else groups,
    )


def guessed(truth_of_training: Rows, count: int, classes: int) -> FloatArray:
    """Returns the class shares of the training images for each of `count` images."""
    share = np.bincount(truth_of_training, minlength=classes) / len(truth_of_training)
    return np.tile(share, (count, 1))


def _metrics(truth: Rows, probability: FloatArray) -> dict[str, float]:
    found = classification_metrics(truth, probability)
    for specificity in SPECIFICITIES:
        name = f"sensitivity_at_{specificity:.0%}_specificity".replace("%", "")
        found[name] = sensitivity(truth, probability, specificity)
    return found


def sensitivity(truth: Rows, probability: FloatArray, specificity: float) -> float:
    """Returns the best sensitivity (0-1) at which specificity is at least what is asked.

    Two classes: of the positive one. More: mean over classes, each against the rest; nan where a
    class does not occur.
    """
    classes = probability.shape[1]
    wanted = [1] if classes == 2 else range(classes)
    return float(
        np.mean([_sensitivity(truth == k, probability[:, k], specificity) for k in wanted])
    )


def _sensitivity(positive: NDArray[np.bool_], score: FloatArray, specificity: float) -> float:
    if positive.all() or not positive.any():
        return float("nan")
    wrong, right = roc_points(positive, score)
    return float(right[wrong <= 1 - specificity + 1e-12].max())


def comparison(metrics: Mapping[str, Mapping[str, Interval]], names: Sequence[str]) -> str:
    """Returns models beside each other as a Markdown table.

    Args:
        metrics: By model.
        names: The metrics that are shown.
    """
    from models.metrics.intervals import show_interval

    rows = ["| model | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for model, found in metrics.items():
        cells = [show_interval(found[name]) for name in names]
        rows.append(f"| {model.replace('_', ' ')} | " + " | ".join(cells) + " |")
    return "\n".join(rows)
