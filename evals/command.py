"""`theriac eval`: how good it is, beside a reference."""

from typing import Annotated

import typer

from agent.cli import state

app = typer.Typer(no_args_is_help=True, help="Measurements, each beside a reference.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all evals."""
    from evals.registry import all_evals

    found = {task.name: task.description for task in all_evals().values()}
    state.print_listing(found, "eval", "what it measures", as_json=as_json)


@app.command()
def run(
    name: str,
    llm: Annotated[str, typer.Option(help="The language model to measure.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many items; 0 is all.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Run one eval, in a workspace of its own.

    Example: theriac eval run routing
    """
    with state.errors(as_json=as_json):
        import tempfile
        from pathlib import Path

        from evals.registry import EvalOptions, find_eval
        from models.store.workspace import Workspace

        chosen = state.settings()
        with tempfile.TemporaryDirectory(prefix="theriac-eval-") as folder:
            options = EvalOptions(
                workspace=Workspace(Path(folder).resolve(), tuple(chosen.data)),
                llm=llm or None,
                data=chosen.data[0] if chosen.data else None,
                limit=limit or None,
                seed=seed,
            )
            report = find_eval(name).run(options)
        if as_json:
            state.print_json(report.model_dump())
            return
        from rich.table import Table

        terminal = state.console()
        terminal.rule(report.title)
        for content in report.tables:
            table = Table(*content.columns, title=content.title, title_justify="left")
            for row in content.rows:
                table.add_row(*(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row))
            terminal.print(table)
        for figure, value in report.figures.items():
            shown = f"{value:.3f}" if isinstance(value, float) else value
            terminal.print(f"{figure}: [bold]{shown}[/bold]")
        for note in report.notes:
            terminal.print(f"[dim]{note}[/dim]")
