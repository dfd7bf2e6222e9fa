import csv
import time
from pathlib import Path
from typing import Any

import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import SUMMARY_LIMIT, ToolResult
from tools.execution import execute
from tools.molecules.words.answers import focus
from tools.registry import find_tool

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"


@pytest.fixture
def profiled(workspace: Workspace) -> Any:
    def call(*smiles: str, **arguments: Any) -> ToolResult:
        given = {"smiles": list(smiles)} if smiles else {}
        return execute(workspace, "profile_molecules", given | arguments)

    return call


def test_every_property_has_its_fixed_name(profiled: Any) -> None:
    (molecule,) = profiled(ASPIRIN).data["molecules"]
    assert {
        "molecular_weight", "exact_mass", "formula", "logp", "tpsa", "h_bond_donors",
        "h_bond_acceptors", "rotatable_bonds", "aromatic_rings", "fraction_sp3", "formal_charge",
        "qed", "synthetic_accessibility", "lipinski", "veber", "pains", "brenk",
        "gastrointestinal_absorption", "blood_brain_barrier", "inchikey", "smiles", "notes",
    } <= set(molecule)  # fmt: skip
    assert {"pass", "violations", "rules"} <= set(molecule["lipinski"])
    assert [alert["name"] for alert in molecule["brenk"]["alerts"]] == ["phenol_ester"]


def test_table_and_picture_are_kept_with_the_run(profiled: Any) -> None:
    result = profiled(ASPIRIN, "caffeine", "quercetin")
    files = {artifact.kind: Path(artifact.path) for artifact in result.artifacts}
    with files["table"].open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["name"] for row in rows] == ["", "caffeine", "quercetin"]
    assert rows[2]["pains"] == "catechol_A(92)"
    assert files["picture"].read_bytes().startswith(b"\x89PNG")
    assert result.run is not None


@pytest.mark.parametrize(
    ("form", "smiles", "weight"),
    [
        ("given", "[Na+].[O-]c1ccccn1", 117.08),
        ("parent", "Oc1ccccn1", 95.10),
        ("tautomer", "O=c1cccc[nH]1", 95.10),
    ],
)
def test_a_salt_is_taken_in_the_form_asked_for(
    profiled: Any, form: str, smiles: str, weight: float
) -> None:
    result = profiled("[Na+].[O-]c1ccccn1", form=form)
    (molecule,) = result.data["molecules"]
    assert (molecule["smiles"], result.data["form"]) == (smiles, form)
    assert molecule["molecular_weight"] == pytest.approx(weight, abs=0.01)
    assert (f"Taken as its {'canonical ' * (form == 'tautomer')}{form}" in result.summary) == (
        form != "given"
    )


def test_summary_says_the_numbers_and_what_names_stand_for(profiled: Any) -> None:
    summary = profiled("aspirin").summary
    for part in (ASPIRIN, "180.16", "1.3101", "63.60", "0.5501", "phenol_ester", "High"):
        assert part in summary


def test_summary_of_many_molecules_keeps_to_its_limit(profiled: Any) -> None:
    result = profiled(*["C" * length for length in range(1, 61)])
    assert len(result.summary) <= SUMMARY_LIMIT
    assert "more are in the table" in result.summary
    assert len(result.data["molecules"]) == 60


def test_summary_of_a_monstrous_salt_keeps_to_its_limit(profiled: Any) -> None:
    peptide = "NC(CS)C(=O)" * 40 + "[O-]"
    assert len(profiled(f"{peptide}.[Na+]").summary) <= SUMMARY_LIMIT


def test_a_text_alone_is_taken_for_a_list(profiled: Any) -> None:
    assert profiled(smiles="acetic acid").data["molecules"][0]["formula"] == "C2H4O2"


def test_bad_molecules_are_reported_by_row_beside_the_good(profiled: Any) -> None:
    result = profiled("CCO", "C1CC", "asprin")
    assert [fault["field"] for fault in result.data["invalid"]] == ["smiles[2]", "smiles[3]"]
    assert result.data["invalid"][1]["suggestion"] == "aspirin"
    assert "2 could not be read" in result.summary


def test_a_molecule_given_twice_is_told_by_its_rows(profiled: Any) -> None:
    result = profiled("OCC", "aspirin", "CCO", "C", ASPIRIN)
    assert result.data["repeated"] == [[1, 3], [2, 5]]
    assert "2 molecules are there more than once (same InChIKey): rows 1, 3; rows 2, 5." in (
        result.summary
    )
    assert profiled("Oc1ccccn1", "O=c1cccc[nH]1", form="tautomer").data["repeated"] == [[1, 2]]


