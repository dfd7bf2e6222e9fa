"""Requests about molecules, planned: nothing that is said may be lost."""

from typing import Any

import pytest

from agent.llm.embedded.domains.molecules.likeness import find_likeness
from agent.llm.embedded.domains.molecules.objective import find_objective
from agent.llm.embedded.planner import Planner
from agent.plan import Memory, PlannedCall


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
         {"objective": "less lipophilic, with quinazoline", "smiles": ["erlotinib"]}),
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
        ("that do not contain a carboxylic acid", "without carboxylic acid"),
        ("that don't have nitro groups or azides", "without nitro, without azide"),
        ("with an amide and a pyridine ring, no halogens",
         "with amide, with pyridine, without halogen"),
        ("containing c1ccncc1 and lacking C(=O)O", "with c1ccncc1, without C(=O)O"),
        ("soluble, keeping the logP", "soluble, keep logP"),
        ("higher QED without changing the weight", "higher QED, keep weight"),
        ("raise logP by 1 unit", "raise logP by 1 unit"),
        ("logP above 1 and below 3", "logP above 1, logP below 3"),
        ("TPSA 75, high QED", "TPSA 75, high QED"),
        ("fewer than 5 rotatable bonds", "rotatable bonds <= 4"),
        ("with two chiral centres", "chiral centres"),
        ("with 2 chiral centres", "chiral centres 2 to 2"),
        ("at least 1 aromatic ring", "aromatic rings >= 1"),
        ("bioisosteres of the acid in ibuprofen", "without carboxylic acid"),
        ("fragments under 250 Da", "weight under 250"),
        ("lighter than 500 g/mol, high QED", "weight < 500, high QED"),
        ("like it but smaller", "low weight"),
        ("a larger set of soluble molecules", "soluble"),
        ("better EGFR docking and QED", "docking to EGFR, QED"),
        ("that cross the blood-brain barrier", "cross the blood-brain barrier"),
        ("good oral bioavailability", "good oral bioavailability"),
    ],
)  # fmt: skip
def test_phrases_of_objectives_are_found(text: str, objective: str | None) -> None:
    assert find_objective(text) == objective


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("analogues of acetylsalicylic acid", "similar to acetylsalicylic acid above 0.4"),
        ("compounds like c1ccccc1O, at least 60% similar", "similar to c1ccccc1O above 0.6"),
        ("variants of the disease", None),
        ("analogues of ibuprofen between 0.4 and 0.6 Tanimoto",
         "similar to ibuprofen between 0.4 and 0.6"),
        ("analogues of ibuprofen, at most 0.5 similar", "similar to ibuprofen at most 0.5"),
        ("naloxone-like antagonists", "similar to naloxone above 0.4"),
    ],
)  # fmt: skip
def test_relatives_are_to_be_similar(text: str, phrase: str | None) -> None:
    assert [said for _, said in find_likeness(text, bounded=True)] == ([phrase] if phrase else [])


@pytest.mark.parametrize(
    ("text", "molecules"),
    [
        ("profile aspirin, ibuprofen and CCO", ["aspirin", "ibuprofen", "CCO"]),
        ("profile CCO, CCC and COC", ["CCO", "CCC", "COC"]),
        ("what is the logP of CCC?", ["CCC"]),
        ("is sodium benzoate, [Na+].[O-]C(=O)c1ccccc1, drug-like?",
         ["[Na+].[O-]C(=O)c1ccccc1"]),
        ("QED of 50-78-2", ["50-78-2"]),
        ("logP of InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3", ["InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3"]),
        ("profile CC(C)(C", ["CC(C)(C"]),
        ("logP of xyzzyx", ["xyzzyx"]),
    ],
)  # fmt: skip
def test_every_molecule_that_is_meant_reaches_the_tool(
    planner: Planner, text: str, molecules: list[str]
) -> None:
    plan = planner.plan(text)
    assert [(s.tool, s.args) for s in plan.steps] == [("profile_molecules", {"smiles": molecules})]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("generate a million molecules", {"count": 1_000_000}),
        ("generate 0 molecules", {"count": 0}),
        ("generate 10 molecules with at most 2 H-bond donors",
         {"count": 10, "constraints": "H-bond donors <= 2"}),
    ],
)  # fmt: skip
def test_numbers_of_molecules_are_read_as_they_are(
    planner: Planner, text: str, args: dict[str, Any]
) -> None:
    assert planner.plan(text).steps[0].args == args


