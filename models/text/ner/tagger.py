"""Finds names of chemicals and diseases in text."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.text.engine import Engine
from models.text.keeping import SHIPPED, TextModel, load_text_model
from models.text.ner.abbreviations import TaggedWords, spread_abbreviations
from models.text.ner.consistency import vote
from models.text.ner.corpus import TAGS, names_of
from models.text.ner.modifiers import take_in_modifiers
from models.text.ner.scores import Head
from models.text.ner.words import Words, cut_words, pack, split_long, window_ids, words_tokenizer
from models.text.sentences import split_sentences
from models.text.weights import packaged_weights

Array = NDArray[np.float32]
TOGETHER = 512
"""Windows that are encoded in one go; their vectors take some 90 MB."""


class Entity(NamedTuple):
    """A name in a text: `text == whole[start:end]`.

    `type` is Chemical or Disease; `confidence`, 0-1, is the probability of its least certain word.
    """

    start: int
    end: int
    text: str
    type: str
    confidence: float


class Place(NamedTuple):
    """Where in a sentence a name is, in characters."""

    start: int
    end: int
    type: str
    confidence: float


class Tagged(NamedTuple):
    """A sentence's words, the tag of each and how probable it is (0-1)."""

    words: Words
    tags: list[str]
    confidence: list[float]

    @property
    def names(self) -> list[Place]:
        """The names in it."""
        return [
            Place(
                self.words.spans[name.start][0],
                self.words.spans[name.end - 1][1],
                name.type,
                min(self.confidence[name.start : name.end]),
            )
            for name in names_of(self.tags)
        ]


class Tagger:
    """Reads text by a trained model.

    Args:
        model: Its weights.
        precision: Of the encoder, `bf16` or `f32`; None is the processor's better one.

    Attributes:
        fingerprint: Changes with the weights.
    """

    def __init__(self, model: TextModel, precision: str | None = None) -> None:
        weights = packaged_weights()
        self.fingerprint = model.fingerprint
        self._tokenizer = words_tokenizer(weights)
        self._engine = Engine(weights, model.encoder, precision)
        self._head = Head(model.head)

    def find(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Returns the names in each text, in their order.

        Args:
            texts: Whole fields, such as titles and abstracts; they are cut into sentences here.
        """
        spans = [split_sentences(text) for text in texts]
        sentences = [
            [text[start:end] for start, end in found]
            for text, found in zip(texts, spans, strict=True)
        ]
        entities: list[list[Entity]] = [[] for _ in texts]
        for own, text, found, tagged in zip(
            entities, texts, spans, self.tag(sentences), strict=True
        ):
            for span, sentence in zip(found, tagged, strict=True):
                for name in sentence.names:
                    start, end = span.start + name.start, span.start + name.end
                    own.append(Entity(start, end, text[start:end], name.type, name.confidence))
        return entities

    def tag(self, documents: Sequence[Sequence[str]]) -> list[list[Tagged]]:
        """Tags the words of sentences; those of a document are read together."""
        cut = cut_words(self._tokenizer, [text for document in documents for text in document])
        parts = [list(split_long(words)) for words in cut]
        windows: list[list[Words]] = []
        start = 0
        for document in documents:
            own = [part for some in parts[start : start + len(document)] for part in some]
            sizes = [len(part.pieces) for part in own]
            windows += [own[window.start : window.stop] for window in pack(sizes)]
            start += len(document)
        read = self._read(windows)
        whole = iter(
            [
                _whole(words, [next(read) for _ in some])
                for words, some in zip(cut, parts, strict=True)
            ]
        )
        found = [[next(whole) for _ in document] for document in documents]
        for sentences in found:
            for one in sentences:
                take_in_modifiers(one.words.texts, one.tags, one.confidence)
            tagged = [TaggedWords(one.words.texts, one.tags, one.confidence) for one in sentences]
            spread_abbreviations(tagged)
            vote(tagged)
        return found

    def _read(self, windows: Sequence[Sequence[Words]]) -> Iterator[Tagged]:
        """Yields the parts of all windows in order."""
        for start in range(0, len(windows), TOGETHER):
            some = windows[start : start + TOGETHER]
            states = self._engine.states([window_ids(window) for window in some])
            means = np.concatenate(
                [_word_means(vectors, own) for vectors, own in zip(states, some, strict=True)]
            )
            parts = [part for window in some for part in window]
            lengths = [len(part.texts) for part in parts]
            words = [word for part in parts for word in part.texts]
            decoded = self._head.decode(self._head.scores(means, words, lengths), lengths)
            for part, (tags, confidence) in zip(parts, decoded, strict=True):
                yield Tagged(part, [TAGS[tag] for tag in tags], confidence.tolist())


@cache
def load_tagger(folder: Path = SHIPPED / "entities") -> Tagger:
    """Loads a tagger once per process.

    Args:
        folder: What `theriac text train entities` wrote; by default the one that is shipped.

    Raises:
        PrerequisiteError: The model, or the encoder it builds on, is missing or damaged.
    """
    return Tagger(load_text_model(folder))


def _whole(words: Words, parts: Sequence[Tagged]) -> Tagged:
    """Joins the parts of a sentence that was too long to be read at once."""
    tags = [tag for part in parts for tag in part.tags]
    return Tagged(words, tags, [value for part in parts for value in part.confidence])


def _word_means(vectors: Array, window: Sequence[Words]) -> Array:
    """Returns the mean vector of each word's pieces, float32 (words, dimensions)."""
    firsts: list[int] = []
    place = 1
    for words in window:
        firsts += [place + first for first in words.firsts]
        place += len(words.pieces)
    counts = np.diff(np.array([*firsts, place])).astype(np.float32)
    sums: Array = np.add.reduceat(vectors[:place], firsts, axis=0)
    means: Array = sums / counts[:, None]
    return means
