"""The starter library: short notes on real articles, in the project's own words.

Each carries the PMID of its article and is labelled a note wherever it is shown. Once the article
itself is added, it takes the note's place.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from retrieval.documents.document import STARTER_TYPE, Document
from retrieval.documents.records import read_record

STARTER_ORIGIN = "starter"


def starter_notes() -> Iterator[Document]:
    """Yields the notes."""
    path = Path(__file__).parent / "starter" / "notes.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        yield read_record(json.loads(line) | {"publication_types": [STARTER_TYPE]})
