"""Evals are discovered: a module below this package that decorates a function with `eval_task`."""

import importlib
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

import evals
from models.errors import PrerequisiteError, ToolError, fault
from models.store.workspace import Workspace


@dataclass(frozen=True)
class EvalOptions:
    """What every eval may use.

    Attributes:
        workspace: A workspace of the eval's own.
        llm: The language model to measure; None for the embedded planner.
        data: The folder of public data.
        limit: At most so many items.
        seed: Seed of everything random.
    """

    workspace: Workspace
    llm: str | None = None
    data: Path | None = None
    limit: int | None = None
    seed: int = 0

    def folder(self, name: str) -> Path:
        """Returns a folder of the public data.

        Raises:
            PrerequisiteError: It is not there.
        """
        root = self.data or Path(
            os.environ.get("THERIAC_SHARED_DATA", Path(__file__).parents[1].parent / "shared/data")
        )
        if not (root / name).exists():
            message = f"This eval needs the public data {name}, which is not in {root}."
            raise PrerequisiteError(message, "theriac eval run NAME --data FOLDER")
        return root / name


class ReportTable(BaseModel):
    """One table of figures."""

    title: str
    columns: list[str]
    rows: list[list[Any]]


class Report(BaseModel):
    """What an eval found."""

    title: str
    tables: list[ReportTable] = Field(default_factory=list)
    figures: dict[str, Any] = Field(default_factory=dict)
    notes: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class EvalTask:
    """A registered eval."""

    name: str
    description: str
    run: Callable[[EvalOptions], Report]


_REGISTERED: dict[str, EvalTask] = {}
Run = Callable[[EvalOptions], Report]


def eval_task(name: str, description: str) -> Callable[[Run], Run]:
    """Registers a function `(options) -> Report` under a name."""

    def register(function: Run) -> Run:
        _REGISTERED[name] = EvalTask(name, description, function)
        return function

    return register


@cache
def all_evals() -> dict[str, EvalTask]:
    """Returns every eval by name, sorted."""
    for item in pkgutil.walk_packages(evals.__path__, "evals."):
        importlib.import_module(item.name)
    return dict(sorted(_REGISTERED.items()))


def find_eval(name: str) -> EvalTask:
    """Returns an eval.

    Raises:
        ToolError: There is none of that name; names the nearest.
    """
    known = all_evals()
    if name not in known:
        wrong = fault("eval", name, f"one of {', '.join(known)}", known)
        raise ToolError(f"There is no eval {name}.", wrong, kind="not_found")
    return known[name]
