"""MEDLINE's tagged format: PubMed's `nbib` files and its `PubMed` download."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from retrieval.documents.document import Document, Notice, RowFault
from retrieval.documents.records import find_year
from retrieval.reading.labels import split_labels
from retrieval.reading.tagged import TaggedRecord, tagged_records
from retrieval.reading.validation import make_document
from retrieval.sources import Item, Source

TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)")
FIRST = "PMID"
START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*PMID ?- ?\d")
DOI = re.compile(r"(\S+)\s*\[doi\]")
NAMED = re.compile(r"PMID:?\s*(\d+)")


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yields the document of each record, the retractions it tells, and faults by line."""
    for record in tagged_records(stream, TAG, FIRST):
        if isinstance(record, RowFault):
            yield record
            continue
        try:
            yield _document(record)
            named = (NAMED.search(value) for value in record.values.get("ROF", ()))
            yield from (Notice("retracted", found[1]) for found in named if found)
        except ValueError as error:
            yield RowFault(record.line, str(error))


def _document(record: TaggedRecord) -> Document:
    abstract, sections = split_labels(record.first("AB"))
    locations = (DOI.search(value) for value in record.all("LID") + record.all("AID"))
    return make_document(
        pmid=record.first(FIRST) or None,
        doi=next((found[1] for found in locations if found), None),
        pmcid=record.first("PMC") or None,
        title=record.first("TI", "BTI", "TT"),
        abstract=abstract,
        year=find_year(record.first("DP")) or find_year(record.first("DEP")),
        journal=record.first("JT", "TA") or None,
        authors=record.values.get("AU", []) + record.values.get("CN", []),
        mesh=list(dict.fromkeys(_heading(value) for value in record.all("MH"))),
        keywords=[value.lstrip("*") for value in record.all("OT")],
        publication_types=record.all("PT"),
        sections=sections,
        retracted=bool(record.all("RIN")),
    )


def _heading(value: str) -> str:
    """Returns a MeSH heading without its qualifiers and the star of a main topic."""
    return value.partition("/")[0].lstrip("*").strip()


def _recognises(head: bytes) -> bool:
    return bool(START.match(head))


SOURCE = Source("MEDLINE", (".nbib", ".medline", ".txt"), read, _recognises)
