"""`theriac tools`: list them, show one, run one."""

import json
from typing import Annotated, Any

import typer

from agent.cli import state

app = typer.Typer(no_args_is_help=True, help="The typed tools that the assistant calls.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all tools."""
    from tools.registry import all_tools

    found = {tool.name: tool.description.splitlines()[0] for tool in all_tools().values()}
    state.print_listing(found, "tool", "what it does", as_json=as_json)


@app.command()
def show(name: str, as_json: AsJson = False) -> None:
    """Show when to use a tool, and its arguments.

    Example: theriac tools show train_survival_model
    """
    with state.errors(as_json=as_json):
        from tools.registry import find_tool

        tool = find_tool(name)
        if as_json:
            described = {"name": tool.name, "description": tool.description}
            state.print_json(described | {"arguments": tool.schema})
            return
        from rich.table import Table

        table = Table("argument", "default", "what it is")
        for argument, field in tool.arguments.model_fields.items():
            default = "required" if field.is_required() else str(field.default)
            table.add_row(argument, default, field.description)
        state.console().print(f"[bold]{tool.name}[/bold]: {tool.description}\n", table)


@app.command()
def run(
    name: str,
    args: Annotated[str, typer.Option(help="The arguments, a JSON object.")] = "{}",
    as_json: AsJson = False,
) -> None:
    """Run a tool without the assistant.

    Example: theriac tools run describe_dataset --args '{"dataset": "gbsg2"}'
    """
    with state.errors(as_json=as_json):
        result = execute(name, _arguments(args), quiet=as_json)
        if as_json:
            state.print_json(result.model_dump(mode="json"))
            return
        terminal = state.console()
        terminal.print(result.summary, markup=False)
        for made in result.artifacts:
            terminal.print(f"  {made.kind}: {made.path}", soft_wrap=True, markup=False)
        if result.run:
            terminal.print(f"  run: theriac runs replay {result.run}")


def execute(name: str, arguments: dict[str, Any], *, quiet: bool) -> Any:
    """Runs a tool where the agent would run it, with a progress bar unless quiet."""
    from rich.progress import Progress

    from tools.execution import execute as run_here
    from tools.registry import find_tool
    from tools.worker import WorkerPool

    tool = find_tool(name)
    tool.parse(arguments)
    with Progress(console=state.console(stderr=True), transient=True, disable=quiet) as progress:
        task = progress.add_task(name, total=1.0)

        def report(fraction: float, message: str, metrics: dict[str, float]) -> None:
            progress.update(task, completed=fraction, description=message)

        if not tool.heavy:
            return run_here(state.workspace(), name, arguments, report)
        pool = WorkerPool()
        try:
            return pool.call(state.workspace(), name, arguments, report)
        finally:
            pool.close()


def _arguments(text: str) -> dict[str, Any]:
    from models.errors import ToolError, fault

    try:
        arguments = json.loads(text)
    except ValueError as error:
        raise ToolError("--args is not JSON.", fault("--args", text, f"JSON ({error})")) from None
    if not isinstance(arguments, dict):
        raise ToolError("--args is not an object.", fault("--args", text, 'like {"name": value}'))
    return arguments
