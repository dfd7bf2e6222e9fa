"""Documents written to a file that `theriac library add` reads again."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from models.errors import ToolError, fault
from models.store.files import TEMPORARY_PREFIX
from retrieval.documents.document import RETRACTED_TYPE, Document

LISTS = ("authors", "mesh", "keywords", "publication_types")
COLUMNS = (
    "pmid", "id", "doi", "pmcid", "title", "abstract", "text", "year", "journal", "retracted",
    *LISTS,
)  # fmt: skip


def export(documents: Iterable[Document], path: Path) -> int:
    """Writes documents as JSONL, CSV or RIS, as the file's name ends; whole or not at all.

    Returns:
        How many were written.

    Raises:
        ToolError: The name ends otherwise, or the folder cannot be written to.
    """
    write = FORMATS.get(path.suffix.lower())
    if not write:
        wrong = fault("file", path.name, f"a name that ends in {', '.join(FORMATS)}", FORMATS)
        raise ToolError("A library is written as JSONL, CSV or RIS.", wrong)
    try:
        with whole_file(path) as stream:
            return write(documents, stream)
    except OSError as error:
        wrong = fault("file", str(path), "a file that can be written")
        raise ToolError(f"{path} cannot be written: {error.strerror}.", wrong) from error


def _jsonl(documents: Iterable[Document], stream: TextIO) -> int:
    count = 0
    for count, document in enumerate(documents, start=1):  # noqa: B007  # the number is returned
        stream.write(json.dumps(_record(document), ensure_ascii=False) + "\n")
    return count


def _csv(documents: Iterable[Document], stream: TextIO) -> int:
    writer = csv.DictWriter(stream, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    count = 0
    for count, document in enumerate(documents, start=1):  # noqa: B007
        record = _record(document)
        writer.writerow(record | {name: "; ".join(record.get(name, [])) for name in LISTS})
    return count


def _ris(documents: Iterable[Document], stream: TextIO) -> int:
    count = 0
    for count, document in enumerate(documents, start=1):  # noqa: B007
        for tag, value in _tags(document):
            stream.write(f"{tag}  - {' '.join(value.split())}\r\n")
        stream.write("ER  - \r\n\r\n")
    return count


def _record(document: Document) -> dict[str, Any]:
    """Returns what is known of a document under the names that `records.read_record` reads."""
    record = document.model_dump(exclude_defaults=True)
    if "source_id" in record:
        record["id"] = record.pop("source_id")
    return record


def _tags(document: Document) -> Iterator[tuple[str, str]]:
    """Yields RIS's tags with their values; RIS has none for MeSH, full texts and parts of texts."""
    yield "TY", "JOUR" if document.journal else "GEN"
    given = {
        "TI": document.title, "AB": document.abstract or document.text, "JO": document.journal,
        "PY": document.year, "DO": document.doi, "C2": document.pmcid, "ID": document.source_id,
    }  # fmt: skip
    yield from ((tag, str(value)) for tag, value in given.items() if value)
    if document.pmid:
        yield from (("DB", "PubMed"), ("AN", document.pmid))
    yield from (("AU", author) for author in document.authors)
    yield from (("KW", word) for word in (*document.mesh, *document.keywords))
    types = dict.fromkeys(document.publication_types)
    if document.retracted:
        types[RETRACTED_TYPE] = None
    yield from (("M3", kind) for kind in types)


FORMATS: dict[str, Callable[[Iterable[Document], TextIO], int]] = {
    ".jsonl": _jsonl, ".csv": _csv, ".ris": _ris,
}  # fmt: skip


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Yields a stream on a temporary file that takes the path's place at the end."""
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{path.name}")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
