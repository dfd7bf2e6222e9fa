"""BibTeX, as reference managers and publishers export it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from retrieval.documents.document import Document, RowFault
from retrieval.documents.records import find_year
from retrieval.reading.bibtex_entries import Entry, read_entries
from retrieval.reading.labels import split_labels
from retrieval.reading.latex import plain_text
from retrieval.reading.links import doi_in, pmcid_in, pmid_in
from retrieval.reading.names import short_name
from retrieval.reading.validation import make_document
from retrieval.sources import Source

TYPES = {
    "article": "Journal Article", "book": "Book", "inbook": "Book Chapter",
    "incollection": "Book Chapter", "inproceedings": "Congress", "conference": "Congress",
    "proceedings": "Congress", "phdthesis": "Academic Dissertation",
    "mastersthesis": "Academic Dissertation", "thesis": "Academic Dissertation",
    "techreport": "Technical Report", "report": "Technical Report", "unpublished": "Preprint",
    "dataset": "Dataset",
}  # fmt: skip
AND = re.compile(r"\s+and\s+", re.IGNORECASE)
SEPARATOR = re.compile(r"\s*[;,]\s*")
HELD = re.compile(r"\{[^{}]*\}")


def read(stream: BinaryIO) -> Iterator[Document | RowFault]:
    """Yields the document of each entry, or why there is none, by the line it begins at."""
    seen: set[str] = set()
    for entry in read_entries(stream):
        if isinstance(entry, RowFault):
            yield entry
            continue
        try:
            yield _document(entry, own=entry.key not in seen)
        except ValueError as error:
            yield RowFault(entry.line, str(error))
        seen.add(entry.key)


def _document(entry: Entry, *, own: bool) -> Document:
    values = {name: plain_text(value) for name, value in entry.values.items() if name != "author"}
    abstract, sections = split_labels(values.get("abstract", ""))
    links = [values[name] for name in ("doi", "url", "note", "annote", "howpublished")
             if name in values]  # fmt: skip
    pmid = values.get("pmid", "")
    if not pmid and values.get("eprinttype", "").casefold() in {"pubmed", "pmid"}:
        pmid = values.get("eprint", "")
    return make_document(
        pmid=pmid if pmid.isdigit() else pmid_in(*links),
        doi=doi_in(*links),
        pmcid=pmcid_in(values.get("pmcid", ""), *links),
        source_id=entry.key or None if own else None,
        title=values.get("title", ""),
        abstract=abstract,
        year=find_year(values.get("year", "")) or find_year(values.get("date", "")),
        journal=next(filter(None, map(values.get, ("journal", "journaltitle", "booktitle"))), None),
        authors=_authors(entry.values.get("author", "")),
        keywords=[word for word in SEPARATOR.split(values.get("keywords", "")) if word],
        publication_types=[TYPES[entry.kind]] if entry.kind in TYPES else [],
        sections=sections,
    )


def _authors(written: str) -> list[str]:
    """Splits names at `and`; a name in braces, such as a group's, stays whole."""
    groups: list[str] = []

    def hold(found: re.Match[str]) -> str:
        groups.append(found[0])
        return f"\x01{len(groups) - 1}\x02"

    def release(name: str) -> str:
        return re.sub("\x01(\\d+)\x02", lambda found: groups[int(found[1])], name)

    names = []
    for held in AND.split(HELD.sub(hold, " ".join(written.split()))):
        name = plain_text(release(held))
        whole = re.fullmatch("\x01\\d+\x02", held.strip())
        if name and name.casefold() != "others":
            names.append(name if whole else short_name(name))
    return names


def _recognises(head: bytes) -> bool:
    return b"@" in head or not head.strip()


SOURCE = Source("BibTeX", (".bib", ".bibtex"), read, _recognises)
