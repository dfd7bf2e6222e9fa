"""Where entities stand among the tokens that the encoder reads."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.text.ner.words import CLOSE, OPEN
from models.text.relations.pairs import MarkedPair
from models.text.sentences import Span

MOST_TOKENS = 256
REGIONS = 5
"""Before both entities, in the first, between, in the second, behind both."""
REACH = 12
"""Tokens on either side of an entity whose distance from it counts; those farther are alike."""
HEADS = 8
"""Ways in which a pair's entities look at the sentence."""


class Read(NamedTuple):
    """A sentence as tokens.

    Attributes:
        ids: Token ids with [CLS] ahead and [SEP] behind.
        starts: First character of each token; the two special ones have -1.
        ends: Character after the last of each token; -1 likewise.
    """

    ids: list[int]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def tokens(self, span: Span) -> tuple[int, int]:
        """Returns the tokens, from and before, that a span touches; at least one.

        A span beyond what is read has the last token.
        """
        touched = np.flatnonzero((self.starts < span.end) & (self.ends > span.start))
        if not len(touched):
            return len(self.ids) - 2, len(self.ids) - 1
        return int(touched[0]), int(touched[-1]) + 1

    def regions(self, pair: MarkedPair) -> NDArray[np.int64]:
        """Returns the region of each token, 0 to `REGIONS` - 1."""
        (start, end), (other, last) = self.tokens(pair.first), self.tokens(pair.second)
        other, last = max(other, end), max(last, end + 1)
        places = np.arange(len(self.ids))
        return np.searchsorted([start, end, other, last], places, side="right")

    def distances(self, pair: MarkedPair) -> NDArray[np.int64]:
        """Returns how far each token is from either entity, (2, tokens).

        `REACH` stands for a token of the entity itself, 0 for the farthest before it and
        2 * `REACH` for the farthest behind it.
        """
        places = np.arange(len(self.ids))
        found = []
        for start, end in (self.tokens(pair.first), self.tokens(pair.second)):
            away = np.minimum(places - start, 0) + np.maximum(places - end + 1, 0)
            found.append(np.clip(away, -REACH, REACH) + REACH)
        return np.stack(found)


def read_sentences(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Read]:
    """Cuts sentences into tokens, the longest after `MOST_TOKENS`."""
    read = []
    for item in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        kept = MOST_TOKENS - 2
        offsets = np.array([(-1, -1), *item.offsets[:kept], (-1, -1)], np.int64)
        read.append(Read([OPEN, *item.ids[:kept], CLOSE], offsets[:, 0], offsets[:, 1]))
    return read
