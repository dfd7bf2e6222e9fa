"""What searched documents must be: of some years, journals, publication types, MeSH headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from retrieval.documents.document import Document
from retrieval.search.years import ALL_YEARS, Years

JOURNAL, TYPE, MESH, YEAR = "journal", "publication_type", "mesh", "year"
NAMED = (JOURNAL, TYPE, MESH)

ARTICLE = re.compile(r"^the ")
PLACE = re.compile(r"\s*[(\[][^)\]]*[)\]]$")
"""What catalogues put after a journal's name: Lancet (London, England)."""


class Facet(NamedTuple):
    """Something that a document can be filtered by.

    Attributes:
        kind: One of `NAMED`, or year.
        name: As compared, see `fold`.
        label: As the source writes it.
    """

    kind: str
    name: str
    label: str

    @property
    def term(self) -> str:
        """Kind and name in one word, for the keyword index."""
        return f"{self.kind}={self.name}"


@dataclass(frozen=True)
class Filters:
    """What documents must be; nothing given leaves all of them.

    Attributes:
        years: Of publication.
        journals: One of these.
        publication_types: One of these.
        mesh: All of these headings.
    """

    years: Years = ALL_YEARS
    journals: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.years.bounded or any(names for _, names in self.named())

    def named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yields each kind of name with those given."""
        yield from zip(NAMED, (self.journals, self.publication_types, self.mesh), strict=True)

    def groups(self) -> list[list[Facet]]:
        """Returns groups of which a document must have one facet each."""
        facets = {
            kind: [Facet(kind, fold(kind, name), name) for name in names]
            for kind, names in self.named()
        }
        either = [facets[kind] for kind in (JOURNAL, TYPE) if facets[kind]]
        return either + [[heading] for heading in facets[MESH]]


EVERYTHING = Filters()


def facets_of(document: Document) -> list[Facet]:
    """Returns what a document can be filtered by, each once."""
    given = [(TYPE, name) for name in document.publication_types]
    given += [(MESH, name) for name in document.mesh]
    if document.journal:
        given.append((JOURNAL, document.journal))
    if document.year:
        given.append((YEAR, str(document.year)))
    found = {(kind, fold(kind, name)): name for kind, name in given}
    return [Facet(kind, name, label) for (kind, name), label in found.items() if name]


def fold(kind: str, name: str) -> str:
    """Returns a name as names are compared: without case, and what catalogues add to it.

    MeSH headings lose the mark of a main topic and their subheadings (`*Asthma/drug therapy`),
    journals their full stops, place of publication and article.
    """
    plain = " ".join(name.casefold().split())
    if kind == MESH:
        return plain.lstrip("* ").split("/")[0].rstrip("* ")
    if kind == JOURNAL:
        return " ".join(ARTICLE.sub("", PLACE.sub("", plain.replace(".", " "))).split())
    return plain
