"""`theriac library stats`, `status` and `repair`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli import state
from agent.cli.library.options import AsJson, open_library

if TYPE_CHECKING:
    from retrieval.indexing.filelog import FileStatus
    from retrieval.library import Library

SHOWN_FAULTS = 5
STYLES = {"done": "green", "reading": "yellow", "failed": "red"}


def stats(as_json: AsJson = False) -> None:
    """Tell what the library holds, and what became of each file that was added."""
    with state.errors(as_json=as_json):
        with open_library() as library:
            held = library.stats()
        files = [file._asdict() for file in held.files]
        if as_json:
            state.print_json({**vars(held), "files": files})
            return
        typer.echo(
            f"{held.documents} documents in {held.passages} passages; of them "
            f"{held.starter_notes} starter evidence notes and {held.retracted} retracted articles."
        )
        for file in held.files:
            counts = f"{file.documents} documents, {file.faults} bad records"
            typer.echo(f"  {file.path}: {file.status}, {counts}")


def status(
    faults: Annotated[int, typer.Option(min=0, help="Faults to show of each file.")] = SHOWN_FAULTS,
    as_json: AsJson = False,
) -> None:
    """Show what became of each file: its kind, what came of it, and what could not be read.

    Example: theriac library status --faults 20
    """
    with state.errors(as_json=as_json):
        with open_library() as library:
            files = library.stats().files
            rows = [_row(library, file, faults) for file in files]
        if as_json:
            state.print_json({"files": rows})
        elif rows:
            _print_table(rows)
        else:
            typer.echo("No file was added yet. Add some with: theriac library add PATH")


def _row(library: "Library", file: "FileStatus", faults: int) -> dict[str, Any]:
    found = library.faults(Path(file.path), faults)
    return {
        "file": file.path, "format": file.kind, "state": file.status,
        "documents": file.documents, "added": library.held(Path(file.path)), "failed": file.faults,
        "pages": file.pages, "bytes": file.bytes, "sha256": file.sha256,
        "changed_since": _changed(file),
        "faults": [{"place": f.place, "number": f.line, "why": f.why} for f in found],
    }  # fmt: skip


def _changed(file: "FileStatus") -> str | None:
    """Tells whether the file is another now than when it was read; by its size alone."""
    path = Path(file.path)
    if not path.exists():
        return "gone"
    return "changed" if path.stat().st_size != file.bytes else None


def _print_table(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table("file", "format", "state", "read", "held", "failed", "pages", "size", "sha256")
    for column in table.columns[3:8]:
        column.justify = "right"
    table.columns[0].overflow = "fold"
    for row in rows:
        name = Path(row["file"]).name
        now = f" ({row['changed_since']})" if row["changed_since"] else ""
        table.add_row(
            f"{name}{now}", row["format"], f"[{STYLES[row['state']]}]{row['state']}[/]",
            str(row["documents"]), str(row["added"]), str(row["failed"]), str(row["pages"] or "–"),
            _size(row["bytes"]), row["sha256"][:12],
        )  # fmt: skip
    console = state.console()
    console.print(table)
    for row in rows:
        for fault in row["faults"]:
            place = "" if fault["place"] == "file" else f"{fault['place']} {fault['number']}: "
            console.print(f"{Path(row['file']).name}: {place}{fault['why']}", markup=False)
        if row["failed"] > len(row["faults"]):
            left = row["failed"] - len(row["faults"])
            console.print(f"{Path(row['file']).name}: and {left} more", markup=False)


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def repair(as_json: AsJson = False) -> None:
    """Make the indexes anew from the texts that the library keeps; also where they have moved."""
    with state.errors(as_json=as_json):
        from rich.progress import MofNCompleteColumn, Progress

        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        with (
            open_library() as library,
            Progress(*columns, console=state.console(stderr=True), disable=as_json) as bar,
        ):
            task = bar.add_task("Embedding", total=None)
            held = library.repair(lambda done, total: bar.update(task, completed=done, total=total))
        if as_json:
            state.print_json({"documents": held.documents, "passages": held.passages})
        else:
            typer.echo(f"Both indexes hold {held.passages} passages of {held.documents} documents.")
