"""Compounds called by name: aspirin, metformin, caffeine."""

import re
from collections.abc import Iterator
from functools import cache

from agent.llm.embedded.mentions.mention import Mention

WORD = re.compile(r"[A-Za-z0-9][\w'-]*")
SHORTEST = 4
LONGEST_PHRASE = 3


def find_compounds(text: str) -> Iterator[Mention]:
    """Yields names that the bundled table of compounds knows, longest first."""
    names = _names()
    words = list(WORD.finditer(text))
    for size in range(LONGEST_PHRASE, 0, -1):
        for first in range(len(words) - size + 1):
            start, end = words[first].start(), words[first + size - 1].end()
            phrase = text[start:end]
            if (
                len(phrase) >= SHORTEST
                and " ".join(phrase.casefold().replace("-", " ").split()) in names
            ):
                yield Mention(start, end, "compound", phrase, certain=False)


@cache
def _names() -> frozenset[str]:
    from models.molecules.names import known_names

    return frozenset(" ".join(name.casefold().replace("-", " ").split()) for name in known_names())
