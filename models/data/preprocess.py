"""From canonical features to the numbers that an estimator reads, fitted inside each fold."""

from typing import Literal

from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from models.data.features import FeatureSchema

PreprocessorKind = Literal["linear", "tree", "network"]
RARE_LEVEL = 0.01
"""Levels rarer than this share of rows are pooled."""


def preprocessor(schema: FeatureSchema, kind: PreprocessorKind) -> ColumnTransformer:
    """Makes the unfitted preprocessing of a model.

    Numbers: the median takes a missing value's place and, where training had gaps, an indicator
    column says so; `linear` and `network` standardise. Categories: one column a level, rare levels
    pooled, levels never seen as the pool (or nothing), a missing value as a level of its own.

    Args:
        schema: Inferred from training rows.
        kind: What the estimator needs.

    Returns:
        A transformer of canonical frames, shape (n, features) to (n, columns), dense float64. Its
        output names are `numbers__<feature>`, `numbers__missingindicator_<feature>` and
        `levels__<feature>_<level>`.
    """
    steps = [SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)]
    if kind != "tree":
        steps.append(StandardScaler())
    numbers: Pipeline = make_pipeline(*steps)
    levels = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing", keep_empty_features=True),
        OneHotEncoder(
            handle_unknown="infrequent_if_exist",
            min_frequency=RARE_LEVEL,
            sparse_output=False,
        ),
    )
    return ColumnTransformer(
        [
            ("numbers", numbers, schema.of_type("numeric", "boolean")),
            ("levels", levels, schema.of_type("categorical")),
        ],
        sparse_threshold=0.0,
    )
