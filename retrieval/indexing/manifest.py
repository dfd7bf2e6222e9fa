"""What the library holds: documents, where their passages are, and what became of each file.

A document is listed once both indexes have it; the texts here are what the indexes can be rebuilt
from.
"""

import json
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from retrieval.documents.document import STARTER_TYPE, Document, FieldName, Page, Section
from retrieval.documents.passages import Passage, make_passage
from retrieval.indexing.facets import FACETS, FacetTable
from retrieval.indexing.origins import ORIGINS, OriginTable

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    hash TEXT PRIMARY KEY, content TEXT NOT NULL, origin TEXT NOT NULL, added REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identifiers (
    identifier TEXT, document TEXT, scope TEXT, PRIMARY KEY (identifier, document)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS identifiers_of ON identifiers (document);
CREATE TABLE IF NOT EXISTS passages (
    id TEXT PRIMARY KEY, document TEXT NOT NULL, field TEXT NOT NULL, section TEXT,
    first INTEGER NOT NULL, last INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS passages_of ON passages (document);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Listed(NamedTuple):
    """A passage and the document that it is of."""

    passage: Passage
    document: Document


class Manifest(FacetTable, OriginTable):
    """The list of documents."""

    schema = SCHEMA + FACETS + ORIGINS

    def put(self, documents: Sequence[Document], passages: Iterable[Passage], origin: str) -> None:
        """Lists documents, new or with changed bibliographic data, and their passages."""
        now = time.time()
        with self._transaction():
            self._classify({document.hash: document for document in documents})
            self._note([document.hash for document in documents], origin)
            self._connection.executemany(
                "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)",
                [
                    (d.hash, d.model_dump_json(exclude_defaults=True), origin, now)
                    for d in documents
                ],
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO identifiers VALUES (?, ?, ?)",
                [row for d in documents for row in _identifiers(d, origin)],
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                [(p.id, p.document, p.field, p.section, p.start, p.end) for p in passages],
            )

    def forget(self, hashes: Sequence[str]) -> None:
        """Removes documents."""
        with self._transaction():
            for table, column in (
                ("documents", "hash"), ("identifiers", "document"), ("passages", "document"),
                ("facets", "document"), ("origins", "document"),
            ):  # fmt: skip
                self._connection.executemany(
                    f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608  # constants above
                    [(key,) for key in hashes],
                )

    def documents(self, hashes: Sequence[str]) -> dict[str, Document]:
        """Returns those of the documents that are listed."""
        rows = self._many("SELECT hash, content FROM documents WHERE hash IN ({})", hashes)
        return {key: _document(content) for key, content in rows}

    def replaced_by(self, documents: Sequence[Document], origin: str) -> list[str]:
        """Returns listed documents of which these are other versions: the same id, other content.

        PMIDs and DOIs name the same article everywhere, a source's own ids only within its file.
        """
        known = {(i, scope): d.hash for d in documents for i, _, scope in _versions(d, origin)}
        keys = [identifier for identifier, _ in known]
        rows = self._many(
            "SELECT identifier, document, scope FROM identifiers WHERE identifier IN ({})", keys
        )
        return [
            document
            for identifier, document, scope in rows
            if (identifier, scope) in known and known[identifier, scope] != document
        ]

    def passages_of(self, hashes: Sequence[str]) -> list[str]:
        """Returns the ids of all passages of documents."""
        rows = self._many("SELECT id FROM passages WHERE document IN ({})", hashes)
        return [key for (key,) in rows]

    def in_order(self, document: str) -> list[str]:
        """Returns the ids of a document's passages in reading order."""
        rows = self._rows(
            "SELECT id FROM passages WHERE document = ? ORDER BY field, first", document
        )
        return [key for (key,) in rows]

    def listed(self, passages: Sequence[str]) -> dict[str, Listed]:
        """Returns by id those of the passages that belong to listed documents."""
        rows = self._many(
            "SELECT id, hash, field, section, first, last, content FROM passages "
            "JOIN documents ON hash = document WHERE id IN ({})",
            passages,
        )
        return {key: _listed(*rest) for key, *rest in rows}

    def find(self, identifier: str) -> Document | None:
        """Returns the document of an id, the latest where several files use the same one."""
        row = self._one(
            "SELECT content FROM documents JOIN identifiers ON hash = document "
            "WHERE identifier = ? ORDER BY added DESC LIMIT 1",
            identifier.casefold(),
        )
        return _document(row[0]) if row else None

    def identifiers(self, limit: int = 20_000) -> list[str]:
        """Returns ids of documents, to find one like a mistyped one among."""
        rows = self._rows("SELECT identifier FROM identifiers WHERE scope != 'hash' LIMIT ?", limit)
        return [row[0] for row in rows]

    def documents_after(self, after: str = "", limit: int = 256) -> dict[str, Document]:
        """Returns the documents after a hash, in the order of hashes."""
        rows = self._rows(
            "SELECT hash, content FROM documents WHERE hash > ? ORDER BY hash LIMIT ?", after, limit
        )
        return {key: _document(content) for key, content in rows}

    def all_documents(self, after: str = "", limit: int = 256) -> list[Document]:
        """Returns the documents after a hash, in the order of hashes."""
        return list(self.documents_after(after, limit).values())

    def retracted(self) -> list[str]:
        """Returns the hashes of retracted articles."""
        rows = self._rows(
            "SELECT hash FROM documents WHERE json_extract(content, '$.retracted') = 1"
        )
        return [key for (key,) in rows]

    def empty(self) -> bool:
        """Tells whether no document is listed."""
        return self._one("SELECT 1 FROM documents LIMIT 1") is None

    def count(self, table: str) -> int:
        """Returns the number of rows of `documents` or `passages`."""
        row = self._one(f"SELECT COUNT(*) FROM {table}")  # noqa: S608  # never from outside
        return int(row[0]) if row else 0

    def count_kinds(self) -> tuple[int, int]:
        """Returns the number of starter notes and of retracted articles."""
        row = self._one(
            "SELECT COALESCE(SUM(content LIKE ?), 0), "
            "COALESCE(SUM(json_extract(content, '$.retracted') = 1), 0) FROM documents",
            f'%"{STARTER_TYPE}"%',
        )
        return int(row[0]), int(row[1])

    def setting(self, name: str) -> str | None:
        """Returns what the library keeps of itself under a name."""
        row = self._one("SELECT value FROM settings WHERE name = ?", name)
        return str(row[0]) if row else None

    def set(self, name: str, value: str) -> None:
        """Keeps something about the library."""
        with self._transaction():
            self._connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))


def _versions(document: Document, origin: str) -> list[tuple[str, str, str]]:
    """Returns (identifier, document, scope): within a scope, an identifier names one document."""
    names = [
        (document.pmid, "pmid"), (document.doi, "doi"), (document.pmcid, "pmcid"),
        (document.source_id, origin),
    ]  # fmt: skip
    return [(name.casefold(), document.hash, scope) for name, scope in names if name]


def _identifiers(document: Document, origin: str) -> list[tuple[str, str, str]]:
    return [*_versions(document, origin), (document.hash, document.hash, "hash")]


def _document(content: str) -> Document:
    """Reads what `Document` wrote; it was validated when it came in."""
    values = json.loads(content)
    sections = [Section.model_construct(**section) for section in values.get("sections", [])]
    pages = [Page.model_construct(**page) for page in values.get("pages", [])]
    return Document.model_construct(**values | {"sections": sections, "pages": pages})


def _listed(
    key: str, field: FieldName, section: str | None, start: int, end: int, content: str
) -> Listed:
    document = _document(content)
    return Listed(make_passage(document, key, field, section, start, end), document)
