"""Fitted numbers on disk: arrays in safetensors, settings in JSON; no pickle."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from models.store.files import write_json

Arrays = dict[str, NDArray[Any]]


def save_arrays(folder: Path, arrays: Arrays, settings: dict[str, Any]) -> None:
    """Writes arrays and JSON settings into a model's folder."""
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    save_file(whole, folder / "estimator.safetensors")
    write_json(folder / "estimator.json", settings)


def load_arrays(folder: Path) -> tuple[Arrays, dict[str, Any]]:
    """Reads what `save_arrays` wrote."""
    settings: dict[str, Any] = json.loads((folder / "estimator.json").read_text())
    return load_file(folder / "estimator.safetensors"), settings
