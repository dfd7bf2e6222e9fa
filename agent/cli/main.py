"""The command `theriac`. It imports nothing heavy: help must appear at once."""

import sys
from typing import Annotated, Optional

import typer

from agent.cli import (
    ask,
    chat,
    demo,
    doctor,
    library,
    llm,
    mine,
    models,
    runs,
    text,
    tools,
)
from agent.cli.extensions import COMMANDS, extensions
from agent.cli.state import hoist

app = typer.Typer(
    name="theriac",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: importing the rich one takes longer than all the rest
    help="A research assistant for medicine and drug discovery that works on this machine.\n\n"
    "Example: theriac ask 'Train a random survival forest on gbsg2'",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong use, 3 a prerequisite is missing.",
)
app.command("ask")(ask.ask)
app.command("chat")(chat.chat)
app.add_typer(tools.app, name="tools")
app.add_typer(library.app, name="library")
app.command("mine")(mine.mine)
app.add_typer(models.app, name="models")
app.add_typer(runs.app, name="runs")
app.add_typer(text.app, name="text")
for name, command in extensions(COMMANDS).items():
    app.add_typer(command.load(), name=name)
app.add_typer(llm.app, name="llm")
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)


@app.callback()
def options(
    workspace: Annotated[
        Optional[str],  # noqa: UP045  # typer reads the older form faster
        typer.Option(help="The workspace folder [default: ./theriac-workspace]."),
    ] = None,
    data: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="A further folder that tools may read; may be repeated."),
    ] = None,
) -> None:
    """Options that every command takes; `hoist` has read them before typer sees them."""


def main() -> None:
    """Runs the command line."""
    sys.argv[1:] = hoist(sys.argv[1:])
    app()
