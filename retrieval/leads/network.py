"""The concepts of a library as a matrix, and topics found in it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.text.abbreviations import find_abbreviations
from retrieval.documents.document import Document
from retrieval.indexing.keywords import stems
from retrieval.leads.mentions import ConceptStore
from retrieval.leads.ranking import Occurrences
from retrieval.search.concepts import normalise

LEAST_DOCUMENTS = 2
"""A concept of a single document links nothing."""

MOST_SHARE = 0.1
"""A concept of more than this share of the documents says nothing in particular."""

FEW_DOCUMENTS = 20
"""Concepts of so many documents are never too common: in small libraries, many are."""


Texts = Callable[[], Iterator[tuple[str, Document]]]


@dataclass(frozen=True)
class Network:
    """Concepts by document.

    Attributes:
        documents: Hashes, one a row.
        concepts: Names, one a column.
        kinds: Of each concept, Chemical or Disease.
    """

    documents: list[str]
    concepts: list[str]
    kinds: list[str]
    occurrences: Occurrences

    @property
    def particular(self) -> NDArray[np.bool_]:
        """Which concepts are neither of one document only nor of very many (concepts,)."""
        frequency = self.occurrences.frequency
        most = max(FEW_DOCUMENTS, MOST_SHARE * len(self.documents))
        return (frequency >= LEAST_DOCUMENTS) & (frequency <= most)

    def holding(self, concept: str) -> NDArray[np.bool_]:
        """Returns which documents have a concept (documents,)."""
        if concept not in self.concepts:
            return np.zeros(len(self.documents), np.bool_)
        column = self.occurrences.matrix[:, [self.concepts.index(concept)]]
        return np.asarray(column.todense()).ravel() > 0


@dataclass(frozen=True)
class Topic:
    """What a person named, as it occurs in the library.

    Attributes:
        name: As it was named.
        concept: The concept of that name.
        pattern: Finds the words in texts.
        documents: Which of the network's documents have it (documents,).
        own: Which concepts are the topic itself or a kind of it (concepts,).
    """

    name: str
    concept: str
    pattern: re.Pattern[str]
    documents: NDArray[np.bool_]
    own: NDArray[np.bool_]


def build_network(store: ConceptStore, hashes: Iterable[str]) -> Network:
    """Makes the matrix of the documents that the library has now."""
    from scipy.sparse import csr_matrix

    vectors = store.vectors()
    documents = [key for key in hashes if key in vectors]
    rows = {key: row for row, key in enumerate(documents)}
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    places = set()
    for key, concept, kind, count in store.concepts():
        if key in rows:
            kinds[concept][kind] += count
            places.add((rows[key], concept))
    concepts = sorted(kinds)
    columns = {concept: column for column, concept in enumerate(concepts)}
    at = np.array([(row, columns[concept]) for row, concept in sorted(places)], np.int64)
    at = at.reshape(-1, 2)
    shape = len(documents), len(concepts)
    matrix = csr_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=shape)
    known = [vectors[key] for key in documents]
    about = np.stack(known) if known else np.zeros((0, 1), np.float32)
    common = [kinds[concept].most_common(1)[0][0] for concept in concepts]
    return Network(documents, concepts, common, Occurrences(matrix, about))


def find_topics(network: Network, names: Sequence[str], texts: Texts) -> list[Topic]:
    """Returns where topics occur: as concepts, or as words in the texts.

    Args:
        network: The library's concepts.
        names: The topics.
        texts: Begins a pass over the documents, with their hashes.
    """
    long = _long_forms([name.strip() for name in names if _is_symbol(name)], texts)
    patterns = [_phrase(name, normalise(name), long.get(name.strip())) for name in names]
    spoken = np.zeros((len(names), len(network.documents)), np.bool_)
    rows = {key: row for row, key in enumerate(network.documents)}
    for key, document in texts():
        if key in rows:
            for number, pattern in enumerate(patterns):
                fields = (document.title, document.abstract, document.text)
                spoken[number, rows[key]] = any(map(pattern.search, fields))
    return [
        _topic(network, name, long.get(name.strip()), pattern, found)
        for name, pattern, found in zip(names, patterns, spoken, strict=True)
    ]


def _topic(
    network: Network,
    name: str,
    long: str | None,
    pattern: re.Pattern[str],
    spoken: NDArray[np.bool_],
) -> Topic:
    concept = normalise(long or name)
    wanted = stems(concept) or frozenset({concept})
    own = [other == concept or wanted <= stems(other) for other in network.concepts]
    documents = network.holding(concept) | spoken
    return Topic(name.strip(), concept, pattern, documents, np.array(own, np.bool_))


def _is_symbol(name: str) -> bool:
    plain = name.strip()
    return plain.isupper() and " " not in plain


def _long_forms(names: Sequence[str], texts: Texts) -> dict[str, str]:
    """Returns what each abbreviation stands for in most of the texts that define it."""
    found: dict[str, Counter[str]] = {name: Counter() for name in names}
    for _, document in texts() if names else ():
        for name in names:
            if f"({name}" in document.abstract:
                long = find_abbreviations(document.abstract).get(name)
                found[name].update([normalise(long)] if long else [])
    return {name: counts.most_common(1)[0][0] for name, counts in found.items() if counts}


def _phrase(*names: str | None) -> re.Pattern[str]:
    plain = sorted({name.strip() for name in names if name and name.strip()})
    forms = (r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", name))) for name in plain)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?:e?s)?(?!\w)", re.IGNORECASE)
