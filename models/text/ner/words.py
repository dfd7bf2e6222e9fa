"""Sentences cut into words and word pieces, and packed into windows for the encoder."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tokenizers import Tokenizer

from models.text.weights import Weights

OPEN, CLOSE = 101, 102
"""BERT's marks of a sequence's beginning and end."""

WINDOW = 128
"""Word pieces of a window: some four sentences, so that a name is read with its context. The
encoder was made for so many; with 192 a small tagger found less, as it did with one sentence."""

MOST_PIECES = 448
"""Longer sentences are cut: the encoder has 512 positions."""


class Words(NamedTuple):
    """A sentence as the tagger reads it.

    Attributes:
        texts: The words as they are written.
        spans: Their characters in the text, from and to.
        pieces: Token ids of the word pieces.
        firsts: The piece that each word begins with.
    """

    texts: list[str]
    spans: list[tuple[int, int]]
    pieces: list[int]
    firsts: list[int]


def words_tokenizer(weights: Weights) -> Tokenizer:
    """Returns the encoder's tokenizer, without padding and truncation."""
    tokenizer = Tokenizer.from_file(str(weights.folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def cut_words(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Words]:
    """Cuts texts into words as BERT does: at white space, and every punctuation mark is a word."""
    found: list[Words] = []
    for text, encoding in zip(
        texts, tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True
    ):
        words = Words([], [], encoding.ids, [])
        last = None
        for piece, (word, (start, end)) in enumerate(
            zip(encoding.word_ids, encoding.offsets, strict=True)
        ):
            if word == last:
                words.spans[-1] = (words.spans[-1][0], end)
            else:
                words.spans.append((start, end))
                words.firsts.append(piece)
                last = word
        words.texts.extend(text[start:end] for start, end in words.spans)
        found.append(words)
    return found


def split_long(words: Words, most: int = MOST_PIECES) -> Iterator[Words]:
    """Yields a sentence, or parts of at most so many pieces where it is longer."""
    start = 0
    while start < len(words.firsts):
        offset = words.firsts[start]
        end = start + 1
        while end < len(words.firsts) and _piece(words, end + 1) - offset <= most:
            end += 1
        yield Words(
            words.texts[start:end],
            words.spans[start:end],
            # One word of more pieces than the encoder has positions is read by its beginning.
            words.pieces[offset : min(_piece(words, end), offset + most)],
            [first - offset for first in words.firsts[start:end]],
        )
        start = end


def pack(sizes: Sequence[int], most: Sequence[int] | int = WINDOW) -> list[range]:
    """Packs consecutive sentences into windows.

    Args:
        sizes: Word pieces of each sentence.
        most: Word pieces of a window, or of each window in turn (the last is repeated); a longer
            sentence is a window of its own.

    Returns:
        The sentences of each window.
    """
    limits = [most] if isinstance(most, int) else most
    windows: list[range] = []
    start, held = 0, 0
    for place, size in enumerate(sizes):
        limit = limits[min(len(windows), len(limits) - 1)]
        if place > start and held + size > limit:
            windows.append(range(start, place))
            start, held = place, 0
        held += size
    if start < len(sizes):
        windows.append(range(start, len(sizes)))
    return windows


def window_ids(sentences: Sequence[Words]) -> list[int]:
    """Returns the token ids of sentences that are read together."""
    return [OPEN, *(piece for words in sentences for piece in words.pieces), CLOSE]


def _piece(words: Words, word: int) -> int:
    return words.firsts[word] if word < len(words.firsts) else len(words.pieces)
