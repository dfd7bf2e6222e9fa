"""Which concepts a start is likely to be linked with, though no document has both.

Three rankings of the candidates are added up. How often a concept occurs says how likely anything
new is said of it; it is a strong baseline. How alike its documents are to those of the start says
whether they belong together. How strongly the linking terms bind both is Swanson's ABC in the form
of Yetisgen-Yildiz and Pratt (2009, doi:10.1016/j.jbi.2008.12.001): the sum over linking terms of
the weaker of both associations, which has in it how many there are (their linking term count) and
how strong (their average minimum weight). The weights were chosen on PubMedQA's articles with links
that were new in 2008 to 2017 in view, so the figures of `theriac eval run leads` on those are
somewhat too good.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FREQUENCY_WEIGHT, CONTEXT_WEIGHT, LINK_WEIGHT = 2.0, 2.0, 1.0


@dataclass(frozen=True)
class Occurrences:
    """Which concepts occur in which documents.

    Attributes:
        matrix: Sparse, 1 where a document has a concept, float64 (documents, concepts).
        vectors: What the documents are about, unit rows, float32 (documents, dimensions).
    """

    matrix: Any
    vectors: NDArray[np.float32]

    @property
    def frequency(self) -> Floats:
        """In how many documents each concept occurs (concepts,)."""
        return np.asarray(self.matrix.sum(axis=0), np.float64).ravel()


@dataclass(frozen=True)
class Candidates:
    """Concepts that share no document with the start, but linking terms.

    Attributes:
        concepts: Their columns (candidates,).
        score: From 0 to 1, higher is better (candidates,).
        frequency: In how many documents each occurs.
        context: Cosine of what its documents and the start's are about.
        strength: Sum over the linking terms of the weaker association.
        terms: How many linking terms there are.
    """

    concepts: Integers
    score: Floats
    frequency: Floats
    context: Floats
    strength: Floats
    terms: Floats


def associations(occurrences: Occurrences, start: NDArray[np.bool_]) -> Floats:
    """Returns how strongly each concept is associated with the start, 0–1 (concepts,).

    The cosine of the two sets of documents: documents with both, over the geometric mean of those
    with each.

    Args:
        occurrences: Concepts by document.
        start: Which documents the start occurs in (documents,).
    """
    together = np.asarray(occurrences.matrix.T @ start.astype(np.float64)).ravel()
    size = np.sqrt(occurrences.frequency * max(1, int(start.sum())))
    shares: Floats = np.divide(together, size, out=np.zeros_like(together), where=size > 0)
    return shares


def rank_candidates(
    occurrences: Occurrences,
    start: NDArray[np.bool_],
    linking: NDArray[np.bool_],
    eligible: NDArray[np.bool_],
) -> Candidates:
    """Ranks the concepts that only linking terms connect with the start.

    Args:
        occurrences: Concepts by document.
        start: Which documents the start occurs in (documents,).
        linking: Which concepts may link (concepts,).
        eligible: Which concepts may be found (concepts,).
    """
    matrix, frequency = occurrences.matrix, occurrences.frequency
    near = associations(occurrences, start)
    links = np.flatnonzero((near > 0) & linking)
    found = np.flatnonzero((near == 0) & eligible & (frequency > 0))
    strength, terms = _strengths(matrix, frequency, near, links, found)
    kept = terms > 0
    found, strength, terms = found[kept], strength[kept], terms[kept]
    context = _contexts(occurrences, start, found)
    score = np.zeros(found.size)
    weights = FREQUENCY_WEIGHT, CONTEXT_WEIGHT, LINK_WEIGHT
    for weight, values in zip(weights, (frequency[found], context, strength), strict=True):
        score += weight * _shares(values)
    return Candidates(found, score / sum(weights), frequency[found], context, strength, terms)


def pair_strengths(
    occurrences: Occurrences, start: NDArray[np.bool_], end: NDArray[np.bool_]
) -> Floats:
    """Returns for each concept how strongly it links two sets of documents (concepts,)."""
    return np.minimum(associations(occurrences, start), associations(occurrences, end))


def _strengths(
    matrix: Any, frequency: Floats, near: Floats, links: Integers, found: Integers
) -> tuple[Floats, Floats]:
    """Returns for each candidate the sum of the weaker associations, and the linking terms."""
    strength, terms = np.zeros(found.size), np.zeros(found.size)
    if not (links.size and found.size):
        return strength, terms
    targets = matrix[:, found].tocsr()
    for link in links:
        documents = matrix[:, [link]].nonzero()[0]
        together = np.asarray(targets[documents].sum(axis=0)).ravel()
        far = together / np.sqrt(frequency[found] * frequency[link])
        strength += np.minimum(near[link], far)
        terms += together > 0
    return strength, terms


def _contexts(occurrences: Occurrences, start: NDArray[np.bool_], found: Integers) -> Floats:
    """Returns the cosine of the mean document of each candidate and that of the start."""
    own = occurrences.vectors[start].sum(axis=0)
    others = np.asarray(occurrences.matrix[:, found].T @ occurrences.vectors)
    lengths = np.linalg.norm(others, axis=1) * np.linalg.norm(own)
    dots = np.asarray(others @ own, np.float64)
    cosines: Floats = np.divide(dots, lengths, out=np.zeros_like(dots), where=lengths > 0)
    return cosines


def _shares(values: Floats) -> Floats:
    """Returns the share of the others that each value exceeds, ties counting half (0–1)."""
    from scipy.stats import rankdata

    if values.size < 2:
        return np.ones(values.size)
    return np.asarray((rankdata(values) - 1) / (values.size - 1), np.float64)
