"""The unit of a follow-up time, and the times that predictions are given for by default."""

import re
from collections.abc import Sequence

import numpy as np

from models.metrics.kaplan_meier import FloatArray

YEAR = {"days": 365.25, "weeks": 52.18, "months": 12.0, "years": 1.0}
MILESTONES = (0.5, 1, 2, 3, 5, 10)
"""Years that survival is usually given for."""
SHOWN = 3


def unit_of(column: str, stated: str | None = None) -> str:
    """Returns days, weeks, months or years where stated or named so, else `time units`."""
    words = re.split(r"[^a-z]+", f"{stated or ''} {column}".casefold())
    for unit in YEAR:
        if unit in words or unit.removesuffix("s") in words:
            return unit
    return "time units"


def default_times(unit: str, event_times: FloatArray) -> list[float]:
    """Returns up to three times to predict survival at, within the events seen.

    Years after the start where the unit is known; else quartiles of the event times, rounded.
    """
    low, high = np.quantile(event_times, [0.05, 0.9])
    if unit in YEAR:
        years = [year * YEAR[unit] for year in MILESTONES]
        fit = [time for time in years if low <= time <= high]
        if fit:
            return [float(round(time)) if time > 2 else time for time in fit[-SHOWN:]]
    quartiles = np.quantile(event_times, [0.25, 0.5, 0.75])
    return sorted({float(f"{time:.2g}") for time in quartiles})


def show_times(times: Sequence[float]) -> str:
    """Returns `365, 1096 and 1826`."""
    shown = [f"{time:g}" for time in times]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
