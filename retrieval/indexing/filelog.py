"""What became of each file that was added, and what files say of articles that others hold."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from retrieval.documents.document import Document, RowFault
from retrieval.indexing.database import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, status TEXT NOT NULL, documents INTEGER NOT NULL,
    faults INTEGER NOT NULL, changed REAL NOT NULL, kind TEXT NOT NULL DEFAULT '',
    pages INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS faults (path TEXT, line INTEGER, why TEXT, place TEXT);
CREATE INDEX IF NOT EXISTS faults_of ON faults (path);
CREATE TABLE IF NOT EXISTS retractions (identifier TEXT PRIMARY KEY) WITHOUT ROWID;
"""
LATER_COLUMNS = {
    "files": {
        "kind": "TEXT NOT NULL DEFAULT ''",
        "pages": "INTEGER NOT NULL DEFAULT 0",
        "bytes": "INTEGER NOT NULL DEFAULT 0",
    },
    "faults": {"place": "TEXT"},
}
"""What the first libraries do not have."""

COLUMNS = "path, sha256, status, documents, faults, kind, pages, bytes, changed"
MOST_FAULTS = 1000
"""Kept of one file; all are counted."""


class FileStatus(NamedTuple):
    """What became of a file that was added.

    Attributes:
        status: `reading` until its end was reached, then `done`, or `failed` where nothing in it
            could be read.
        faults: Records and pages that could not be read.
        kind: The source's name, such as PDF.
        pages: Pages that have text, in files that have pages.
        bytes: Its size.
        changed: When this was written, in seconds since 1970.
    """

    path: str
    sha256: str
    status: str
    documents: int
    faults: int
    kind: str = ""
    pages: int = 0
    bytes: int = 0
    changed: float = 0.0


class FileLog(Database):
    """The list of files."""

    schema = SCHEMA

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self._transaction():
            for table, columns in LATER_COLUMNS.items():
                there = {row[1] for row in self._rows(f"PRAGMA table_info({table})")}
                for name in columns.keys() - there:
                    self._connection.execute(
                        f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}"
                    )

    def begin(self, path: str, sha256: str) -> None:
        """Lists a file as being read."""
        with self._transaction():
            self._connection.execute("DELETE FROM faults WHERE path = ?", (path,))
            self._put_file(FileStatus(path, sha256, "reading", 0, 0))

    def end(self, status: FileStatus, faults: Sequence[RowFault]) -> None:
        """Lists a file as read, with the first of the records that could not be."""
        with self._transaction():
            self._put_file(status)
            self._connection.executemany(
                "INSERT INTO faults (path, line, why, place) VALUES (?, ?, ?, ?)",
                [(status.path, f.line, f.why, f.place) for f in faults[:MOST_FAULTS]],
            )

    def forget(self, path: str) -> None:
        """Takes a file off the list."""
        with self._transaction():
            self._connection.execute("DELETE FROM faults WHERE path = ?", (path,))
            self._connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def _put_file(self, status: FileStatus) -> None:
        values = (*status[:-1], time.time())
        self._connection.execute(
            f"INSERT OR REPLACE INTO files ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # constants above
            values,
        )

    def find(self, path: str) -> FileStatus | None:
        """Returns what became of a file, if it was ever added."""
        row = self._one(f"SELECT {COLUMNS} FROM files WHERE path = ?", path)  # noqa: S608  # as above
        return FileStatus(*row) if row else None

    def all(self) -> list[FileStatus]:
        """Returns what became of each file."""
        rows = self._rows(f"SELECT {COLUMNS} FROM files ORDER BY path")  # noqa: S608  # as above
        return [FileStatus(*row) for row in rows]

    def faults(self, path: str, limit: int = MOST_FAULTS) -> list[RowFault]:
        """Returns what of a file could not be read, in its order."""
        rows = self._rows(
            "SELECT line, why, COALESCE(place, 'line') FROM faults WHERE path = ? "
            "ORDER BY rowid LIMIT ?",
            path,
            limit,
        )
        return [RowFault(*row) for row in rows]

    def note_retractions(self, identifiers: Iterable[str]) -> None:
        """Keeps the ids of articles that notices say are retracted."""
        with self._transaction():
            self._connection.executemany(
                "INSERT OR IGNORE INTO retractions VALUES (?)",
                [(identifier.casefold(),) for identifier in identifiers],
            )

    def retracted(self, documents: Sequence[Document]) -> list[Document]:
        """Returns those of the documents that notices say are retracted."""
        keys = {name.casefold(): d for d in documents for name in (d.pmid, d.doi) if name}
        found = self._many(
            "SELECT identifier FROM retractions WHERE identifier IN ({})", list(keys)
        )
        return [keys[identifier] for (identifier,) in found]
