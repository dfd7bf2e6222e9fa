"""Pictures of how good a model is, drawn without a display."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import AutoLocator
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
DOTS_PER_INCH = 120
MAXIMUM_CLASSES = 8
MAXIMUM_POINTS = 5_000
BLUE, GREY, RED = "#2a6f97", "#9aa0a6", "#c1443c"


def new_figure(columns: int = 1, rows: int = 1, size: tuple[float, float] = (5.0, 4.2)) -> Figure:
    """Makes a figure; `size` is the width and height of one panel in inches."""
    figure = Figure(figsize=(size[0] * columns, size[1] * rows), layout="constrained")
    FigureCanvasAgg(figure)
    figure.subplots(rows, columns)
    return figure


def save_figure(figure: Figure, path: Path) -> Path:
    """Writes a figure as PNG, the same bytes for the same content."""
    for axes in figure.axes:
        if isinstance(axes.xaxis.get_major_locator(), AutoLocator):
            axes.locator_params(axis="x", nbins=6)
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None})
    return path


def classifier_plot(
    truth: NDArray[np.intp],
    probability: FloatArray,
    classes: Sequence[str],
    path: Path,
    before: FloatArray | None = None,
) -> Path:
    """Draws the ROC curve and the reliability diagram of held-out rows.

    Args:
        truth: Class positions, shape (n,).
        probability: Shape (n, k).
        classes: Names of the k classes; with two, the second is the positive one.
        path: Where to write the PNG.
        before: Probabilities before calibration, drawn in grey (two classes).
    """
    figure = new_figure(2)
    roc, reliability = figure.axes
    shown = [1] if len(classes) == 2 else range(min(len(classes), MAXIMUM_CLASSES))
    for k in shown:
        colour = BLUE if len(classes) == 2 else f"C{k}"
        _roc(roc, truth == k, probability[:, k], str(classes[k]), colour)
        if before is not None and len(classes) == 2:
            _reliability(reliability, truth == k, before[:, k], "before calibration", GREY)
        _reliability(reliability, truth == k, probability[:, k], str(classes[k]), colour)
    for axes in (roc, reliability):
        axes.plot([0, 1], [0, 1], linestyle=":", color="black", linewidth=1)
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=8, loc="lower right")
    roc.set(title="ROC, held-out rows", xlabel="1 - specificity", ylabel="sensitivity")
    reliability.set(title="Reliability", xlabel="predicted probability", ylabel="observed share")
    return save_figure(figure, path)


def regressor_plot(
    truth: FloatArray, predicted: FloatArray, half_width: float, target: str, path: Path
) -> Path:
    """Draws predicted against observed values and the residuals of held-out rows.

    Args:
        truth: Observed values, shape (n,).
        predicted: Predicted values, shape (n,).
        half_width: Half the width of the 95% prediction interval, in the unit of the target.
        target: Its name.
        path: Where to write the PNG.
    """
    figure = new_figure(2)
    scatter, histogram = figure.axes
    step = -(-len(truth) // MAXIMUM_POINTS)
    scatter.scatter(predicted[::step], truth[::step], s=12, alpha=0.6, color=BLUE, linewidths=0)
    ends = np.array([min(truth.min(), predicted.min()), max(truth.max(), predicted.max())])
    scatter.plot(ends, ends, linestyle=":", color="black", linewidth=1)
    scatter.fill_between(ends, ends - half_width, ends + half_width, color=GREY, alpha=0.2)
    scatter.set(
        title="Held-out rows, 95% prediction interval shaded",
        xlabel=f"predicted {target}",
        ylabel=f"observed {target}",
    )
    histogram.hist(truth - predicted, bins=30, color=BLUE)
    histogram.set(title="Residuals", xlabel=f"observed - predicted {target}", ylabel="rows")
    return save_figure(figure, path)


def roc_points(positive: NDArray[np.bool_], score: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Returns false and true positive rates at every distinct threshold, from (0, 0) to (1, 1)."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), score.size - 1)
    hits = np.cumsum(positive[order])[last]
    misses = last + 1 - hits
    return (
        np.append(0.0, misses / max(1, misses[-1])),
        np.append(0.0, hits / max(1, hits[-1])),
    )


def _roc(
    axes: Axes, positive: NDArray[np.bool_], score: FloatArray, label: str, colour: str
) -> None:
    if positive.any() and not positive.all():
        axes.plot(*roc_points(positive, score), color=colour, label=label)


def _reliability(
    axes: Axes, positive: NDArray[np.bool_], score: FloatArray, label: str, colour: str
) -> None:
    """Draws observed against predicted in ten bins of equal count."""
    order = np.argsort(score, kind="stable")
    bins = [part for part in np.array_split(order, min(10, max(2, len(order) // 10))) if part.size]
    predicted = [score[part].mean() for part in bins]
    observed = [positive[part].mean() for part in bins]
    axes.plot(predicted, observed, marker="o", markersize=4, color=colour, label=label)
