"""An SQLite file that several processes and threads use."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

MOST_VARIABLES = 500


class Database:
    """One connection; may be used from several threads."""

    schema: ClassVar[str]

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path, timeout=60, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(self.schema)

    def close(self) -> None:
        """Frees the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.execute("COMMIT")

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _one(self, query: str, *values: object) -> Any:
        with self._lock:
            return self._connection.execute(query, values).fetchone()

    def _many(self, query: str, values: Sequence[str], *further: object) -> list[Any]:
        """Asks for many values, a part at a time; `{}` in the query is the list of them."""
        rows = []
        for start in range(0, len(values), MOST_VARIABLES):
            part = values[start : start + MOST_VARIABLES]
            rows += self._rows(query.format(", ".join("?" * len(part))), *part, *further)
        return rows
