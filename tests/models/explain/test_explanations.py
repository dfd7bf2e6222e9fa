"""Explanations: exact where they can be, additive always."""

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.data.features import Feature, FeatureSchema
from models.explain.importance import permutation_importance
from models.explain.shapley import shapley_values
from models.explain.words import Scale, importance_words, row_words, trend


class Formula:
    """A model whose score is a formula of a, b, c and kind."""

    score_name = "score"
    metric_name = "r2"

    def __init__(self, formula: Any, rows: int = 40) -> None:
        rng = np.random.default_rng(0)
        frame = pd.DataFrame(rng.normal(size=(rows, 3)), columns=list("abc"))
        frame["kind"] = rng.choice(["x", "y"], rows)
        self.formula = formula
        self.features = FeatureSchema.infer(frame, list(frame))
        self.background = self.features.apply(frame)
        scores = self.score(self.background)
        self.held_out = self.background.assign(target=scores if scores.ndim == 1 else scores[:, 0])

    def score(self, frame: pd.DataFrame) -> np.ndarray:
        return np.asarray(self.formula(frame), float)

    def loss(self, frame: pd.DataFrame, outcome: pd.DataFrame) -> float:
        truth = outcome["target"].to_numpy()
        return 1 - float(((self.score(frame) - truth) ** 2).mean() / truth.var())

    def predict(self, frame: pd.DataFrame, **options: Any) -> None:
        raise NotImplementedError


def test_an_additive_model_is_explained_exactly() -> None:
    model = Formula(lambda f: 2 * f["a"] - f["b"] ** 2 + 3.0 * (f["kind"] == "x"))
    found = shapley_values(model, model.background.head(5))
    for name, part in (
        ("a", lambda f: 2 * f["a"]),
        ("b", lambda f: -(f["b"] ** 2)),
        ("c", lambda f: 0 * f["c"]),
        ("kind", lambda f: 3.0 * (f["kind"] == "x")),
    ):
        expected = part(found.frame) - part(model.background).mean()
        position = model.features.names.index(name)
        np.testing.assert_allclose(found.values[:, position], expected, atol=1e-12)


def test_pairwise_interactions_are_exact_beside_all_coalitions() -> None:
    model = Formula(lambda f: f["a"] * f["b"] + f["b"] * f["c"] + f["a"] * (f["kind"] == "x"))
    found = shapley_values(model, model.background.head(4))
    names = model.features.names
    for row in range(4):
        worth = {}
        for size in range(len(names) + 1):
            for coalition in combinations(names, size):
                own = {name: found.frame[name].iloc[row] for name in coalition}
                worth[frozenset(coalition)] = model.score(model.background.assign(**own)).mean()
        for position, name in enumerate(names):
            others = [other for other in names if other != name]
            share = 0.0
            for size in range(len(names)):
                weight = 1 / (len(names) * comb(len(others), size))
                for coalition in map(frozenset, combinations(others, size)):
                    share += weight * (worth[coalition | {name}] - worth[coalition])
            assert found.values[row, position] == pytest.approx(share, abs=1e-9)


def test_shares_add_up_and_errors_are_known_for_any_model() -> None:
    model = Formula(lambda f: np.column_stack([np.tanh(f["a"] * f["b"] * f["c"]), f["a"] > 0]))
    found = shapley_values(model, model.background.head(6))
    assert found.values.shape == (6, 4, 2)
    np.testing.assert_allclose(found.values.sum(axis=1) + found.base, found.scores, atol=1e-9)
    assert (found.errors >= 0).all()
    again = shapley_values(model, model.background.head(6))
    np.testing.assert_array_equal(found.values, again.values)


def test_a_model_that_changes_its_mind_is_found_out() -> None:
    rng = np.random.default_rng(0)
    model = Formula(lambda f: f["a"] + rng.normal(size=len(f)))
    with pytest.raises(RuntimeError, match="add up"):
        shapley_values(model, model.background.head(2))


def test_importance_ranks_by_what_shuffling_costs() -> None:
    model = Formula(lambda f: 3 * f["a"] + f["b"])
    found = permutation_importance(model, repeats=10)
    assert [item.feature for item in found[:2]] == ["a", "b"]
    by_name = {item.feature: item.drop for item in found}
    assert by_name["c"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    words = importance_words(found, "r2")
    assert "2 features cannot be told apart from unimportant ones" in words


def test_words_name_direction_and_size() -> None:
    age = Feature(name="age", type="numeric", low=0, high=9, assumed=5)
    column = pd.Series(np.arange(10.0))
    assert trend(age, column, np.arange(10.0)) == "higher values push up"
    assert trend(age, column, -np.arange(10.0)) == "higher values push down"
    grade = Feature(name="grade", type="categorical", levels=["I", "II"], assumed="I")
    assert trend(grade, pd.Series(["I", "II"]), np.array([-1.0, 1.0])) == "up for II, down for I"
    words = row_words([("age = 70", 0.5), ("sex = m", -0.25)], 0.1, 0.35, "risk", Scale("survival"))
    assert "age = 70 (+0.5, risk times 1.65)" in words
    assert Scale("classifier").share(0.123) == "+12.3 points"
