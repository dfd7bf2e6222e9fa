"""The sentences of a passage that answer a question, with their exact places."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.text.sentences import split_sentences
from retrieval.embedding.embedder import Embedder
from retrieval.indexing.keywords import stems

CONSIDERED = 4
"""Sentences of a passage that are embedded: those that share most words with the query."""

OVERLAP_WEIGHT = 0.25
AIM_PENALTY = 0.15
"""Without it, the sentence most like a question is often the one that merely poses it."""

AIM = re.compile(
    r"\b(?:aim(?:s|ed)?|objectives?|purpose|goals?|hypothesi[sz]e\w*|sought|set out|whether|unclear"
    r"|unknown|controversial|little is known"
    r"|(?:was|were) (?:designed|conducted|performed|undertaken|carried out)"
    r"|(?:to|we) (?:determine|investigate|evaluate|assess|examine|explore|compare|test|study"
    r"|analy[sz]e|identify|clarify)d?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cited:
    """A passage to quote from: `text` begins at character `start` of its field."""

    text: str
    start: int


@dataclass(frozen=True)
class Quote:
    """A sentence: characters `start` to `end` of the field that the passage is of."""

    text: str
    start: int
    end: int
    score: float


def best_sentences(
    query: str, passages: Sequence[Cited], embedder: Embedder, count: int = 1
) -> list[list[Quote]]:
    """Returns for each passage the sentences that answer the query best, the best first.

    A sentence counts by its cosine with the query, by the share of the query's words in it, and
    less where it states an aim instead of a finding.
    """
    wanted = stems(query)
    chosen = [_promising(passage, wanted, max(count, CONSIDERED)) for passage in passages]
    texts = [quote.text for quotes in chosen for quote in quotes]
    cosines = iter(embedder.encode(texts) @ embedder.encode([query])[0])
    scored = [
        [replace(quote, score=quote.score + float(next(cosines))) for quote in quotes]
        for quotes in chosen
    ]
    return [sorted(quotes, key=lambda quote: -quote.score)[:count] for quotes in scored]


def _promising(passage: Cited, wanted: frozenset[str], count: int) -> list[Quote]:
    """Returns the sentences that share most words with the query, scored by that alone."""
    quotes = []
    for start, end in split_sentences(passage.text):
        text = passage.text[start:end]
        share = len(wanted & stems(text)) / max(1, len(wanted))
        score = OVERLAP_WEIGHT * share - AIM_PENALTY * _poses(text)
        quotes.append(Quote(text, passage.start + start, passage.start + end, score))
    return sorted(quotes, key=lambda quote: -quote.score)[:count]


def _poses(sentence: str) -> bool:
    return sentence.endswith("?") or bool(AIM.search(sentence))
