"""Requests about properties of molecules, planned."""

from typing import Any

import pytest

from agent.llm.embedded.domains.molecules.objective import find_objective
from agent.llm.embedded.domains.tables.target_columns import find_target_columns
from agent.llm.embedded.planner import Planner


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        (
            "Train a QSAR model on chembl_sulfonamides with a scaffold split",
            [("train_property_model", {"dataset": "chembl_sulfonamides", "split": "scaffold"})],
        ),
        (
            "train a message passing network on data/lipo.csv, target exp, seed 3",
            [
                (
                    "train_property_model",
                    {"dataset": "data/lipo.csv", "target_column": "exp",
                     "algorithm": "message_passing", "seed": 3},
                )
            ],
        ),
        (
            "train a multi-task model for NR-AR, NR-ER and SR-p53 on tox21.csv",
            [
                (
                    "train_property_model",
                    {"dataset": "tox21.csv", "target_columns": ["NR-AR", "NR-ER", "SR-p53"]},
                )
            ],
        ),
        (
            "train a solubility model on esol.csv (logS) and predict the solubility of caffeine "
            "with it",
            [
                ("train_property_model", {"dataset": "esol.csv", "target_column": "logS"}),
                ("predict", {"model": "$1", "smiles": ["caffeine"]}),
            ],
        ),
        (
            "use prop-1 to predict for aspirin and ibuprofen",
            [("predict", {"model": "prop-1", "smiles": ["aspirin", "ibuprofen"]})],
        ),
        (
            "design molecules with prop-1 above 6 and low uncertainty, qed above 0.6",
            [
                (
                    "optimize_molecules",
                    {"objective": "prop-1 above 6, low uncertainty of prop-1, qed above 0.6"},
                )
            ],
        ),
        (
            "explain prop-1 for aspirin",
            [("explain_model", {"model": "prop-1", "smiles": ["aspirin"]})],
        ),
    ],
)  # fmt: skip
def test_calls(
    planner: Planner, request_text: str, expected: list[tuple[str, dict[str, Any]]]
) -> None:
    plan = planner.plan(request_text)
    assert [(step.tool, step.args) for step in plan.steps] == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("for NR-AR, NR-ER and SR-p53 on", ["NR-AR", "NR-ER", "SR-p53"]),
        ("targets y1, y2", ["y1", "y2"]),
        ("learn CYP3A4 and CYP2D6 together", ["CYP3A4", "CYP2D6"]),
        ("columns solubility and toxicity", ["solubility", "toxicity"]),
        ("for aspirin and ibuprofen", None),
        ("predict activity from structure", None),
    ],
)
def test_lists_of_targets(text: str, names: list[str] | None) -> None:
    found = find_target_columns(text)
    assert (found[0] if found else None) == names


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        ("maximise prop-1", "maximise prop-1"),
        ("molecules with PROP 2 below 0.3", "prop-2 below 0.3"),
        ("high prop-1 and confident", "high prop-1, low uncertainty of prop-1"),
        ("prop-1 above 6 and logp 1 to 3", "prop-1 above 6, logp 1 to 3"),
    ],
)
def test_trained_models_are_wanted_properties(text: str, objective: str) -> None:
    assert find_objective(text) == objective


@pytest.mark.parametrize(
    ("text", "constraints"),
    [
        ("10 molecules with a similarity to aspirin between 0.3 and 0.6",
         "similarity to aspirin between 0.3 and 0.6"),
        ("molecules 30% to 60% similar to aspirin", "similarity to aspirin between 0.3 and 0.6"),
        ("a similarity of 0.3-0.6 to CCOC(=O)c1ccccc1, no alerts",
         "similarity to CCOC(=O)c1ccccc1 between 0.3 and 0.6, no alerts"),
        ("similar to aspirin, at least 0.4", "similar to aspirin above 0.4"),
        ("ligands of DRD2 that dock well and are soluble", "docking to DRD2, soluble"),
        ("good docking scores in EGFR", "docking to EGFR"),
        ("soluble ligands for DRD2, dock the best and show me", "soluble"),
    ],
)  # fmt: skip
def test_likeness_within_limits_and_docking(text: str, constraints: str) -> None:
    assert find_objective(text, bounded_likeness=True) == constraints


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        ("optimize 2 * qed and logp around 2.5", "2 * qed, logp around 2.5"),
        ("optimize QED and logP around 2.5 with weights 2 to 1", "2 * QED, 1 * logP around 2.5"),
        ("qed and solubility, weights 0.7 and 0.3", "0.7 * qed, 0.3 * solubility"),
        ("qed and solubility, weights 1, 2 and 3", "qed, solubility"),
        ("3 x high prop-1, tpsa below 90 (weight: 1.5), docking to DRD2",
         "3 * high prop-1, 1.5 * tpsa below 90, docking to DRD2"),
        ("molecular weight 300 to 500 and qed", "molecular weight 300 to 500, qed"),
        ("similarity to C1CC1C(=O)N*2 and qed", "similarity to C1CC1C(=O)N*2, qed"),
    ],
)  # fmt: skip
def test_how_much_each_wish_counts(text: str, objective: str) -> None:
    assert find_objective(text) == objective
