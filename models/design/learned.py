"""Trained models as something that an objective can speak of."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

from rdkit import Chem

from models.design.quantities import Quantity

REMEMBERED = 20_000
"""Molecules whose judgement is not computed twice."""

Judgement = Callable[[Chem.Mol], tuple[float, float]]


class Scaled(Protocol):
    """What is usual of what a model judges.

    Attributes:
        mean: Of the molecules that it learnt from.
        deviation: Their standard deviation.
        uncertainty: The usual standard deviation of its predictions.
    """

    @property
    def mean(self) -> float:
        """Of the molecules that it learnt from."""

    @property
    def deviation(self) -> float:
        """Their standard deviation."""

    @property
    def uncertainty(self) -> float:
        """The usual standard deviation of its predictions."""


def learned_quantities(
    name: str, judge: Judgement, scale: Scaled, spoken: Sequence[str] = (), *, alone: bool = False
) -> list[Quantity]:
    """Returns what a model predicts of a molecule, and how uncertain it is of that.

    Args:
        name: What the prediction is called, such as prop-1.
        judge: From a molecule to the prediction and its standard deviation.
        scale: What is usual of both.
        spoken: Other names of the prediction.
        alone: No other model is spoken of, so that `uncertainty` can only be this one's.
    """

    @lru_cache(maxsize=REMEMBERED)
    def judged(smiles: str) -> tuple[float, float]:
        return judge(Chem.MolFromSmiles(smiles))

    def value(molecule: Chem.Mol) -> float:
        return judged(Chem.MolToSmiles(molecule))[0]

    def uncertainty(molecule: Chem.Mol) -> float:
        return judged(Chem.MolToSmiles(molecule))[1]

    others = [f"{name} uncertainty", f"uncertainty in {name}", *(["uncertainty"] if alone else [])]
    usual = scale.uncertainty
    return [
        Quantity(name, tuple(spoken), value, scale.mean, scale.deviation),
        Quantity(f"uncertainty of {name}", tuple(others), uncertainty, usual, usual / 2, -1),
    ]
