"""What a model's features are: type, levels, range, and what is assumed when one is not given.

A frame that follows a schema is canonical: numeric and boolean columns are float64 (booleans 0/1),
categorical ones text; missing values are NaN. `FeatureSchema.apply` makes any frame canonical and
leaves a canonical one as it is.
"""

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel

from models.data.builtin import BuiltIn

FeatureType = Literal["numeric", "boolean", "categorical"]
MAXIMUM_LEVELS = 50
"""A text column with more levels is free text or an identifier, not a category."""

TRUE_WORDS = {"1", "1.0", "yes", "y", "true", "t", "positive", "pos", "present", "+", "ja", "oui",
              "si", "sí"}  # fmt: skip
FALSE_WORDS = {"0", "0.0", "no", "n", "false", "f", "negative", "neg", "absent", "-", "nein", "non",
               "none"}  # fmt: skip


class Feature(BaseModel):
    """One input of a model.

    Attributes:
        name: The column's name.
        type: numeric, boolean or categorical.
        levels: Of a categorical, by frequency; of a boolean, what stands for no and for yes.
        low: Smallest value seen in training (numeric).
        high: Largest value seen in training (numeric).
        assumed: Median or commonest value, taken when none is given.
        missing: Share of training rows without a value (0-1).
        unit: Unit of a numeric, where known.
        aliases: What people call the feature.
        level_aliases: What people call its levels.
    """

    name: str
    type: FeatureType
    levels: list[str] = []
    low: float | None = None
    high: float | None = None
    assumed: float | str
    missing: float = 0.0
    unit: str | None = None
    aliases: list[str] = []
    level_aliases: dict[str, list[str]] = {}

    def show(self, value: Any) -> str:
        """Returns a canonical value as people write it."""
        if pd.isna(value):
            return "missing"
        if self.type == "boolean" and isinstance(value, int | float | np.number):
            # An average of booleans lies between the levels.
            return self.levels[int(value)] if value in (0, 1) else f"{value:.2g}"
        if self.type == "numeric":
            return f"{value:.6g}" + (f" {self.unit}" if self.unit else "")
        return str(value)


class FeatureSchema(BaseModel):
    """The features of a model, in order."""

    features: list[Feature]

    @property
    def names(self) -> list[str]:
        """The columns' names, in order."""
        return [feature.name for feature in self.features]

    def of_type(self, *types: FeatureType) -> list[str]:
        """Returns the names of the features of some types."""
        return [feature.name for feature in self.features if feature.type in types]

    def feature(self, name: str) -> Feature:
        """Returns a feature by name."""
        return next(feature for feature in self.features if feature.name == name)

    @classmethod
    def infer(
        cls, frame: pd.DataFrame, names: Iterable[str], built_in: BuiltIn | None = None
    ) -> "FeatureSchema":
        """Describes columns from training rows.

        Args:
            frame: Training rows.
            names: The columns; each has at least one value.
            built_in: What a built-in dataset says of its columns.
        """
        features = []
        for name in names:
            feature = _infer(name, frame[name])
            if built_in:
                said = {
                    "unit": built_in.units.get(name),
                    "aliases": list(built_in.aliases.get(name, ())),
                    "level_aliases": {
                        level: list(words)
                        for level, words in built_in.level_aliases.get(name, {}).items()
                    },
                }
                feature = feature.model_copy(update=said)
            features.append(feature)
        return cls(features=features)

    def apply(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Makes a frame canonical; columns that it lacks become missing.

        Cells that do not fit their column's type become missing; levels that training never saw
        stay, and preprocessing gives them no weight.
        """
        columns = {
            feature.name: _canonical(feature, frame[feature.name])
            if feature.name in frame
            else pd.Series(np.nan, frame.index, dtype=_dtype(feature))
            for feature in self.features
        }
        return pd.DataFrame(columns, index=frame.index)

    def assumed_row(self) -> dict[str, float | str]:
        """Returns the value of every feature that is taken when none is given."""
        return {feature.name: feature.assumed for feature in self.features}

    def unseen(self, frame: pd.DataFrame) -> dict[str, list[str]]:
        """Returns by feature the levels of a canonical frame that training never saw."""
        found = {}
        for name in self.of_type("categorical"):
            strange = set(frame[name].dropna().unique()) - set(self.feature(name).levels)
            if strange:
                found[name] = sorted(strange)
        return found


def boolean_levels(column: pd.Series) -> list[str] | None:
    """Returns what stands for no and for yes in a column of two such values, else None."""
    if pd.api.types.is_bool_dtype(column):
        return ["False", "True"]
    values = column.dropna().unique()
    if len(values) != 2:
        return None
    words = {_word(value): str(value) for value in values}
    no = [text for word, text in words.items() if word in FALSE_WORDS]
    yes = [text for word, text in words.items() if word in TRUE_WORDS]
    if len(no) != 1 or len(yes) != 1:
        return None
    return [_integer_text(no[0]), _integer_text(yes[0])]


def _infer(name: str, column: pd.Series) -> Feature:
    levels = boolean_levels(column)
    missing = float(column.isna().mean())
    if levels:
        feature = Feature(name=name, type="boolean", levels=levels, assumed=0.0, missing=missing)
        known = _canonical(feature, column).dropna()
        return feature.model_copy(update={"assumed": float(known.mode().iloc[0])})
    if pd.api.types.is_numeric_dtype(column):
        known = column.astype("float64").replace([np.inf, -np.inf], np.nan).dropna()
        return Feature(
            name=name,
            type="numeric",
            low=float(known.min()),
            high=float(known.max()),
            assumed=float(known.median()),
            missing=missing,
        )
    counts = column.dropna().astype(str).value_counts()
    by_frequency = sorted(counts.index, key=lambda level: (-counts[level], level))
    return Feature(
        name=name,
        type="categorical",
        levels=by_frequency,
        assumed=by_frequency[0],
        missing=missing,
    )


def _canonical(feature: Feature, column: pd.Series) -> pd.Series:
    if feature.type == "numeric":
        numbers = pd.to_numeric(column, errors="coerce").astype("float64")
        return numbers.where(np.isfinite(numbers))
    if feature.type == "boolean":
        meaning = {cell: _boolean(feature, cell) for cell in column.dropna().unique()}
        return column.map(meaning).astype("float64")
    if pd.api.types.is_float_dtype(column):  # codes that a gap has made floats
        column = column.map(lambda cell: _integer_text(str(cell)), na_action="ignore")
    text = column.astype(object).where(column.notna(), np.nan)
    return text.map(str, na_action="ignore").astype(object)


def _boolean(feature: Feature, cell: object) -> float:
    word = _word(cell)
    if word in (feature.levels[0].casefold(), *FALSE_WORDS):
        return 0.0
    if word in (feature.levels[1].casefold(), *TRUE_WORDS):
        return 1.0
    return np.nan


def _dtype(feature: Feature) -> str:
    return "object" if feature.type == "categorical" else "float64"


def _word(cell: object) -> str:
    return _integer_text(str(cell).strip().casefold())


def _integer_text(text: str) -> str:
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text
