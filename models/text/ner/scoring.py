"""Precision, recall and F1 of names: right only with both ends and the type."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from models.text.ner.corpus import Name, Sentence
from models.text.ner.tagger import Tagger


class Score(NamedTuple):
    """All three 0-1, higher is better, and how many names there were."""

    precision: float
    recall: float
    f1: float
    names: int


class FoundName(NamedTuple):
    """A name that a tagger found, and how sure it was (0-1)."""

    name: Name
    confidence: float


def find_names(tagger: Tagger, sentences: Sequence[Sentence]) -> list[list[FoundName]]:
    """Returns what a tagger finds in the words of sentences, which it reads as a running text."""
    found = []
    [document] = tagger.tag([[sentence.text for sentence in sentences]])
    for sentence, read in zip(sentences, document, strict=True):
        own = []
        for tagged in read.names:
            first, last = sentence.owners([tagged.start, tagged.end - 1])
            own.append(FoundName(Name(first, last + 1, tagged.type), tagged.confidence))
        found.append(own)
    return found


def score_names(
    found: Sequence[Iterable[Name]], wanted: Sequence[Iterable[Name]]
) -> dict[str, Score]:
    """Scores names, sentence by sentence, over all sentences together (micro-averaged).

    Source:
        Tjong Kim Sang and De Meulder 2003, doi:10.3115/1119176.1119195.

    Returns:
        Scores by type, then of all types under `all`.
    """
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for ours, theirs in zip(map(set, found), map(set, wanted), strict=True):
        for counter, names in ((right, ours & theirs), (given, ours), (true, theirs)):
            counter.update(name.type for name in names)
            counter["all"] += len(names)
    kinds = [*sorted((true | given).keys() - {"all"}), "all"]
    return {kind: _score(right[kind], given[kind], true[kind]) for kind in kinds}


def _score(right: int, given: int, true: int) -> Score:
    precision = right / given if given else 0.0
    recall = right / true if true else 0.0
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0, true)
