"""A typed thing named in a text, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["article", "path", "model", "smiles", "compound", "dataset", "quoted"]

FILLER = "\ue000"
"""Stands for every character of a blanked mention; no pattern matches it by accident."""


@dataclass(frozen=True, order=True)
class Mention:
    """A typed thing in a text.

    Attributes:
        start: Index of its first character.
        end: Index after its last character.
        kind: What it is.
        value: Its canonical form (`srv-1`, `gbsg2`, the path without quotes).
        certain: False where the words may also mean something else (diabetes, the disease).
    """

    start: int
    end: int
    kind: Kind
    value: str
    certain: bool = True

    def overlaps(self, other: "Mention") -> bool:
        """Tells whether two mentions share a character."""
        return self.start < other.end and other.start < self.end


def without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """Keeps the earlier of overlapping mentions in the given order; sorts by position."""
    kept: list[Mention] = []
    for mention in mentions:
        if not any(mention.overlaps(other) for other in kept):
            kept.append(mention)
    return sorted(kept)


def blank(text: str, mentions: Iterable[Mention]) -> str:
    """Returns the text, of the same length, with the mentions made invisible to patterns."""
    characters = list(text)
    for mention in mentions:
        characters[mention.start : mention.end] = FILLER * (mention.end - mention.start)
    return "".join(characters)
