"""A small decision tree that imitates a model: rules that people can read, and how true they are.

Craven & Shavlik 1996 (Extracting tree-structured representations of trained networks, NIPS 8): the
tree is fitted to what the model says, also of rows made by mixing the training rows, and judged by
its fidelity on held-out rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeRegressor

from models.data.features import FeatureSchema
from models.data.fitted import FittedModel

FloatArray = NDArray[np.float64]
Question = str | tuple[str, str]
"""A number's name, or the two answers of a column of zeros and ones."""

MADE_ROWS = 4000
DEEPEST = 4
MOST_RULES = 8
SMALLEST_LEAF = 0.02
"""Share of the rows below which the tree does not split."""


@dataclass(frozen=True)
class Rule:
    """One leaf of the tree.

    Attributes:
        conditions: What must hold, as people write it; none for a tree of one leaf.
        score: What the tree says there, shape (classes...).
        share: Of the held-out rows, how many it covers (0-1).
    """

    conditions: tuple[str, ...]
    score: FloatArray
    share: float


@dataclass(frozen=True)
class Surrogate:
    """A tree in place of a model.

    Attributes:
        rules: Its leaves, from the lowest score to the highest (of the last class).
        fidelity: R² of the tree against the model's scores on held-out rows (at most 1).
        rows: Held-out rows that it was judged on.
    """

    rules: list[Rule]
    fidelity: float
    rows: int


def surrogate_tree(
    model: FittedModel,
    seed: int = 0,
    progress: Callable[[float, str], None] = lambda fraction, message: None,
) -> Surrogate:
    """Fits a tree of at most four questions to a model's score.

    Args:
        model: A kept model.
        seed: Decides the made rows.
        progress: Called with a fraction and a message.
    """
    names = model.features.names
    progress(0.1, "asking the model")
    background = model.background[names]
    made = _mixed(background, np.random.default_rng(seed))
    frame = pd.concat([background, made], ignore_index=True)
    columns, questions = _encoded(frame, model.features)
    tree = DecisionTreeRegressor(
        max_depth=DEEPEST,
        max_leaf_nodes=MOST_RULES,
        min_samples_leaf=SMALLEST_LEAF,
        random_state=seed,
    )
    tree.fit(columns, model.score(frame))
    progress(0.8, "comparing on held-out rows")
    held_out = model.held_out[names]
    unseen, _ = _encoded(held_out, model.features)
    fidelity = float(r2_score(model.score(held_out), tree.predict(unseen)))
    return Surrogate(_rules(tree, questions, tree.apply(unseen)), fidelity, len(held_out))


def _mixed(background: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Makes rows that take about half of their features from another training row."""
    first, second = rng.integers(0, len(background), (2, MADE_ROWS))
    columns = {}
    for name in background.columns:
        values, own = background[name].to_numpy(), rng.random(MADE_ROWS) < 0.5
        columns[name] = np.where(own, values[first], values[second])
    return pd.DataFrame(columns).astype(background.dtypes.to_dict())


def _encoded(frame: pd.DataFrame, schema: FeatureSchema) -> tuple[FloatArray, list[Question]]:
    """Returns the columns that a tree can ask about, and each one's question."""
    columns: list[FloatArray] = []
    questions: list[Question] = []
    for feature in schema.features:
        name, values = feature.name, frame[feature.name]
        if feature.type == "categorical":
            columns += [(values == level).to_numpy(float) for level in feature.levels]
            questions += [(f"{name} ≠ {level}", f"{name} = {level}") for level in feature.levels]
            continue
        columns.append(values.to_numpy(float))
        if feature.type == "boolean":
            no, yes = feature.levels
            questions.append((f"{name} = {no}", f"{name} = {yes}"))
        else:
            questions.append(name)
    return np.column_stack(columns), questions


def _answers(question: Question, threshold: float) -> tuple[str, str]:
    """Returns the conditions on the two sides of a threshold."""
    if isinstance(question, str):
        return f"{question} ≤ {threshold:.4g}", f"{question} > {threshold:.4g}"
    return question


def _rules(
    tree: DecisionTreeRegressor,
    questions: list[Question],
    leaves: NDArray[np.intp],
) -> list[Rule]:
    nodes, found = tree.tree_, []

    def walk(node: int, conditions: dict[tuple[int, str], str]) -> None:
        if nodes.children_left[node] == -1:
            score = nodes.value[node][:, 0]
            found.append(Rule(tuple(conditions.values()), score, float((leaves == node).mean())))
            return
        column = int(nodes.feature[node])
        below, above = _answers(questions[column], float(nodes.threshold[node]))
        # A later bound on the same side is the narrower one, and takes the earlier one's place.
        walk(nodes.children_left[node], conditions | {(column, "below"): below})
        walk(nodes.children_right[node], conditions | {(column, "above"): above})

    walk(0, {})
    return sorted(found, key=lambda rule: float(rule.score[-1]))
