import numpy as np
import pytest
from scipy.sparse import csr_matrix

from retrieval.leads.ranking import Occurrences, associations, pair_strengths, rank_candidates

# Concepts: 0 A, 1 B, 2 B', 3 C, 4 D, 5 E. Documents with A: 0-1; A never meets C, D or E.
MATRIX = np.array(
    [
        [1, 1, 1, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [0, 1, 0, 1, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 1, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 1],
    ],
    float,
)
START = MATRIX[:, 0] > 0
ALL = np.ones(6, bool)


def _occurrences(vectors: np.ndarray | None = None) -> Occurrences:
    same = np.tile(np.array([[1.0, 0.0]], np.float32), (6, 1))
    return Occurrences(csr_matrix(MATRIX), same if vectors is None else vectors)


def test_association_is_the_cosine_of_two_sets_of_documents() -> None:
    found = associations(_occurrences(), START)
    # A: 2 of 2 and 2; B: 2 together of 2 and 4; B': 1 of 2 and 2.
    assert found == pytest.approx([1.0, 2 / np.sqrt(8), 0.5, 0, 0, 0])


def test_candidates_share_no_document_but_linking_terms() -> None:
    ranked = rank_candidates(_occurrences(), START, ALL, ALL)
    assert list(ranked.concepts) == [3, 4]
    assert list(ranked.terms) == [2, 1]
    # C: through B min(.7071, 1/sqrt(2*4)), through B' min(.5, 1/sqrt(2*2)).
    assert ranked.strength == pytest.approx([1 / np.sqrt(8) + 0.5, 0.5])
    assert ranked.score[0] > ranked.score[1]


def test_what_may_not_link_or_be_found_does_not() -> None:
    linking = np.array([0, 0, 1, 0, 0, 0], bool)
    assert list(rank_candidates(_occurrences(), START, linking, ALL).concepts) == [3]
    eligible = np.array([0, 0, 0, 0, 1, 0], bool)
    assert list(rank_candidates(_occurrences(), START, ALL, eligible).concepts) == [4]


def test_likeness_of_documents_counts() -> None:
    vectors = np.tile(np.array([[1.0, 0.0]], np.float32), (6, 1))
    vectors[[2, 3]] = [0.0, 1.0]  # those of C are about something else
    ranked = rank_candidates(_occurrences(vectors), START, ALL, ALL)
    assert list(ranked.context) == pytest.approx([0.0, 1.0])


def test_strength_of_a_link_between_two_ends_is_that_of_its_weaker_half() -> None:
    found = pair_strengths(_occurrences(), START, MATRIX[:, 4] > 0)
    assert found == pytest.approx([0, 0.5, 0, 0, 0, 0])


def test_nothing_to_rank() -> None:
    nobody = np.zeros(6, bool)
    assert rank_candidates(_occurrences(), nobody, ALL, ALL).concepts.size == 0
