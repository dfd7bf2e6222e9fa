"""ChemProt's pairs gathered by sentence, with the pairs between which nothing is stated.

ChemProt lists only pairs that are related. Where two related pairs of a sentence share it, a
protein of one and a chemical of the other that are not listed together are unrelated there: such
pairs teach a model to say so, which raw text needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.text.relations.labels import NONE
from models.text.relations.orientation import protein_comes_first
from models.text.relations.pairs import LabelledPair, MarkedPair
from models.text.sentences import Span


@dataclass
class Sentence:
    """A sentence with its entities and what holds between them.

    Attributes:
        text: The sentence.
        pairs: Those that are listed, then those that are not, with the label `NONE`.
        proteins: Where marked proteins stand.
        chemicals: Where marked chemicals stand.
    """

    text: str
    pairs: list[LabelledPair] = field(default_factory=list)
    proteins: set[Span] = field(default_factory=set)
    chemicals: set[Span] = field(default_factory=set)


def gather(pairs: Sequence[LabelledPair]) -> list[Sentence]:
    """Groups pairs by sentence, in order, and adds the unrelated ones."""
    sentences: dict[str, Sentence] = {}
    oriented = protein_comes_first([listed.pair for listed in pairs])
    for listed, protein_first in zip(pairs, oriented, strict=True):
        pair = listed.pair
        sentence = sentences.setdefault(pair.text, Sentence(pair.text))
        sentence.pairs.append(listed)
        sentence.proteins.add(pair.first if protein_first else pair.second)
        sentence.chemicals.add(pair.second if protein_first else pair.first)
    for sentence in sentences.values():
        sentence.pairs += _unrelated(sentence)
    return list(sentences.values())


def _unrelated(sentence: Sentence) -> list[LabelledPair]:
    """Returns pairs that are not listed, nor are other mentions of their names."""
    related = {frozenset(_folded(listed.pair)) for listed in sentence.pairs}
    found = []
    for protein in sorted(sentence.proteins - sentence.chemicals):
        for chemical in sorted(sentence.chemicals - sentence.proteins):
            first, second = sorted((protein, chemical))
            pair = MarkedPair(sentence.text, first, second)
            if first.end <= second.start and frozenset(_folded(pair)) not in related:
                found.append(LabelledPair(pair, NONE))
    return found


def _folded(pair: MarkedPair) -> tuple[str, str]:
    first, second = pair.names
    return first.casefold(), second.casefold()
