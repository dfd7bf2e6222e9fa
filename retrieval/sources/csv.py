"""Tables as text: one document per row, with a header."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from retrieval.documents import Document, RowFault
from retrieval.records import read_record
from retrieval.sources import Source

LONGEST_FIELD = 50_000_000
DELIMITERS = ",;\t"


def read(stream: BinaryIO) -> Iterator[Document | RowFault]:
    """Yields the document of each row, or why there is none."""
    csv.field_size_limit(LONGEST_FIELD)
    # Bytes that are no UTF-8 travel as surrogates, so that they cost at most their own row.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _rows(text)
    finally:
        text.detach()  # the stream is its opener's to close


def _rows(text: TextIO) -> Iterator[Document | RowFault]:
    header_line = text.readline()
    delimiter = max(DELIMITERS, key=header_line.count)
    header = next(csv.reader([header_line], delimiter=delimiter), [])
    rows = csv.reader(text, delimiter=delimiter)
    while True:
        try:
            row = next(rows)
            if any(field.strip() for field in row):
                if len(row) > len(header):
                    message = f"it has {len(row)} fields, the header {len(header)}"
                    raise ValueError(message)
                yield read_record(dict(zip(header, map(_decoded, row), strict=False)))
        except StopIteration:
            return
        except (ValueError, csv.Error) as error:
            yield RowFault(rows.line_num + 1, str(error))


def _decoded(field: str) -> str:
    """Reads a field that is not UTF-8 as Windows's Western encoding."""
    if field.isascii():
        return field
    content = field.encode("utf-8", "surrogateescape")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


SOURCE = Source("CSV", (".csv", ".tsv"), read)
