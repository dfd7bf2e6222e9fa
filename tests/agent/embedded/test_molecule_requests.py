"""Requests about molecules, planned: nothing that is said may be lost."""

from typing import Any

import pytest

from agent.llm.embedded.planner import Planner
from agent.llm.embedded.slots.likeness import find_likeness
from agent.llm.embedded.slots.objective import find_objective


@pytest.mark.parametrize(
    ("request_text", "tool", "expected"),
    [
        ("How hard would it be to synthesise paclitaxel?", "profile_molecules",
         {"smiles": ["paclitaxel"]}),
        ("Draw the structure of sildenafil", "profile_molecules", {"smiles": ["sildenafil"]}),
        ("Does ibuprofen cross the blood-brain barrier?", "profile_molecules",
         {"smiles": ["ibuprofen"]}),
        ("Standardise the molecules in messy.csv", "profile_molecules",
         {"dataset": "messy.csv", "form": "parent"}),
        ("logP of lorlatanib and crizotinib", "profile_molecules",
         {"smiles": ["lorlatanib", "crizotinib"]}),
        ("Generate 8 analogues of imatinib with similarity between 0.4 and 0.7",
         "generate_molecules",
         {"count": 8, "constraints": "similar to imatinib between 0.4 and 0.7"}),
        ("Generate 15 fragment-like molecules", "generate_molecules",
         {"count": 15, "constraints": "fragment-like"}),
        ("Rediscover celecoxib from random molecules with 2000 evaluations", "optimize_molecules",
         {"objective": "Rediscover celecoxib", "evaluations": 2000}),
        ("Make erlotinib less lipophilic but keep the quinazoline core", "optimize_molecules",
         {"objective": "less lipophilic, keep the quinazoline core", "smiles": ["erlotinib"]}),
        ("Find a less toxic analogue of doxorubicin with higher QED", "optimize_molecules",
         {"objective": "no alerts, higher QED", "smiles": ["doxorubicin"]}),
        ("Dock CCO into receptor.pdb with the box around ligand.sdf", "dock_molecules",
         {"smiles": ["CCO"], "receptor": "receptor.pdb", "ligand": "ligand.sdf"}),
        ("Dock gefitinib to egfr.pdb using lig.pdb as reference ligand", "dock_molecules",
         {"smiles": ["gefitinib"], "receptor": "egfr.pdb", "ligand": "lig.pdb"}),
        ("Dock aspirin and naproxen into COX-2 and rank them by score", "dock_molecules",
         {"smiles": ["aspirin", "naproxen"], "target": "PTGS2"}),
    ],
)  # fmt: skip
def test_requests_about_molecules_are_planned_whole(
    planner: Planner, request_text: str, tool: str, expected: dict[str, Any]
) -> None:
    plan = planner.plan(request_text)
    assert [(step.tool, step.args) for step in plan.steps] == [(tool, expected)]


def test_molecules_just_made_are_meant_and_no_dataset_called_like_the_protein(
    planner: Planner,
) -> None:
    plan = planner.plan("Generate 10 molecules, profile them and dock the best 2 into EGFR")
    assert [(step.tool, step.args) for step in plan.steps] == [
        ("generate_molecules", {"count": 10}),
        ("profile_molecules", {"smiles": "$1"}),
        ("dock_molecules", {"smiles": "$1", "target": "EGFR", "limit": 2}),
    ]


def test_who_asks_for_proteins_is_told_them(planner: Planner) -> None:
    plan = planner.plan("What proteins can I dock into?")
    assert plan.outcome == "needs_input"
    assert "ABL1" in plan.message
    assert "PTGS2" in plan.message


@pytest.mark.parametrize("text", ["Plan a synthesis of aspirin", "Convert ct/ to NIfTI"])
def test_what_no_tool_does_is_said_to_be_outside(planner: Planner, text: str) -> None:
    plan = planner.plan(text)
    assert plan.outcome == "refused"
    assert "outside" in plan.message


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        ("molecules with 2 aromatic rings", "aromatic rings 2 to 2"),
        ("with between 20 and 30 heavy atoms", "heavy atoms 20 to 30"),
        ("with 3 rings and at most 2 donors", "rings 3 to 3, donors <= 2"),
        ("the rings of Saturn", None),
        ("docking to thrombin and QED, weight 3 for docking", "3 * docking to F2, QED"),
        ("solubility without losing the sulfonamide", "solubility, with sulfonamide"),
        ("lead-like, no alerts", "lead-like, no alerts"),
        ("non-toxic and soluble", "no alerts, soluble"),
    ],
)
def test_phrases_of_objectives_are_found(text: str, objective: str | None) -> None:
    assert find_objective(text) == objective


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("analogues of acetylsalicylic acid", "similar to acetylsalicylic acid above 0.4"),
        ("compounds like c1ccccc1O, at least 60% similar", "similar to c1ccccc1O above 0.6"),
        ("variants of the disease", None),
    ],
)
def test_relatives_are_to_be_similar(text: str, phrase: str | None) -> None:
    assert [said for _, said in find_likeness(text, bounded=True)] == ([phrase] if phrase else [])
