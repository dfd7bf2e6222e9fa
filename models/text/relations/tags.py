"""Which tokens name proteins and chemicals, as ChemProt's marks let one know.

Only entities of listed pairs are marked. So a name that is marked anywhere counts wherever it is
written in just that way, or much that is a protein would be taught as none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from models.text.relations.places import Read
from models.text.relations.sentences import Sentence
from models.text.sentences import Span

OUTSIDE, PROTEIN, CHEMICAL = 0, 1, 3
"""Tags: outside; of each kind the first token, and the number after it for those that follow."""
TAGS = 5
LEAST_LETTERS = 3
LEAST_SHARE = 0.3
"""Probability from which on a unit is of a kind: many true entities were taught as none. Chosen on
ChemProt's dev part: with 0.5 a tenth fewer are found, and hardly more of those found are right."""
_SUFFIXES = (
    "activated|associated|binding|bound|coupled|deficient|dependent|derived|driven|evoked|"
    "expressing|independent|induced|inhibiting|inhibitory|like|mediated|negative|null|positive|"
    "preferring|regulated|related|selective|sensitive|specific|stimulated|treated"
)
UNIT = re.compile(rf"(?:(?!-(?:{_SUFFIXES})\b)(?:[^\s()\[\],;:/]|(?<=\w)\([^\s()]{{1,4}}\)))+")
"""What is written in one piece, such as alpha(2A)-adrenoceptor, without a suffix that makes a name
an adjective."""

Array = NDArray[np.float32]


def known_spans(sentences: Sequence[Sentence]) -> list[dict[Span, int]]:
    """Returns the entities of each sentence: the marked, and others of the same name.

    Returns:
        Spans that do not overlap, with `PROTEIN` or `CHEMICAL`.
    """
    counts: Counter[tuple[str, int]] = Counter()
    for sentence in sentences:
        for kind, spans in ((PROTEIN, sentence.proteins), (CHEMICAL, sentence.chemicals)):
            counts.update((sentence.text[slice(*span)], kind) for span in spans)
    kinds: dict[str, int] = {}
    for (name, kind), _ in sorted(counts.items(), key=lambda item: item[1]):
        if len(name) >= LEAST_LETTERS and any(letter.isalpha() for letter in name):
            kinds[name] = kind
    longest_first = sorted(kinds, key=len, reverse=True)
    return [_spans(sentence, kinds, longest_first) for sentence in sentences]


def _spans(sentence: Sentence, kinds: dict[str, int], names: Iterable[str]) -> dict[Span, int]:
    found: dict[Span, int] = {}
    taken = np.zeros(len(sentence.text), bool)

    def keep(span: Span, kind: int) -> None:
        if not taken[slice(*span)].any():
            taken[slice(*span)] = True
            found[span] = kind

    for kind, spans in ((PROTEIN, sentence.proteins), (CHEMICAL, sentence.chemicals)):
        for span in sorted(spans, key=lambda span: span.start - span.end):
            keep(span, kind)
    for name in names:
        if name in sentence.text:
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", sentence.text):
                keep(Span(*match.span()), kinds[name])
    return found


def token_tags(read: Read, spans: dict[Span, int]) -> NDArray[np.int64]:
    """Returns the tag of each token."""
    tags = np.zeros(len(read.ids), np.int64)
    for span, kind in spans.items():
        if span.start < read.ends[-2]:
            start, end = read.tokens(span)
            tags[start:end] = kind + 1
            tags[start] = kind
    return tags


def tagged_spans(text: str, read: Read, scores: Array, kind: int) -> list[tuple[Span, float]]:
    """Returns the entities of a kind and how sure each is (0-1), in order.

    Whole units of writing are tagged, by the mean probabilities of their tokens: a name does not
    end within a word. Units that follow each other are one entity unless the later begins anew.

    Args:
        text: The sentence.
        read: Its tokens.
        scores: Of the tags of the tokens, float32 (tokens, `TAGS`).
        kind: `PROTEIN` or `CHEMICAL`.
    """
    found: list[tuple[Span, float]] = []
    for unit in UNIT.finditer(text):
        span = Span(unit.start(), unit.start() + len(unit[0].rstrip(".")))
        if span.start >= read.ends[-2] or span.start == span.end:
            continue
        first, last = read.tokens(span)
        shares = softmax(scores[first:last], axis=1).mean(axis=0)
        of_kind = float(shares[kind : kind + 2].sum())
        if of_kind < max(LEAST_SHARE, 1 - shares[OUTSIDE] - of_kind):
            continue
        goes_on = scores[first, kind + 1] > scores[first, kind]
        if found and goes_on and text[found[-1][0].end : span.start].isspace():
            before, sure = found.pop()
            found.append((Span(before.start, span.end), min(sure, of_kind)))
        else:
            found.append((span, of_kind))
    return [
        (span, sure) for span, sure in found if any(map(str.isalpha, text[span.start : span.end]))
    ]
