"""The reader that says how a study leans; numpy only, loaded from one small file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from models.errors import PrerequisiteError
from models.store.files import write_bytes, write_json
from models.text.leaning.reading import Prepared, prepare
from models.text.leaning.words import Vocabulary

Answer = Literal["maybe", "no", "yes"]
ANSWERS: tuple[Answer, ...] = ("maybe", "no", "yes")
PARTS = {"cues": 0.5, "results": 0.25, "question": 0.25}
"""What reads the cues, the words of the results and those of the question, with their weights."""

SHIPPED = Path(__file__).parents[1] / "shipped" / "leaning"
WEIGHTS, CONFIG = "model.safetensors", "config.json"
Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Leaning:
    """How one study leans: the probabilities of no and yes, and of neither being clear."""

    yes: float
    no: float
    maybe: float

    @property
    def answer(self) -> Answer:
        """The likeliest of the three."""
        return max(ANSWERS, key=lambda name: getattr(self, name))


class LeaningReader:
    """Three linear readers whose probabilities are averaged.

    Args:
        arrays: `<part>/coefficients` (3, features) and `<part>/intercepts` (3,) of each part;
            `cues/mean` and `cues/scale`; `<part>/terms` (text, as bytes) and `<part>/rarity` of the
            two that read words.
        config: `temperature`, and what the trainer noted.
    """

    def __init__(self, arrays: Mapping[str, Array], config: Mapping[str, Any]) -> None:
        self.config = dict(config)
        self._arrays = {name: array.astype(np.float64) for name, array in arrays.items()}
        self._vocabularies = {
            part: Vocabulary(
                bytes(arrays[f"{part}/terms"]).decode().split("\n"), self._arrays[f"{part}/rarity"]
            )
            for part in ("results", "question")
        }

    def read(self, question: str, abstract: str) -> Leaning:
        """Returns how an abstract leans on a question that yes or no answers."""
        prepared = prepare(question, abstract)
        if prepared is None:
            return Leaning(0.0, 0.0, 1.0)
        maybe, no, yes = self.judge(prepared).tolist()
        return Leaning(yes, no, maybe)

    def judge(self, prepared: Prepared) -> Array:
        """Returns the probabilities of maybe, no and yes, shape (3,)."""
        cues = (prepared.cues - self._arrays["cues/mean"]) / self._arrays["cues/scale"]
        logits = {
            "cues": self._linear("cues", cues),
            "results": self._spoken("results", prepared.results),
            "question": self._spoken("question", prepared.question),
        }
        mixed = sum(weight * softmax(logits[part]) for part, weight in PARTS.items())
        return tempered(np.asarray(mixed), self.config["temperature"])

    def _linear(self, part: str, vector: Array) -> Array:
        coefficients = self._arrays[f"{part}/coefficients"]
        return np.asarray(coefficients @ vector + self._arrays[f"{part}/intercepts"])

    def _spoken(self, part: str, text: str) -> Array:
        columns, weights = self._vocabularies[part].weigh(text)
        coefficients = self._arrays[f"{part}/coefficients"][:, columns]
        return np.asarray(coefficients @ weights + self._arrays[f"{part}/intercepts"])


def softmax(logits: Array) -> Array:
    """Returns the probabilities of logits, over the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def tempered(probabilities: Array, temperature: float) -> Array:
    """Returns probabilities made surer (below 1) or less sure (above 1)."""
    return softmax(np.log(np.maximum(probabilities, 1e-9)) / temperature)


def save_reader(folder: Path, arrays: Mapping[str, Array], config: Mapping[str, Any]) -> None:
    """Writes a reader; the config, which tells a whole one, last."""
    # Other layouts would be written in the order of memory, and read back as something else.
    content = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    write_bytes(folder / WEIGHTS, content)
    write_json(folder / CONFIG, {"sha256": hashlib.sha256(content).hexdigest()} | dict(config))


@cache
def load_reader(folder: Path = SHIPPED) -> LeaningReader:
    """Loads a reader once per process.

    Raises:
        PrerequisiteError: It is missing or damaged.
    """
    command = "pip install --force-reinstall theriac"
    if folder != SHIPPED:
        command = f"theriac text train leaning FOLDER --output {folder}"
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        content = (folder / WEIGHTS).read_bytes()
        whole = hashlib.sha256(content).hexdigest() == config["sha256"]
    except (OSError, ValueError, KeyError) as error:
        message = f"{folder} holds no whole reader of leanings ({error})."
        raise PrerequisiteError(message, command) from error
    if not whole:
        raise PrerequisiteError(f"{folder / WEIGHTS} is not what was written: damaged.", command)
    return LeaningReader(load(content), config)
