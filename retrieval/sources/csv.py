"""Tables as text: one document per row, with a header."""

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from retrieval.documents.document import Document, RowFault
from retrieval.documents.records import read_record
from retrieval.reading.lines import Lines, LongLineError, decode
from retrieval.sources import Source

LONGEST_FIELD = 50_000_000
DELIMITERS = ",;\t"
LONE_RETURN = re.compile(r"(?<=\r)(?!\n)(?=.)")


class DecodedLines(Iterator[str]):
    """The lines of a table as text; a byte that is no UTF-8 costs at most its own line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = Lines(stream)
        self._pieces: list[str] = []

    def __next__(self) -> str:
        if not self._pieces:  # old files end their lines with a carriage return only
            self._pieces = LONE_RETURN.split(decode(next(self._lines)))[::-1]
        return self._pieces.pop()


def read(stream: BinaryIO) -> Iterator[Document | RowFault]:
    """Yields the document of each row, or why there is none."""
    csv.field_size_limit(LONGEST_FIELD)
    lines = DecodedLines(stream)
    try:
        header_line = next(lines, "")
    except LongLineError as error:
        yield RowFault(1, str(error))
        return
    delimiter = max(DELIMITERS, key=header_line.count)
    header = next(csv.reader([header_line], delimiter=delimiter), [])
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            row = next(rows)
            if any(field.strip() for field in row):
                if len(row) > len(header):
                    message = f"it has {len(row)} fields, the header {len(header)}"
                    raise ValueError(message)
                yield read_record(dict(zip(header, row, strict=False)))
        except StopIteration:
            return
        except (ValueError, csv.Error) as error:
            yield RowFault(rows.line_num + 1, str(error))


SOURCE = Source("CSV", (".csv", ".tsv"), read)
