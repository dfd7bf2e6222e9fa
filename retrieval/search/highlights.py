"""Where the words of a query stand in a text."""

import re
from functools import lru_cache

from retrieval.indexing.keywords import stems

WORD = re.compile(r"[^\W_]+")
Spans = tuple[tuple[int, int], ...]


def highlights(wanted: frozenset[str], text: str, offset: int = 0) -> Spans:
    """Returns the words of a text that a query has too, in whatever inflection.

    Args:
        wanted: The query's words as `keywords.stems` gives them.
        text: Where to look.
        offset: Added to all places: where the text begins in its field.

    Returns:
        Characters from and to, the latter excluded, in order.
    """
    return tuple(
        (offset + word.start(), offset + word.end())
        for word in WORD.finditer(text)
        if _stem(word[0]) & wanted
    )


@lru_cache(maxsize=50_000)
def _stem(word: str) -> frozenset[str]:
    return stems(word)