DRAWN = ["CCO", "CCN", "CCC", "c1ccccc1", "CCCl"]


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("profile the second one", "profile_molecules", {"smiles": ["CCN"]}),
        ("profile the first two", "profile_molecules", {"smiles": ["CCO", "CCN"]}),
        ("profile molecules 2 and 4 to 5", "profile_molecules",
         {"smiles": ["CCN", "c1ccccc1", "CCCl"]}),
        ("draw the last one", "profile_molecules", {"smiles": ["CCCl"]}),
        ("what are their logP values?", "profile_molecules", {"smiles": DRAWN}),
        ("and its TPSA?", "profile_molecules", {"smiles": ["CCO"]}),
        ("dock them to DRD2", "dock_molecules", {"smiles": DRAWN, "target": "DRD2"}),
        ("optimise the third one for QED", "optimize_molecules",
         {"objective": "QED", "smiles": ["CCC"]}),
        ("generate 3 more", "generate_molecules", {"count": 3, "seed": 1}),
        ("analogues of it with higher QED", "optimize_molecules",
         {"objective": "higher QED", "smiles": ["CCO"]}),
    ],
)  # fmt: skip
def test_later_requests_point_at_the_molecules_that_came_last(
    planner: Planner, text: str, tool: str, args: dict[str, Any]
) -> None:
    last = PlannedCall(request="", tool="generate_molecules", args={"count": 5})
    memory = Memory(
        molecules=[*DRAWN, "CCBr"], groups=[DRAWN, ["CCBr"]], models=["prop-1"], last=last
    )
    plan = planner.plan(text, memory)
    assert [(step.tool, step.args) for step in plan.steps] == [(tool, args)]


def test_a_list_is_still_meant_after_one_of_it_was_looked_at(planner: Planner) -> None:
    last = PlannedCall(request="", tool="profile_molecules", args={"smiles": ["CCN"]})
    memory = Memory(molecules=["CCN", *DRAWN], groups=[["CCN"], DRAWN], last=last)
    third, it = (planner.plan(f"profile {what}", memory) for what in ("the third one", "it"))
    assert [plan.steps[0].args["smiles"] for plan in (third, it)] == [["CCC"], ["CCN"]]


def test_those_are_the_molecules_that_were_asked_about_one_by_one(planner: Planner) -> None:
    last = PlannedCall(request="", tool="profile_molecules", args={"smiles": ["ibuprofen"]})
    memory = Memory(molecules=["CCN", "CCO"], groups=[["CCN"], ["CCO"]], last=last)
    plan = planner.plan("which of those is more soluble?", memory)
    assert plan.steps[0].args == {"smiles": ["CCO", "CCN"]}


