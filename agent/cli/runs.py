"""`theriac runs`: what was computed, and computing it again."""

from typing import Annotated, Any

import typer

from agent.cli import state

app = typer.Typer(no_args_is_help=True, help="Every computation, kept so that it can be repeated.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all runs, oldest first."""
    with state.errors(as_json=as_json):
        from models.store.runs import RunStore

        found = RunStore(state.workspace()).all()
        if as_json:
            state.print_json(found)
            return
        from rich.table import Table

        table = Table("run", "tool", "status", "start", "arguments")
        for r in found:
            given = ", ".join(f"{k}={v}" for k, v in r["arguments"].items())
            table.add_row(r["run"], r["tool"], r["status"], r["start"], given[:70])
        state.console().print(table)


@app.command()
def show(name: str, as_json: AsJson = False) -> None:
    """Show a run's record.

    Example: theriac runs show run-1
    """
    with state.errors(as_json=as_json):
        from models.store.runs import RunStore

        record = RunStore(state.workspace()).read(name)
        if as_json:
            state.print_json(record)
            return
        from rich.pretty import Pretty

        state.console().print(Pretty(record, max_length=12, max_string=300))


@app.command()
def replay(name: str, as_json: AsJson = False) -> None:
    """Compute a run again, without any language model, and compare every number.

    Example: theriac runs replay run-1
    """
    with state.errors(as_json=as_json):
        from agent.cli.tools import execute
        from models.store.runs import RunStore
        from tools.replay import differences, replayable

        record = RunStore(state.workspace()).read(name)
        arguments = replayable(record)
        result = execute(record["tool"], arguments, quiet=as_json)
        found = differences(record, result.model_dump(mode="json"))
        outcome: dict[str, Any] = {"run": name, "replay": result.run, "differences": found}
        if as_json:
            state.print_json(outcome)
        elif not found:
            typer.echo(f"{result.run} repeats {name}: the same numbers, to the last digit.")
        else:
            typer.echo(f"{result.run} differs from {name}:")
            for line in found:
                typer.echo(f"  {line}")
        if found:
            raise SystemExit(state.FAILED)
