"""Weights to start from: of an image classifier of this workspace, or of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from models.errors import FieldFault, ToolError
from models.images.classification.learning.fitting import Recipe
from models.store.registry import ModelStore
from models.store.workspace import Workspace

LEAST_SHARE = 0.5
"""Share of a network's weights that must be found for it to count as pretrained."""


def initial_weights(
    reference: str, recipe: Recipe, classes: Sequence[str], data_sha256: str, workspace: Workspace
) -> tuple[dict[str, Tensor], str]:
    """Returns the weights that fit a network, by name, and a sentence about them.

    The last layer is taken over only from a model of the same classes in the same order.

    Args:
        reference: Name of an image classifier (img-1), or path of a safetensors file.
        recipe: The network that is to start from them.
        classes: What it is to tell apart.
        data_sha256: Of the images that it is to learn from.
        workspace: Decides what may be read.

    Raises:
        ToolError: There is no such file or model, or it is of another network.
    """
    path, manifest = _file(reference, workspace)
    found = _read(path)
    own = recipe.network().state_dict()
    other = replace(recipe, classes=recipe.classes + 1).network().state_dict()
    same = manifest.get("target", {}).get("classes") == list(classes)
    fitting = {
        name: found[name]
        for name, value in own.items()
        if name in found
        and found[name].shape == value.shape
        and (same or value.shape == other[name].shape)
    }
    share = sum(own[name].numel() for name in fitting) / sum(v.numel() for v in own.values())
    if share < LEAST_SHARE:
        wrong = FieldFault(
            field="pretrained", got=f"{reference}, {share:.0%} of whose weights fit",
            expected=f"weights of a {recipe.architecture} with {recipe.channels} channel(s)",
        )  # fmt: skip
        raise ToolError(f"{reference} is of another network than {recipe.architecture}.", wrong)
    said = f"training started from {share:.0%} of the weights of {reference}"
    if manifest.get("data_sha256") == data_sha256:
        said += (
            ", which has learnt from these very images, held-out ones among them: the figures are "
            "too good"
        )
    return fitting, said


def _file(reference: str, workspace: Workspace) -> tuple[Path, Mapping[str, Any]]:
    """Returns the file of the weights, and the manifest of the model that has them."""
    store = ModelStore(workspace)
    if reference not in store.names():
        return workspace.readable(reference, "pretrained"), {}
    manifest = store.manifest(reference)
    if "recipe" not in manifest:
        wrong = FieldFault(
            field="pretrained", got=f"{reference}, a {str(manifest['kind']).replace('_', ' ')}",
            expected="an image classifier or a safetensors file",
        )  # fmt: skip
        raise ToolError(f"{reference} is no image classifier.", wrong)
    return store.folder(reference) / "network_0.safetensors", manifest


def _read(path: Path) -> dict[str, Tensor]:
    if path.is_file():
        try:
            return load_file(path)
        except SafetensorError:
            pass
    wrong = FieldFault(
        field="pretrained", got=path.name, expected="an image classifier or a safetensors file"
    )
    raise ToolError(f"{path.name} holds no weights that can be read safely.", wrong)
