"""`theriac library`: add, search, stats, repair."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from agent.cli import state

if TYPE_CHECKING:
    from retrieval.ingestion import Report
    from retrieval.library import Library

app = typer.Typer(no_args_is_help=True, help="The library of medical literature.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SHOWN_FAULTS = 10


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; .gz is read too.")],
    embedder: Annotated[
        Optional[Path],  # noqa: UP045  # typer reads the older form faster
        typer.Option(help="A local embedding model for a new library [default: MiniLM-L6-v2]."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add JSONL, CSV or PubMed XML; what is there already is not embedded again.

    Example: theriac library add abstracts.jsonl pubmed26n0001.xml.gz
    """
    with state.errors(as_json=as_json):
        from retrieval.library import Library

        with Library(state.workspace(), embedder) as library:
            report = _add(library, paths, quiet=as_json)
        if as_json:
            state.print_json(_plain(report))
        else:
            _print_report(report)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="A question or topic.")] = "",
    top_k: Annotated[int, typer.Option(min=1, max=1000, help="How many articles.")] = 8,
    year_from: Annotated[Optional[int], typer.Option(help="Not older.")] = None,  # noqa: UP045
    year_to: Annotated[Optional[int], typer.Option(help="Not younger.")] = None,  # noqa: UP045
    file: Annotated[str, typer.Option(help="One query a line; - is standard input.")] = "",
    as_json: AsJson = False,
) -> None:
    """Find the passages that answer a question best.

    Example: theriac library search "statins and dementia" --year-from 2010
    """
    with state.errors(as_json=as_json or bool(file)):
        from retrieval.library import Library

        with Library(state.workspace()) as library:

            def found(asked: str) -> dict[str, Any]:
                hits = library.search(asked, top_k, year_from, year_to)
                return {"query": asked, "results": [_result(hit) for hit in hits]}

            if file:
                state.each_line(file, found)
            elif as_json:
                state.print_json(found(_require(query)))
            else:
                _print_hits(library, _require(query), top_k, year_from, year_to)


@app.command()
def stats(as_json: AsJson = False) -> None:
    """Tell what the library holds, and what became of each file that was added."""
    with state.errors(as_json=as_json):
        from retrieval.library import Library

        with Library(state.workspace()) as library:
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


@app.command()
def repair(as_json: AsJson = False) -> None:
    """Make the indexes anew from the texts that the library keeps."""
    with state.errors(as_json=as_json):
        from rich.progress import MofNCompleteColumn, Progress

        from retrieval.library import Library

        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        with (
            Library(state.workspace()) as library,
            Progress(*columns, console=state.console(stderr=True), disable=as_json) as bar,
        ):
            task = bar.add_task("Embedding", total=None)
            held = library.repair(lambda done, total: bar.update(task, completed=done, total=total))
        if as_json:
            state.print_json({"documents": held.documents, "passages": held.passages})
        else:
            typer.echo(f"Both indexes hold {held.passages} passages of {held.documents} documents.")


def _require(query: str) -> str:
    from models.errors import FieldFault, ToolError

    if not query.strip():
        wrong = FieldFault(field="QUERY", got="nothing", expected="a question, or --file FILE")
        raise ToolError("There is nothing to search for.", wrong)
    return query.strip()


def _result(hit: Any) -> dict[str, Any]:
    names = ("article_id", "title", "year", "score", "text", "field", "start", "end", "label")
    return {name: getattr(hit, name) for name in names}


def _add(library: "Library", paths: list[Path], *, quiet: bool) -> "Report":
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[count]} documents, {task.fields[rate]:.0f}/s"),
    ]  # fmt: skip
    with Progress(*columns, console=state.console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("Reading", total=None, count=0, rate=0.0)
        return library.add(
            paths,
            lambda p: bar.update(
                task, description=p.file.name, completed=p.done, total=p.total,
                count=p.documents, rate=p.rate,
            ),
        )  # fmt: skip


def _plain(report: "Report") -> dict[str, Any]:
    faults = [
        {"file": str(path), "line": fault.line, "why": fault.why}
        for path, found in report.faults.items()
        for fault in found
    ]
    return vars(report) | {"documents": report.documents, "faults": faults}


def _print_report(report: "Report") -> None:
    typer.echo(
        f"{report.added} documents added, {report.known} were there already "
        f"({report.updated} with new data), {report.replaced} older versions replaced; "
        f"{report.unchanged_files} of {report.files} files had been added before."
    )
    for path, found in report.faults.items():
        typer.echo(f"{path}: {len(found)} records could not be read", err=True)
        for fault in found[:SHOWN_FAULTS]:
            typer.echo(f"  line {fault.line}: {fault.why}", err=True)
        if len(found) > SHOWN_FAULTS:
            typer.echo(f"  and {len(found) - SHOWN_FAULTS} more", err=True)


def _print_hits(
    library: "Library", query: str, top_k: int, year_from: int | None, year_to: int | None
) -> None:
    hits = library.search(query, top_k, year_from, year_to)
    console = state.console()
    if not hits:
        console.print("Nothing in the library matches this.")
    for n, (hit, quotes) in enumerate(zip(hits, library.quote(query, hits), strict=True), start=1):
        facts = [str(hit.year or "no year"), hit.article_id, hit.label]
        console.print(f"[{n}] {hit.title}", style="bold", markup=False)
        console.print(f"    {', '.join(filter(None, facts))}; score {hit.score:.3f}", markup=False)
        console.print(f"    {quotes[0].text}", markup=False)
