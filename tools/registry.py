"""Tools are discovered: a module that has its utterances beside it.

`tools/<domain>/<name>.py` defines the function `<name>`; `tools/<domain>/<name>.txt` holds example
requests, one a line. Modules without utterances are helpers and are not looked at.
"""

import importlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from annotated_types import Ge, Le
from pydantic import ValidationError

import tools
from models.errors import FieldFault, ToolError, fault, nearest
from models.store.workspace import Workspace
from tools.contract import ToolArguments, ToolContext, ToolResult

ArgumentsT = TypeVar("ArgumentsT", bound=ToolArguments)
Function = Callable[[ArgumentsT, ToolContext], ToolResult]
Focus = Callable[[str, dict[str, Any]], str | None]
Estimate = Callable[[Any, Workspace], float]
Wants = Callable[[Any], bool]

MINIMUM_UTTERANCES = 25


@dataclass(frozen=True)
class Tool:
    """A registered tool.

    Attributes:
        heavy: Runs in a worker process.
        computes: Leaves a run that can be replayed.
        focus: Words the answer to a question about the result's data, or gives None.
        estimate: Seconds that a call will take, from its arguments; costly ones want approval.
        language: Tells by its arguments whether a call is for a language model, where there is one.
    """

    name: str
    description: str
    arguments: type[ToolArguments]
    function: Callable[[Any, ToolContext], ToolResult]
    heavy: bool
    computes: bool
    focus: Focus | None
    estimate: Estimate | None
    language: Wants | None = None

    @property
    def utterances(self) -> list[str]:
        """Example requests that this tool answers, from `<name>.txt` beside its module."""
        lines = Path(inspect.getfile(self.function)).with_suffix(".txt").read_text().splitlines()
        return [line for line in map(str.strip, lines) if line and not line.startswith("#")]

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments, the same for every interface; not to be changed."""
        return self.arguments.model_json_schema()

    def parse(self, arguments: dict[str, Any]) -> ToolArguments:
        """Validates arguments.

        Raises:
            ToolError: With every wrong field at once.
        """
        try:
            return self.arguments.model_validate(arguments)
        except ValidationError as error:
            faults = [self._fault(detail) for detail in error.errors()]
            names = ", ".join(dict.fromkeys(item.field for item in faults))
            raise ToolError(f"{self.name} cannot be called so: {names}.", *faults) from None

    def _fault(self, detail: Any) -> FieldFault:
        path = ".".join(str(part) for part in detail["loc"]) or "arguments"
        known = list(self.arguments.model_fields)
        match detail["type"]:
            case "extra_forbidden":
                return fault(path, detail["input"], f"one of {', '.join(known)}", ()).model_copy(
                    update={"suggestion": nearest(path, known)}
                )
            case "missing":
                field = self.arguments.model_fields.get(path)
                return FieldFault(
                    field=path, got="nothing", expected=(field and field.description) or ""
                )
            case "literal_error":
                choices = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
                return fault(path, detail["input"], f"one of {', '.join(choices)}", choices)
            case "greater_than_equal" | "less_than_equal" if span := self._span(path):
                return fault(path, detail["input"], span)
            case _:
                return fault(path, detail["input"], detail["msg"].removeprefix("Input should be "))

    def _span(self, path: str) -> str | None:
        """Returns from where to where an argument may be, where both ends are stated."""
        field = self.arguments.model_fields.get(path)
        ends = field.metadata if field else []
        low = next((end.ge for end in ends if isinstance(end, Ge)), None)
        high = next((end.le for end in ends if isinstance(end, Le)), None)
        return None if low is None or high is None else f"{low:,} to {high:,}"


def tool(
    *,
    heavy: bool,
    computes: bool,
    focus: Focus | None = None,
    estimate: Estimate | None = None,
    language: Wants | None = None,
) -> Callable[[Function[ArgumentsT]], Function[ArgumentsT]]:
    """Registers a function `(arguments, context) -> ToolResult` under its own name.

    Args:
        heavy: It runs in a worker process, with progress and cancel.
        computes: It leaves a run that can be replayed.
        focus: Words the answer to one question from the result's data.
        estimate: Tells the seconds a call will take, from its arguments and the workspace.
        language: Tells by its arguments whether a call is for a language model: it then runs where
            that is at hand, not in a worker.

    Raises:
        TypeError: The docstring does not say when to use the tool and when not, or an argument has
            no description.
    """

    def register(function: Function[ArgumentsT]) -> Function[ArgumentsT]:
        arguments = next(iter(get_type_hints(function).values()))
        text = inspect.getdoc(function) or ""
        bare = [name for name, field in arguments.model_fields.items() if not field.description]
        if "When to use:" not in text or "When not:" not in text or bare:
            message = f"{function.__name__}: say when to use it and when not, and describe {bare}"
            raise TypeError(message)
        _REGISTERED[function.__name__] = Tool(
            function.__name__, text, arguments, function, heavy, computes, focus, estimate, language
        )
        return function

    return register


_REGISTERED: dict[str, Tool] = {}


@cache
def all_tools() -> dict[str, Tool]:
    """Returns every tool by name, sorted."""
    for root in map(Path, tools.__path__):
        for words in sorted(root.rglob("*.txt")):
            if words.with_suffix(".py").exists():
                module = ".".join(words.relative_to(root).with_suffix("").parts)
                importlib.import_module(f"tools.{module}")
    return dict(sorted(_REGISTERED.items()))


def find_tool(name: str) -> Tool:
    """Returns a tool.

    Raises:
        ToolError: There is none of that name; names the nearest.
    """
    known = all_tools()
    if name not in known:
        wrong = fault("tool", name, f"one of {', '.join(known)}", known)
        raise ToolError(f"There is no tool {name}.", wrong, kind="not_found")
    return known[name]
