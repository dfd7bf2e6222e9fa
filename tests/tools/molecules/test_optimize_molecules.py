"""Designing molecules: better than the start, near where asked, the same again, and refusals."""

import csv
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator as fingerprints  # noqa: N813
from rdkit.Chem.rdMolDescriptors import CalcTPSA

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute

NAPROXEN = "COc1ccc2cc(ccc2c1)C(C)C(=O)O"


def optimize(workspace: Workspace, **arguments: Any) -> ToolResult:
    return execute(workspace, "optimize_molecules", {"evaluations": 150} | arguments)


def similarity(first: str, second: str) -> float:
    generator = fingerprints.GetMorganGenerator(radius=2, fpSize=2048)
    prints = [generator.GetFingerprint(Chem.MolFromSmiles(smiles)) for smiles in (first, second)]
    return float(DataStructs.TanimotoSimilarity(*prints))


def test_results_are_better_than_the_start_and_near_it(workspace: Workspace) -> None:
    result = optimize(workspace, objective="more soluble, qed", smiles=["naproxen"],
                      min_similarity=0.4, count=5)  # fmt: skip
    molecules = result.data["molecules"]
    assert len(molecules) == 5
    assert result.data["judged"] == 150
    assert molecules[0]["score"] > result.data["best_of_start"]
    for one in molecules:
        assert one["smiles"] == Chem.CanonSmiles(one["smiles"])
        assert one["similarity"] == pytest.approx(similarity(one["smiles"], NAPROXEN), abs=1e-3)
        assert one["similarity"] >= 0.4
        assert set(one["values"]) == {"log_solubility", "qed"}
    assert all(Path(artifact.path).is_file() for artifact in result.artifacts)
    table = next(a.path for a in result.artifacts if a.kind == "table")
    with Path(table).open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 150
    assert [float(row["score"]) for row in rows] == sorted(
        (float(row["score"]) for row in rows), reverse=True
    )
    judged = {row["smiles"] for row in rows}
    assert all(set(row["parents"].split()) <= judged for row in rows)


def test_the_same_seed_gives_the_same_molecules(workspace: Workspace) -> None:
    first, second = (optimize(workspace, objective="qed", evaluations=120, seed=4).data
                     for _ in range(2))  # fmt: skip
    other = optimize(workspace, objective="qed", evaluations=120, seed=5).data
    assert first == second
    assert first["molecules"] != other["molecules"]


def test_bounds_are_met(workspace: Workspace) -> None:
    result = optimize(workspace, objective="tpsa 60 to 80, no alerts, no nitro", count=8)
    nitro = Chem.MolFromSmarts("[N+](=O)[O-]")
    for one in result.data["molecules"]:
        molecule = Chem.MolFromSmiles(one["smiles"])
        assert 60 <= CalcTPSA(molecule) <= 80
        assert not molecule.HasSubstructMatch(nitro)
        assert one["values"]["alerts"] == 0


def test_analogues_stay_near_when_nobody_says_how_near(workspace: Workspace) -> None:
    result = optimize(workspace, objective="lower logp", smiles=[NAPROXEN], evaluations=60)
    assert min(one["similarity"] for one in result.data["molecules"]) >= 0.3
    assert "0.3 similar" in result.summary


def test_time_limit_ends_a_search(workspace: Workspace) -> None:
    result = optimize(
        workspace, objective="qed", smiles=[NAPROXEN], min_similarity=0,
        evaluations=1_000_000, time_limit=5,
    )  # fmt: skip
    assert result.data["judged"] < 50_000


def test_every_fault_is_named(workspace: Workspace) -> None:
    with pytest.raises(ToolError) as caught:
        optimize(workspace, objective="qed", smiles=["C1CC", "naproxenn"])
    assert [fault.field for fault in caught.value.faults] == ["smiles[1]", "smiles[2]"]
    assert caught.value.faults[1].suggestion == "naproxen"
    with pytest.raises(ToolError) as caught:
        optimize(workspace, objective="qed, solubilty, wisdom")
    assert {"solubilty", "wisdom"} == {fault.got.strip("'") for fault in caught.value.faults}
    with pytest.raises(ToolError, match="stay similar to") as caught:
        optimize(workspace, objective="qed", min_similarity=0.5)
    assert not any(workspace.runs.glob("run-*"))


@pytest.mark.parametrize(
    "arguments",
    [
        {"objective": "similar to CC(C)OP(C)(=O)F"},
        {"objective": "qed", "smiles": ["CC(C)OP(C)(=O)F"]},
        {"objective": "qed", "smiles": ["oxycodone"]},
        {"objective": "qed, with CCP(=O)(F)OC"},
    ],
)
def test_weapons_are_refused(workspace: Workspace, arguments: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match="weapons, poisons"):
        optimize(workspace, **arguments)


def test_results_that_miss_a_bound_are_said_to(workspace: Workspace) -> None:
    objective = {"objective": "weight above 900, qed", "evaluations": 30, "count": 4}
    result = execute(workspace, "optimize_molecules", objective)
    assert "None of them is within the bounds." in result.summary
    assert "; misses weight at least 900)" in result.summary
    assert result.data["molecules"][0]["missed"] == ["weight at least 900"]
    easy = objective | {"objective": "weight above 50, qed"}
    met = execute(workspace, "optimize_molecules", easy)
    assert "All of them are within the bounds." in met.summary
    assert met.data["molecules"][0]["missed"] == []


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"evaluations": 3}, "10 to 1,000,000"),
        ({"count": 0}, "1 to 1,000"),
        ({"count": 1_000_000}, "1 to 1,000"),
    ],
)
def test_limits_are_named_whole(workspace: Workspace, wrong: dict[str, int], expected: str) -> None:
    with pytest.raises(ToolError) as caught:
        execute(workspace, "optimize_molecules", {"objective": "qed"} | wrong)
    ((name, value),) = wrong.items()
    (fault,) = caught.value.faults
    assert (fault.field, fault.got, fault.expected) == (name, str(value), expected)


def test_fewer_than_were_asked_for_is_said(workspace: Workspace) -> None:
    asked = {"objective": "qed", "evaluations": 10, "count": 100}
    result = execute(workspace, "optimize_molecules", asked)
    assert len(result.data["molecules"]) < 10
    assert "100 were asked for; more evaluations may find more." in result.summary
