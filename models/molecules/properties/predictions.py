"""Predictions of a property model as a table and in words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from rdkit import Chem

from models.molecules.chemistry.structure import shorten
from models.molecules.properties.fitted import FittedPropertyModel, Predicted
from models.tables.classification.fitted import show_probability

SPOKEN_TARGETS = 3
"""Of more targets, a sentence names those that are likeliest."""


def prediction_table(
    fitted: FittedPropertyModel, molecules: Sequence[Chem.Mol], predicted: Predicted
) -> pd.DataFrame:
    """Returns the predictions as a table, one row per molecule."""
    columns: dict[str, Any] = {"smiles": [Chem.MolToSmiles(one) for one in molecules]}
    return pd.DataFrame(columns | prediction_columns(fitted, predicted))


def prediction_columns(fitted: FittedPropertyModel, predicted: Predicted) -> dict[str, Any]:
    """Returns the columns of predictions: values, uncertainty, nearest molecule and domain."""
    targets = fitted.targets
    columns: dict[str, Any] = {}
    several = len(targets.names) > 1
    for k, name in enumerate(targets.names):
        of = f"_{name}" if several else ""
        if targets.task == "regression":
            columns[f"predicted_{name}"] = predicted.value[:, k]
            columns[f"standard_deviation{of}"] = predicted.deviation[:, k]
            columns[f"low_95{of}"] = predicted.low[:, k]
            columns[f"high_95{of}"] = predicted.high[:, k]
        else:
            labels = np.array(targets.classes[k], dtype=object)
            positive = predicted.value[:, k] >= 0.5
            columns[f"predicted_{name}"] = labels[positive.astype(int)]
            columns[f"probability_{labels[1]}{of}"] = predicted.value[:, k]
            columns[f"spread{of}"] = predicted.deviation[:, k]
    near = predicted.neighbours
    columns["nearest_training_molecule"] = [fitted.domain.smiles[n] for n in near.nearest]
    columns["similarity"] = near.similarity
    columns["in_domain"] = predicted.inside
    return columns


def describe(fitted: FittedPropertyModel, predicted: Predicted, row: int) -> str:
    """Returns a sentence about one molecule, without its full stop."""
    targets, near = fitted.targets, predicted.neighbours
    order = list(range(len(targets.names)))
    if targets.task == "classification" and len(order) > SPOKEN_TARGETS:
        order = np.argsort(-predicted.value[row], kind="stable").tolist()
    said = []
    for k in order[:SPOKEN_TARGETS]:
        if targets.task == "regression":
            potency = targets.potency(targets.names[k])
            means = f"{potency.concentration(predicted.value[row, k])}, " if potency else ""
            said.append(
                f"{targets.names[k]} {predicted.value[row, k]:.4g} ({means}standard deviation "
                f"{predicted.deviation[row, k]:.2g}, 95% interval {predicted.low[row, k]:.4g} to "
                f"{predicted.high[row, k]:.4g})"
            )
        else:
            chance = show_probability(predicted.value[row, k])
            said.append(f"{targets.names[k]} = {targets.classes[k][1]} with {chance}")
    nearest = shorten(fitted.domain.smiles[near.nearest[row]], 50)
    where = "inside" if predicted.inside[row] else "outside"
    return (
        f"{', '.join(said)}; nearest training molecule {nearest} (similarity "
        f"{near.similarity[row]:.2f}, {where} the domain)"
    )
