"""Requests for docking: what goes where, and after what."""

from typing import Any

import pytest

from agent.llm.embedded.domains.molecules.docking import (
    find_best,
    find_bound_ligand,
    find_center,
    find_prepared,
    find_protein,
    find_size,
)
from agent.llm.embedded.planner import Planner
from agent.plan import Memory


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dock it into the dopamine D2 receptor", "DRD2"),
        ("how does it bind factor xa?", "F10"),
        ("pose in MET", "MET"),
        ("we met a kit", None),
        ("put it in BRAF", "BRAF"),
        ("dock it into the histamine H1 receptor", "histamine H1 receptor"),
        ("dock it into this receptor", None),
        ("improve the QED", None),
        ("dock the EGFR dataset into KDR", "KDR"),
    ],
)
def test_a_protein_is_found_by_its_names(text: str, name: str | None) -> None:
    found = find_protein(text)
    assert (found and found[0]) == name
    if found:
        assert text[found[1] : found[2]]


def test_only_prepared_proteins_count_where_a_guess_would_do_harm() -> None:
    assert find_prepared("for BRAF") is None
    assert find_prepared("for JAK2") == ("JAK2", 4, 8)


def test_boxes_are_read_however_they_are_written() -> None:
    assert find_center("center 10, -2.5, 30") == [10, -2.5, 30]
    assert find_center("centre at (1.0 2 −3)") == [1, 2, -3]
    assert find_center("centered on x=1, y=2, z=3") == [1, 2, 3]
    assert find_center("the central nervous system") is None
    assert find_size("box 20 x 22 x 24") == [20, 22, 24]
    assert find_size("box centre 1, 2, 3, size 25 25 25") == [25, 25, 25]
    assert find_size("a box of 18 Å") == [18, 18, 18]
    assert find_size("box at 10, 20, 30 with size 20") == [20, 20, 20]


@pytest.mark.parametrize(
    ("text", "ligand"),
    [("around the ligand 8NU", "8NU"), ("box from ligand called STI please", "STI"),
     ("around 8NU", "8NU"), ("around the bound ligand", None),
     ("dock the ligand CCO, box around ligand STI", "STI")],
)  # fmt: skip
def test_the_ligand_that_marks_the_pocket_is_named(text: str, ligand: str | None) -> None:
    assert find_bound_ligand(text, {"CCO"}) == ligand


@pytest.mark.parametrize(
    ("text", "count"),
    [("dock the best 7", 7), ("the top 3 of them", 3), ("dock the 4 best", 4), ("limit 9", 9),
     ("dock the best", 5), ("dock them", None), ("show the best pose", None),
     ("best pose of it", None)],
)  # fmt: skip
def test_how_many_is_read(text: str, count: int | None) -> None:
    assert find_best(text) == count


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "design new ligands for DRD2 that are soluble and easy to make, dock the best and "
            "show me",
            [
                ("optimize_molecules",
                 {"objective": "docking to DRD2, soluble, easy to make, drug-like"}),
                ("dock_molecules", {"smiles": "$1", "target": "DRD2", "limit": 5}),
            ],
        ),
        (
            "find an inhibitor of DHFR with molecular weight below 400",
            [("optimize_molecules",
              {"objective": "docking to DHFR, molecular weight below 400, drug-like"})],
        ),
        (
            "generate hypotheses about EGFR inhibitors and lung cancer",
            [("search_literature",
              {"query": "generate hypotheses about EGFR inhibitors and lung cancer"})],
        ),
        (
            "generate drug candidates and dock them into DRD2",
            [("generate_molecules", {}),
             ("dock_molecules", {"smiles": "$1", "target": "DRD2"})],
        ),
        (
            "Generate 20 ligands for DRD2",
            [("optimize_molecules", {"objective": "docking to DRD2, drug-like", "count": 20})],
        ),
        (
            "Design kinase inhibitors of EGFR using my affinity model aff-1",
            [("optimize_molecules", {"objective": "aff-1 for EGFR, drug-like"})],
        ),
        (
            "design ligands for EGFR with high aff-1 against EGFR",
            [("optimize_molecules", {"objective": "high aff-1 against EGFR, drug-like"})],
        ),
        (
            "design soluble ligands for EGFR with high aff-1 for EGFR",
            [("optimize_molecules",
              {"objective": "soluble, high aff-1 for EGFR, drug-like"})],
        ),
        (
            "generate 20 molecules and dock the top 3 into EGFR",
            [
                ("generate_molecules", {"count": 20}),
                ("dock_molecules", {"smiles": "$1", "target": "EGFR", "limit": 3}),
            ],
        ),
        (
            "dock dopamine into the dopamine D2 receptor with exhaustiveness 16 and seed 4",
            [("dock_molecules", {"smiles": ["dopamine"], "target": "DRD2", "exhaustiveness": 16,
                                 "seed": 4})],
        ),
        (
            "dock ligands.smi into 6cm4.pdb around the ligand 8NU",
            [("dock_molecules", {"dataset": "ligands.smi", "receptor": "6cm4.pdb",
                                 "ligand": "8NU"})],
        ),
        (
            "dock CCO into protein.pdbqt, center 10 12 -7, size 22 22 22",
            [("dock_molecules", {"smiles": ["CCO"], "receptor": "protein.pdbqt",
                                 "center": [10.0, 12.0, -7.0], "size": [22.0, 22.0, 22.0]})],
        ),
        (
            "profile aspirin and dock it into PTGS2",
            [("profile_molecules", {"smiles": ["aspirin"]}),
             ("dock_molecules", {"smiles": ["aspirin"], "target": "PTGS2"})],
        ),
    ],
)  # fmt: skip
def test_requests_become_the_right_calls(
    planner: Planner, text: str, steps: list[tuple[str, dict[str, Any]]]
) -> None:
    plan = planner.plan(text)
    assert plan.outcome == "act"
    assert [(step.tool, step.args) for step in plan.steps] == steps


def test_molecules_of_an_earlier_turn_are_docked(planner: Planner) -> None:
    plan = planner.plan("dock them into thrombin", Memory(molecules=["CCO", "CCN"]))
    assert plan.steps[0].args == {"smiles": ["CCO", "CCN"], "target": "F2"}


@pytest.mark.parametrize("text", ["dock caffeine", "please dock naproxen for me"])
def test_without_a_protein_it_is_asked_for(planner: Planner, text: str) -> None:
    plan = planner.plan(text)
    assert plan.outcome == "needs_input"
    assert "Which protein?" in plan.message
