"""Two entities marked in a sentence, and ChemProt's files of such pairs.

A line of a file is a JSON object with `text`, in which the entity that comes first stands between
<< and >> and the other one between [[ and ]], and `label`. Which of both is the chemical is not
said. The layout is that of Beltagy et al. 2019 (arXiv:1903.10676).
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from models.errors import FieldFault, ToolError
from models.text.relations.labels import NAMES
from models.text.sentences import Span

MOST_FAULTS = 20
_MARKED = re.compile(
    r"<< (?P<a>.+?) >>.*?\[\[ (?P<b>.+?) \]\]|\[\[ (?P<c>.+?) \]\].*?<< (?P<d>.+?) >>", re.DOTALL
)
_MARKER = 3
"""Characters of a marker with its space."""


@dataclass(frozen=True)
class MarkedPair:
    """Two entities in a sentence.

    Attributes:
        text: The sentence.
        first: Where the entity stands that comes first.
        second: Where the other one stands, after the first one's end.
    """

    text: str
    first: Span
    second: Span

    @classmethod
    def between(cls, text: str, one: tuple[int, int], other: tuple[int, int]) -> Self:
        """Marks two entities, given in either order.

        Raises:
            ToolError: The entities overlap, are empty or lie outside the text.
        """
        first, second = sorted((Span(*one), Span(*other)))
        if not 0 <= first.start < first.end <= second.start < second.end <= len(text):
            wrong = FieldFault(
                field="entities",
                got=f"{tuple(one)} and {tuple(other)} in a text of {len(text)} characters",
                expected="two spans inside the text that do not overlap",
            )
            raise ToolError("The two entities of a relation cannot be marked.", wrong)
        return cls(text, first, second)

    @classmethod
    def parse(cls, marked: str) -> Self:
        """Reads a sentence with << >> and [[ ]] around its entities.

        Raises:
            ToolError: A marker is missing.
        """
        found = _MARKED.search(marked)
        if not found:
            wrong = FieldFault(
                field="text", got=repr(marked[:80]), expected="<< entity >> and [[ entity ]]"
            )
            raise ToolError("A sentence lacks the marks of its two entities.", wrong)
        ahead, behind = ("a", "b") if found["a"] else ("c", "d")
        (start, end), (other, last) = found.span(ahead), found.span(behind)
        text = (
            marked[: start - _MARKER]
            + found[ahead]
            + marked[end + _MARKER : other - _MARKER]
            + found[behind]
            + marked[last + _MARKER :]
        )
        first = Span(start - _MARKER, end - _MARKER)
        second = Span(other - 3 * _MARKER, last - 3 * _MARKER)
        return cls(text, first, second)

    @property
    def names(self) -> tuple[str, str]:
        """The two entities as the text writes them."""
        return self.text[slice(*self.first)], self.text[slice(*self.second)]


@dataclass(frozen=True)
class LabelledPair:
    """A pair with its relation, a key of `labels.NAMES`."""

    pair: MarkedPair
    label: str


def read_pairs(path: Path) -> list[LabelledPair]:
    """Reads a file of labelled pairs.

    Raises:
        ToolError: It is not there, or lines are not of the layout (all are named, up to twenty),
            or there is none.
    """
    if not path.is_file():
        raise ToolError(f"There is no file {path}.", kind="not_found")
    pairs: list[LabelledPair] = []
    faults: list[FieldFault] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        expected = "a JSON object with text and label"
        try:
            row = json.loads(line)
            text, label = str(row["text"]), str(row["label"])
            expected = f"one of {', '.join(NAMES)} as label"
            if label in NAMES:
                expected = "<< entity >> and [[ entity ]] in text"
                pairs.append(LabelledPair(MarkedPair.parse(text), label))
                continue
        except (ValueError, KeyError, TypeError, ToolError):
            pass
        faults.append(
            FieldFault(field=f"{path.name}, line {number}", got=line[:80], expected=expected)
        )
    if faults:
        message = f"{path} has {len(faults)} lines that are not of ChemProt's layout."
        raise ToolError(message, *faults[:MOST_FAULTS], kind="refused_data")
    if not pairs:
        raise ToolError(f"{path} holds no pair.", kind="refused_data")
    return pairs
