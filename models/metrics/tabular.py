"""Metrics of classifiers and regressors.

Classifiers: `truth` holds class positions 0..k-1, shape (n,); `probability` has shape (n, k), rows
summing to 1. With two classes the second is the positive one. Metrics are nan where undefined (one
class only), because a bootstrap resample may well be so.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]


def _area(positive: NDArray[np.bool_], score: FloatArray) -> float:
    positives = int(positive.sum())
    negatives = positive.size - positives
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / positives / negatives)


def auroc(truth: IntArray, probability: FloatArray) -> float:
    """Returns the area under the ROC curve (0-1, higher is better, 0.5 is chance).

    The chance that a positive row scores above a negative one, ties counting one half (Hanley &
    McNeil 1982, doi 10.1148/radiology.143.1.7063747). More classes: mean of one against the rest.
    """
    return _mean_over_classes(_area, truth, probability)


def _precision(positive: NDArray[np.bool_], score: FloatArray) -> float:
    if not positive.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    ranked, scores = positive[order], score[order]
    last = np.append(np.flatnonzero(np.diff(scores)), scores.size - 1)  # of each tied score
    found = np.cumsum(ranked)[last]
    gained = np.diff(found, prepend=0) / found[-1]
    return float((gained * found / (last + 1)).sum())


def auprc(truth: IntArray, probability: FloatArray) -> float:
    """Returns average precision (0-1, higher is better; chance is the share of positives).

    Precision summed over the steps of recall, without interpolation. More classes: mean of one
    against the rest.
    """
    return _mean_over_classes(_precision, truth, probability)


def _mean_over_classes(
    metric: Callable[[NDArray[np.bool_], FloatArray], float],
    truth: IntArray,
    probability: FloatArray,
) -> float:
    classes = probability.shape[1]
    if classes == 2:
        return metric(truth == 1, probability[:, 1])
    return float(np.mean([metric(truth == k, probability[:, k]) for k in range(classes)]))


def accuracy(truth: IntArray, probability: FloatArray) -> float:
    """Returns the share of rows whose likeliest class is the true one (0-1)."""
    return float((probability.argmax(axis=1) == truth).mean())


def _f1_of(truth: IntArray, predicted: IntArray, positive: int) -> float:
    hits = int(((truth == positive) & (predicted == positive)).sum())
    wrong = int((truth == positive).sum() + (predicted == positive).sum())
    return 2 * hits / wrong if wrong else 0.0


def f1(truth: IntArray, probability: FloatArray) -> float:
    """Returns the harmonic mean of precision and recall of the positive class (0-1).

    The likeliest class is predicted; 0 when no positive is found. Only for two classes.
    """
    return _f1_of(truth, probability.argmax(axis=1), 1)


def macro_f1(truth: IntArray, probability: FloatArray) -> float:
    """Returns F1 averaged over the classes that occur or are predicted (0-1)."""
    predicted = probability.argmax(axis=1)
    present = np.union1d(truth, predicted)
    return float(np.mean([_f1_of(truth, predicted, int(k)) for k in present]))


def brier_score(truth: IntArray, probability: FloatArray) -> float:
    """Returns the mean squared error of the probabilities (lower is better).

    Brier 1950. Two classes: of the positive one (0-1, prior alone gives p(1 - p)). More: summed
    over the classes (0-2).
    """
    if probability.shape[1] == 2:
        return float(np.mean((probability[:, 1] - (truth == 1)) ** 2))
    wanted = np.eye(probability.shape[1])[truth]
    return float(((probability - wanted) ** 2).sum(axis=1).mean())


def calibration_error(truth: IntArray, probability: FloatArray, bins: int = 10) -> float:
    """Returns expected calibration error (0-1, lower is better).

    Rows are put in equal bins of predicted probability; the mean gap between the mean probability
    and the observed share, weighted by rows (Naeini et al. 2015, AAAI 29). It never reaches 0 on
    few rows. Two classes: of the positive one. More: mean over classes.
    """
    classes = range(probability.shape[1])
    wanted = [1] if len(classes) == 2 else list(classes)
    return float(np.mean([_calibration_gap(truth == k, probability[:, k], bins) for k in wanted]))


def _calibration_gap(positive: NDArray[np.bool_], score: FloatArray, bins: int) -> float:
    member = np.minimum((score * bins).astype(int), bins - 1)
    predicted = np.bincount(member, weights=score, minlength=bins)
    observed = np.bincount(member, weights=positive, minlength=bins)
    return float(np.abs(predicted - observed).sum() / len(score))


def log_loss(truth: IntArray, probability: FloatArray) -> float:
    """Returns the mean negative log probability of the true class (lower is better)."""
    chosen = probability[np.arange(len(truth)), truth]
    return float(-np.log(np.clip(chosen, 1e-12, 1.0)).mean())


def rmse(truth: FloatArray, predicted: FloatArray) -> float:
    """Returns the root of the mean squared error, in the unit of the target (lower is better)."""
    return float(np.sqrt(np.mean((truth - predicted) ** 2)))


def mae(truth: FloatArray, predicted: FloatArray) -> float:
    """Returns the mean absolute error, in the unit of the target (lower is better)."""
    return float(np.mean(np.abs(truth - predicted)))


def r2(truth: FloatArray, predicted: FloatArray) -> float:
    """Returns the share of the variance that is explained (at most 1, 0 for the mean itself)."""
    spread = float(np.sum((truth - truth.mean()) ** 2))
    return 1 - float(np.sum((truth - predicted) ** 2)) / spread if spread > 0 else float("nan")


def pearson(truth: FloatArray, predicted: FloatArray) -> float:
    """Returns the linear correlation (-1 to 1); 0 for a constant prediction."""
    if truth.size < 2 or np.ptp(truth) == 0:
        return float("nan")
    if np.ptp(predicted) <= 1e-12 * max(1.0, float(np.abs(predicted).max())):
        return 0.0
    return float(np.corrcoef(truth, predicted)[0, 1])


def spearman(truth: FloatArray, predicted: FloatArray) -> float:
    """Returns the rank correlation (-1 to 1), ties at their mean rank; 0 for a constant one."""
    return pearson(rankdata(truth), rankdata(predicted))


def coverage(truth: FloatArray, predicted: FloatArray, half_width: float) -> float:
    """Returns the share of rows within `half_width` of their prediction (0-1)."""
    return float((np.abs(truth - predicted) <= half_width).mean())


BINARY = (auroc, auprc, accuracy, f1, macro_f1, brier_score, calibration_error)
MULTICLASS = (auroc, auprc, accuracy, macro_f1, brier_score, calibration_error)
REGRESSION = (rmse, mae, r2, pearson, spearman)


def classification_metrics(truth: IntArray, probability: FloatArray) -> dict[str, float]:
    """Returns every metric of a classifier by name."""
    chosen = BINARY if probability.shape[1] == 2 else MULTICLASS
    return {metric.__name__: metric(truth, probability) for metric in chosen}


def regression_metrics(truth: FloatArray, predicted: FloatArray) -> dict[str, float]:
    """Returns every metric of a regressor by name."""
    return {metric.__name__: metric(truth, predicted) for metric in REGRESSION}
