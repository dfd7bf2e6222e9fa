"""Trained models as something that an objective can speak of."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rdkit import Chem

from models.molecules.design.quantities import Quantity

Judgement = Callable[[Sequence[Chem.Mol]], list[tuple[float, float]]]


@dataclass(frozen=True)
class Scale:
    """What is usual of what a model predicts, so that a design knows what is much.

    Attributes:
        mean: Of what it learnt from.
        deviation: Its standard deviation.
        uncertainty: The usual standard deviation of a prediction.
    """

    mean: float
    deviation: float
    uncertainty: float


def learned_quantities(
    name: str,
    judge: Judgement,
    scale: Scale,
    spoken: Sequence[str] = (),
    *,
    alone: bool = False,
    probability: bool = False,
) -> list[Quantity]:
    """Returns what a model predicts of a molecule, and how uncertain it is of that.

    Args:
        name: What the prediction is called, such as prop-1.
        judge: From molecules to the prediction and its standard deviation for each.
        scale: What is usual of both.
        spoken: Other names of the prediction.
        alone: No other model is spoken of, so that `uncertainty` can only be this one's.
        probability: The prediction is one, 0 to 1.
    """
    judged: dict[str, tuple[float, float]] = {}

    def prepare(molecules: Sequence[Chem.Mol]) -> None:
        named = {Chem.MolToSmiles(molecule): molecule for molecule in molecules}
        new = {smiles: molecule for smiles, molecule in named.items() if smiles not in judged}
        if new:
            judged.update(zip(new, judge(list(new.values())), strict=True))

    def judgement(molecule: Chem.Mol) -> tuple[float, float]:
        prepare([molecule])
        return judged[Chem.MolToSmiles(molecule)]

    others = [f"{name} uncertainty", f"uncertainty in {name}", *(["uncertainty"] if alone else [])]
    usual = scale.uncertainty
    low, high = (0.0, 1.0) if probability else (-math.inf, math.inf)
    return [
        Quantity(name, tuple(spoken), lambda molecule: judgement(molecule)[0], scale.mean,
                 scale.deviation, low=low, high=high, prepare=prepare),
        Quantity(f"uncertainty of {name}", tuple(others), lambda molecule: judgement(molecule)[1],
                 usual, usual / 2, -1, low=0, prepare=prepare),
    ]  # fmt: skip