@pytest.mark.parametrize("smiles", [["C1CC"], ["C1CC", "not a molecule", ""]])
def test_nothing_readable_is_an_error_with_every_fault(profiled: Any, smiles: list[str]) -> None:
    with pytest.raises(ToolError) as caught:
        profiled(*smiles)
    assert len(caught.value.faults) == len(smiles)


@pytest.mark.parametrize("arguments", [{}, {"smiles": ["C"], "dataset": "nci5k"}])
def test_molecules_and_dataset_exclude_each_other(profiled: Any, arguments: Any) -> None:
    with pytest.raises(ToolError) as caught:
        profiled(**arguments)
    assert [fault.field for fault in caught.value.faults] == ["smiles", "dataset"]


def test_an_empty_list_is_refused(profiled: Any) -> None:
    with pytest.raises(ToolError, match="no molecule"):
        profiled(smiles=[])


def test_a_file_is_profiled_with_its_names_and_bad_rows(profiled: Any) -> None:
    Path("hits.smi").write_text("CCO ethanol\nC1CC broken\nc1ccccc1 benzene\n")
    result = profiled(dataset="hits.smi")
    assert [molecule["label"] for molecule in result.data["molecules"]] == ["ethanol", "benzene"]
    assert result.data["invalid_count"] == 1
    weights = result.data["statistics"]["properties"]["molecular_weight"]
    assert weights["mean"] == pytest.approx((46.069 + 78.114) / 2, abs=0.001)


def test_another_column_can_hold_the_molecules(profiled: Any) -> None:
    Path("plate.csv").write_text("well,compound\nA1,CCO\nA2,CCN\n")
    with pytest.raises(ToolError) as caught:
        profiled(dataset="plate.csv")
    assert caught.value.faults[0].field == "smiles_column"
    assert profiled(dataset="plate.csv", smiles_column="compound").data["count"] == 2


def test_a_dataset_without_molecules_is_refused(profiled: Any) -> None:
    with pytest.raises(ToolError, match="no column called smiles"):
        profiled(dataset="breast_cancer")


@pytest.mark.slow
def test_five_thousand_molecules_take_seconds(profiled: Any) -> None:
    started = time.process_time()
    result = profiled(dataset="nci5k")
    assert time.process_time() - started < 90
    assert result.data["count"] > 4900
    assert "4991 molecules of nci5k" in result.summary


