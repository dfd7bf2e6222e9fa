"""Explanations in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.data.features import Feature, FeatureSchema
from models.explain.importance import Importance
from models.explain.shares import Shares
from models.explain.surrogate import Surrogate
from models.metrics.tabular import pearson
from models.tables.classification.fitted import show_probability

FloatArray = NDArray[np.float64]
NAMED_FEATURES = 6
FAITHFUL = 0.5
"""R² below which a stand-in tells less than half of what the model says."""

CLEAR_TREND = 0.3
"""Rank correlation of value and share from which a direction is named."""


def importance_words(importances: Sequence[Importance], metric: str, count: int = 8) -> str:
    """Says what shuffling the most important features costs, and which do not matter."""
    clear = [item for item in importances if (item.drop["low"] or 0.0) > 0][:count]
    if not clear:
        return f"Shuffling no single feature lowers {metric} beyond chance."
    listed = ", ".join(
        f"{item.feature} by {item.drop['value']:.3f} "
        f"({item.drop['low']:.3f} to {item.drop['high']:.3f})"
        for item in clear
    )
    unclear = len(importances) - sum((item.drop["low"] or 0.0) > 0 for item in importances)
    rest = f" {unclear} features cannot be told apart from unimportant ones." if unclear else ""
    return f"Shuffling lowers {metric}: {listed}.{rest}"


def trend(feature: Feature, column: pd.Series, shares: FloatArray) -> str:
    """Says which values of a feature push the score up.

    Args:
        feature: The feature.
        column: Its canonical values, shape (n,).
        shares: Its shares, shape (n,).
    """
    known = column.notna().to_numpy()
    if column[known].nunique() < 2:
        return ""
    if feature.type == "categorical":
        means = pd.Series(shares[known]).groupby(column[known].to_numpy()).mean()
        return f"up for {means.idxmax()}, down for {means.idxmin()}"
    values = column[known].to_numpy(float)
    correlation = pearson(rankdata(values), rankdata(shares[known]))
    if not abs(correlation) >= CLEAR_TREND:
        return "no single direction"
    if feature.type == "boolean":
        return f"{feature.levels[1]} pushes {'up' if correlation > 0 else 'down'}"
    return f"higher values push {'up' if correlation > 0 else 'down'}"


def global_words(
    values: FloatArray, shares: Shares, schema: FeatureSchema, name: str, scale: "Scale"
) -> str:
    """Says which features move the score most, by how much and which way.

    Args:
        values: Shares, shape (n, features).
        shares: Where they are from.
        schema: The features.
        name: What is shared out.
        scale: How the score is read.
    """
    size = np.abs(values).mean(axis=0)
    said = []
    for j in np.argsort(-size)[:NAMED_FEATURES]:
        feature = schema.features[j]
        direction = trend(feature, shares.frame[feature.name], values[:, j])
        said.append(f"{feature.name} {scale.size(size[j])}{f' ({direction})' if direction else ''}")
    return f"On average they move the {name} by: {', '.join(said)}."


@dataclass(frozen=True)
class Scale:
    """How a family's score is read.

    Attributes:
        kind: The family's KIND.
    """

    kind: str

    def value(self, score: float) -> str:
        """Returns a score in words: a probability in percent, or the number."""
        return show_probability(score) if self.kind == "classifier" else f"{score:.4g}"

    def share(self, share: float) -> str:
        """Returns a share in words: percentage points, a factor on the risk, or the number."""
        match self.kind:
            case "classifier":
                return f"{100 * share:+.1f} points"
            case "survival":
                return f"{share:+.3g}, risk times {np.exp(share):.2f}"
        return f"{share:+.4g}"

    def size(self, size: float) -> str:
        """Returns a mean absolute share in words."""
        return f"{100 * size:.1f} points" if self.kind == "classifier" else f"{size:.3g}"


def row_words(
    shares: Sequence[tuple[str, float]], base: float, score: float, name: str, scale: Scale
) -> str:
    """Says what pushes one row's score up and down.

    Args:
        shares: (feature = value, share), the largest first.
        base: Mean score of the background.
        score: The row's score.
        name: What is shared out.
        scale: How the score is read.
    """
    up = [f"{label} ({scale.share(share)})" for label, share in shares if share > 0][:5]
    down = [f"{label} ({scale.share(share)})" for label, share in shares if share < 0][:5]
    return (
        f"The {name} is {scale.value(score)}; the average is {scale.value(base)}. "
        f"Pushing up: {', '.join(up) or 'nothing'}. Pushing down: {', '.join(down) or 'nothing'}."
    )


def rule_words(surrogate: Surrogate, name: str, scale: Scale) -> str:
    """Says a tree's rules, and how far it can stand for the model."""
    said = "; ".join(
        f"{' and '.join(rule.conditions) or 'always'}: {scale.value(float(rule.score[-1]))} "
        f"({100 * rule.share:.0f}% of rows)"
        for rule in surrogate.rules
    )
    trust = "" if surrogate.fidelity >= FAITHFUL else " That is too little to go by it."
    return (
        f"A tree of {len(surrogate.rules)} rules repeats the model's {name} on "
        f"{surrogate.rows} held-out rows with R² {surrogate.fidelity:.2f}.{trust} By it: {said}."
    )


def fit_words(fits: FloatArray) -> str:
    """Says how well the lines of LIME tell the score around their rows.

    Args:
        fits: Weighted R² of each row's line, shape (n,).
    """
    worst = float(fits.min())
    told = f"{fits[0]:.2f}" if len(fits) == 1 else f"{np.median(fits):.2f} (worst {worst:.2f})"
    trust = "" if np.median(fits) >= FAITHFUL else " The model bends too much there to go by it."
    return f"The local line fits with R² {told}.{trust}"
