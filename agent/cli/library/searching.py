"""`theriac library search` and `neighbours`."""

from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from rich.text import Text

    from retrieval.indexing.manifest import Listed
    from retrieval.library import Library
    from retrieval.search.cite import Quote
    from retrieval.search.filters import Filters
    from retrieval.search.hybrid import SearchHit

SHOWN = (
    "article_id", "title", "year", "journal", "score", "text", "field", "start", "end", "page",
    "label", "passage",
)  # fmt: skip
SNIPPET = 300


def search(
    query: Annotated[str, typer.Argument(help="A question or topic.")] = "",
    top_k: Annotated[int, typer.Option(min=1, max=1000, help="How many articles.")] = 8,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    journal: Journals = None,
    publication_type: Types = None,
    mesh: Mesh = None,
    file: Annotated[str, typer.Option(help="One query a line; - is standard input.")] = "",
    as_json: AsJson = False,
) -> None:
    """Find the passages that answer a question best.

    Example: theriac library search "statins and dementia" --year-from 2010 --type Review
    """
    with state.errors(as_json=as_json or bool(file)):
        wanted = filters(year_from, year_to, journal, publication_type, mesh)
        with open_library() as library:

            def found(asked: str) -> dict[str, Any]:
                hits = library.search(asked, top_k, wanted)
                return {"query": asked, "results": [_result(hit) for hit in hits]}

            if file:
                state.each_line(file, found)
            elif as_json:
                state.print_json(found(_require(query)))
            else:
                _print_hits(library, _require(query), top_k, wanted)


def neighbours(
    passage: Annotated[str, typer.Argument(help="Id of a passage (search --json) or an article.")],
    count: Annotated[int, typer.Option(min=1, max=50, help="How many of each.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Show what stands before and after a passage, and the passages most like it elsewhere.

    Example: theriac library neighbours 23774337
    """
    with state.errors(as_json=as_json):
        with open_library() as library:
            found = library.neighbours(passage, count)
        if as_json:
            around = {
                "before": [_plain(item) for item in found.before], "passage": _plain(found.of),
                "after": [_plain(item) for item in found.after],
            }  # fmt: skip
            state.print_json(around | {"alike": [_result(hit) for hit in found.alike]})
            return
        console = state.console()
        console.print(found.of.document.title, style="bold", markup=False)
        for item in (*found.before, found.of, *found.after):
            style = None if item is found.of else "dim"
            console.print(f"    {_shortened(item.passage.text)}", style=style, markup=False)
        for hit in found.alike:
            console.print(f"{hit.title} ({_facts(hit)}), cosine {hit.score:.2f}", markup=False)
            console.print(f"    {_shortened(hit.text)}", style="dim", markup=False)


def _require(query: str) -> str:
    from models.errors import FieldFault, ToolError

    if not query.strip():
        wrong = FieldFault(field="QUERY", got="nothing", expected="a question, or --file FILE")
        raise ToolError("There is nothing to search for.", wrong)
    return query.strip()


def _result(hit: "SearchHit") -> dict[str, Any]:
    spans = {"highlights": [list(span) for span in hit.highlights], "also": list(hit.also)}
    return {name: getattr(hit, name) for name in SHOWN} | spans


def _plain(item: "Listed") -> dict[str, Any]:
    passage = item.passage
    return {
        "passage": passage.id, "article_id": item.document.article_id, "title": passage.title,
        "field": passage.field, "section": passage.section, "start": passage.start,
        "end": passage.end, "page": passage.page, "text": passage.text,
    }  # fmt: skip


def _print_hits(library: "Library", query: str, top_k: int, wanted: "Filters") -> None:
    hits = library.search(query, top_k, wanted)
    console = state.console()
    if not hits:
        console.print("Nothing in the library matches this.")
    for n, (hit, quotes) in enumerate(zip(hits, library.quote(query, hits), strict=True), start=1):
        console.print(f"[{n}] {hit.title}", style="bold", markup=False)
        console.print(f"    {_facts(hit)}; score {hit.score:.3f}", markup=False)
        console.print(_marked(hit, quotes[0]))


def _facts(hit: "SearchHit") -> str:
    page = f"page {hit.page}" if hit.page else None
    also = f"also {', '.join(hit.also)}" if hit.also else None
    facts = [str(hit.year or "no year"), hit.journal, hit.article_id, page, also, hit.label]
    return ", ".join(filter(None, facts))


def _marked(hit: "SearchHit", quote: "Quote") -> "Text":
    """Returns the quoted sentence with the query's words in bold."""
    from rich.text import Text

    text = Text(f"    {quote.text}")
    for start, end in hit.highlights:
        if quote.start <= start < quote.end:
            text.stylize("bold", 4 + start - quote.start, 4 + end - quote.start)
    return text


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SNIPPET else plain[: SNIPPET - 1] + "…"