def test_a_call_replays_to_the_same_table(profiled: Any) -> None:
    tables = [
        next(Path(a.path) for a in profiled(ASPIRIN, "quercetin").artifacts if a.kind == "table")
        for _ in range(2)
    ]
    assert tables[0].read_bytes() == tables[1].read_bytes()


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Is aspirin drug-like?", "Yes: it keeps Lipinski's rule of five with no violation"),
        ("does it pass lipinski", "Yes: "),
        ("does aspirin violate the rule of five?", "No: no Lipinski violation."),
        ("How many Lipinski violations has it?", "Lipinski violations: 0."),
        ("QED please", "QED: 0.5501"),
        ("quantitative estimate of drug-likeness", "QED: 0.5501"),
        ("what is the molecular weight", "Molecular weight: 180.1590 g/mol"),
        ("how much does it weigh", "Molecular weight: 180.1590 g/mol"),
        ("logP?", "LogP: 1.3101."),
        ("calculate the TPSA", "Topological polar surface area: 63.6000 Å²."),
        ("SA score", "Synthetic accessibility: 1.5800"),
        ("Is it easy to make?", "Yes: synthetic accessibility: 1.5800"),
        ("does it trigger PAINS", "No: no PAINS alert."),
        ("Brenk alerts", "Yes: 1 Brenk alert, phenol_ester (CC(=O)Oc1ccccc1)."),
        ("GI absorption of aspirin", "Gastrointestinal absorption: High"),
        ("Is aspirin absorbed in the gut?", "Yes: high gastrointestinal absorption"),
        ("Can you tell me the GI absorption?", "Gastrointestinal absorption: High"),
        ("BBB permeant?", "Yes: blood-brain barrier permeant"),
        ("Veber", "Yes: it keeps Veber's rule"),
        ("how many H-bond donors", "Hydrogen-bond donors: 1."),
        ("number of rotatable bonds", "Rotatable bonds: "),
        ("its InChIKey", "InChIKey: BSYNRYMUTXBXSQ-UHFFFAOYSA-N."),
        ("formula of aspirin", "Formula: C9H8O4."),
        ("the exact mass of aspirin", "Exact mass, monoisotopic: 180.0423 g/mol."),
        ("number of stereocentres", "Stereocentres: 0."),
        ("does it contain an ester?", "Yes: 1 ester."),
        ("does aspirin have an amide?", "No: no amide."),
        ("which functional groups does it have?", "Functional groups and rings: ester (1), carb"),
        ("how many rings has it", "Rings: 1."),
        ("aromatic ring count", "Aromatic rings: 1."),
        ("molar refractivity", "Molar refractivity: 44.7103 cm³/mol."),
        ("fraction sp3", "Fraction of sp3 carbons: 0.1111."),
        ("formal charge?", "Formal charge: 0."),
        ("heavy atom count", "Heavy atoms: 13."),
        ("heteroatoms of aspirin", "Heteroatoms: 4."),
        ("how many atoms", "Atoms, hydrogens included: 21."),
        ("is aspirin toxic?", "Structural alerts (Brenk: phenol_ester; PAINS: none) are hints"),
    ],
)
def test_a_question_is_answered_value_first(question: str, start: str) -> None:
    answer = focus(question, ASPIRIN_DATA)
    assert answer is not None
    assert answer.startswith(start), answer


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Does aspirin break Lipinski's rule of five?", "No: it keeps Lipinski"),
        ("Is it true that aspirin does not break Lipinski?", "Yes: it keeps Lipinski"),
        ("Doesn't aspirin pass Lipinski?", "Yes: it keeps Lipinski"),
        ("Does it fail Veber?", "No: it keeps Veber's rule"),
        ("does it violate Veber's rule?", "No: it keeps Veber's rule"),
        ("Is aspirin free of PAINS?", "Yes: no PAINS alert."),
        ("Does aspirin pass the Brenk filter?", "No: 1 Brenk alert, phenol_ester"),
        ("Is it free of Lipinski violations?", "Yes: no Lipinski violation."),
        ("Does aspirin satisfy the Ghose filter?", "Yes: it keeps Ghose's rule"),
        ("Does it break the Muegge filter?", "Yes: it breaks Muegge's rule (molecular weight 180"),
        ("Is it within Egan's egg?", "Yes: it keeps Egan's rule"),
        ("Is aspirin poorly absorbed?", "No: high gastrointestinal absorption"),
        ("Is aspirin soluble in water?", "Yes: very soluble"),
        ("Is aspirin insoluble?", "No: very soluble"),
        ("Is aspirin hard to make?", "No: synthetic accessibility: 1.5800"),
        ("Is it chiral?", "No: no stereocentre."),
        ("Is aspirin neutral?", "Yes: formal charge 0."),
        ("Is the molecular weight below 500?", "Yes: molecular weight: 180.1590"),
        ("Is its logP at least 3?", "No: logP: 1.3101."),
        ("Is its QED above 0.5?", "Yes: QED: 0.5501"),
        ("Is its log solubility over -1?", "No: log solubility in water"),
        ("is the TPSA between 20 and 60?", "No: topological polar surface area: 63.6000"),
        ("Does it have more than 3 rings?", "No: rings: 1."),
    ],
)
def test_yes_and_no_are_said_as_the_question_is_put(question: str, start: str) -> None:
    answer = focus(question, ASPIRIN_DATA) or ""
    assert answer.startswith(start), answer


def test_one_violation_is_no_break_but_for_the_strict(profiled: Any) -> None:
    answer = focus("Does it break Lipinski?", profiled("C" * 16).data) or ""
    assert answer.startswith("No: it keeps Lipinski's rule of five with 1 violation (logP")
    assert "a strict reading that allows none would say yes" in answer


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Which is more lipophilic?", "ibuprofen has the higher logP, 3.0732 against 1.3101."),
        ("which has the lower TPSA", "ibuprofen has the lower topological polar surface area"),
        ("which is lighter?", "aspirin has the lower molecular weight"),
        ("which is the most drug-like?", "ibuprofen has the higher QED"),
        ("which is hardest to make?", "ibuprofen has the higher synthetic accessibility score"),
        ("which is more hydrophilic?", "aspirin has the lower logP"),
        ("Is aspirin heavier than ibuprofen?", "No: ibuprofen has the higher molecular weight"),
        ("which has fewer rings", "Both have the same number of rings, 1."),
        ("tell me more about the logP", "aspirin: LogP: 1.3101."),
        ("rank them by weight", "By molecular weight, higher first:\n1. ibuprofen"),
    ],
)
def test_a_comparison_names_who_has_more(profiled: Any, question: str, start: str) -> None:
    answer = focus(question, profiled("aspirin", "ibuprofen").data) or ""
    assert answer.startswith(start), answer


