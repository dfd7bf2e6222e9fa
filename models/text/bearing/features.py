"""A question beside a passage as numbers: which of its words are there, how near the sense is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.text.bearing.words import UNKNOWN, Spoken, asked_words, rarity_of
from models.text.sentences import split_sentences

Vector = NDArray[np.float64]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit vectors, (texts, dimensions)."""

SENTENCES = 5
"""Sentences of a passage that are encoded: those with most of the question's words."""

LONGEST_ABBREVIATION = 5
NAMES = (
    "covered", "share covered", "rarest missing", "second missing", "missing in all",
    "rarest covered", "second covered", "best sentence", "best three sentences",
    "nearest sentence", "near sentences", "nearness", "covered squared", "words asked",
    "unknown missing",
)  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """What is read of an article.

    Attributes:
        title: Says what the article is about; what was found stands in the text.
        text: Of the abstract or the passage.
    """

    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text."""
        return f"{self.title.rstrip('.')}. {self.text}" if self.title else self.text


@dataclass(frozen=True)
class Coverage:
    """Which words of a question a passage speaks of.

    Attributes:
        words: What the question turns on.
        covered: For each, whether the passage has it or another name of it.
        rarity: For each, how rare it is.
        features: All of `NAMES` that need no vectors; the places of those that do are 0.
        sentences: Those to encode.
    """

    words: tuple[str, ...]
    covered: tuple[bool, ...]
    rarity: Vector
    features: Vector
    sentences: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """The words that the passage does not speak of, the rarest first."""
        pairs = sorted(zip(self.rarity, self.words, self.covered, strict=True), reverse=True)
        return [word for _, word, covered in pairs if not covered]


def cover(question: str, passage: Passage, rarities: Mapping[str, float]) -> Coverage:
    """Looks a question's words up in a passage."""
    asked = asked_words(question)
    rarity = np.array([min(UNKNOWN, rarity_of(word, rarities)) for word in asked])
    covered = _found(asked, Spoken(passage.whole))
    sentences = [passage.text[start:end] for start, end in split_sentences(passage.text)]
    total = max(1e-9, float(rarity.sum()))
    shares = [float(rarity @ _found(asked, Spoken(one))) / total for one in sentences]
    order = np.argsort([-share for share in shares], kind="stable")[:SENTENCES]
    best = [shares[k] for k in order[:3]] or [0.0]
    missing = np.pad(np.sort(rarity * ~covered)[::-1], (0, 2))
    there = np.pad(np.sort(rarity * covered)[::-1], (0, 2))
    features = np.array(
        [
            float(rarity @ covered) / total, float(covered.mean()) if asked else 0.0,
            missing[0] / UNKNOWN, missing[1] / UNKNOWN, float(missing.sum()) / 20,
            there[0] / UNKNOWN, there[1] / UNKNOWN, best[0], float(np.mean(best)),
            0.0, 0.0, 0.0,
            float(rarity**2 @ covered) / max(1e-9, float((rarity**2).sum())),
            min(len(asked), 10) / 10, float(missing[0] >= UNKNOWN),
        ]
    )  # fmt: skip
    chosen = tuple(sentences[k] for k in order)
    return Coverage(tuple(asked), tuple(covered.tolist()), rarity, features, chosen)


def features(
    question: str, passages: Sequence[Passage], rarities: Mapping[str, float], encode: Encode
) -> tuple[list[Coverage], Vector]:
    """Returns what each passage covers, and the features of all, shape (passages, NAMES)."""
    covers = [cover(question, passage, rarities) for passage in passages]
    texts = [question, *(passage.whole for passage in passages)]
    texts += [sentence for one in covers for sentence in one.sentences]
    vectors = encode(texts)
    nearness = vectors[1:] @ vectors[0]
    table = np.array([one.features for one in covers])
    place = len(passages)
    for row, one in enumerate(covers):
        own = np.sort(nearness[place : place + len(one.sentences)])[::-1]
        place += len(one.sentences)
        if len(own):
            table[row, 9:11] = own[0], own[:3].mean()
        table[row, 11] = nearness[row]
    return covers, table


def _found(asked: Sequence[str], spoken: Spoken) -> NDArray[np.bool_]:
    return np.array(
        [
            spoken.has(word) or (len(word) <= LONGEST_ABBREVIATION and spoken.has_initials(word))
            for word in asked
        ],
        dtype=bool,
    )
