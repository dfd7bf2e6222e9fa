"""Where words that a language model quotes stand in a document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.text.sentences import Span, split_sentences
from retrieval.documents.document import Document, FieldName
from retrieval.mining.findings import FIELDS

PIECE_CHARACTERS = 6000
"""Of a document in one request; longer ones are cut between sentences."""

EDGES = " \t\n\"'“”‘’«»"
CUT_ENDS = re.compile(r"^(?:\.\.\.|…)\s*|\s*(?:\.\.\.|…)$")


@dataclass(frozen=True)
class Part:
    """Characters `start` to `end` of a field."""

    field: FieldName
    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """Where a quotation stands: `document.field(field)[start:end] == text`."""

    field: FieldName
    start: int
    end: int
    text: str


Piece = Sequence[Part]
"""As much of a document as one request holds."""


def cut_pieces(document: Document) -> Sequence[Piece]:
    """Cuts a document into pieces: title and abstract together, long texts between sentences."""
    pieces: list[list[Part]] = []
    size = PIECE_CHARACTERS
    for name in FIELDS:
        for start, end in _chunks(document.field(name)):
            if size + end - start > PIECE_CHARACTERS:
                pieces.append([])
                size = 0
            pieces[-1].append(Part(name, start, end))
            size += end - start
    return pieces


def worded(document: Document, piece: Piece) -> str:
    """Returns a piece as the request's text."""
    lines = [f"{p.field.capitalize()}: {document.field(p.field)[p.start : p.end]}" for p in piece]
    return "\n".join(lines)


def locate(
    document: Document, piece: Piece, quotation: str, within: Place | None = None
) -> Place | None:
    """Returns where a quotation stands in a piece of a document, or None where it does not.

    Letter case and white space may differ, as models copy them badly; what is returned is the
    document's own text.

    Args:
        document: The document.
        piece: Where to look.
        quotation: What was quoted.
        within: Look here first.
    """
    words = CUT_ENDS.sub("", quotation.strip(EDGES)).strip(EDGES).split()
    if not words:
        return None
    parts = [Part(within.field, within.start, within.end)] if within else []
    exact = quotation.strip(EDGES)
    loose = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    for part in (*parts, *piece):
        text = document.field(part.field)
        start = text.find(exact, part.start, part.end)
        if start >= 0:
            return Place(part.field, start, start + len(exact), exact)
        if found := loose.search(text, part.start, part.end):
            return Place(part.field, found.start(), found.end(), found[0])
    return None


def _chunks(text: str) -> Iterator[Span]:
    """Yields spans of at most `PIECE_CHARACTERS`, of whole sentences where these are shorter."""
    start = end = 0
    for first, last in split_sentences(text):
        if last - start > PIECE_CHARACTERS and end > start:
            yield Span(start, end)
            start = first
        while last - start > PIECE_CHARACTERS:
            yield Span(start, start + PIECE_CHARACTERS)
            start += PIECE_CHARACTERS
        end = last
    if end > start:
        yield Span(start, end)
