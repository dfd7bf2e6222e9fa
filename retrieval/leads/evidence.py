"""The sentences that show that two concepts occur together, each with its article."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models.text.sentences import Span, split_sentences
from retrieval.documents.document import Document, FieldName
from retrieval.mining.findings import FIELDS

Spans = Mapping[FieldName, Sequence[Span]]
"""Where a concept is named in a document."""

CONSIDERED = 40
"""Documents of a pair that are looked through for one sentence with both."""


@dataclass(frozen=True)
class Evidence:
    """A sentence of an article that has both concepts.

    Attributes:
        document: The article.
        field, start, end: Where the sentence is: `document.field(field)[start:end] == text`.
        together: Both are named in this sentence, not only in the article.
    """

    document: Document
    field: FieldName
    start: int
    end: int
    text: str
    together: bool


def find_evidence(
    hashes: Sequence[str],
    documents: Mapping[str, Document],
    first: Callable[[str], Spans],
    second: Callable[[str], Spans],
) -> Evidence | None:
    """Returns the best sentence for two concepts: one that names both, of the newest article.

    Where no sentence does, it is one with the first concept, of an article that has both.

    Args:
        hashes: Documents that have both.
        documents: By hash.
        first: Where one concept is named in a document.
        second: Where the other one is.
    """
    newest = sorted(
        (key for key in hashes if key in documents),
        key=lambda key: (-(documents[key].year or 0), key),
    )
    for retracted in (False, True):  # what was withdrawn is shown only where nothing else is
        fallback: Evidence | None = None
        for key in [k for k in newest if documents[k].retracted is retracted][:CONSIDERED]:
            found = _best_sentence(documents[key], first(key), second(key))
            if found and found.together:
                return found
            fallback = fallback or found
        if fallback:
            return fallback
    return None


def _best_sentence(document: Document, first: Spans, second: Spans) -> Evidence | None:
    """Returns a sentence with both, preferably of the abstract, else one with the first."""
    single: Evidence | None = None
    for name in sorted(FIELDS, key=("abstract", "title", "text").index):
        text = document.field(name)
        for start, end in split_sentences(text):
            has_first, has_second = (
                any(start <= span.start and span.end <= end for span in spans.get(name, ()))
                for spans in (first, second)
            )
            if has_first and has_second:
                return Evidence(document, name, start, end, text[start:end], together=True)
            if has_first and single is None:
                single = Evidence(document, name, start, end, text[start:end], together=False)
    return single
