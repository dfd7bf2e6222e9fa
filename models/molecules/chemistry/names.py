"""Names of drugs and well-known compounds, resolved to structures from a bundled table."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

TABLE = Path(__file__).with_name("drugs.tsv")
WORD = re.compile(r"[A-Za-z0-9][\w'-]*")
LONGEST_PHRASE, SHORTEST = 3, 4
"""Words of a name that is looked for in a text, and its letters."""

LIKENESS = 75
"""Lowest similarity, 0-100, at which a name is suggested for a misspelt one."""


@dataclass(frozen=True)
class Compound:
    """A row of the table; `synonyms` are further names of the same compound."""

    name: str
    synonyms: tuple[str, ...]
    formula: str
    smiles: str

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return (self.name, *self.synonyms)


def find_compound(name: str) -> Compound | None:
    """Returns the compound of a name or synonym, whatever its letter case; None if unknown."""
    return _by_name().get(_plain(name))


def compounds_in(text: str) -> Iterator[tuple[int, int, Compound]]:
    """Yields where a text names a compound, and which: longer names first, shorter within them."""
    words = list(WORD.finditer(text))
    for size in range(LONGEST_PHRASE, 0, -1):
        for first in range(len(words) - size + 1):
            start, end = words[first].start(), words[first + size - 1].end()
            if end - start >= SHORTEST and (compound := find_compound(text[start:end])):
                yield start, end, compound


def suggest_name(name: str) -> str | None:
    """Returns the known name most like a misspelt one, or None when none is close."""
    found = process.extractOne(
        _plain(name), known_names(), scorer=fuzz.ratio, processor=_plain, score_cutoff=LIKENESS
    )
    return found[0] if found else None


@cache
def known_names() -> tuple[str, ...]:
    """Returns every name and synonym as it is written."""
    return tuple(name for compound in compounds() for name in compound.names)


@cache
def compounds() -> tuple[Compound, ...]:
    """Returns the table, sorted by name."""
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return tuple(
        Compound(
            row["name"],
            tuple(filter(None, row["synonyms"].split("; "))),
            row["formula"],
            row["smiles"],
        )
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    )


@cache
def _by_name() -> dict[str, Compound]:
    return {_plain(name): compound for compound in compounds() for name in compound.names}


def _plain(name: str) -> str:
    return " ".join(name.strip(" \t\"'`.,;?!").casefold().replace("-", " ").split())
