"""A picture of a table: what is missing, and how the values are spread."""

from pathlib import Path

import pandas as pd

from models.data.overview import Overview
from models.metrics.plots import BLUE, GREY, new_figure, save_figure

MOST_PANELS = 11
PER_ROW = 4


def overview_plot(frame: pd.DataFrame, overview: Overview, path: Path) -> Path:
    """Draws missing values, then the distribution of each of the first columns."""
    drawn = [c for c in overview.columns if c.type in ("numeric", "boolean", "categorical")]
    drawn = drawn[:MOST_PANELS]
    rows = -(-(len(drawn) + 1) // PER_ROW)
    figure = new_figure(PER_ROW, rows, (3.2, 2.6))
    first, *others = figure.axes
    gaps = [c for c in overview.columns if c.missing]
    gaps = sorted(gaps, key=lambda column: -column.missing)[:10][::-1]
    first.barh([c.name[:18] for c in gaps], [c.missing / overview.rows for c in gaps], color=GREY)
    first.set(xlim=(0, 1), title="missing" if gaps else "nothing is missing")
    for axes, column in zip(others, drawn, strict=False):
        if column.type == "numeric":
            axes.hist(frame[column.name].dropna().astype(float), bins=30, color=BLUE)
        else:
            levels = column.summary["levels"]
            axes.bar([level[:10] for level in levels], list(levels.values()), color=BLUE)
            axes.tick_params(axis="x", labelrotation=30 if len(levels) > 3 else 0)
        axes.set_title(column.name[:28], fontsize=9)
        axes.tick_params(labelsize=7)
    for axes in others[len(drawn) :]:
        axes.set_axis_off()
    return save_figure(figure, path)
