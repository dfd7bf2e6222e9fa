"""Values of enumerated arguments, found by their synonyms and in spite of typing errors."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

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
    known = _prepared(tuple((value, tuple(all_names)) for value, all_names in names.items()))
    found: list[Choice] = []
    if known.any.search(text):
        for pattern, value in known.patterns:
            for match in pattern.finditer(text):
                place = match.span()
                if not any(place[0] < o.end and o.start < place[1] for o in found):
                    found.append(Choice(value, *place))
    return sorted(found or _misspelt(text, known), key=lambda choice: choice.start)


class _Names(NamedTuple):
    """Names prepared to be looked for.

    Attributes:
        any: Matches where any of them may be.
        patterns: A pattern for each, the longest names first, with its value.
        spelt: By number of words, the names long enough to be misspelt, each with its value.
    """

    any: re.Pattern[str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    spelt: dict[int, dict[str, str]]


@lru_cache(maxsize=256)
def _prepared(names: tuple[tuple[str, tuple[str, ...]], ...]) -> _Names:
    pairs = [(name, value) for value, all_names in names for name in all_names]
    pairs.sort(key=lambda pair: -len(pair[0]))
    spelt: dict[int, dict[str, str]] = {}
    for name, value in pairs:
        words = re.findall(r"[a-z]+", name.casefold())
        joined = " ".join(words)
        if len(joined) >= LETTERS_PER_TYPO:
            spelt.setdefault(len(words), {}).setdefault(joined, value)
    patterns = tuple((re.compile(_pattern(name), re.I), value) for name, value in pairs)
    anything = "|".join(_pattern(name) for name, _ in pairs) or r"(?!)"
    return _Names(re.compile(anything, re.I), patterns, spelt)


def _pattern(name: str) -> str:
    words = r"[\s_-]*".join(map(re.escape, re.split(r"[\s_-]+", name.casefold())))
    ending = "(?:e?s)?" if name[-1:].isalpha() and len(name) > 3 else ""
    return rf"(?<![\w-]){words}{ending}(?![\w]|-\d)"


def _misspelt(text: str, known: _Names) -> list[Choice]:
    """Looks for names with a few typing errors."""
    words = _words(text)
    best: tuple[float, Choice] | None = None
    for count, values in known.spelt.items():
        if count > len(words):
            continue
        said = _runs(text, count)
        spelt = list(values)
        lengths = np.array([len(name) for name in spelt])
        distances = cdist(spelt, said, scorer=OSA.distance, dtype=np.uint16)
        shares = distances / lengths[:, None]
        shares[distances > (lengths // LETTERS_PER_TYPO)[:, None]] = np.inf
        name, first = np.unravel_index(shares.argmin(), shares.shape)
        share = float(shares[name, first])
        if np.isfinite(share) and (best is None or share < best[0]):
            place = words[first][1], words[first + count - 1][2]
            best = share, Choice(values[spelt[name]], *place)
    return [best[1]] if best else []


# Every tool with algorithms to choose from asks this of the same request.
@lru_cache(maxsize=32)
def _words(text: str) -> list[tuple[str, int, int]]:
    return [(match[0].casefold(), *match.span()) for match in re.finditer(r"[A-Za-z]{2,}", text)]


@lru_cache(maxsize=128)
def _runs(text: str, count: int) -> list[str]:
    """Returns the runs of so many words."""
    words = [word for word, _, _ in _words(text)]
    return [" ".join(words[first : first + count]) for first in range(len(words) - count + 1)]
