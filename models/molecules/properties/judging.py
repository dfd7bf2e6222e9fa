"""How good predictions are on held-out molecules, of each target and on average."""

import numpy as np
from numpy.typing import NDArray

from models.metrics.intervals import Interval, bootstrap_all
from models.metrics.tabular import classification_metrics, regression_metrics
from models.molecules.properties.domain import bands_of
from models.molecules.properties.fitted import Predicted
from models.molecules.properties.intake.targets import Targets

FloatArray = NDArray[np.float64]
Rows = NDArray[np.intp]
PARTED = " | "
HEADLINE = {
    "regression": ("rmse", "mae", "r2", "pearson", "spearman", "coverage_95"),
    "classification": ("auroc", "auprc", "accuracy", "f1", "brier_score", "calibration_error"),
}


def judge(
    truth: FloatArray, predicted: Predicted, targets: Targets, seed: int = 0
) -> tuple[dict[str, Interval], dict[str, dict[str, Interval]]]:
    """Returns metrics with 95% bootstrap intervals over molecules.

    Args:
        truth: Shape (n, targets), NaN where unknown.
        predicted: For the same molecules.
        targets: What they are.
        seed: Decides the resamples.

    Returns:
        Of a metric the mean over the targets on which it is defined, and the metrics by target
        (empty where there is one target).
    """

    def metrics(rows: Rows) -> dict[str, float]:
        each = {name: _of_one(truth, predicted, targets, k, rows)
                for k, name in enumerate(targets.names)}  # fmt: skip
        return _mean(each) | {
            f"{name}{PARTED}{metric}": value
            for name, found in (each.items() if len(each) > 1 else ())
            for metric, value in found.items()
        }

    found = bootstrap_all(metrics, len(truth), seed)
    overall = {name: value for name, value in found.items() if PARTED not in name}
    by_target: dict[str, dict[str, Interval]] = {}
    for name, value in found.items():
        if PARTED in name:
            target, metric = name.rsplit(PARTED, 1)
            by_target.setdefault(target, {})[metric] = value
    return overall, by_target


def constant(train: FloatArray, rows: int, targets: Targets, like: Predicted) -> Predicted:
    """Returns the trivial model's predictions: the training mean, or the share of positives."""
    mean = np.nanmean(train, axis=0)
    value = np.tile(mean, (rows, 1))
    reach = np.zeros_like(value)
    if targets.task == "regression":
        reach += np.nanquantile(np.abs(train - mean), 0.95, axis=0)
    return Predicted(value, reach, value - reach, value + reach, like.neighbours, like.inside)


def error_by_similarity(truth: FloatArray, predicted: Predicted, targets: Targets) -> str:
    """Returns, for the card, the error by likeness to the nearest training molecule."""
    metric = "rmse" if targets.task == "regression" else "brier_score"
    lines = [f"| similarity | molecules | {metric} |", "|---|---|---|"]
    for words, rows in bands_of(predicted.neighbours.similarity):
        shown = "-"
        if len(rows):
            each = [_squared(truth[rows, k], predicted.value[rows, k])
                    for k in range(len(targets.names))]  # fmt: skip
            mean = float(np.nanmean(each)) if np.isfinite(each).any() else float("nan")
            shown = f"{np.sqrt(mean) if metric == 'rmse' else mean:.3f}"
        lines.append(f"| {words} | {len(rows)} | {shown} |")
    return "\n".join(lines)


def _squared(truth: FloatArray, value: FloatArray) -> float:
    known = np.isfinite(truth)
    return float(np.mean((truth[known] - value[known]) ** 2)) if known.any() else float("nan")


def _of_one(
    truth: FloatArray, predicted: Predicted, targets: Targets, place: int, rows: Rows
) -> dict[str, float]:
    """Returns the metrics of one target on some molecules."""
    chosen = rows[np.isfinite(truth[rows, place])]
    if not len(chosen):
        return dict.fromkeys(HEADLINE[targets.task], float("nan"))
    wanted, value = truth[chosen, place], predicted.value[chosen, place]
    if targets.task == "classification":
        chance = np.stack([1 - value, value], axis=1)
        found = classification_metrics(wanted.astype(np.intp), chance)
        return {name: found[name] for name in HEADLINE["classification"]}
    low, high = predicted.low[chosen, place], predicted.high[chosen, place]
    covered = float(((wanted >= low) & (wanted <= high)).mean())
    return regression_metrics(wanted, value) | {"coverage_95": covered}


def _mean(each: dict[str, dict[str, float]]) -> dict[str, float]:
    names = next(iter(each.values()))
    found = {}
    for name in names:
        values = [metrics[name] for metrics in each.values() if np.isfinite(metrics[name])]
        found[name] = float(np.mean(values)) if values else float("nan")
    return found
