"""A word that is a name in most of its places nearby is one in all of them, and the reverse."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from models.text.ner.abbreviations import TaggedWords, stands_alone

REACH = 12
"""Sentences on either side that are asked, about an abstract: texts may follow each other."""

MAJORITY = 2.0
"""How many times as much confidence the majority must have."""

CASED = 5
"""Shorter words count as the same only with the same capitals: AS is not as."""


class _Place(NamedTuple):
    sentence: int
    word: int
    tag: str
    confidence: float


def vote(sentences: Sequence[TaggedWords]) -> None:
    """Tags each word that is a name of its own, or none, as most of its like are, in place.

    Args:
        sentences: Consecutive ones.
    """
    like: defaultdict[str, list[_Place]] = defaultdict(list)
    for number, (words, tags, confidence) in enumerate(sentences):
        for place, word in enumerate(words):
            if len(word) > 1 and word[0].isalpha() and stands_alone(tags, place):
                key = word if len(word) < CASED else word.casefold()
                like[key].append(_Place(number, place, tags[place], confidence[place]))
    for places in like.values():
        if len({place.tag for place in places}) > 1:
            _settle(sentences, places)


def _settle(sentences: Sequence[TaggedWords], places: Sequence[_Place]) -> None:
    for own in places:
        votes: defaultdict[str, float] = defaultdict(float)
        for other in places:
            if abs(other.sentence - own.sentence) <= REACH:
                votes[other.tag] += other.confidence
        tag, most = max(votes.items(), key=lambda vote: vote[1])
        if tag != own.tag and most > MAJORITY * votes[own.tag]:
            sentences[own.sentence].tags[own.word] = tag
            sentences[own.sentence].confidence[own.word] = most / sum(votes.values())
