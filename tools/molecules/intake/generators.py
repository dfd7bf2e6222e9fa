"""The generator of molecules that a call means: a kept one, or the one that is shipped."""

from typing import TYPE_CHECKING

from models.store.workspace import Workspace
from tools.roles import wrong_model

if TYPE_CHECKING:
    from models.molecules.generation.fitted import FittedMoleculeGenerator

SHIPPED = "the shipped generator"


def find_generator(name: str | None, workspace: Workspace) -> "tuple[FittedMoleculeGenerator, str]":
    """Returns a generator and what it is called.

    Args:
        name: Of a kept one; None for the one that is shipped.
        workspace: Where models are kept.

    Raises:
        ToolError: There is no such model, or it generates no molecules.
    """
    from models.molecules.generation.family import KIND, SHIPPED_FOLDER, load
    from models.store.registry import ModelStore

    if name is None:
        return load(SHIPPED_FOLDER), SHIPPED
    store = ModelStore(workspace)
    kind = store.manifest(name)["kind"]
    if kind != KIND:
        raise wrong_model(name, kind, "a generator of molecules (gen)")
    return load(store.folder(name)), name
