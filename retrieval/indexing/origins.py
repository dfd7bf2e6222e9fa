"""Which files each document came from, in the manifest's SQLite file."""

from collections.abc import Mapping, Sequence

from retrieval.indexing.database import Database

ORIGINS = """
CREATE TABLE IF NOT EXISTS origins (
    document TEXT, origin TEXT, PRIMARY KEY (document, origin)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_from ON origins (origin);
"""


class OriginTable(Database):
    """The part of the manifest that knows where documents came from."""

    def note(self, documents: Sequence[str], origin: str) -> None:
        """Notes that documents, by hash, are in a file, too."""
        with self._transaction():
            self._note(documents, origin)

    def inherit(self, successors: Mapping[str, str]) -> None:
        """Notes that newer versions of documents, old hash to new, are of the old one's files."""
        with self._transaction():
            self._connection.executemany(
                "INSERT OR IGNORE INTO origins SELECT ?, origin FROM origins WHERE document = ?",
                [(new, old) for old, new in successors.items()],
            )

    def only_from(self, origins: Sequence[str]) -> list[str]:
        """Returns the documents that came from these files and from no other."""
        rows = self._many("SELECT document FROM origins WHERE origin IN ({})", origins)
        found = list(dict.fromkeys(key for (key,) in rows))
        rows = self._many("SELECT document, origin FROM origins WHERE document IN ({})", found)
        shared = {document for document, origin in rows if origin not in origins}
        return [key for key in found if key not in shared]

    def count_from(self, origin: str) -> int:
        """Returns how many documents came from a file and are still there."""
        return int(self._one("SELECT COUNT(*) FROM origins WHERE origin = ?", origin)[0])

    def leave(self, origins: Sequence[str]) -> None:
        """Forgets that anything came from these files."""
        with self._transaction():
            self._connection.executemany(
                "DELETE FROM origins WHERE origin = ?", [(origin,) for origin in origins]
            )

    def _note(self, documents: Sequence[str], origin: str) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO origins VALUES (?, ?)", [(key, origin) for key in documents]
        )