@pytest.mark.parametrize("question", ["Tell me about aspirin", "profile aspirin", ""])
def test_a_general_question_has_no_focus(question: str) -> None:
    assert focus(question, ASPIRIN_DATA) is None


def test_two_properties_are_both_answered() -> None:
    answer = focus("what is the logP and TPSA of aspirin", ASPIRIN_DATA) or ""
    assert "LogP: 1.3101." in answer
    assert "surface area: 63.6000" in answer


def test_what_is_no_molecule_is_named_with_the_reason_even_where_it_was_left_out(
    profiled: Any,
) -> None:
    data = profiled("CCO").data
    said = "Not read: smiles: got 'C1CCC', expected a SMILES or a known name (unclosed ring)."
    assert (focus("logP of CCO and C1CCC?", data) or "").endswith(said)
    answer = focus("Profile CCO and C1CCC", data) or ""
    assert answer.startswith("CCO: molecular weight 46.07")
    assert answer.endswith(said)
    for words in ("is CCO like CO2 or CC50?", "logP of CCO in (cats) and dogs"):
        assert "Not read" not in (focus(words, data) or "")


def test_the_letters_of_a_smiles_are_no_question() -> None:
    data = ASPIRIN_DATA | {"molecules": [ASPIRIN_DATA["molecules"][0] | {"given": "SAS logp"}]}
    assert focus("profile SAS logp", data) is None


def test_several_molecules_are_told_apart_and_ranked(profiled: Any) -> None:
    data = profiled("caffeine", "atorvastatin", "paracetomol").data
    lines = (focus("which is the most lipophilic?", data) or "").splitlines()
    assert lines[0] == "atorvastatin has the highest logP, 6.3136."
    assert lines[1] == "caffeine: LogP: -1.0293."
    assert "paracetamol" in lines[-1]
    easiest = focus("which is easiest to make", data) or ""
    assert easiest.startswith("caffeine has the lowest synthetic accessibility score")


def test_salts_are_named_in_the_answer(profiled: Any) -> None:
    answer = focus("logP?", profiled("sodium benzoate").data) or ""
    assert "salt or mixture of 2 parts" in answer
    assert "its parent is O=C(O)c1ccccc1, without [Na+]." in answer
    answer = focus("logP?", profiled("sodium benzoate", form="parent").data) or ""
    assert "Taken as its parent O=C(O)c1ccccc1, without [Na+]." in answer


def test_a_salt_that_a_name_states_is_said_to_be_left_out(profiled: Any) -> None:
    said = "sildenafil is taken without its citrate."
    result = profiled("sildenafil citrate")
    assert said in result.summary
    assert said in (focus("logP of sildenafil citrate", result.data) or "")
    drug = profiled("sildenafil").data
    assert said in (focus("logP of sildenafil citrate", drug) or "")
    assert said in (focus("profile sildenafil citrate", drug) or "")
    assert focus("profile sildenafil", drug) is None


def test_sulfur_is_mentioned_only_where_absorption_is_asked(profiled: Any) -> None:
    data = profiled("celecoxib").data
    assert "sulfur" in (focus("does it cross the BBB?", data) or "")
    assert "sulfur" not in (focus("QED?", data) or "")


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("give me the 2 with the best logP", ["1. C10 (CCCCCCCCCC): 4.1470", "2. C9 (CCCCCCCCC)"]),
        ("the three lightest molecules", ["1. C1 (C): 16.0430", "2. C2 (CC)", "3. C3 (CCC)"]),
        ("top 25 by molecular weight", ["20. C3 (CCC): 44.0970", "2 more are in the table."]),
    ],
)
def test_the_best_few_of_a_dataset_are_listed_beside_what_was_not_read(
    profiled: Any, question: str, lines: list[str]
) -> None:
    lengths = range(1, 23) if "25" in question else range(1, 11)
    rows = [f"C{length},{'C' * length}" for length in lengths]
    Path("hits.csv").write_text("\n".join(["name,smiles", *rows, "bad,C1CC"]))
    answer = focus(question, profiled(dataset="hits.csv").data) or ""
    assert answer.startswith(f"The {20 if '25' in question else len(lines)} of {len(rows)} with")
    assert all(line in answer for line in lines), answer
    assert "'C1CC', expected a SMILES or a known name (unclosed ring)" in answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("which molecules break Lipinski's rule?", "None of 3 break Lipinski's rule of five."),
        ("which of them keep the Ghose filter?", "1 of 3 keep Ghose's rule: aspirin."),
        ("which have a Brenk alert?", "1 of 3 have a Brenk alert: aspirin."),
        ("which are free of Brenk alerts?", "2 of 3 have no Brenk alert: ethanol, propane."),
        (
            "how many of these pass the blood-brain barrier?",
            "1 of 3 pass the blood-brain barrier: aspirin.",
        ),
    ],
)
def test_those_of_a_dataset_are_named_of_which_it_holds(
    profiled: Any, question: str, answer: str
) -> None:
    Path("hits.csv").write_text(f"name,smiles\nethanol,CCO\npropane,CCC\naspirin,{ASPIRIN}\n")
    told = focus(question, profiled(dataset="hits.csv").data) or ""
    assert told.startswith(answer), told


