"""JSON Lines: one object per line."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from retrieval.documents.document import Document, RowFault
from retrieval.documents.records import read_record
from retrieval.reading.lines import Lines
from retrieval.sources import Source


def read(stream: BinaryIO) -> Iterator[Document | RowFault]:
    """Yields the document of each line, or why there is none; empty lines are passed over."""
    lines = Lines(stream)
    while True:
        try:
            content = next(lines).strip()
            if content:
                record = json.loads(content)
                if not isinstance(record, dict):
                    message = f"it is a {type(record).__name__}, not an object"
                    raise ValueError(message)
                yield read_record(record)
        except StopIteration:
            return
        except (ValueError, RecursionError) as error:
            yield RowFault(lines.number, str(error))


SOURCE = Source("JSON Lines", (".jsonl", ".ndjson"), read)
