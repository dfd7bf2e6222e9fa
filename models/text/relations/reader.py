"""Relations between chemicals and proteins in sentences, by the shipped model or the user's."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from models.text.engine import Engine
from models.text.keeping import SHIPPED, TextModel, load_text_model
from models.text.ner.words import words_tokenizer
from models.text.relations.head import TrainedHead
from models.text.relations.labels import GROUPS, LABELS, NAMES, NONE
from models.text.relations.pairs import MarkedPair
from models.text.relations.places import Read, read_sentences
from models.text.relations.tags import PROTEIN, tagged_spans
from models.text.sentences import Span
from models.text.weights import packaged_weights


class Relation(NamedTuple):
    """What a sentence says that a chemical is to a protein.

    Attributes:
        label: ChemProt's label, or `NONE`.
        name: The same in words, such as inhibitor.
        group: BioCreative VI's group, such as CPR:4; empty for no relation.
        confidence: The model's probability of the label, above 0 and up to 1.
    """

    label: str
    name: str
    group: str
    confidence: float


class Protein(NamedTuple):
    """A protein or gene named in a sentence, characters `start` to before `end`.

    Attributes:
        start: First character.
        end: Character after the last.
        confidence: The model's probability of the least sure of its words, up to 1.
    """

    start: int
    end: int
    confidence: float


class Found(NamedTuple):
    """A relation found in a sentence."""

    chemical: Span
    protein: Protein
    relation: Relation


class RelationReader:
    """Classifies given pairs, names proteins, and finds related pairs in sentences.

    Attributes:
        fingerprint: Names the weights.
    """

    def __init__(self, model: TextModel) -> None:
        weights = packaged_weights()
        self.fingerprint = model.fingerprint
        self._engine = Engine(weights, model.encoder)
        self._tokenizer = words_tokenizer(weights)
        self._head = TrainedHead(model.head)

    def classify(self, pairs: Sequence[MarkedPair], *, may_be_none: bool = False) -> list[Relation]:
        """Returns the relation of each pair.

        Args:
            pairs: Two entities in a sentence each; which is the chemical does not matter.
            may_be_none: Whether the answer may be `NONE`; without it every pair is held to be
                related, as in ChemProt.
        """
        texts = list(dict.fromkeys(pair.text for pair in pairs))
        reads, states = self._read(texts)
        rows: dict[str, list[int]] = {text: [] for text in texts}
        for row, pair in enumerate(pairs):
            rows[pair.text].append(row)
        found: list[Relation] = [_UNRELATED] * len(pairs)
        for text, read, state in zip(texts, reads, states, strict=True):
            scores = self._scores(read, state, [pairs[row] for row in rows[text]])
            for row, relation in zip(rows[text], _relations(scores, may_be_none), strict=True):
                found[row] = relation
        return found

    def proteins(self, sentences: Sequence[str]) -> list[list[Protein]]:
        """Returns the proteins and genes named in each sentence, in order."""
        reads, states = self._read(sentences)
        return [self._proteins(*own) for own in zip(sentences, reads, states, strict=True)]

    def find(
        self,
        sentences: Sequence[str],
        chemicals: Sequence[Sequence[tuple[int, int]]],
        proteins: Sequence[Sequence[tuple[int, int]]] | None = None,
    ) -> list[list[Found]]:
        """Finds the related pairs of each sentence.

        Args:
            sentences: Texts of one sentence each.
            chemicals: Where each sentence names chemicals.
            proteins: Where each names proteins, which then have confidence 1; None to look for
                them.

        Returns:
            For each sentence its pairs with a relation other than `NONE`, by place.
        """
        reads, states = self._read(sentences)
        found: list[list[Found]] = []
        for row, (text, read, state) in enumerate(zip(sentences, reads, states, strict=True)):
            named = (
                self._proteins(text, read, state)
                if proteins is None
                else [Protein(start, end, 1.0) for start, end in proteins[row]]
            )
            candidates = [
                (Span(*chemical), protein)
                for chemical in chemicals[row]
                for protein in named
                if chemical[1] <= protein.start or protein.end <= chemical[0]
            ]
            if not candidates:
                found.append([])
                continue
            pairs = [MarkedPair.between(text, chemical, protein[:2])
                     for chemical, protein in candidates]  # fmt: skip
            scores = self._scores(read, state, pairs)
            found.append(
                [
                    Found(chemical, protein, relation)
                    for (chemical, protein), relation in zip(
                        candidates, _relations(scores, True), strict=True
                    )
                    if relation.label != NONE
                ]
            )
        return found

    def _read(self, texts: Sequence[str]) -> tuple[list[Read], list[NDArray[np.float32]]]:
        reads = read_sentences(self._tokenizer, texts)
        return reads, self._engine.states([read.ids for read in reads])

    def _scores(
        self, read: Read, states: NDArray[np.float32], pairs: Sequence[MarkedPair]
    ) -> NDArray[np.float32]:
        regions = np.stack([read.regions(pair) for pair in pairs])
        distances = np.stack([read.distances(pair) for pair in pairs])
        return self._head.labels(states, regions, distances)

    def _proteins(self, text: str, read: Read, states: NDArray[np.float32]) -> list[Protein]:
        tagged = tagged_spans(text, read, self._head.tags(states), PROTEIN)
        return [Protein(*span, min(1.0, sure)) for span, sure in tagged]


_UNRELATED = Relation(NONE, "no relation", "", 1.0)


def _relations(scores: NDArray[np.float32], may_be_none: bool) -> list[Relation]:
    labels = LABELS if may_be_none else tuple(NAMES)
    shares = softmax(scores[:, : len(labels)].astype(np.float64), axis=1)
    best = shares.argmax(axis=1)
    return [
        _UNRELATED._replace(confidence=float(share))
        if labels[index] == NONE
        else Relation(labels[index], NAMES[labels[index]], GROUPS[labels[index]], float(share))
        for index, share in zip(best, shares.max(axis=1), strict=True)
    ]


@cache
def load_relations(folder: Path = SHIPPED / "relations") -> RelationReader:
    """Loads a reader once per process.

    Args:
        folder: What `theriac text train relations` wrote; the shipped model otherwise.

    Raises:
        PrerequisiteError: The model is missing or damaged.
    """
    return RelationReader(load_text_model(folder))
