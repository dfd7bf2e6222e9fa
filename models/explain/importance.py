"""Permutation importance: how much worse a model gets when one feature is shuffled."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.data.fitted import FittedModel
from models.metrics.intervals import Interval, interval_of

ROWS = 1000
REPEATS = 20


@dataclass(frozen=True)
class Importance:
    """What shuffling one feature costs.

    Attributes:
        feature: Its name.
        drop: Fall of the model's metric, with the 95% interval over resampled rows and shuffles.
    """

    feature: str
    drop: Interval


def permutation_importance(
    model: FittedModel,
    seed: int = 0,
    repeats: int = REPEATS,
    progress: Callable[[float, str], None] = lambda fraction, message: None,
) -> list[Importance]:
    """Shuffles each feature among held-out rows (Breiman 2001, doi 10.1023/A:1010933404324).

    Each repeat draws rows anew (bootstrap) and shuffles anew, so the interval holds both kinds of
    uncertainty. Features that stand for one another share their importance: each looks small.

    Args:
        model: A kept model.
        seed: Decides rows and shuffles.
        repeats: Number of shuffles of each feature.
        progress: Called with a fraction and a message.

    Returns:
        All features, the most important first.
    """
    rng = np.random.default_rng(seed)
    held_out = model.held_out
    if len(held_out) > ROWS:
        held_out = held_out.iloc[np.sort(rng.choice(len(held_out), ROWS, replace=False))]
    names = model.features.names
    frame = held_out[names].reset_index(drop=True)
    outcome = held_out.drop(columns=names).reset_index(drop=True)
    rows = len(frame)
    drops = np.full((len(names), repeats), np.nan)
    for repeat in range(repeats):
        progress(repeat / repeats, "shuffling features")
        drawn = rng.integers(0, rows, rows)
        sample = frame.iloc[drawn].reset_index(drop=True)
        sample_outcome = outcome.iloc[drawn].reset_index(drop=True)
        whole = model.loss(sample, sample_outcome)
        for position, name in enumerate(names):
            shuffled = sample.assign(**{name: sample[name].to_numpy()[rng.permutation(rows)]})
            drops[position, repeat] = whole - model.loss(shuffled, sample_outcome)
    found = [
        Importance(name, interval_of(float(np.nanmean(drops[position])), drops[position]))
        for position, name in enumerate(names)
    ]
    return sorted(found, key=lambda importance: -(importance.drop["value"] or 0.0))