@pytest.mark.parametrize(
    ("text", "molecule"), [("And of ibuprofen?", "ibuprofen"), ("how about CCO?", "CCO")]
)
def test_another_molecule_is_asked_the_same(planner: Planner, text: str, molecule: str) -> None:
    last = PlannedCall(
        request="is aspirin soluble?", tool="predict",
        args={"model": "prop-1", "smiles": ["aspirin"]},
    )  # fmt: skip
    memory = Memory(molecules=["CCN"], groups=[["CCN"]], models=["prop-1"], last=last)
    plan = planner.plan(text, memory)
    assert [(step.tool, step.args) for step in plan.steps] == [
        ("predict", {"model": "prop-1", "smiles": [molecule]})
    ]
    assert (plan.steps[0].request, plan.steps[0].restated) == (f"is {molecule} soluble?", True)


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("does morphine contain a phenol?", [("profile_molecules", {"smiles": ["morphine"]})]),
        ("how certain is prop-1 about aspirin?",
         [("predict", {"model": "prop-1", "smiles": ["aspirin"]})]),
        ("can you dock insulin into DRD2?",
         [("dock_molecules", {"smiles": ["insulin"], "target": "DRD2"})]),
        ("design ligands for the dopamine D2 receptor that cross the BBB",
         [("optimize_molecules",
           {"objective": "docking to DRD2, cross the BBB, drug-like"})]),
        ("train a GAN on zinc.smi and sample 100 molecules",
         [("train_molecule_generator", {"dataset": "zinc.smi", "architecture": "gan"}),
          ("generate_molecules", {"count": 100, "model": "$1"})]),
        ("analogues of ibuprofen",
         [("optimize_molecules",
           {"objective": "similar to ibuprofen above 0.4", "smiles": ["ibuprofen"]})]),
        ("cluster the molecules in hits.csv", [("profile_molecules", {"dataset": "hits.csv"})]),
    ],
)  # fmt: skip
def test_the_right_tool_gets_what_was_said(
    planner: Planner, text: str, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    assert [(step.tool, step.args) for step in planner.plan(text).steps] == calls


def test_predictions_of_a_named_model_are_asked_of_it(planner: Planner) -> None:
    plan = planner.plan("is CCO toxic according to prop-1?")
    assert [(s.tool, s.args) for s in plan.steps] == [
        ("predict", {"model": "prop-1", "smiles": ["CCO"]})
    ]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("dock the best one", {"smiles": ["CCO"], "target": "DRD2", "limit": 5}),
        ("dock the last one with exhaustiveness 4",
         {"smiles": ["CCCl"], "target": "DRD2", "exhaustiveness": 4}),
    ],
)  # fmt: skip
def test_what_was_designed_for_a_protein_is_docked_into_it(
    planner: Planner, text: str, args: dict[str, Any]
) -> None:
    wanted = {"objective": "docking to DRD2, soluble, drug-like"}
    last = PlannedCall(request="", tool="optimize_molecules", args=wanted)
    plan = planner.plan(text, Memory(molecules=DRAWN, groups=[DRAWN], last=last))
    assert [(s.tool, s.args) for s in plan.steps] == [("dock_molecules", args)]


def test_contacts_are_those_of_the_last_docking(planner: Planner) -> None:
    args = {"smiles": ["ibuprofen"], "target": "PTGS2", "exhaustiveness": 2}
    memory = Memory(last=PlannedCall(request="", tool="dock_molecules", args=args))
    plan = planner.plan("which residues does it touch?", memory)
    assert [(s.tool, s.args) for s in plan.steps] == [("dock_molecules", args)]


@pytest.mark.parametrize(
    ("text", "molecules"),
    [
        ("how similar is it to aspirin?", ["CCO", "aspirin"]),
        ("similarity of the second one to ibuprofen?", ["CCN", "ibuprofen"]),
        ("do all five pass Veber?", DRAWN),
    ],
)
def test_molecules_before_are_compared_with_named_ones(
    planner: Planner, text: str, molecules: list[str]
) -> None:
    last = PlannedCall(request="", tool="generate_molecules", args={"count": 5})
    plan = planner.plan(text, Memory(molecules=DRAWN, groups=[DRAWN], last=last))
    assert [(s.tool, s.args) for s in plan.steps] == [("profile_molecules", {"smiles": molecules})]


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("how certain is it about CCCCCCCC?", "predict", {"smiles": ["CCCCCCCC"]}),
        ("why does it think aspirin is soluble?", "explain_model", {"smiles": ["aspirin"]}),
        ("use it on lib.smi and show the 3 most soluble", "predict", {"dataset": "lib.smi"}),
        ("what does the model say for ibuprofen?", "predict", {"smiles": ["ibuprofen"]}),
    ],
)
def test_the_model_just_trained_is_asked(
    planner: Planner, text: str, tool: str, args: dict[str, Any]
) -> None:
    last = PlannedCall(request="", tool="train_property_model", args={"dataset": "esol.csv"})
    plan = planner.plan(text, Memory(models=["prop-1"], datasets=["esol.csv"], last=last))
    assert [(s.tool, s.args) for s in plan.steps] == [(tool, {"model": "prop-1"} | args)]


