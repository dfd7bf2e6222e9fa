"""Records of named fields (a JSON object, a row of a table) read as documents."""

import re
from collections.abc import Mapping
from typing import Any

from retrieval.documents.document import Document, Section
from retrieval.reading.validation import make_document

ALIASES = {
    "_id": "id", "doc_id": "id", "journal/book": "journal", "publication year": "year",
    "publication_year": "year", "mesh_terms": "mesh", "mesh terms": "mesh",
    "publication type": "publication_types", "publication_type": "publication_types",
    "author": "authors", "body": "text", "abstracttext": "abstract", "keyword": "keywords",
    "author_keywords": "keywords", "mesh_headings": "mesh", "pmc": "pmcid",
}  # fmt: skip
"""Other names of fields, as PubMed, BEIR and common exports write them."""

YEAR = re.compile(r"\b(1[0-9]{3}|2[0-9]{3})\b")
SEPARATOR = re.compile(r"\s*[;|]\s*")
YES = frozenset({"true", "yes", "y", "1", "retracted"})


def read_record(record: Mapping[str, Any]) -> Document:
    """Makes a document of a record, whatever the case of its field names.

    Raises:
        ValueError: It has no text, with the reason.
    """
    values: dict[str, Any] = {}
    for name, value in record.items():
        plain = str(name).strip().lower()
        if value not in (None, "", []):
            values[ALIASES.get(plain, plain)] = value
    title, abstract = _text(values.get("title")), _text(values.get("abstract"))
    pmid, own = _id(values.get("pmid")), _id(values.get("id"))
    numbered = pmid is not None and pmid.isdigit()
    return make_document(
        pmid=pmid if numbered else None,
        source_id=own or (None if numbered else pmid),
        doi=_id(values.get("doi")),
        pmcid=_id(values.get("pmcid")),
        title=title,
        abstract=abstract,
        text=_text(values.get("text")),
        year=_year(values.get("year")),
        journal=_text(values.get("journal")).strip() or None,
        authors=_list(values.get("authors")),
        mesh=_list(values.get("mesh")),
        keywords=_list(values.get("keywords")),
        publication_types=_list(values.get("publication_types")),
        sections=_sections(values.get("sections"), abstract),
        pages=_spans(values.get("pages")),
        retracted=str(values.get("retracted", "")).strip().lower() in YES,
    )


def find_year(text: str) -> int | None:
    """Returns the first year in a date of any form."""
    found = YEAR.search(text)
    return int(found[1]) if found else None


def _year(value: Any) -> int | None:
    return find_year(str(value)) if value is not None else None


def _id(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip() if value is not None else ""
    return re.sub(r"^PMID:?\s*", "", text, flags=re.IGNORECASE) or None


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(part) for part in value)
    return "" if value is None else str(value)


def _list(value: Any) -> list[str]:
    items = value if isinstance(value, list) else SEPARATOR.split(str(value or ""))
    return [text for item in items if (text := str(item).strip())]


def _sections(value: Any, abstract: str) -> list[dict[str, Any]] | list[Section]:
    """Reads the labelled parts: spans, or {label: text} that is looked for in the abstract."""
    if isinstance(value, list):
        return _spans(value)
    sections: list[Section] = []
    for label, text in value.items() if isinstance(value, dict) else ():
        start = abstract.find(str(text), sections[-1].end if sections else 0)
        if text and start >= 0:
            sections.append(Section(label=str(label), start=start, end=start + len(str(text))))
    return sections


def _spans(value: Any) -> list[dict[str, Any]]:
    return [span for span in value if isinstance(span, dict)] if isinstance(value, list) else []
