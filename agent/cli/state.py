"""What all commands share: the workspace, how errors end a command, how results are printed."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from agent.settings import Settings
    from models.store.workspace import Workspace

DONE, FAILED, WRONG_USE, PREREQUISITE = 0, 1, 2, 3
"""Exit codes."""


def settings(**given: Any) -> "Settings":
    """Returns the settings: what was given, then the environment, then theriac.toml.

    Raises:
        ToolError: Names every wrong setting.
    """
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from agent.settings import Settings
    from models.errors import FieldFault, ToolError

    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        faults = [
            FieldFault(
                field=".".join(map(str, detail["loc"])),
                got=repr(detail["input"]),
                expected=detail["msg"],
            )
            for detail in error.errors()
        ]
        message = "The settings (options, THERIAC_… and theriac.toml) are wrong."
        raise ToolError(message, *faults) from error
    except SettingsError as error:
        raise ToolError(f"The settings cannot be read: {error}") from error


def workspace() -> "Workspace":
    """Returns the workspace that the settings name; removes what a killed process left there."""
    from models.store.files import remove_abandoned
    from models.store.workspace import Workspace

    chosen = settings()
    found = Workspace(
        chosen.workspace.expanduser().resolve(),
        tuple(folder.expanduser().resolve() for folder in chosen.data),
    )
    remove_abandoned(found.models)
    return found


def hoist(arguments: list[str]) -> list[str]:
    """Moves --workspace and --data into the environment, wherever they stand in the command."""
    kept: list[str] = []
    data: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name not in ("--workspace", "--data"):
            kept.append(argument)
            continue
        value = value if equals else next(rest, "")
        if not value:
            sys.stderr.write(f"{name} needs a folder.\n")
            raise SystemExit(WRONG_USE)
        if name == "--workspace":
            os.environ["THERIAC_WORKSPACE"] = value
        else:
            data.append(value)
    if data:
        os.environ["THERIAC_DATA"] = json.dumps(data)
    return kept


@contextmanager
def errors(*, as_json: bool = False) -> Iterator[None]:
    """Ends the command with the right exit code and a readable message, or a JSON error object."""
    from models.errors import PrerequisiteError, ToolError

    try:
        yield
    except (ToolError, PrerequisiteError) as error:
        if as_json:
            print_json(error.as_json())
        else:
            sys.stderr.write(f"{error}\n")
        wrong = isinstance(error, ToolError) and error.kind != "crashed"
        code = WRONG_USE if wrong else FAILED
        raise SystemExit(PREREQUISITE if isinstance(error, PrerequisiteError) else code) from None


def print_json(content: Any, *, indent: int | None = 2) -> None:
    """Writes JSON to standard output."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, default=str, indent=indent) + "\n")
    sys.stdout.flush()


def print_listing(found: dict[str, str], name: str, what: str, *, as_json: bool) -> None:
    """Writes names with their descriptions, as JSON or as a table under two headings."""
    if as_json:
        print_json(found)
        return
    from rich.table import Table

    table = Table(name, what)
    for row in found.items():
        table.add_row(*row)
    console().print(table)


def each_line(file: str, answer: Callable[[str], Any]) -> None:
    """Answers each line of a file ('-' is standard input) with one JSON object a line, in order."""
    from models.errors import PrerequisiteError, ToolError, fault

    if file != "-" and not Path(file).is_file():
        raise ToolError(f"There is no file {file}.", fault("--file", file, "a file, or -"))
    stream = sys.stdin if file == "-" else Path(file).open(encoding="utf-8")  # noqa: SIM115
    with stream:
        for line in filter(None, map(str.strip, stream)):
            try:
                print_json(answer(line), indent=None)
            except (ToolError, PrerequisiteError) as error:
                print_json(error.as_json(), indent=None)


def console(*, stderr: bool = False) -> "Console":
    """Returns a terminal to print tables, progress and Markdown to."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)
