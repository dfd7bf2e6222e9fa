"""What several of the library's commands share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from agent.cli import state

if TYPE_CHECKING:
    from retrieval.library import Library
    from retrieval.search.filters import Filters

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
YearFrom = Annotated[Optional[int], typer.Option(help="Not older.")]  # noqa: UP045
YearTo = Annotated[Optional[int], typer.Option(help="Not younger.")]  # noqa: UP045
Journals = Annotated[
    Optional[list[str]],  # noqa: UP045  # typer reads the older form faster
    typer.Option("--journal", help="Only of this journal; may be repeated."),
]
Types = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--type", help="Only of this publication type, such as Review; repeatable."),
]
Mesh = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--mesh", help="Only with this MeSH heading; of several, with all."),
]


def open_library(embedder: Path | None = None) -> "Library":
    """Returns the workspace's library, told what the settings say of it."""
    from retrieval.library import Library

    return Library(state.workspace(), embedder, state.settings())


def filters(
    year_from: int | None,
    year_to: int | None,
    journals: list[str] | None,
    types: list[str] | None,
    mesh: list[str] | None,
) -> "Filters":
    """Returns the options as one value.

    Raises:
        ToolError: The range of years is empty.
    """
    from retrieval.search.filters import Filters
    from retrieval.search.years import Years

    named = (tuple(names or ()) for names in (journals, types, mesh))
    return Filters(Years(year_from, year_to), *named)
