"""Weights to start from: of an image classifier of this workspace, or of a file."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from models.errors import FieldFault, ToolError
from models.image_classification.fitting import Recipe
from models.registry import ModelStore
from models.workspace import Workspace

LEAST_SHARE = 0.5
"""Share of a network's weights that must be found for it to count as pretrained."""


def initial_weights(
    reference: str, recipe: Recipe, workspace: Workspace
) -> tuple[dict[str, Tensor], str]:
    """Returns the weights that fit a network, by name, and a sentence about them.

    Args:
        reference: Name of an image classifier (img-1), or path of a safetensors file.
        recipe: The network that is to start from them.
        workspace: Decides what may be read.

    Raises:
        ToolError: There is no such file or model, or it is of another network.
    """
    found = _read(_file(reference, workspace))
    own = recipe.network().state_dict()
    fitting = {
        name: found[name]
        for name, value in own.items()
        if name in found and found[name].shape == value.shape
    }
    share = sum(own[name].numel() for name in fitting) / sum(v.numel() for v in own.values())
    if share < LEAST_SHARE:
        wrong = FieldFault(
            field="pretrained", got=f"{reference}, {share:.0%} of whose weights fit",
            expected=f"weights of a {recipe.architecture} with {recipe.channels} channel(s)",
        )  # fmt: skip
        raise ToolError(f"{reference} is of another network than {recipe.architecture}.", wrong)
    return fitting, f"training started from {share:.0%} of the weights of {reference}"


def _file(reference: str, workspace: Workspace) -> Path:
    store = ModelStore(workspace)
    if reference in store.names():
        return store.folder(reference) / "network_0.safetensors"
    return workspace.readable(reference, "pretrained")


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
