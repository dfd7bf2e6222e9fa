"""Names in filters, checked against those that the library's documents have."""

from models.errors import FieldFault, ToolError, fault
from retrieval.indexing.facets import FacetTable
from retrieval.search.filters import JOURNAL, MESH, TYPE, Facet, Filters, fold

WORDS = {JOURNAL: "journal", TYPE: "publication type", MESH: "MeSH heading"}


def require_known(filters: Filters, table: FacetTable) -> None:
    """Refuses names that no document has.

    Raises:
        ToolError: Names every one of them, each with the nearest that there is.
    """
    faults = [
        _fault(kind, name, table)
        for kind, names in filters.named()
        for name in names
        if not table.has_facet(Facet(kind, fold(kind, name), name))
    ]
    if faults:
        raise ToolError("No article of the library has this.", *faults, kind="not_found")


def _fault(kind: str, name: str, table: FacetTable) -> FieldFault:
    labels = {fold(kind, label): label for label in table.labels(kind)}
    what = WORDS[kind]
    expected = f"a {what} of the library's articles" if labels else f"nothing: none has a {what}"
    found = fault(kind, name, expected, labels)
    return found.model_copy(update={"suggestion": labels.get(found.suggestion or "")})
