"""Mends misspelt command words, so that the rest of the planner can rely on spelling."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

WORD = re.compile(r"(?<![\w./\\=@-])[A-Za-z]{3,24}(?![\w/\\=@(]|[.-]\w)")
SEEN_OFTEN = 3
"""A word of so many example requests is one that people use to command."""

SEEN_MOST, LONG = 12, 8
"""A word of so many, and of so many letters, is spelt right, though English has only its parts."""


class Speller:
    """Replaces a word that is no English word by the nearest word of the example requests.

    Args:
        english: Words that are left alone (the vocabulary of the embedder).
        examples: Requests from which the command words are counted.
        names: Further words that count as known whatever their number (datasets, algorithms).
    """

    def __init__(
        self, english: frozenset[str], examples: Iterable[str], names: Iterable[str] = ()
    ) -> None:
        counts = Counter(
            word for text in examples for word in re.findall(r"[a-z]{4,}", text.casefold())
        )
        twice = {word for word, n in counts.items() if n > 1}
        often = {
            word: n
            for word, n in counts.items()
            if (n >= SEEN_MOST and len(word) >= LONG) or (n >= SEEN_OFTEN and word in english)
        }
        spoken = {word for name in names for word in re.findall(r"[a-z0-9]{4,}", name.casefold())}
        short = {"and", "the", "for", "how", "what", "list", "show", "with", "then", "open", "find"}
        self._seen = twice
        self._english = english | spoken
        self._known = {**often, **dict.fromkeys(spoken | short, SEEN_OFTEN)}
        self._correct = lru_cache(maxsize=4096)(self._nearest)

    def mend(self, text: str) -> str:
        """Returns the text with misspelt command words replaced."""
        return WORD.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        word = match[0]
        if word.casefold() in self._english or not (word.islower() or word.istitle()):
            return word
        mended = self._correct(word.casefold())
        return mended.capitalize() if word.istitle() else mended

    def _nearest(self, word: str) -> str:
        """Returns the nearest known word, or the word itself when none is near enough."""
        allowed = 1 if len(word) < 8 or word in self._seen else 2
        best = (allowed + 1, 0.0, word)
        near = extract_iter(word, self._known.keys(), scorer=OSA.distance, score_cutoff=allowed)
        for known, distance, _ in near:
            if _is_inflection(word, known) or (len(word) < 5 and sorted(word) != sorted(known)):
                continue
            if word[0] == known[0] or sorted(word) == sorted(known) or word == known[1:]:
                best = min(best, (int(distance), -float(self._known[known]), known))
        return best[2]


def _is_inflection(word: str, known: str) -> bool:
    """Tells whether one is the other with an ending: no misspelling, unless a letter is cut off."""
    short, long = sorted((word, known), key=len)
    is_cut_off = word == short and len(long) == len(short) + 1
    return (long.startswith(short) and not is_cut_off) or (
        long[: len(short) - 1] == short[:-1]
        and long[len(short) - 1 :] in {"s", "es", "ies", "ing", "ed", "d"}
    )


def read_vocabulary(path: Path) -> frozenset[str]:
    """Reads the whole words of a WordPiece vocabulary, one a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line.isalpha())
