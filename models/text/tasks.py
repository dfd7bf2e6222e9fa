"""What text models can be trained for. A task is a package here with a module `task`."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import models.text
from models.errors import ToolError, fault
from models.fitting.effort import Effort

Train = Callable[[Path, Path, Effort], dict[str, float]]


class TextTask(NamedTuple):
    """A task for text models.

    Attributes:
        name: What people call it.
        description: What its models do, and which files its training reads, in one line.
        train: Trains on the files of a folder, writes model and card into another and returns its
            figures on the part that was held out.
    """

    name: str
    description: str
    train: Train


@cache
def all_tasks() -> dict[str, TextTask]:
    """Returns every task by name, sorted.

    A task is a package `models/text/<package>` with a module `task` that states NAME, DESCRIPTION
    and `train(data, output, effort)`; putting it there is all the registration there is.
    """
    found = {}
    for package in pkgutil.iter_modules(models.text.__path__):
        roots = [Path(root) / package.name / "task.py" for root in models.text.__path__]
        if package.ispkg and any(root.exists() for root in roots):
            module = importlib.import_module(f"models.text.{package.name}.task")
            found[module.NAME] = TextTask(module.NAME, module.DESCRIPTION, module.train)
    return dict(sorted(found.items()))


def find_task(name: str) -> TextTask:
    """Returns a task.

    Raises:
        ToolError: There is none of that name; names the nearest.
    """
    known = all_tasks()
    if name not in known:
        wrong = fault("task", name, f"one of {', '.join(known)}", known)
        raise ToolError(f"No text model is trained for {name}.", wrong, kind="not_found")
    return known[name]
