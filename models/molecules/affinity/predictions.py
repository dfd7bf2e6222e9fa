"""Predicted affinities as columns of a table and in words."""

from typing import Any

import numpy as np

from models.molecules.affinity.fitted import Bound, FittedAffinityModel
from models.molecules.affinity.settings import SAID, SETTINGS


def bound_columns(
    fitted: FittedAffinityModel, predicted: Bound, measured: bool = True
) -> dict[str, Any]:
    """Returns the columns of predictions: value, uncertainty, and what was known of the pair."""
    columns: dict[str, Any] = {
        f"predicted_{fitted.target}": predicted.value,
        "standard_deviation": predicted.deviation,
        "low_95": predicted.low,
        "high_95": predicted.high,
        "new": [SETTINGS[n] for n in predicted.setting],
        "molecule_similarity": predicted.molecule_similarity,
        "protein_similarity": predicted.protein_similarity,
    }
    return columns | ({"measured": predicted.measured} if measured else {})


def sentence(fitted: FittedAffinityModel, predicted: Bound, row: int) -> str:
    """Says what is predicted of a pair, and on what grounds."""
    said = (
        f"{fitted.target} {predicted.value[row]:.2f} (95% interval {predicted.low[row]:.2f} to "
        f"{predicted.high[row]:.2f}"
    )
    if np.isfinite(predicted.measured[row]):
        return f"{said}); it was measured: {predicted.measured[row]:.2f}"
    grounds = SAID[SETTINGS[predicted.setting[row]]]
    if predicted.setting[row] == 0:
        return f"{said}; {grounds})"
    near = (
        f"nearest measured molecule {predicted.molecule_similarity[row]:.2f}, protein "
        f"{predicted.protein_similarity[row]:.2f} alike"
    )
    return f"{said}; {grounds}; {near})"
