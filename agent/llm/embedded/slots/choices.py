"""Values of enumerated arguments, found by their synonyms and in spite of typing errors."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

LETTERS_PER_TYPO = 6


class Choice(NamedTuple):
    """A value that was found, and where."""

    value: str
    start: int
    end: int


def find_choices(text: str, names: Mapping[str, Iterable[str]]) -> list[Choice]:
    """Returns the values that a text names, in the order of their place, longest names first.

    Args:
        text: The request, mentions blanked.
        names: What each value is called.
    """
    found: list[Choice] = []
    for name, value in sorted(
        ((name, value) for value, all_names in names.items() for name in all_names),
        key=lambda pair: -len(pair[0]),
    ):
        for match in _pattern(name).finditer(text):
            if not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(Choice(value, *match.span()))
    return sorted(found or _misspelt(text, names), key=lambda choice: choice.start)


@lru_cache(maxsize=2048)
def _pattern(name: str) -> re.Pattern[str]:
    words = r"[\s_-]*".join(map(re.escape, re.split(r"[\s_-]+", name.casefold())))
    ending = "(?:e?s)?" if name[-1:].isalpha() and len(name) > 3 else ""
    return re.compile(rf"(?<![\w-]){words}{ending}(?![\w]|-\d)", re.I)


def _misspelt(text: str, names: Mapping[str, Iterable[str]]) -> list[Choice]:
    """Looks for names with a few typing errors."""
    words = [(match[0].casefold(), *match.span()) for match in re.finditer(r"[A-Za-z]{2,}", text)]
    spelt: dict[int, list[str]] = {}
    best: tuple[float, Choice] | None = None
    for value, all_names in names.items():
        for joined, count in map(_letters, all_names):
            allowed = len(joined) // LETTERS_PER_TYPO
            if not allowed:
                continue
            if count not in spelt:
                starts = range(len(words) - count + 1)
                spelt[count] = [" ".join(w for w, _, _ in words[n : n + count]) for n in starts]
            for first, said in enumerate(spelt[count]):
                if abs(len(said) - len(joined)) > allowed:
                    continue
                distance = OSA.distance(said, joined, score_cutoff=allowed)
                share = distance / len(joined)
                if distance <= allowed and (best is None or share < best[0]):
                    place = Choice(value, words[first][1], words[first + count - 1][2])
                    best = share, place
    return [best[1]] if best else []


@lru_cache(maxsize=2048)
def _letters(name: str) -> tuple[str, int]:
    """Returns a name's words without anything between them but blanks, and their number."""
    parts = re.findall(r"[a-z]+", name.casefold())
    return " ".join(parts), len(parts)
