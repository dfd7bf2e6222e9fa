"""The reader that says how surely a passage bears on a question; loaded from one small file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from models.errors import PrerequisiteError
from models.store.files import write_bytes, write_json
from models.text.bearing.features import Coverage, Encode, Passage, features
from models.text.bearing.names import lacks_half, lacks_name

SHIPPED = Path(__file__).parents[1] / "shipped" / "bearing"
WEIGHTS, CONFIG = "model.safetensors", "config.json"
Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Bearing:
    """How surely a passage speaks of what a question turns on.

    Attributes:
        probability: 0 to 1.
        bears: It is above the threshold that was chosen on questions whose article is absent.
        sure: It is above the stricter one that a verdict takes.
        missing: What the question turns on and the passage does not speak of, the rarest first.
    """

    probability: float
    bears: bool
    sure: bool
    missing: tuple[str, ...]


class BearingReader:
    """A logistic regression on what is covered and how near it is.

    Args:
        arrays: `words` (text, as bytes) with `rarity` (words,), `mean`, `scale` and `coefficients`
            (features,), `intercept` (1,).
        config: `threshold`, and what the trainer noted.
    """

    def __init__(self, arrays: Mapping[str, Array], config: Mapping[str, Any]) -> None:
        self.config = dict(config)
        words = bytes(arrays["words"]).decode().split("\n")
        self.rarities = dict(zip(words, arrays["rarity"].astype(float).tolist(), strict=True))
        self._arrays = {n: a.astype(np.float64) for n, a in arrays.items() if n != "words"}

    def read(self, question: str, passages: Sequence[Passage], encode: Encode) -> list[Bearing]:
        """Returns how each passage bears on a question."""
        if not passages:
            return []
        covers, table = features(question, passages, self.rarities, encode)
        chances = self.judge(table)
        return [self._bearing(p, one) for p, one in zip(chances.tolist(), covers, strict=True)]

    def judge(self, table: Array) -> Array:
        """Returns the probabilities of rows of features."""
        standard = (table - self._arrays["mean"]) / self._arrays["scale"]
        logits = standard @ self._arrays["coefficients"] + self._arrays["intercept"]
        return np.asarray(1 / (1 + np.exp(-logits)))

    def _bearing(self, probability: float, cover: Coverage) -> Bearing:
        absent = lacks_name(cover, self.rarities)
        bears = probability >= self.config["threshold"] and not absent
        sure = bears and probability >= self.config["sure"] and not lacks_half(cover)
        return Bearing(round(probability, 4), bears, sure, tuple(cover.missing))


def save_reader(folder: Path, arrays: Mapping[str, Array], config: Mapping[str, Any]) -> None:
    """Writes a reader; the config, which tells a whole one, last."""
    content = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    write_bytes(folder / WEIGHTS, content)
    write_json(folder / CONFIG, {"sha256": hashlib.sha256(content).hexdigest()} | dict(config))


@cache
def load_bearing(folder: Path = SHIPPED) -> BearingReader:
    """Loads a reader once per process.

    Raises:
        PrerequisiteError: It is missing or damaged.
    """
    command = "pip install --force-reinstall theriac"
    if folder != SHIPPED:
        command = f"theriac text train bearing FOLDER --output {folder}"
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        content = (folder / WEIGHTS).read_bytes()
        whole = hashlib.sha256(content).hexdigest() == config["sha256"]
    except (OSError, ValueError, KeyError) as error:
        message = f"{folder} holds no whole reader of bearing ({error})."
        raise PrerequisiteError(message, command) from error
    if not whole:
        raise PrerequisiteError(f"{folder / WEIGHTS} is not what was written: damaged.", command)
    return BearingReader(load(content), config)
