"""What became of each file that was added."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from retrieval.database import Database
from retrieval.documents import RowFault

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, status TEXT NOT NULL, documents INTEGER NOT NULL,
    faults INTEGER NOT NULL, changed REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS faults (path TEXT, line INTEGER, why TEXT);
"""


class FileStatus(NamedTuple):
    """What became of a file that was added: `reading` until its end was reached, then `done`."""

    path: str
    sha256: str
    status: str
    documents: int
    faults: int


class FileLog(Database):
    """The list of files."""

    schema = SCHEMA

    def begin(self, path: str, sha256: str) -> None:
        """Lists a file as being read."""
        with self._transaction():
            self._connection.execute("DELETE FROM faults WHERE path = ?", (path,))
            self._put_file(FileStatus(path, sha256, "reading", 0, 0))

    def end(self, status: FileStatus, faults: Sequence[RowFault]) -> None:
        """Lists a file as read, with the records that could not be."""
        with self._transaction():
            self._put_file(status)
            self._connection.executemany(
                "INSERT INTO faults VALUES (?, ?, ?)",
                [(status.path, f.line, f.why) for f in faults],
            )

    def _put_file(self, status: FileStatus) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", (*status, time.time())
        )

    def find(self, path: str) -> FileStatus | None:
        """Returns what became of a file, if it was ever added."""
        row = self._one(
            "SELECT path, sha256, status, documents, faults FROM files WHERE path = ?", path
        )
        return FileStatus(*row) if row else None

    def all(self) -> list[FileStatus]:
        """Returns what became of each file."""
        rows = self._rows("SELECT path, sha256, status, documents, faults FROM files ORDER BY path")
        return [FileStatus(*row) for row in rows]
