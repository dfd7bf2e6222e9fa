"""Pictures of what a mining job found."""

from pathlib import Path

import numpy as np

from models.metrics.plots import BLUE, new_figure, save_figure
from retrieval.mining.summary import Count, Summary

BARS = 20
HEAT_NAMES = 12
LABEL = 40


def draw_summary(summary: Summary, folder: Path) -> list[Path]:
    """Draws counts, co-occurrence and years, as far as there is something to draw.

    Returns:
        The PNG files: `counts.png`, `co_occurrence.png`, `by_year.png`.
    """
    drawn = [
        _counts(summary, folder / "counts.png"),
        _together(summary, folder / "co_occurrence.png"),
        _years(summary, folder / "by_year.png"),
    ]
    return [path for path in drawn if path]


def _counts(summary: Summary, path: Path) -> Path | None:
    shown = (summary.names or summary.types)[:BARS]
    if not shown:
        return None
    figure = new_figure(size=(7.0, 1.2 + 0.28 * len(shown)))
    axes = figure.axes[0]
    axes.barh(range(len(shown)), [count.documents for count in shown], color=BLUE)
    axes.set_yticks(range(len(shown)), [_label(count) for count in shown])
    axes.invert_yaxis()
    axes.set(title="Found most often", xlabel="documents")
    return save_figure(figure, path)


def _together(summary: Summary, path: Path) -> Path | None:
    if not summary.pairs:
        return None
    names = list(dict.fromkeys(n for pair in summary.pairs for n in (pair.first, pair.second)))
    names = names[:HEAT_NAMES]
    matrix = np.zeros((len(names), len(names)))
    for pair in summary.pairs:
        if pair.first in names and pair.second in names:
            row, column = names.index(pair.first), names.index(pair.second)
            matrix[row, column] = matrix[column, row] = pair.documents
    figure = new_figure(size=(7.0, 6.0))
    axes = figure.axes[0]
    image = axes.imshow(matrix, cmap="Blues")
    labels = [name[:LABEL] for name in names]
    axes.set_xticks(range(len(names)), labels, rotation=60, ha="right")
    axes.set_yticks(range(len(names)), labels)
    axes.set_title("Documents with both")
    figure.colorbar(image, ax=axes, label="documents")
    return save_figure(figure, path)


def _years(summary: Summary, path: Path) -> Path | None:
    years = sorted({year for counts in summary.years.values() for year in counts})
    if len(years) < 2:
        return None
    figure = new_figure(size=(7.0, 3.6))
    axes = figure.axes[0]
    spread = range(years[0], years[-1] + 1)
    for kind, counts in summary.years.items():
        axes.plot(spread, [counts.get(y, 0) for y in spread], marker=".", label=kind[:LABEL])
    axes.set(title="By year of publication", xlabel="year", ylabel="documents with a finding")
    axes.legend(fontsize=8)
    return save_figure(figure, path)


def _label(count: Count) -> str:
    name = count.name or count.type
    return name if len(name) <= LABEL else name[: LABEL - 1] + "…"
