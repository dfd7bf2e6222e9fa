"""Sentences with marked names, in the column format of CoNLL: a word and its tag a line."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.errors import FieldFault, ToolError

TYPES = ("Chemical", "Disease")
TAGS = ("O", *(f"{part}-{kind}" for kind in TYPES for part in "BI"))
"""IOB: B begins a name, I goes on with it, O is outside."""


class Name(NamedTuple):
    """A name from word `start` to word `end`, the latter excluded."""

    start: int
    end: int
    type: str


class Sentence(NamedTuple):
    """Words with the tag of each."""

    words: list[str]
    tags: list[str]

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(self.words)

    @property
    def names(self) -> list[Name]:
        """The names that are marked."""
        return names_of(self.tags)

    def owners(self, starts: Sequence[int]) -> list[int]:
        """Returns the word at each of these characters of the text."""
        begins = np.cumsum([0, *(len(word) + 1 for word in self.words)])
        owners: list[int] = (np.searchsorted(begins, starts, side="right") - 1).tolist()
        return owners


def read_corpus(path: Path) -> list[Sentence]:
    """Reads a file with word and tag a line, tab separated, and a blank line after each sentence.

    Raises:
        ToolError: A line is not a word and one of `TAGS` (the first ten are named), or there is
            no such file.
    """
    if not path.is_file():
        wrong = FieldFault(field="data", got=repr(str(path.parent)), expected=f"has {path.name}")
        raise ToolError(f"There is no {path}.", wrong, kind="not_found")
    sentences: list[Sentence] = []
    words: list[str] = []
    tags: list[str] = []
    faults: list[FieldFault] = []
    expected = f"a word, a tab and one of {', '.join(TAGS)}"
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            cells = line.rstrip("\r\n").split("\t")
            if cells == [""]:
                if words:
                    sentences.append(Sentence(words, tags))
                words, tags = [], []
            elif len(cells) == 2 and cells[0].strip() and cells[1] in TAGS:
                words.append(cells[0])
                tags.append(cells[1])
            else:
                place, got = f"{path.name}, line {number}", repr(line.strip())
                faults.append(FieldFault(field=place, got=got, expected=expected))
    if words:
        sentences.append(Sentence(words, tags))
    if faults or not sentences:
        raise ToolError(f"{path} is no corpus of marked names.", *faults[:10])
    return sentences


def names_of(tags: Sequence[str]) -> list[Name]:
    """Returns the names that tags mark; an I without its B begins one, as in CoNLL's scorer."""
    names: list[Name] = []
    before = "O"
    for place, tag in enumerate(tags):
        kind = tag[2:]
        if tag != "O":
            if tag[0] == "I" and before[2:] == kind:
                names[-1] = names[-1]._replace(end=place + 1)
            else:
                names.append(Name(place, place + 1, kind))
        before = tag
    return names
