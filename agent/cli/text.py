"""`theriac text`: the models that read text for mining, and training them on other data."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli import state

app = typer.Typer(no_args_is_help=True, help="The models that read text without an LLM.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List what text models are there for."""
    from models.text.tasks import all_tasks

    found = {task.name: task.description for task in all_tasks().values()}
    state.print_listing(found, "task", "what its model does", as_json=as_json)


@app.command()
def show(task: str) -> None:
    """Show the card of the model that is shipped for a task.

    Example: theriac text show entities
    """
    with state.errors():
        from rich.markdown import Markdown

        from models.text.keeping import CARD, SHIPPED
        from models.text.tasks import find_task

        card = SHIPPED / find_task(task).name / CARD
        state.console().print(Markdown(card.read_text(encoding="utf-8")))


@app.command()
def train(
    task: str,
    data: Annotated[Path, typer.Argument(help="The folder with the task's files.")],
    output: Annotated[Path, typer.Option(help="The folder for model and card.")],
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Train a text model; a processor needs from minutes to an hour.

    Example: theriac text train entities bc5cdr --output my-tagger
    """
    with state.errors(as_json=as_json):
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        from models.fitting.effort import Effort
        from models.text.tasks import find_task

        chosen = find_task(task)
        columns = (
            TextColumn("{task.percentage:>3.0f}%"), BarColumn(), TimeRemainingColumn(),
            TextColumn("{task.description}"),
        )  # fmt: skip
        with Progress(*columns, console=state.console(stderr=True), disable=as_json) as bar:
            shown = bar.add_task("reading", total=1.0)

            def progress(fraction: float, message: str) -> None:
                bar.update(shown, completed=fraction, description=message)

            figures = chosen.train(data, output, Effort(seed, progress=progress))
        if as_json:
            state.print_json({"task": task, "output": str(output), "figures": figures})
            return
        for name, value in figures.items():
            typer.echo(f"{name}: {value:.4f}")
        typer.echo(f"The model and its card are in {output}.")
