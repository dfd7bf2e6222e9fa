"""Fitted scikit-learn objects on disk, in the skops format: no pickle is ever loaded."""

import zipfile
from pathlib import Path
from typing import Any

import skops.io

from models.errors import ToolError

TRUSTED = frozenset(
    {
        "numpy.dtype",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.tree._tree.Tree",
        "sksurv.ensemble.forest.RandomSurvivalForest",
        "sksurv.tree.tree.SurvivalTree",
    }
)
"""What our models hold beyond the types that skops trusts by itself."""


def save_sklearn(fitted: Any, path: Path) -> None:
    """Writes a fitted scikit-learn object."""
    skops.io.dump(fitted, path, compression=zipfile.ZIP_DEFLATED, compresslevel=3)


def load_sklearn(path: Path) -> Any:
    """Reads what `save_sklearn` wrote.

    Raises:
        ToolError: The file holds types that no model of ours has; nothing of it is loaded.
    """
    strange = set(skops.io.get_untrusted_types(file=path)) - TRUSTED
    if strange:
        message = (
            f"{path} holds types that no model has ({', '.join(sorted(strange))}): not loaded."
        )
        raise ToolError(message, kind="unsafe")
    return skops.io.load(path, trusted=sorted(TRUSTED))
