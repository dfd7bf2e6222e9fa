"""RIS, as reference managers and publishers export it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from retrieval.documents.document import Document, RowFault
from retrieval.documents.records import find_year
from retrieval.reading.labels import split_labels
from retrieval.reading.links import doi_in, pmcid_in, pmid_in
from retrieval.reading.names import short_name
from retrieval.reading.tagged import TaggedRecord, tagged_records
from retrieval.reading.validation import make_document
from retrieval.sources import Source

TAG = re.compile(r"([A-Z][A-Z0-9]) {0,2}-(?: (.*))?$")
START = re.compile(rb"(?:^|\n)\s*TY {0,2}- ")
FIRST, LAST = "TY", "ER"
TYPES = {
    "JOUR": "Journal Article", "EJOUR": "Journal Article", "ABST": "Abstract", "BOOK": "Book",
    "EBOOK": "Book", "CHAP": "Book Chapter", "ECHAP": "Book Chapter", "CONF": "Congress",
    "CPAPER": "Congress", "THES": "Academic Dissertation", "RPRT": "Technical Report",
    "UNPB": "Preprint", "PREP": "Preprint", "DATA": "Dataset", "CTLI": "Clinical Trial",
}  # fmt: skip


def read(stream: BinaryIO) -> Iterator[Document | RowFault]:
    """Yields the document of each record, or why there is none, by the line it begins at."""
    seen: set[str] = set()
    for record in tagged_records(stream, TAG, FIRST, LAST):
        if isinstance(record, RowFault):
            yield record
            continue
        try:
            yield _document(record, seen)
        except ValueError as error:
            yield RowFault(record.line, str(error))


def _document(record: TaggedRecord, seen: set[str]) -> Document:
    abstract, sections = split_labels(record.first("AB", "N2"))
    kind = record.first(FIRST)
    links = [v for tag in ("DO", "UR", "L2", "L1", "LK") for v in record.values.get(tag, ())]
    notes = [v for tag in ("AN", "C2", "ID", "N1", "U2") for v in record.values.get(tag, ())]
    own = record.first("ID")
    authors = record.all("AU", "A1")  # a name without a comma is a group's
    document = make_document(
        pmid=_pmid(record, links, notes),
        doi=doi_in(*links),
        pmcid=pmcid_in(*links, *notes),
        source_id=own if own and own not in seen else None,
        title=record.first("TI", "T1", "CT", "BT"),
        abstract=abstract,
        year=next(filter(None, (find_year(record.first(t)) for t in ("PY", "Y1", "DA"))), None),
        journal=record.first("JF", "T2", "JO", "JA", "J2", "BT") or None,
        authors=[short_name(name) if "," in name else name for name in authors],
        keywords=record.all("KW"),
        publication_types=[*record.all("M3"), *([TYPES[kind]] if kind in TYPES else [])],
        sections=sections,
    )
    seen.add(own)
    return document


def _pmid(record: TaggedRecord, links: list[str], notes: list[str]) -> str | None:
    """Returns the PMID; an accession number is one where PubMed gave the record."""
    accession = record.first("AN")
    database = record.first("DB", "DP").casefold()
    if accession.isdigit() and any(name in database for name in ("pubmed", "medline", "nlm")):
        return accession
    return pmid_in(*links, *notes)


def _recognises(head: bytes) -> bool:
    return bool(START.search(head))


SOURCE = Source("RIS", (".ris", ".txt"), read, _recognises)
