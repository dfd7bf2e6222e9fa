"""The router's weights and where they are kept between starts."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.store.files import write_bytes

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """A fitted linear classifier.

    Attributes:
        classes: Names of the k classes.
        matrix: float32 (d, k).
        bias: float32 (k,).
    """

    classes: list[str]
    matrix: Array
    bias: Array

    def logits(self, features: Array) -> Array:
        """Returns the unnormalised log probabilities of rows of features, float32 (n, k)."""
        return np.asarray(features @ self.matrix + self.bias, dtype=np.float32)


def cache_folder() -> Path:
    """Returns where this user's caches are: `THERIAC_CACHE`, else the XDG cache folder."""
    named = os.environ.get("THERIAC_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else base / "theriac"


def load_weights(key: str) -> Weights | None:
    """Returns the weights kept under a key, or None where there are none that can be read."""
    from safetensors import SafetensorError, safe_open

    path = cache_folder() / f"router-{key}.safetensors"
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            classes = json.loads(file.metadata()["classes"])
            return Weights(classes, file.get_tensor("matrix"), file.get_tensor("bias"))
    except (SafetensorError, OSError, KeyError, json.JSONDecodeError):
        return None


def save_weights(key: str, weights: Weights) -> None:
    """Keeps weights under a key; a cache that cannot be written costs only the next start."""
    from safetensors.numpy import save

    tensors = {"matrix": np.ascontiguousarray(weights.matrix), "bias": weights.bias}
    content = save(tensors, metadata={"classes": json.dumps(weights.classes)})
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / f"router-{key}.safetensors", content)
    except OSError:
        return
