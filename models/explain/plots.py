"""Pictures of explanations."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.features import FeatureSchema
from models.explain.importance import Importance
from models.explain.surrogate import Surrogate
from models.metrics.plots import BLUE, GREY, RED, new_figure, save_figure

FloatArray = NDArray[np.float64]
MOST_FEATURES = 15


def importance_plot(importances: Sequence[Importance], metric: str, path: Path) -> Path:
    """Draws the fall of the metric by feature, with 95% intervals."""
    shown = [item for item in importances if item.drop["value"] is not None][:MOST_FEATURES][::-1]
    figure = new_figure(size=(6.5, 1.2 + 0.32 * len(shown)))
    axes = figure.axes[0]
    values = [item.drop["value"] or 0.0 for item in shown]
    axes.barh([item.feature for item in shown], values, color=BLUE)
    for position, item in enumerate(shown):
        low, high = item.drop["low"] or 0.0, item.drop["high"] or 0.0
        axes.plot([low, high], [position, position], color="black", linewidth=1)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set(
        xlabel=f"fall of {metric} when shuffled (95% interval)", title="Permutation importance"
    )
    return save_figure(figure, path)


def spread_plot(
    values: FloatArray,
    frame: pd.DataFrame,
    schema: FeatureSchema,
    score: str,
    title: str,
    path: Path,
) -> Path:
    """Draws every row's share by feature, coloured by the feature's value.

    Args:
        values: Shares, shape (n, features).
        frame: The rows, canonical.
        schema: Of the rows.
        score: What is shared out, for the axis.
        title: What the shares are.
        path: Where to write the PNG.
    """
    order = np.argsort(-np.abs(values).mean(axis=0))[:MOST_FEATURES][::-1]
    figure = new_figure(size=(6.5, 1.2 + 0.34 * len(order)))
    axes = figure.axes[0]
    drawn = None
    for height, j in enumerate(order):
        shares, name = values[:, j], schema.names[j]
        # Rows with like shares are spread upwards and downwards in turn.
        ranks = np.argsort(np.argsort(shares, kind="stable"), kind="stable")
        offset = ((ranks * 7) % 11 - 5) / 11 * 0.7
        colour = _colours(frame[name])
        drawn = axes.scatter(
            shares, height + offset, c=colour, cmap="coolwarm", vmin=0, vmax=1, s=12, linewidths=0
        )
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(order)), [schema.names[j] for j in order])
    axes.set(xlabel=f"share in {score}", title=f"{title} of held-out rows")
    if drawn is not None:
        bar = figure.colorbar(drawn, ax=axes, ticks=[0, 1], aspect=30)
        bar.ax.set_yticklabels(["low", "high"])
    return save_figure(figure, path)


def row_plot(
    shares: Sequence[tuple[str, float]], base: float, score: float, name: str, path: Path
) -> Path:
    """Draws how the shares lead from the average score to the row's.

    Args:
        shares: (feature = value, share), the largest first.
        base: Mean score of the background.
        score: The row's score.
        name: What is shared out, for the axis.
        path: Where to write the PNG.
    """
    shown = list(shares[:MOST_FEATURES])
    rest = sum(share for _, share in shares[MOST_FEATURES:])
    if len(shares) > MOST_FEATURES:
        shown.append((f"{len(shares) - MOST_FEATURES} others", rest))
    figure = new_figure(size=(6.5, 1.2 + 0.34 * len(shown)))
    axes = figure.axes[0]
    start = base
    for height, (_, share) in zip(range(len(shown) - 1, -1, -1), reversed(shown), strict=True):
        axes.barh(height, share, left=start, color=RED if share > 0 else BLUE, height=0.6)
        start += share
    axes.axvline(base, color=GREY, linestyle=":", label=f"average {base:.3g}")
    axes.axvline(score, color="black", linestyle=":", label=f"this row {score:.3g}")
    axes.set_yticks(range(len(shown)), [label for label, _ in shown])
    axes.invert_yaxis()
    axes.legend(fontsize=8)
    axes.set(xlabel=name, title="From the average to this row")
    return save_figure(figure, path)


def rules_plot(surrogate: Surrogate, score: str, path: Path) -> Path:
    """Draws what a tree says in each of its leaves, as wide as the score and as dark as common."""
    figure = new_figure(size=(8.0, 1.2 + 0.36 * len(surrogate.rules)))
    axes = figure.axes[0]
    for height, rule in enumerate(surrogate.rules):
        axes.barh(height, float(rule.score[-1]), color=BLUE, alpha=0.25 + 0.75 * rule.share)
    labels = [
        f"{' & '.join(rule.conditions) or 'always'}  ({100 * rule.share:.0f}%)"
        for rule in surrogate.rules
    ]
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set(xlabel=score, title=f"Surrogate tree (R² {surrogate.fidelity:.2f} to the model)")
    return save_figure(figure, path)


def _colours(column: pd.Series) -> FloatArray:
    """Returns each value's place between the lowest (0) and highest (1); one half where missing."""
    if not pd.api.types.is_numeric_dtype(column):
        codes: FloatArray = pd.factorize(column, sort=True)[0].astype(float)
    else:
        codes = column.rank().to_numpy(float)
    low, high = np.nanmin(codes), np.nanmax(codes)
    return np.nan_to_num((codes - low) / (high - low or 1.0), nan=0.5)