@pytest.mark.parametrize(
    ("text", "last", "calls"),
    [
        ("which proteins does it know?", "train_affinity_model",
         [("describe_model", {"model": "aff-1"})]),
        ("how novel are its molecules?", "train_molecule_generator",
         [("describe_model", {"model": "gen-1"})]),
        ("find better binders than erlotinib for EGFR with aff-1, 100 evaluations", "predict",
         [("optimize_molecules",
           {"objective": "aff-1 for EGFR, drug-like", "smiles": ["erlotinib"],
            "evaluations": 100})]),
    ],
)  # fmt: skip
def test_models_of_molecules_are_told_apart(
    planner: Planner, text: str, last: str, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    done = PlannedCall(request="", tool=last, args={})
    plan = planner.plan(text, Memory(models=["aff-1", "gen-1"], last=done))
    assert [(s.tool, s.args) for s in plan.steps] == calls


def test_nothing_is_deleted(planner: Planner) -> None:
    assert "can be removed there" in planner.plan("delete aff-1").message


def test_a_new_request_is_no_answer_to_an_open_question(planner: Planner) -> None:
    waiting = planner.plan("explain the model")
    assert waiting.outcome == "needs_input"
    memory = Memory(models=["aff-1"], pending=waiting)
    plan = planner.plan("predict imatinib against ABL1 and KIT with it", memory)
    assert [step.tool for step in plan.steps] == ["predict"]


def test_a_model_that_says_something_judges_designs(planner: Planner) -> None:
    plan = planner.plan(
        "design 4 analogues of aspirin that the model says are soluble", Memory(models=["prop-1"])
    )
    assert plan.steps[0].args == {
        "objective": "high trained model, soluble", "smiles": ["aspirin"], "count": 4,
        "property_model": "prop-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "tool", "beyond"),
    [
        ("cluster the molecules in hits.csv", "profile_molecules", "clustering"),
        ("what is the IUPAC name of aspirin?", "profile_molecules", "IUPAC names"),
        ("flexible docking of aspirin in PTGS2", "dock_molecules", "flexible side chains"),
        ("generate 10 kinase inhibitors", "generate_molecules", "activity"),
        ("find compounds similar to aspirin in lib.smi", "profile_molecules",
         "a search within a file"),
    ],
)  # fmt: skip
def test_what_the_nearest_tool_does_not_do_is_said(
    planner: Planner, text: str, tool: str, beyond: str
) -> None:
    plan = planner.plan(text)
    assert [step.tool for step in plan.steps] == [tool]
    assert f"not followed: {beyond}" in plan.message


def test_antidotes_are_looked_up(planner: Planner) -> None:
    plan = planner.plan("antidotes for nerve agent poisoning")
    assert [step.tool for step in plan.steps] == ["search_literature"]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("optimise foobarol for QED", {"objective": "QED", "smiles": ["foobarol"]}),
        ("improve foobarol's solubility", {"objective": "solubility", "smiles": ["foobarol"]}),
        ("optimise molecules for QED", {"objective": "QED"}),
    ],
)
def test_a_start_that_is_not_known_reaches_the_tool(
    planner: Planner, text: str, args: dict[str, Any]
) -> None:
    assert planner.plan(text).steps[0].args == args
