"""`theriac library export`."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli import state
from agent.cli.library.options import (
    AsJson,
    Journals,
    Mesh,
    Types,
    YearFrom,
    YearTo,
    filters,
    open_library,
)


def export(
    output: Annotated[Path, typer.Argument(help="A file that ends in .jsonl, .csv or .ris.")],
    year_from: YearFrom = None,
    year_to: YearTo = None,
    journal: Journals = None,
    publication_type: Types = None,
    mesh: Mesh = None,
    as_json: AsJson = False,
) -> None:
    """Write the library's articles to a file, which `library add` reads again.

    The notes of the starter library stay out.

    Example: theriac library export reviews.ris --type Review
    """
    with state.errors(as_json=as_json):
        wanted = filters(year_from, year_to, journal, publication_type, mesh)
        with open_library() as library:
            count = library.export(output, wanted)
        if as_json:
            state.print_json({"documents": count, "file": str(output)})
        else:
            typer.echo(f"{count} documents were written to {output}.")
