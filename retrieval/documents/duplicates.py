"""Records of one article that came from several sources and differ a little."""

import re

from retrieval.documents.document import Document

LEAST_TITLE, LEAST_BODY = 25, 120
"""Letters of what tells an article from others: "Editorial" and "Reply" do not."""

BODY_KEY = 200
SHINGLE = 4
LEAST_SHARED = 0.6
"""Of the shorter abstract's runs of four words, those that the longer one has, too."""

NOT_WORD = re.compile(r"[\W_]+")
MARK = re.compile(r"<[^<>]{1,20}>|&[a-z]{2,6};")


class Duplicates:
    """Documents met so far, by what tells their articles from others."""

    def __init__(self) -> None:
        self._met: dict[str, list[tuple[str, Document]]] = {}

    def first_of(self, key: str, document: Document) -> str:
        """Returns the key of the first document met of the same article, which may be this one."""
        title, body = _letters(document.title), _letters(_body(document))
        marks = [title] if len(title) >= LEAST_TITLE else []
        marks += [body[:BODY_KEY]] if len(body) >= LEAST_BODY else []
        for mark in marks:
            for first, met in self._met.get(mark, ()):
                if not _told_apart(met, document) and _alike(_body(met), _body(document)):
                    return first
        for mark in marks:
            self._met.setdefault(mark, []).append((key, document))
        return key


def _told_apart(one: Document, other: Document) -> bool:
    """Tells articles apart that have ids of the same kind: a corrected reprint has its own PMID.

    A note of the starter library is not the article that it is on.
    """
    if one.is_starter_note != other.is_starter_note:
        return True
    pairs = ((one.pmid, other.pmid), (one.doi, other.doi))
    return any(first and second and first != second for first, second in pairs)


def _alike(one: str, other: str) -> bool:
    """Tells whether one abstract, however cut, is the other; a missing one is like any."""
    first, second = _shingles(one), _shingles(other)
    shorter = min(len(first), len(second))
    return not shorter or len(first & second) >= LEAST_SHARED * shorter


def _shingles(text: str) -> set[str]:
    words = NOT_WORD.sub(" ", MARK.sub("", text.casefold())).split()
    return {" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)}


def _body(document: Document) -> str:
    return document.abstract or document.text


def _letters(text: str) -> str:
    return NOT_WORD.sub("", MARK.sub("", text[: 4 * BODY_KEY].casefold()))
