"""Trained models under short names that people can type: srv-1, clf-2, reg-1."""

import importlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import models
from models.errors import ToolError, fault
from models.store.files import numbered_folder, remove_abandoned, write_json, write_text
from models.store.runs import now, versions
from models.store.workspace import Workspace


def families() -> dict[str, str]:
    """Returns the package of each model family by its kind.

    A family is a package anywhere below `models` with a module `family` that states KIND and PREFIX
    and has `load(folder)`; putting it there is all the registration there is.
    """
    found = [
        ".".join(path.parent.relative_to(root).parts)
        for root in map(Path, models.__path__)
        for path in sorted(root.rglob("family.py"))
    ]
    return {_family(name).KIND: name for name in found}


def _family(package: str) -> ModuleType:
    return importlib.import_module(f"models.{package}.family")


class ModelStore:
    """The models of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.root = workspace.models

    def save(
        self, kind: str, manifest: dict[str, Any], write: Callable[[Path], None], card: str
    ) -> str:
        """Keeps a model whole or not at all.

        Args:
            kind: The family's KIND.
            manifest: algorithm, dataset, target, features, metrics, baseline, run, seed.
            write: Writes weights and frames into the folder it is given.
            card: Markdown; `{name}` in it becomes the model's name.

        Returns:
            The model's short name.
        """
        remove_abandoned(self.root)
        prefix = _family(families()[kind]).PREFIX
        with numbered_folder(self.root, prefix) as (name, folder):
            write(folder)
            write_text(folder / "card.md", card.replace("{name}", name))
            record = {"name": name, "kind": kind, "created": now(), "versions": versions()}
            write_json(folder / "model.json", record | manifest)
        return name

    def names(self) -> list[str]:
        """Returns the names of all models, newest first."""
        found = sorted(self.root.glob("*-*/model.json"), key=_created, reverse=True)
        return [path.parent.name for path in found if not path.parent.name.startswith(".")]

    def all(self) -> list[dict[str, Any]]:
        """Returns the manifests of all models, newest first."""
        return [self.manifest(name) for name in self.names()]

    def folder(self, name: str, field: str = "model") -> Path:
        """Returns the folder of a model.

        Raises:
            ToolError: There is no such model; names the nearest.
        """
        folder = self.root / name
        if not re.fullmatch(r"[a-z]+-\d+", name) or not (folder / "model.json").is_file():
            names = self.names()
            expected = f"one of {', '.join(names)}" if names else "a model (none is trained yet)"
            wrong = fault(field, name, expected, names)
            raise ToolError(f"There is no model {name}.", wrong, kind="not_found")
        return folder

    def manifest(self, name: str) -> dict[str, Any]:
        """Returns what is recorded of a model."""
        manifest: dict[str, Any] = json.loads((self.folder(name) / "model.json").read_text())
        return manifest

    def card(self, name: str) -> str:
        """Returns the model's card, in Markdown."""
        return (self.folder(name) / "card.md").read_text()

    def load(self, name: str) -> Any:
        """Loads a model through its family, as what that family's `load` gives."""
        package = families()[self.manifest(name)["kind"]]
        return _family(package).load(self.folder(name))


def _created(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.parent.name
