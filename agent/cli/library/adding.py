"""`theriac library add`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from agent.cli import state
from agent.cli.library.options import AsJson, open_library

if TYPE_CHECKING:
    from retrieval.ingestion import Progress as Told
    from retrieval.ingestion import Report
    from retrieval.library import Library

SHOWN_FAULTS = 10


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; .gz is read too.")],
    embedder: Annotated[
        Optional[Path],  # noqa: UP045  # typer reads the older form faster
        typer.Option(help="A local embedding model for a new library [default: MiniLM-L6-v2]."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add articles; what is there already is not embedded again.

    PubMed XML, PMC JATS, MEDLINE/NBIB, RIS, BibTeX, JSONL, CSV, PDF, Markdown and text are read.

    Example: theriac library add abstracts.jsonl pubmed26n0001.xml.gz papers/
    """
    with state.errors(as_json=as_json):
        with open_library(embedder) as library:
            report = add_with_progress(library, paths, quiet=as_json)
        if as_json:
            state.print_json(plain(report))
        else:
            print_report(report)


def add_with_progress(library: "Library", paths: list[Path], *, quiet: bool) -> "Report":
    """Adds files under a bar with rate and time left."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[count]} documents, {task.fields[rate]:.0f}/s"),
    ]  # fmt: skip
    with Progress(*columns, console=state.console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("Reading", total=None, count=0, rate=0.0)

        def tell(told: "Told") -> None:
            bar.update(
                task, description=told.file.name, completed=told.done, total=told.total,
                count=told.documents, rate=told.rate,
            )  # fmt: skip

        return library.add(paths, tell)


def plain(report: "Report") -> dict[str, Any]:
    """Returns a report as JSON has it."""
    faults = [
        {"file": str(path), "line": fault.line, "place": fault.place, "why": fault.why}
        for path, found in report.faults.items()
        for fault in found
    ]
    return vars(report) | {"documents": report.documents, "faults": faults}


def print_report(report: "Report") -> None:
    """Prints what an ingestion did, and what could not be read."""
    typer.echo(
        f"{report.added} documents added, {report.known} were there already "
        f"({report.updated} with new data), {report.replaced} older versions replaced; "
        f"{report.unchanged_files} of {report.files} files had been added before."
        + (f" {report.removed} were removed, as the files say." if report.removed else "")
    )
    for path, found in report.faults.items():
        typer.echo(f"{path}: {len(found)} records or pages could not be read", err=True)
        for fault in found[:SHOWN_FAULTS]:
            typer.echo(f"  {fault}", err=True)
        if len(found) > SHOWN_FAULTS:
            typer.echo(f"  and {len(found) - SHOWN_FAULTS} more", err=True)
