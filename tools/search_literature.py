"""The tool `search_literature`."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from tools.contract import SUMMARY_LIMIT, ToolArguments, ToolContext, ToolResult
from tools.registry import tool

if TYPE_CHECKING:
    from retrieval.cite import Quote
    from retrieval.search import SearchHit

ADVICE = "Add articles with: theriac library add PATH"
LONGEST_TITLE = 90
HEADS_LIMIT = 850
"""Characters of the summary for titles; the rest is for quotations."""


class Arguments(ToolArguments):
    """What to search for."""

    query: str = Field(
        min_length=1,
        max_length=4000,
        description="The question or topic, in plain words.",
        json_schema_extra={"role": "query"},
    )
    top_k: int = Field(
        8, ge=1, le=100, description="How many articles.", json_schema_extra={"role": "count"}
    )
    year_from: int | None = Field(
        None, ge=1000, le=2999, description="Published in this year or later.",
        json_schema_extra={"role": "year"},
    )  # fmt: skip
    year_to: int | None = Field(
        None, ge=1000, le=2999, description="Published in this year or earlier.",
        json_schema_extra={"role": "year"},
    )  # fmt: skip


@tool(heavy=False, computes=False)
def search_literature(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Search the library of medical literature for passages that answer a question.

    When to use: the person asks a medical or scientific question, wants evidence, studies or papers
    on a topic, optionally of some years or a number of them. When not: for one article whose id is
    known (read_article), for one row per finding over many articles (mine_literature), for indirect
    links between concepts (find_research_leads), or for what a trained model says (predict).
    """
    from retrieval.library import Library
    from retrieval.search import CLOSE_SIMILARITY

    library = Library(context.workspace)
    hits = library.search(arguments.query, arguments.top_k, arguments.year_from, arguments.year_to)
    if not hits:
        return ToolResult(summary=_nothing(arguments), data={"results": []})
    quotes = [found[0] for found in library.quote(arguments.query, hits)]
    results = [_row(n, *pair) for n, pair in enumerate(zip(hits, quotes, strict=True), start=1)]
    known = [hit.similarity for hit in hits if hit.similarity is not None]
    close = not known or max(known) >= CLOSE_SIMILARITY
    return ToolResult(summary=_summary(results, close), data={"results": results, "close": close})


def _row(n: int, hit: "SearchHit", quote: "Quote") -> dict[str, Any]:
    return {
        "n": n, "id": hit.article_id, "pmid": hit.pmid, "title": hit.title, "year": hit.year,
        "journal": hit.journal, "score": round(hit.score, 4), "similarity": hit.similarity,
        "field": hit.field, "section": hit.section, "start": hit.start, "end": hit.end,
        "text": hit.text, "label": hit.label, "retracted": hit.retracted,
        "quote": {"text": quote.text, "start": quote.start, "end": quote.end},
    }  # fmt: skip


def _summary(results: list[dict[str, Any]], close: bool) -> str:
    """Lists the passages, with as much of each quotation as leaves room for all of them."""
    opening = (
        f"{len(results)} passages were found."
        if close
        else "Nothing in the library matches this closely; the nearest passages are:"
    )
    heads = [_head(row) for row in results]
    quotes = [row["quote"]["text"] for row in results]
    shown = len(results)
    while shown > 1 and sum(map(len, heads[:shown])) > HEADS_LIMIT:
        shown -= 1
    rest = f"\nand {len(results) - shown} more." if shown < len(results) else ""
    room = SUMMARY_LIMIT - len(opening) - len(rest) - sum(len(h) + 4 for h in heads[:shown])
    lines = [
        f"{head}: {_shortened(quote, room // shown)}"
        for head, quote in zip(heads[:shown], quotes, strict=False)
    ]
    return "\n".join([opening, *lines]) + rest


def _head(row: dict[str, Any]) -> str:
    source = f"PMID {row['pmid']}" if row["pmid"] else f"id {row['id']}"
    facts = [str(row["year"]) if row["year"] else "no year", source, row["label"]]
    title = _shortened(row["title"] or "untitled", LONGEST_TITLE)
    return f"[{row['n']}] {title} ({', '.join(filter(None, facts))})"


def _shortened(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def _nothing(arguments: Arguments) -> str:
    years = [
        f" {word} {year}"
        for word, year in (("from", arguments.year_from), ("to", arguments.year_to))
        if year
    ]
    return f"Nothing in the library supports an answer to this{''.join(years)}. {ADVICE}"