def test_the_best_few_of_a_list_are_all_that_is_told(profiled: Any) -> None:
    data = profiled(*["C" * length for length in range(1, 9)], "C1CC").data
    answer = focus("which 3 have the highest logP?", data) or ""
    assert answer.splitlines()[0] == "The 3 of 8 with the highest logP:"
    assert len(answer.splitlines()) == 5


def test_a_question_on_a_dataset_is_left_to_the_summary(profiled: Any) -> None:
    Path("hits.smi").write_text("CCO\nCCN\n")
    assert focus("mean QED?", profiled(dataset="hits.smi").data) is None


def test_costly_calls_are_foreseen(workspace: Workspace) -> None:
    tool = find_tool("profile_molecules")
    assert tool.estimate is not None
    Path("many.smi").write_text("c1ccccc1C(=O)NCCCCCCCCCCCCCCC(=O)Nc1ccccc1C\n" * 100_000)
    assert tool.estimate(tool.parse({"dataset": "many.smi"}), workspace) > 300
    assert tool.estimate(tool.parse({"dataset": "nci5k"}), workspace) == 0
    assert tool.estimate(tool.parse({"smiles": ["CCO"]}), workspace) < 1


def _aspirin_data() -> dict[str, Any]:
    from models.molecules.chemistry.properties import profile
    from models.molecules.chemistry.structure import parse_smiles

    given = {"row": 1, "given": "aspirin", "name": "aspirin", "label": "aspirin"}
    return {"molecules": [given | profile(parse_smiles(ASPIRIN))], "invalid": [], "dataset": None}


ASPIRIN_DATA = _aspirin_data()


def test_a_few_molecules_are_compared(profiled: Any) -> None:
    data = profiled("aspirin", "salicylic acid", "caffeine").data
    pairs = {tuple(pair["molecules"]): pair["tanimoto"] for pair in data["similarities"]["pairs"]}
    assert len(pairs) == 3
    assert pairs["aspirin", "salicylic acid"] > pairs["aspirin", "caffeine"]
    answer = focus("how similar are aspirin, salicylic acid and caffeine?", data) or ""
    assert f"{pairs['aspirin', 'caffeine']:.4f}" in answer
    assert not profiled(*(["C" * n for n in range(1, 9)])).data["similarities"]["pairs"]


def test_what_only_measurements_tell_is_not_made_up() -> None:
    answer = focus("what are the pKa and logP of aspirin?", ASPIRIN_DATA) or ""
    assert "LogP: 1.3101." in answer
    assert "Not computed from the structure: pKa." in answer
    answer = focus("Is aspirin a P-gp substrate?", ASPIRIN_DATA) or ""
    assert answer.startswith("Not computed from the structure: P-gp substrate.")
    assert (focus("melting point of aspirin?", ASPIRIN_DATA) or "").startswith("Not computed")


def test_a_misspelt_drug_beside_a_known_one_is_named(profiled: Any) -> None:
    data = profiled("lorlatanib", "aspirin").data
    answer = focus("logP of lorlatanib and aspirin", data) or ""
    assert answer.startswith("aspirin: LogP: 1.3101.")
    assert "did you mean 'lorlatinib'?" in answer


def test_identifiers_are_given_where_they_are_asked_for() -> None:
    assert focus("convert aspirin to InChI", ASPIRIN_DATA) == (
        "InChI: InChI=1S/C9H8O4/c1-6(10)13-8-5-3-2-4-7(8)9(11)12/h2-5H,1H3,(H,11,12)."
    )
    assert focus("what is the SMILES of aspirin", ASPIRIN_DATA) == f"SMILES: {ASPIRIN}."
