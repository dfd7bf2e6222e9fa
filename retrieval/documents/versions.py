"""Records of the same article, told by their ids and their content, made one document."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from retrieval.documents.document import ID_FIELDS, Document

LEAST_ALIKE = 60
"""Percent, of titles of the same work."""


class Folded(NamedTuple):
    """Documents by hash, and how many older versions of them there were among those given."""

    documents: dict[str, Document]
    older: int


def fold_versions(documents: Sequence[Document]) -> Folded:
    """Joins the records of one source that are of the same article; later ones win."""
    distinct: dict[str, Document] = {}
    holders: dict[tuple[str, str], str] = {}
    older = 0
    for given in documents:
        document = given
        for key in dict.fromkeys(holders[name] for name in _names(given) if name in holders):
            earlier = distinct.get(key)
            if earlier is None or key == document.hash:
                continue
            if _only_by_doi(document, earlier):
                document = document.model_copy(update={"doi": None})
                continue
            document = document.version_after(earlier)
            del distinct[key]
            older += 1
        key = document.hash
        same = distinct.get(key)
        distinct[key] = document = same.completed_by(document) if same else document
        holders |= dict.fromkeys(_names(document), key)
    return Folded(distinct, older)


class Completed(NamedTuple):
    """Documents by hash, and the hashes of older versions with those of what follows them."""

    documents: dict[str, Document]
    successors: dict[str, str]


def complete_by_older(documents: Iterable[Document], older: Sequence[Document]) -> Completed:
    """Completes each document by the older records of its article."""
    holders: dict[tuple[str, str], list[Document]] = {}
    for document in older:
        for name in _names(document):
            holders.setdefault(name, []).append(document)
    completed: dict[str, Document] = {}
    successors: dict[str, str] = {}
    for given in documents:
        document = given
        followed = []
        found = {old.hash: old for name in _names(given) for old in holders.get(name, ())}
        for key, old in found.items():
            if _only_by_doi(document, old):
                document = document.model_copy(update={"doi": None})
            else:
                document = document.version_after(old)
                followed.append(key)
        same = completed.get(document.hash)
        completed[document.hash] = same.completed_by(document) if same else document
        successors |= {key: document.hash for key in followed if key != document.hash}
    return Completed(completed, successors)


def _only_by_doi(document: Document, other: Document) -> bool:
    """Tells works that share a DOI and no more: chapters of a book, a PDF that cites another."""
    shared = {name for name, _ in set(_names(document)) & set(_names(other))}
    if shared != {"doi"} or not (document.title and other.title):
        return False
    alike = fuzz.ratio(document.title.casefold(), other.title.casefold())
    return alike < LEAST_ALIKE


def _names(document: Document) -> list[tuple[str, str]]:
    values = ((name, getattr(document, name)) for name in ID_FIELDS)
    return [(name, value.casefold()) for name, value in values if value]
