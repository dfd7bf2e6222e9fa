"""The chain over tags, against every path written out."""

from itertools import pairwise, product

import numpy as np
import pytest
import torch

from models.text.ner.chain import NEVER, best_tags, cannot_begin, forbidden
from models.text.ner.corpus import TAGS, Name, names_of
from models.text.ner.head import TagHead

RNG = np.random.default_rng(0)
LENGTHS = [4, 1, 3]


@pytest.fixture(scope="module")
def scores() -> np.ndarray:
    scores = RNG.normal(0, 2, (len(LENGTHS), max(LENGTHS), len(TAGS))).astype(np.float32)
    scores[:, 0] += np.where(cannot_begin(), NEVER, 0)
    return scores


@pytest.fixture(scope="module")
def moves() -> np.ndarray:
    random = RNG.normal(0, 1, (len(TAGS), len(TAGS)))
    return np.where(forbidden(), NEVER, random).astype(np.float32)


def _path_scores(scores: np.ndarray, moves: np.ndarray) -> dict[tuple[int, ...], float]:
    words = range(len(scores))
    return {
        path: float(
            sum(scores[place, path[place]] for place in words)
            + sum(moves[before, after] for before, after in pairwise(path))
        )
        for path in product(range(len(TAGS)), repeat=len(scores))
    }


def test_best_tags_and_their_probabilities(scores: np.ndarray, moves: np.ndarray) -> None:
    tags, confidence = best_tags(scores, LENGTHS, moves)
    for row, length in enumerate(LENGTHS):
        paths = _path_scores(scores[row, :length].astype(np.float64), moves)
        best = max(paths, key=lambda path: paths[path])
        assert tuple(tags[row, :length]) == best
        total = np.logaddexp.reduce(list(paths.values()))
        for place in range(length):
            through = [value for path, value in paths.items() if path[place] == best[place]]
            expected = np.exp(np.logaddexp.reduce(through) - total)
            assert confidence[row, place] == pytest.approx(expected, abs=1e-4)


def test_loss_is_the_negative_log_probability_of_the_right_tags(moves: np.ndarray) -> None:
    head = TagHead(8)
    head.moves.data = torch.from_numpy(np.where(forbidden(), 0.3, moves).astype(np.float32))
    raw = RNG.normal(0, 1, (sum(LENGTHS), len(TAGS))).astype(np.float32)
    wanted = [0, 1, 2, 0, 3, 3, 4, 4]
    loss = head.loss(torch.from_numpy(raw), torch.tensor(wanted), LENGTHS).detach()
    expected, start = [], 0
    for length in LENGTHS:
        own = raw[start : start + length].astype(np.float64)
        own[0] += np.where(cannot_begin(), NEVER, 0)
        paths = _path_scores(own, moves)
        right = paths[tuple(wanted[start : start + length])]
        expected.append(np.logaddexp.reduce(list(paths.values())) - right)
        start += length
    assert float(loss) == pytest.approx(np.mean(expected), rel=1e-4)


def test_no_name_is_entered_in_its_middle(moves: np.ndarray) -> None:
    eager = np.zeros((1, 5, len(TAGS)), np.float32)
    eager[..., TAGS.index("I-Disease")] = 50
    eager[:, 0] += np.where(cannot_begin(), NEVER, 0)
    tags, _ = best_tags(eager, [5], moves)
    assert [TAGS[tag] for tag in tags[0]] == ["B-Disease"] + 4 * ["I-Disease"]


def test_names_of_tags() -> None:
    tags = ["B-Chemical", "B-Chemical", "I-Chemical", "O", "I-Disease", "B-Disease", "I-Chemical"]
    assert names_of(tags) == [
        Name(0, 1, "Chemical"),
        Name(1, 3, "Chemical"),
        Name(4, 5, "Disease"),
        Name(5, 6, "Disease"),
        Name(6, 7, "Chemical"),
    ]
