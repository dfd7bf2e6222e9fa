"""What documents can be filtered by, in the manifest's SQLite file."""

from collections.abc import Mapping, Sequence

from retrieval.documents.document import Document
from retrieval.indexing.database import Database
from retrieval.search.filters import YEAR, Facet, Filters, facets_of

FACETS = """
CREATE TABLE IF NOT EXISTS facets (
    kind TEXT, name TEXT, document TEXT, label TEXT NOT NULL, PRIMARY KEY (kind, name, document)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS facets_of ON facets (document, kind, name);
"""


class FacetTable(Database):
    """The part of the manifest that filters ask."""

    def classify(self, documents: Mapping[str, Document]) -> None:
        """Lists what documents, by hash, can be filtered by."""
        with self._transaction():
            self._classify(documents)

    def labels(self, kind: str) -> list[str]:
        """Returns all names of a kind of facet, as sources write them."""
        rows = self._rows("SELECT DISTINCT label FROM facets WHERE kind = ? ORDER BY label", kind)
        return [row[0] for row in rows]

    def has_facet(self, facet: Facet) -> bool:
        """Tells whether any document has it."""
        query = "SELECT 1 FROM facets WHERE kind = ? AND name = ? LIMIT 1"
        return self._one(query, facet.kind, facet.name) is not None

    def matching(self, filters: Filters, limit: int = -1) -> list[str]:
        """Returns the ids of passages of documents that pass; all of them without a limit."""
        conditions, values = _conditions(filters)
        selects = (f"SELECT document FROM facets WHERE {c}" for c in conditions)  # noqa: S608
        within = " INTERSECT ".join(selects)
        rows = self._rows(
            f"SELECT id FROM passages WHERE document IN ({within}) LIMIT ?",  # noqa: S608
            *values, limit,
        )  # fmt: skip
        return [key for (key,) in rows]

    def documents_matching(self, filters: Filters) -> set[str]:
        """Returns the hashes of the documents that pass."""
        conditions, values = _conditions(filters)
        selects = (f"SELECT document FROM facets WHERE {c}" for c in conditions)  # noqa: S608
        return {key for (key,) in self._rows(" INTERSECT ".join(selects), *values)}

    def passing(self, passages: Sequence[str], filters: Filters) -> set[str]:
        """Returns those of the passages whose documents pass."""
        conditions, values = _conditions(filters)
        passes = "".join(
            f" AND EXISTS (SELECT 1 FROM facets f WHERE f.document = p.document AND {c})"  # noqa: S608
            for c in conditions
        )
        query = f"SELECT id FROM passages p WHERE id IN ({{}}){passes}"  # noqa: S608
        return {key for (key,) in self._many(query, passages, *values)}

    def _classify(self, documents: Mapping[str, Document]) -> None:
        self._connection.executemany(
            "DELETE FROM facets WHERE document = ?", [(key,) for key in documents]
        )
        self._connection.executemany(
            "INSERT INTO facets VALUES (?, ?, ?, ?)",
            [(f.kind, f.name, key, f.label) for key, d in documents.items() for f in facets_of(d)],
        )


def _conditions(filters: Filters) -> tuple[list[str], list[str]]:
    """Returns conditions on rows of facets, of which each must hold for one, and their values.

    The conditions themselves are of constants; whatever comes from outside is a value.
    """
    conditions, values = [], []
    if filters.years.bounded:
        conditions.append("kind = ? AND name BETWEEN ? AND ?")
        values += [YEAR, *map(str, filters.years.ends)]
    for group in filters.groups():
        conditions.append(f"kind = ? AND name IN ({', '.join('?' * len(group))})")
        values += [group[0].kind, *(facet.name for facet in group)]
    return conditions, values
