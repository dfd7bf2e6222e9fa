"""Abbreviations of names: what stands for a name where it is defined does so everywhere.

A tagger that reads some four sentences at once does not see the definition from everywhere.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.text.abbreviations import long_form
from models.text.ner.corpus import names_of

BEFORE, AFTER = 2, 20
"""A definition holds for so many sentences, about an abstract: texts may follow each other."""

SHORTEST, LONGEST = 2, 8
CLOSING = (")", ";", ",", ":")


class TaggedWords(NamedTuple):
    """Words of a sentence, their tags and how probable each tag is (0-1)."""

    words: list[str]
    tags: list[str]
    confidence: list[float]


class _Definition(NamedTuple):
    """In a sentence, a word is defined to be a name, or something else (O)."""

    sentence: int
    short: str
    tag: str
    confidence: float


def spread_abbreviations(sentences: Sequence[TaggedWords]) -> None:
    """Tags abbreviations like the words that define them, `name (abbreviation)`, in place.

    Parts of a longer name keep their tags. What is changed is as sure as its definition.

    Args:
        sentences: Consecutive ones.
    """
    for number, short, tag, confidence in list(_definitions(sentences)):
        for sentence in sentences[max(0, number - BEFORE) : number + AFTER + 1]:
            for place, word in enumerate(sentence.words):
                other = word == short and sentence.tags[place] != tag
                if other and stands_alone(sentence.tags, place):
                    sentence.tags[place] = tag
                    sentence.confidence[place] = confidence


def _definitions(sentences: Sequence[TaggedWords]) -> Iterator[_Definition]:
    for number, (words, tags, confidence) in enumerate(sentences):
        ends = {name.end: name for name in names_of(tags)}
        for place in range(1, len(words) - 2):
            short = words[place + 1]
            if words[place] != "(" or words[place + 2] not in CLOSING:
                continue
            if not (SHORTEST <= len(short) <= LONGEST and any(c.isupper() for c in short)):
                continue
            if not long_form(short, " ".join(words[max(0, place - 2 * len(short)) : place])):
                continue
            name = ends.get(place)
            if name:
                sure = min(confidence[name.start : name.end])
                yield _Definition(number, short, f"B-{name.type}", sure)
            else:
                yield _Definition(number, short, "O", confidence[place - 1])


def stands_alone(tags: Sequence[str], place: int) -> bool:
    """Tells whether a word is outside of all names or one of its own."""
    return tags[place][0] != "I" and (place + 1 == len(tags) or tags[place + 1][0] != "I")
