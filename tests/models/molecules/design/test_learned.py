"""Trained models in objectives: named, bounded, and wanted certain."""

from collections.abc import Sequence

import pytest
from rdkit import Chem

from models.errors import ToolError
from models.molecules.design.language import read_objective
from models.molecules.design.learned import Scale, learned_quantities

CAFFEINE = Chem.MolFromSmiles("Cn1cnc2c1c(=O)n(C)c(=O)n2C")
HEXANE = Chem.MolFromSmiles("CCCCCC")


ASKED: list[int] = []


def heavy_atoms(molecules: Sequence[Chem.Mol]) -> list[tuple[float, float]]:
    """Stands for a model: it predicts the size, and doubts rings."""
    ASKED.append(len(molecules))
    return [(float(m.GetNumHeavyAtoms()), 0.5 + m.GetRingInfo().NumRings()) for m in molecules]


SIZE = learned_quantities(
    "prop-1", heavy_atoms, Scale(8.0, 3.0, 1.0), ["predicted size"], alone=True
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("prop-1", ["prop-1"]),
        ("maximise prop-1, logp 1 to 3", ["prop-1", "logp"]),
        ("prop-1 above 6 with low uncertainty", ["prop-1", "uncertainty of prop-1"]),
        ("prop-1 above 6 and low uncertainty", ["prop-1", "uncertainty of prop-1"]),
        ("low uncertainty of prop-1, high predicted size", ["uncertainty of prop-1", "prop-1"]),
        ("2 * prop-1, prop-1 uncertainty < 0.7, qed", ["prop-1", "uncertainty of prop-1", "qed"]),
    ],
)
def test_a_model_is_a_quantity(text: str, names: list[str]) -> None:
    assert [term.name for term in read_objective(text, learned=SIZE).terms] == names


def test_its_prediction_is_what_is_judged() -> None:
    alone = read_objective("maximise prop-1", learned=SIZE)
    assert alone(CAFFEINE).total == 14
    assert read_objective("low prop-1", learned=SIZE)(CAFFEINE).total == -14
    bounded = read_objective("prop-1 at least 10", learned=SIZE)
    assert bounded(CAFFEINE).total == 1
    assert bounded(HEXANE).total < 0.1
    sure = read_objective("prop-1 with low uncertainty", learned=SIZE)(CAFFEINE)
    assert sure.values == (14, 2.5)
    assert sure.wanted[0] > 0.9
    assert sure.wanted[1] < 0.1


def test_molecules_are_predicted_together_and_once() -> None:
    size = learned_quantities("prop-1", heavy_atoms, Scale(8.0, 3.0, 1.0))
    wanted = read_objective("prop-1 with low uncertainty", learned=size)
    ASKED.clear()
    molecules = {"C" * n: Chem.MolFromSmiles("C" * n) for n in range(1, 6)}
    scores = dict(wanted.judge(molecules))
    assert ASKED == [5]
    assert [score.values[0] for score in scores.values()] == [1, 2, 3, 4, 5]


def test_other_models_are_not_understood() -> None:
    with pytest.raises(ToolError, match="not understood"):
        read_objective("maximise prop-11", learned=SIZE)
