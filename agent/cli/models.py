"""`theriac models`: list, show, predict with."""

from typing import Annotated, Any

import typer

from agent.cli import state

app = typer.Typer(no_args_is_help=True, help="The models that were trained in this workspace.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all models, newest first."""
    with state.errors(as_json=as_json):
        from models.store.registry import ModelStore

        found = ModelStore(state.workspace()).all()
        if as_json:
            state.print_json(found)
            return
        from rich.table import Table

        table = Table("model", "kind", "algorithm", "dataset", "held-out metrics", "made")
        for m in found:
            known = [(k, v["value"]) for k, v in m["metrics"].items() if v["value"] is not None]
            figures = ", ".join(f"{name} {value:.3f}" for name, value in known[:3])
            table.add_row(
                m["name"], m["kind"], m["algorithm"], m["dataset"], figures, m["created"][:16]
            )
        state.console().print(table)


@app.command()
def show(name: str, as_json: AsJson = False) -> None:
    """Show a model's card.

    Example: theriac models show srv-1
    """
    with state.errors(as_json=as_json):
        from models.store.registry import ModelStore

        store = ModelStore(state.workspace())
        if as_json:
            state.print_json(store.manifest(name))
            return
        from rich.markdown import Markdown

        state.console().print(Markdown(store.card(name)))


@app.command()
def predict(
    name: str,
    dataset: Annotated[str, typer.Option(help="A data file, or a built-in dataset.")],
    as_json: AsJson = False,
) -> None:
    """Predict for every row of a dataset.

    Example: theriac models predict srv-1 --dataset new_patients.csv
    """
    with state.errors(as_json=as_json):
        from agent.cli.tools import execute

        result: Any = execute("predict", {"model": name, "dataset": dataset}, quiet=as_json)
        if as_json:
            state.print_json(result.model_dump(mode="json"))
            return
        state.console().print(result.summary, markup=False)
        for made in result.artifacts:
            state.console().print(f"  {made.kind}: {made.path}", soft_wrap=True, markup=False)


@app.command()
def export(
    name: str,
    output: Annotated[str, typer.Option(help="The archive to write, inside the workspace.")] = "",
) -> None:
    """Write a model with its card to one .tar.gz archive.

    Example: theriac models export srv-1
    """
    with state.errors():
        import tarfile

        from models.store.registry import ModelStore

        workspace = state.workspace()
        folder = ModelStore(workspace).folder(name)
        target = workspace.writable(output or f"{name}.tar.gz", "--output")
        temporary = target.with_name(f".partial-{target.name}")
        with tarfile.open(temporary, "w:gz") as archive:
            archive.add(folder, arcname=name)
        temporary.replace(target)
        typer.echo(str(target))
