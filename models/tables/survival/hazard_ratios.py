"""Hazard ratios with confidence intervals, from an unpenalised Cox model."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from sklearn.compose import ColumnTransformer

from models.data.features import FeatureSchema
from models.metrics.follow_up import FollowUp
from models.metrics.kaplan_meier import FloatArray
from models.tables.survival.estimators.likelihood import PartialLikelihood
from models.tables.survival.estimators.penalty import maximise

EVENTS_PER_TERM = 2
"""With fewer events per term, maximum likelihood is not worth a table."""


@dataclass(frozen=True)
class HazardRatio:
    """One term of a Cox model.

    Attributes:
        term: The feature, and for a category its level.
        contrast: What the ratio compares: `per 10 mm`, `yes against no`.
        ratio: Hazard ratio; above 1 means an earlier event.
        low: Lower 95% limit (Wald).
        high: Upper 95% limit (Wald).
        p_value: Of the hypothesis that the ratio is 1 (Wald).
    """

    term: str
    contrast: str
    ratio: float
    low: float
    high: float
    p_value: float


def wald(x: FloatArray, outcome: FollowUp) -> tuple[FloatArray, FloatArray]:
    """Returns maximum partial likelihood coefficients and standard errors, both shape (p,).

    Args:
        x: Features, shape (n, p), best of about unit scale, no column constant.
        outcome: Follow-up of the n rows.
    """
    likelihood = PartialLikelihood(outcome)
    beta = maximise(likelihood, x, 0.0, np.zeros(x.shape[1]))
    covariance = np.linalg.pinv(likelihood.information(x @ beta, x))
    return beta, np.sqrt(np.diag(covariance))


def hazard_ratios(
    schema: FeatureSchema, columns: ColumnTransformer, frame: pd.DataFrame, outcome: FollowUp
) -> list[HazardRatio]:
    """Fits the terms of a linear preprocessing without a penalty.

    Args:
        schema: Of the frame.
        columns: Fitted `linear` preprocessing, whose scales are taken back.
        frame: Canonical training rows.
        outcome: Their follow-up.

    Returns:
        A ratio per term; the commonest level of a category is what the others are compared with.
        Empty where there are fewer than two events per term, or the likelihood has no maximum.
    """
    names = [str(name) for name in columns.get_feature_names_out()]
    x = pd.DataFrame(columns.transform(frame), columns=names)
    references = [f"levels__{f.name}_{f.levels[0]}" for f in schema.features if f.levels]
    x = x.drop(columns=references, errors="ignore").loc[:, lambda kept: kept.std() > 0]
    if not x.shape[1] or outcome.event.sum() < EVENTS_PER_TERM * x.shape[1]:
        return []
    beta, error = wald(x.to_numpy(), outcome)
    scale = _scales(columns, names)
    found = []
    for name, coefficient, spread in zip(x.columns, beta, error, strict=True):
        if spread == 0:  # the data say nothing of it
            continue
        term, contrast, step = _words(name, schema, scale[name])
        b, se = coefficient * step / scale[name], spread * step / scale[name]
        low, high = np.exp(np.clip([b - 1.959964 * se, b + 1.959964 * se], -50, 50))
        p_value = 2 * norm.sf(abs(b / se))
        ratio = float(np.exp(np.clip(b, -50, 50)))
        found.append(HazardRatio(term, contrast, ratio, float(low), float(high), float(p_value)))
    return found


def _scales(columns: ColumnTransformer, names: list[str]) -> dict[str, float]:
    """Returns the standard deviation that each term was divided by."""
    scales = dict.fromkeys(names, 1.0)
    numbers = [name for name in names if name.startswith("numbers__")]
    if numbers:
        fitted = columns.named_transformers_["numbers"]["standardscaler"].scale_
        scales |= dict(zip(numbers, map(float, fitted), strict=True))
    return scales


def _words(name: str, schema: FeatureSchema, scale: float) -> tuple[str, str, float]:
    """Returns what a term is, what its hazard ratio compares and over how many units.

    A number is compared over the power of ten next below its standard deviation, so that the ratio
    is no row of zeros.
    """
    column = name.removeprefix("numbers__")
    if column.startswith("missingindicator_"):
        return column.removeprefix("missingindicator_"), "missing against known", 1.0
    if column != name:
        feature = schema.feature(column)
        if feature.type == "boolean":
            return column, f"{feature.levels[1]} against {feature.levels[0]}", 1.0
        step = float(10.0 ** np.floor(np.log10(scale)))
        return column, f"per {step:g} {feature.unit or 'units'}", step
    column = name.removeprefix("levels__")
    owners = [f for f in schema.features if f.levels and column.startswith(f"{f.name}_")]
    feature = max(owners, key=lambda owner: len(owner.name))
    level = column.removeprefix(f"{feature.name}_").replace("infrequent_sklearn", "rare levels")
    return feature.name, f"{level} against {feature.levels[0]}", 1.0
