"""Compounds called by name (aspirin, metformin) or by a CAS registry number (50-78-2)."""

import re
from collections.abc import Iterator
from functools import cache

from agent.llm.embedded.mentions.mention import Mention

WORD = re.compile(r"[A-Za-z0-9][\w'-]*")
CAS = re.compile(r"(?<![\w.-])(\d{2,7})-(\d\d)-(\d)(?![\w-]|\.\d)")
SHORTEST = 4
LONGEST_PHRASE = 3
LIKE_IT = re.compile(r"\b([A-Za-z][A-Za-z0-9]{3,})-(?:like|based|derived|type)\b", re.I)


def find_compounds(text: str) -> Iterator[Mention]:
    """Yields registry numbers, and names that the bundled table knows, longest first."""
    for match in CAS.finditer(text):
        digits = map(int, reversed(match[1] + match[2]))
        if sum(place * digit for place, digit in enumerate(digits, start=1)) % 10 == int(match[3]):
            yield Mention(match.start(), match.end(), "compound", match[0])
    names = _names()
    for match in LIKE_IT.finditer(text):
        if match[1].casefold() in names:
            yield Mention(match.start(1), match.end(1), "compound", match[1], certain=False)
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
