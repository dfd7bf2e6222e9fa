"""What is classified: the labels of a column, and which of them counts as positive."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from models.data.features import MAXIMUM_LEVELS, boolean_levels
from models.data.tables import Dataset
from models.errors import FieldFault, ToolError

LEAST_PER_CLASS = 5
MANY_NUMBERS = 20
"""A numeric column with more distinct values is a quantity, not a class."""

HEALTHY = re.compile(
    r"benign|alive|living|surviv(ed|or)|controls?|healthy|normal|negative|neg|absent|censored|"
    r"(no|not|non|without)[ _-].*|unaffected|(disease|event|relapse)[ _-]?free|wild[ _-]?type|wt|"
    r"inactive|non\w*toxic|gesund|gutartig|lebend|negativ|良性|正常|健康|存活|生存|阴性|对照"
)
"""Labels beside which the other class is what is looked for."""
FOUND = re.compile(
    r"malignant|dead|died|deceased|cases?|disease[d]?|sick|positive|pos|present|abnormal|affected|"
    r"cancer|tumou?r|events?|relapsed?|mutant|mutated|active|toxic|krank|b[öo]sartig|verstorben|"
    r"positiv|恶性|死亡|患病|阳性|病例"
)


class ClassOutcome:
    """The target of a classifier (see `models.tables.training.Outcome`).

    Args:
        target_column: The column asked for; None for the one that the dataset knows.
    """

    def __init__(self, target_column: str | None = None) -> None:
        self.target_column = target_column
        self.classes: list[str] | None = None
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def columns(self, dataset: Dataset) -> Mapping[str, str]:
        """Returns the target's column."""
        return {"target_column": target_of(dataset, self.target_column)}

    def read(self, frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
        """Returns the labels as text; those that the first table has not are missing."""
        name = columns["target_column"]
        labels = label_text(frame[name])
        if self.classes is None:
            self.classes = self._classes(frame[name], labels)
        strange = labels[labels.notna() & ~labels.isin(self.classes)]
        if len(strange):
            shown = ", ".join(sorted(strange.unique())[:5])
            self.warnings.append(f"{len(strange)} rows of {name} = {shown} left out: too rare")
        return pd.DataFrame({name: labels.where(labels.isin(self.classes))})

    def _classes(self, column: pd.Series, labels: pd.Series) -> list[str]:
        """Returns the classes that have enough rows to learn from."""
        name, counts = str(column.name), labels.value_counts()
        if len(counts) < 2:
            only = f"only {counts.index[0]!r}" if len(counts) else "no value at all"
            wrong = FieldFault(
                field="target_column", got=f"{name!r} with {only}", expected="two classes or more"
            )
            raise ToolError(f"{name} does not vary.", wrong, kind="refused_data")
        _refuse_quantity(column, name, len(counts))
        enough = counts[counts >= LEAST_PER_CLASS]
        if len(enough) < 2:
            got = ", ".join(f"{label}: {count} rows" for label, count in counts.items())
            expected = f"two classes of at least {LEAST_PER_CLASS} rows"
            wrong = FieldFault(field="target_column", got=got, expected=expected)
            message = f"{name} has too few rows in its classes to learn from."
            raise ToolError(message, wrong, kind="refused_data")
        return sorted(enough.index)

    def strata(self, outcome: pd.DataFrame) -> NDArray[Any]:
        """Returns the class of each row."""
        codes: NDArray[Any] = pd.factorize(outcome.iloc[:, 0], sort=True)[0]
        return codes


def target_of(dataset: Dataset, target_column: str | None) -> str:
    """Returns the target's column: the one asked for, or the one that the dataset knows.

    Raises:
        ToolError: Neither is there.
    """
    column = target_column or dataset.target_column
    if column is None:
        names = ", ".join(map(str, dataset.frame.columns[:20]))
        wrong = FieldFault(field="target_column", got="nothing", expected=f"a column: {names}")
        raise ToolError(f"Which column of {dataset.name} is to be predicted?", wrong)
    return column


def label_text(column: pd.Series) -> pd.Series:
    """Returns labels as text; 1.0 is the label 1, because a gap has made it a float."""
    if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    text = column.astype(object).where(column.notna(), None)
    return text.map(str, na_action="ignore").astype(object)


def positive_class(
    labels: pd.Series, known: str | None = None, asked: str | None = None
) -> str | None:
    """Returns the class that counts as positive among two; None with more classes.

    The one asked for, the one that the dataset knows, yes among yes and no, what is found beside
    what is healthy (malignant and benign, dead and alive, case and control), else the rarer one.

    Raises:
        ToolError: The one asked for is none of the classes.
    """
    classes: list[str] = sorted(labels.dropna().unique())
    if asked is not None and asked not in classes:
        expected = f"one of {', '.join(classes)}"
        wrong = FieldFault(field="positive_class", got=repr(asked), expected=expected)
        raise ToolError(f"{asked} is no class of the target.", wrong)
    if len(classes) != 2:
        return None
    for choice in (asked, known):
        if choice in classes:
            return choice
    yes_no = boolean_levels(labels)
    if yes_no and yes_no[1] in classes:
        return yes_no[1]
    for meaning in (HEALTHY, FOUND):
        meant = [label for label in classes if meaning.fullmatch(label.strip().casefold())]
        if len(meant) == 1:
            return meant[0] if meaning is FOUND else next(c for c in classes if c != meant[0])
    counts = labels.value_counts()
    return max(classes, key=lambda label: (-counts[label], label))


def ordered_classes(labels: pd.Series, positive: str | None) -> Sequence[str]:
    """Returns the classes, the positive one last."""
    classes = sorted(labels.dropna().unique())
    return [label for label in classes if label != positive] + ([positive] if positive else [])


def _refuse_quantity(column: pd.Series, name: str, distinct: int) -> None:
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    fractions = numeric and bool((column.dropna() % 1 != 0).any())
    if numeric and (distinct > MANY_NUMBERS or (fractions and distinct > 10)):
        wrong = FieldFault(
            field="target_column",
            got=f"{name!r} with {distinct} different numbers",
            expected="classes; a quantity is for train_regressor",
            suggestion="train_regressor",
        )
        raise ToolError(f"{name} is a quantity, not a class: use train_regressor.", wrong)
    if distinct > MAXIMUM_LEVELS:
        wrong = FieldFault(
            field="target_column",
            got=f"{name!r} with {distinct} different values",
            expected=f"at most {MAXIMUM_LEVELS} classes",
        )
        raise ToolError(f"{name} is free text or an identifier, not a class.", wrong)
