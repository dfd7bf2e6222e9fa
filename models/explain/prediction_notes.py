"""What has to be said beside predictions: strange input, what was assumed, how they spread."""

import numpy as np
import pandas as pd

from models.data.fitted import FittedModel
from models.data.spoken.records import MatchedRecords
from models.explain.words import Scale


def input_notes(model: FittedModel, raw: pd.DataFrame, frame: pd.DataFrame) -> list[str]:
    """Says where the rows differ from what the model was trained on."""
    notes = []
    for name, levels in model.features.unseen(frame).items():
        notes.append(f"{name} has levels that training never saw: {', '.join(levels[:5])}")
    outside = {}
    for feature in model.features.features:
        column = frame[feature.name]
        unread = int((column.isna() & raw[feature.name].notna()).sum())
        if unread:
            kind = f"no {feature.type} value" if feature.type != "categorical" else "unreadable"
            notes.append(f"{unread} cells of {feature.name} are {kind} and count as missing")
        if feature.type == "numeric":
            outside[feature.name] = int(((column < feature.low) | (column > feature.high)).sum())
    beyond = ", ".join(f"{name} {rows}" for name, rows in outside.items() if rows)
    if beyond:
        notes.append(f"Rows outside the range seen in training: {beyond}")
    return notes


def if_unknown(model: FittedModel, matched: MatchedRecords, kind: str) -> str:
    """Says how far the first prediction depends on what was not given.

    The inputs that were given are put into the background rows, whose others stay as they are.
    """
    count, inputs = len(matched.assumed[0]), len(model.features.names)
    given = [name for name in model.features.names if name not in matched.assumed[0]]
    rows = model.background.assign(**{name: matched.frame[name].iloc[0] for name in given})
    scores = model.score(rows)
    if scores.ndim > 1:
        return f"{count} of {inputs} inputs were not given."
    low, high = map(Scale(kind).value, np.percentile(scores, [2.5, 97.5]))
    return (
        f"{count} of {inputs} inputs were not given: over what they are in training rows, the "
        f"{model.score_name} goes from {low} to {high} (95% of them)."
    )


def overview_of(table: pd.DataFrame) -> str:
    """Says how the predictions spread: counts of labels, medians of numbers."""
    said = []
    for name in table.columns[:4]:
        column = table[name]
        if pd.api.types.is_numeric_dtype(column):
            low, middle, high = column.min(), column.median(), column.max()
            said.append(f"{name} median {middle:.3g} ({low:.3g} to {high:.3g})")
        else:
            counts = column.value_counts().head(4)
            said.append(f"{name} " + ", ".join(f"{value} {n}" for value, n in counts.items()))
    return "; ".join(said)
