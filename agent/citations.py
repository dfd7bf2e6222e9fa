"""Citations as answers show them: the source, its place, the words that are quoted."""

from collections.abc import Mapping
from typing import Any

DOI_URL, PUBMED_URL = "https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/"


def citation(passage: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a retrieved passage as a citation.

    Returns:
        n, id, title, year, quote, and start and end of the quote as characters of `field`; further
        doi, url, page, field, retracted and label, None where the source has none.
    """
    quote = passage.get("finding") or passage.get("quote") or {}
    return {
        "n": passage["n"], "id": passage["id"], "title": passage["title"],
        "year": passage.get("year"), "quote": quote.get("text", passage["text"]),
        "start": quote.get("start", passage.get("start")),
        "end": quote.get("end", passage.get("end")), "field": passage.get("field"),
        "page": quote.get("page", passage.get("page")), "doi": passage.get("doi"),
        "url": _url(passage), "retracted": bool(passage.get("retracted")),
        "label": passage.get("label"),
    }  # fmt: skip


def citation_line(cited: Mapping[str, Any]) -> str:
    """Returns a citation as one line of text: number, title, year, link, page, flags."""
    source = cited["url"] or cited["id"]
    facts = [
        f"{cited['title'] or 'Untitled'} ({cited['year'] or 'no year'})",
        source,
        f"page {cited['page']}" if cited["page"] else "",
        cited["label"] or "",
    ]
    flag = "RETRACTED: " if cited["retracted"] else ""
    return f"[{cited['n']}] {flag}{' · '.join(filter(None, facts))}"


def verdict_of(outcomes: list[Any]) -> dict[str, Any] | None:
    """Returns what the studies of a turn answer to its yes/no question, if it was one."""
    found = [outcome["data"]["verdict"] for outcome in outcomes if "verdict" in outcome["data"]]
    return found[-1] if found else None


def _url(passage: Mapping[str, Any]) -> str | None:
    if passage.get("pmid"):
        return f"{PUBMED_URL}{passage['pmid']}/"
    return f"{DOI_URL}{passage['doi']}" if passage.get("doi") else None
