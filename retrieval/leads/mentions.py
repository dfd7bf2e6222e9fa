"""The concepts of the library's documents, kept beside it so that each is read once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.documents.document import Document, FieldName
from retrieval.embedding.embedder import Embedder
from retrieval.indexing.database import Database
from retrieval.mining.findings import Outcome
from retrieval.mining.miners import Extractor, extract_window

FILE = "concepts.sqlite"
BATCH = 128
SCHEMA = """
CREATE TABLE IF NOT EXISTS mined (
    document TEXT PRIMARY KEY, models TEXT NOT NULL, vector BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mentions (
    document TEXT, concept TEXT, kind TEXT, field TEXT, first INTEGER, last INTEGER
);
CREATE INDEX IF NOT EXISTS mentions_of ON mentions (document);
CREATE INDEX IF NOT EXISTS mentions_by ON mentions (concept);
"""
TITLE_CHARACTERS = 300
"""What a document is about is told by its title, or as much of its text."""


@dataclass(frozen=True)
class Mention:
    """A concept in a document: `document.field(field)[start:end]` names it."""

    document: str
    field: FieldName
    start: int
    end: int


class ConceptStore(Database):
    """Concepts by document hash; made with one set of models at a time.

    Args:
        folder: The library's.
    """

    schema = SCHEMA

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder / FILE)

    def update(
        self,
        documents: Iterator[tuple[str, Document]],
        extractor: Extractor,
        embedder: Embedder,
        progress: Callable[[int], None],
    ) -> None:
        """Reads the concepts of documents that were not read yet with these models.

        Args:
            documents: All of the library, with their hashes.
            extractor: Finds the concepts.
            embedder: Tells what a document is about.
            progress: Told how many were looked at; may raise to stop: what was read is kept.
        """
        models = f"{extractor.fingerprint} {embedder.fingerprint}"
        known = {
            key for (key,) in self._rows("SELECT document FROM mined WHERE models = ?", models)
        }
        fresh: list[tuple[str, Document]] = []
        seen = 0
        for key, document in documents:
            seen += 1
            if key not in known:
                fresh.append((key, document))
            if len(fresh) == BATCH:
                self._read(fresh, models, extractor, embedder)
                fresh = []
                progress(seen)
        if fresh:
            self._read(fresh, models, extractor, embedder)
            progress(seen)

    def concepts(self) -> list[tuple[str, str, str, int]]:
        """Returns each concept of each document: hash, concept, kind, how often."""
        return self._rows(
            "SELECT document, concept, kind, COUNT(*) FROM mentions "
            "GROUP BY document, concept, kind ORDER BY document, concept, kind"
        )

    def vectors(self) -> dict[str, NDArray[np.float32]]:
        """Returns what each document is about."""
        rows = self._rows("SELECT document, vector FROM mined")
        return {key: np.frombuffer(blob, np.float16).astype(np.float32) for key, blob in rows}

    def mentions(self, concept: str, documents: Sequence[str]) -> list[Mention]:
        """Returns where a concept is named in documents."""
        rows = self._many(
            "SELECT document, field, first, last, concept FROM mentions WHERE document IN ({}) "
            "ORDER BY document, field, first",
            documents,
        )
        return [Mention(*place) for *place, name in rows if name == concept]

    def _read(
        self,
        documents: Sequence[tuple[str, Document]],
        models: str,
        extractor: Extractor,
        embedder: Embedder,
    ) -> None:
        outcomes = extract_window(extractor, [document for _, document in documents])
        vectors = embedder.encode([_about(document) for _, document in documents])
        keys = [(key,) for key, _ in documents]
        rows = [
            (key, models, vector.astype(np.float16).tobytes())
            for (key, _), vector in zip(documents, vectors, strict=True)
        ]
        found = [
            row
            for (key, _), outcome in zip(documents, outcomes, strict=True)
            for row in _mentions(key, outcome)
        ]
        with self._transaction():
            self._connection.executemany("DELETE FROM mentions WHERE document = ?", keys)
            self._connection.executemany("INSERT OR REPLACE INTO mined VALUES (?, ?, ?)", rows)
            self._connection.executemany("INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?)", found)


def _mentions(key: str, outcome: Outcome) -> Iterator[tuple[str, str, str, str, int, int]]:
    for finding in outcome.findings:
        name = finding.details["normalised_id"]
        yield key, name, finding.type, finding.field, finding.start, finding.end


def _about(document: Document) -> str:
    return document.title or (document.abstract or document.text)[:TITLE_CHARACTERS]
