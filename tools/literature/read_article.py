"""The tool `read_article`."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from tools.contract import SUMMARY_LIMIT, ToolArguments, ToolContext, ToolResult
from tools.registry import tool

if TYPE_CHECKING:
    from retrieval.documents.document import Document

SHOWN_AUTHORS = 3


class Arguments(ToolArguments):
    """Which article."""

    article_id: str = Field(
        min_length=1,
        max_length=300,
        description="PMID (with or without the prefix), DOI, or the id that a search showed.",
        json_schema_extra={"role": "article_id"},
    )


@tool(heavy=False, computes=False)
def read_article(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Read one article of the library in full: title, abstract or text, authors, journal, MeSH.

    When to use: the person names an article by its PMID, DOI or id and wants to read it, or wants
    the whole abstract of a passage that a search found. When not: to find articles on a topic
    (search_literature), or for one row per finding over many articles (mine_literature).
    """
    from retrieval.library import Library

    document = Library(context.workspace).article(arguments.article_id)
    return ToolResult(summary=_summary(document), data=_data(document))


def _data(document: "Document") -> dict[str, Any]:
    return {
        "id": document.article_id, "hash": document.hash, "label": document.label,
        **document.model_dump(mode="json"),
    }  # fmt: skip


def _summary(document: "Document") -> str:
    authors = ", ".join(document.authors[:SHOWN_AUTHORS])
    if len(document.authors) > SHOWN_AUTHORS:
        authors += " et al."
    source = f"PMID {document.pmid}" if document.pmid else f"id {document.article_id}"
    facts = [authors, document.journal, str(document.year or "no year"), source, document.label]
    warning = "This article was retracted.\n" if document.retracted else ""
    head = f"{warning}{document.title or 'Untitled'} ({'; '.join(filter(None, facts))})\n"
    body = document.abstract or document.text or "The library has no abstract of it."
    room = SUMMARY_LIMIT - len(head)
    if room < 0:
        return head[: SUMMARY_LIMIT - 1] + "…"
    return head + (body if len(body) <= room else body[: room - 1] + "…")
