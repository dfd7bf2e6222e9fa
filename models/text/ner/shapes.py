"""What a word looks like: its case, its ends and the letters in it, as hashed features.

The encoder reads lower-case word pieces. Case and endings tell more of a name of a substance
(CsA, 5-HT, -olol, -azine) than its pieces do when it was never seen.
"""

import re
from functools import lru_cache
from zlib import crc32

BUCKETS = 1 << 14
LONGEST = 24
"""Characters of a word that are looked at."""

KINDS = (
    (re.compile(r"[A-ZΑ-Ω]"), "X"),
    (re.compile(r"[a-zα-ω]"), "x"),
    (re.compile(r"\d"), "0"),
)


@lru_cache(maxsize=1 << 16)
def feature_ids(word: str) -> tuple[int, ...]:
    """Returns the features of a word, 0 to `BUCKETS` - 1."""
    return tuple(sorted({crc32(name.encode()) % BUCKETS for name in _features(word)}))


def shape(word: str) -> str:
    """Returns a word with letters and digits by kind, at most two of a kind in a row.

    >>> shape("CsA"), shape("Methylprednisolone"), shape("22")
    ('XxX', 'Xxx', '00')
    """
    for pattern, kind in KINDS:
        word = pattern.sub(kind, word)
    return re.sub(r"(.)\1{2,}", r"\1\1", word)


def _features(word: str) -> list[str]:
    word = word[:LONGEST]
    plain = word.casefold()
    bounded = f"<{plain}>"
    names = [f"word {plain}", f"shape {shape(word)}", f"length {min(len(word), 12)}"]
    names += [f"begins {plain[:size]}" for size in (2, 3, 4, 5) if len(plain) >= size]
    names += [f"ends {plain[-size:]}" for size in (2, 3, 4, 5) if len(plain) >= size]
    names += [f"has {bounded[place : place + 3]}" for place in range(len(bounded) - 2)]
    return names
