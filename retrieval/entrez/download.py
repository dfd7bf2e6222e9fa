"""The results of a PubMed search as one file of PubMed XML."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

from models.errors import FieldFault, ToolError
from retrieval.documents.export import whole_file
from retrieval.entrez.client import EntrezClient, HistoryLostError

BATCH = 200
MOST = 9_999
"""Records of one search that PubMed hands out."""

RESTARTS = 2
SHOWN = 40
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Download:
    """What was fetched.

    Attributes:
        path: The file.
        found: Articles that PubMed has for the query.
        fetched: Articles in the file.
    """

    path: Path
    found: int
    fetched: int


def download(
    client: EntrezClient, query: str, folder: Path, limit: int = MOST,
    progress: Told = lambda *_: None,
) -> Download:  # fmt: skip
    """Fetches the articles that PubMed finds, in its order, newest first.

    The file is written whole or not at all; the same query has the same file.

    Args:
        client: Asks the server.
        query: As on the website of PubMed.
        folder: Where the file goes.
        limit: At most so many articles, up to 9,999.
        progress: Told the articles fetched and to be fetched.

    Raises:
        ToolError: Nothing is found, with the words that PubMed does not know, or it is refused.
        PrerequisiteError: The server cannot be reached, or fails again and again.
    """
    result = client.search(query)
    found = int(result.get("count", 0))
    if not found:
        raise _nothing(query, result)
    wanted = min(found, limit, MOST)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _name(query)
    fetched = 0
    with whole_file(path) as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet>\n')
        for batch in _batches(client, query, result, wanted):
            for article in batch:
                stream.write(article.strip() + "\n")
            fetched += len(batch)
            progress(min(fetched, wanted), wanted)
        stream.write("</PubmedArticleSet>\n")
    return Download(path, found, fetched)


def _batches(
    client: EntrezClient, query: str, result: dict[str, Any], wanted: int
) -> Iterator[list[str]]:
    """Yields the articles; searches again where the server has forgotten the search."""
    start, restarts = 0, 0
    while start < wanted:
        count = min(BATCH, wanted - start)
        try:
            root = client.fetch(result["webenv"], result["querykey"], start, count)
        except HistoryLostError as error:
            restarts += 1
            if restarts > RESTARTS:
                raise ToolError(f"PubMed lost the search again and again: {error}") from error
            result = client.search(query)
            continue
        yield [tostring(element, encoding="unicode") for element in root]
        start += count


def _name(query: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", query.casefold()).strip("-")[:SHOWN].rstrip("-")
    return f"pubmed-{words}-{hashlib.sha256(query.encode()).hexdigest()[:8]}.xml"


def _nothing(query: str, result: dict[str, Any]) -> ToolError:
    listed = result.get("errorlist") or {}
    unknown = [*listed.get("phrasesnotfound", ()), *listed.get("fieldsnotfound", ())]
    message = f"PubMed finds nothing for {query!r}."
    if unknown:
        message += f" It does not know: {', '.join(map(str, unknown))}."
    wrong = FieldFault(field="query", got=repr(query), expected="words that PubMed finds")
    return ToolError(message, wrong, kind="not_found")
