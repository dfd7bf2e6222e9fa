"""Trained text models on disk: a folder with model.safetensors, config.json and card.md."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, load_file, save

from models.errors import PrerequisiteError
from models.store.files import write_bytes, write_json
from models.text.differences import Arrays, pack, unpack
from models.text.weights import PUBLISHED_SHA256, packaged_weights

SHIPPED = Path(__file__).with_name("shipped")
ENCODER, HEAD = "encoder/", "head/"
WEIGHTS, CONFIG, CARD = "model.safetensors", "config.json", "card.md"


@dataclass(frozen=True)
class TextModel:
    """A trained model.

    Attributes:
        config: What its trainer wrote: labels, sizes, figures.
        encoder: All weights of the encoder by the names of the published file, float32.
        head: Weights of what is on top of it, float32.
        fingerprint: Changes with the weights.
    """

    config: dict[str, Any]
    encoder: dict[str, NDArray[np.float32]]
    head: dict[str, NDArray[np.float32]]
    fingerprint: str


def save_text_model(folder: Path, encoder: Arrays, head: Arrays, config: Mapping[str, Any]) -> None:
    """Writes a model; the config last, so that a model without one is not whole.

    Args:
        folder: Is made; what it held of an earlier model is replaced.
        encoder: The encoder's trained weights by the names of the published file.
        head: Weights of what is on top of it; kept in fp16.
        config: Labels, sizes and figures, as JSON can hold them.
    """
    packed = {ENCODER + name: array for name, array in pack(encoder, published()).items()}
    packed |= {HEAD + name: array.astype(np.float16) for name, array in head.items()}
    # safetensors writes an array in the order it lies in memory, whatever that is.
    content = save({name: np.ascontiguousarray(array) for name, array in packed.items()})
    write_bytes(folder / WEIGHTS, content)
    digests = {"published_sha256": PUBLISHED_SHA256, "sha256": _digest(content)}
    write_json(folder / CONFIG, digests | dict(config))


def load_text_model(folder: Path) -> TextModel:
    """Reads what `save_text_model` wrote.

    Raises:
        PrerequisiteError: The model is missing or damaged, or made for other published weights.
    """
    command = "pip install --force-reinstall theriac"
    if not folder.is_relative_to(SHIPPED):
        command = f"theriac text train TASK FOLDER --output {folder}"
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        content = (folder / WEIGHTS).read_bytes()
        whole = config["sha256"] == _digest(content)
    except (OSError, ValueError, KeyError) as error:
        message = f"{folder} holds no whole text model ({error})."
        raise PrerequisiteError(message, command) from error
    if not whole:
        raise PrerequisiteError(f"{folder / WEIGHTS} is not what was written: damaged.", command)
    if config["published_sha256"] != PUBLISHED_SHA256:
        raise PrerequisiteError(f"{folder} was made for other published weights.", command)
    kept = load(content)
    packed = {
        name.removeprefix(ENCODER): array
        for name, array in kept.items()
        if name.startswith(ENCODER)
    }
    head = {
        name.removeprefix(HEAD): array.astype(np.float32)
        for name, array in kept.items()
        if name.startswith(HEAD)
    }
    return TextModel(config, unpack(packed, published()), head, config["sha256"][:16])


@cache
def published() -> Arrays:
    """Returns the published weights by name, float32; not to be changed."""
    return load_file(packaged_weights().folder / "model.safetensors")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
