"""Designs towards docking scores."""

import pytest

from models.errors import ToolError
from models.molecules.design.language import read_objective
from models.store.workspace import Workspace
from tools.execution import execute
from tools.molecules.intake.docked_objectives import docked_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("docking to DRD2", ["docking score in DRD2"]),
        ("docks well to the dopamine D2 receptor and easy to make",
         ["docking score in DRD2", "synthetic_accessibility"]),
        ("2 * docking score in factor Xa below -9, qed", ["docking score in F10", "qed"]),
        ("docking to EGFR with low logp", ["docking score in EGFR"]),
    ],
)  # fmt: skip
def test_docking_is_a_quantity(text: str, names: list[str]) -> None:
    wanted, docked = docked_in(text.replace(" with", ","), 0)
    terms = read_objective(wanted, learned=docked).terms
    assert [term.name for term in terms][: len(names)] == names


def test_better_docking_is_a_lower_score() -> None:
    for text, wanted in (
        ("docking to EGFR, qed", (-10, -5)),
        ("high docking to EGFR, qed", (-10, -5)),
        ("weak docking to EGFR, qed", (-5, -10)),
    ):
        objective, docked = docked_in(text, 0)
        term = read_objective(objective, learned=docked).terms[0]
        assert term.wanted(wanted[0]) > term.wanted(wanted[1])


def test_an_unknown_target_is_named_with_the_nearest() -> None:
    with pytest.raises(ToolError) as caught:
        docked_in("qed, docking to DRD22", 0)
    assert caught.value.faults[0].field == "objective"
    assert caught.value.faults[0].suggestion == "DRD2"


def test_a_design_docks_what_it_judges(workspace: Workspace) -> None:
    arguments = {
        "objective": "docking to DHFR, qed", "smiles": ["caffeine"], "evaluations": 10, "count": 2
    }  # fmt: skip
    result = execute(workspace, "optimize_molecules", arguments)
    assert result.data["objective"] == ["docking score in DHFR", "qed"]
    assert result.data["judged"] == 10
    values = [one["values"]["docking score in DHFR"] for one in result.data["molecules"]]
    assert len(values) == 2
    assert all(-12 < value < -2 for value in values)
