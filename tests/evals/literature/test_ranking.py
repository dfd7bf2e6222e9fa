import math

import pytest

from evals.scorers.ranking import ndcg, recall


def test_ndcg_by_hand() -> None:
    ideal = 1 + 1 / math.log2(3)
    assert ndcg(["x", "a", "b"], {"a", "b"}, 10) == pytest.approx((1 / math.log2(3) + 0.5) / ideal)
    assert ndcg(["a", "b"], {"a", "b"}, 10) == 1
    assert ndcg(["x", "a"], {"a"}, 1) == 0


def test_recall_by_hand() -> None:
    assert recall(["x", "a", "b"], {"a", "b"}, 2) == 0.5
