"""The tool: files, words and refusals; the same again on replay."""

import csv
import threading
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem

from models.errors import ToolError
from models.store.runs import RunStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute
from tools.molecules.dock_molecules import Arguments, _seconds
from tools.replay import differences
from tools.worker import Worker

PLACE = {"target": "DHFR", "size": [13, 13, 13], "exhaustiveness": 1, "poses": 2}


def dock(workspace: Workspace, **arguments: Any) -> ToolResult:
    from models.molecules.docking.proteins.targets import find_target

    center = list(find_target("DHFR").box.center)
    return execute(workspace, "dock_molecules", PLACE | {"center": center} | arguments)


def test_a_docking_leaves_poses_table_pictures_and_a_view(workspace: Workspace) -> None:
    smiles = ["CCO", "acetone", "C[Hg]C", "not a molecule", "OCC"]
    result = dock(workspace, smiles=smiles)
    molecules = result.data["molecules"]
    # The second way to write ethanol is not docked again.
    assert {row["smiles"] for row in molecules} == {"CCO", "CC(C)=O"}
    assert [row["score"] for row in molecules] == sorted(row["score"] for row in molecules)
    assert [row["reason"] for row in result.data["refused"]] == [
        "it contains Hg, for which there are no parameters"
    ]
    assert [fault["field"] for fault in result.data["invalid"]] == ["smiles[4]"]
    assert f"{molecules[0]['score']:.1f} kcal/mol" in result.summary
    assert "C[Hg]C" in result.summary
    files = {Path(artifact.path).name: Path(artifact.path) for artifact in result.artifacts}
    assert set(files) == {
        "molecules.png", "contacts.png", "view.html", "docking.csv", "poses.sdf", "receptor.pdb",
    }  # fmt: skip
    assert all(path.stat().st_size for path in files.values())
    with files["docking.csv"].open() as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["score"]) for row in rows] == [row["score"] for row in molecules]
    poses = [*Chem.SDMolSupplier(str(files["poses.sdf"]))]
    assert len(poses) == sum(row["poses"] for row in molecules)
    assert {Chem.MolToSmiles(pose) for pose in poses} == {row["docked_smiles"] for row in molecules}
    assert float(poses[0].GetProp("score")) == molecules[0]["score"]
    record = RunStore(workspace).read(str(result.run))
    again = execute(workspace, "dock_molecules", record["arguments"], replays=result.run)
    assert differences(record, again.model_dump(mode="json")) == []


def test_molecules_of_a_file_are_docked_into_a_structure_of_ones_own(workspace: Workspace) -> None:
    from models.molecules.docking.proteins.receptor import packaged_receptor
    from models.molecules.docking.proteins.targets import find_target

    target = find_target("DHFR")
    x, y, z = target.box.center
    atoms = packaged_receptor(target).protein.pdb().removesuffix("END\n")
    marker = "".join(
        f"HETATM{i:5d}  C{i}  LIG A 900    {x + i:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           C\n"
        for i in range(1, 8)
    )
    Path("own.pdb").write_text(f"{atoms}{marker}END\n")
    Path("set.csv").write_text("name,smiles\nethanol,CCO\nmethanol-d,[2H]OC\n")
    result = execute(workspace, "dock_molecules", {
        "dataset": "set.csv", "receptor": "own.pdb", "exhaustiveness": 1, "limit": 1,
    })  # fmt: skip
    assert [row["label"] for row in result.data["molecules"]] == ["ethanol"]
    assert result.data["box"]["size"] == (20.0, 20.0, 20.0)
    assert "Left out of own.pdb: LIG" in result.summary


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"smiles": ["CCO"], "target": "DRD22"}, "target"),
        ({"smiles": ["CCO"], "target": None}, "target"),
        ({"smiles": ["CCO"], "target": None, "receptor": "missing.pdb"}, "receptor"),
        ({"smiles": ["CCO"], "receptor": "a.pdb"}, "receptor"),
        ({"smiles": ["CCO"], "center": None}, "center"),
        ({"smiles": ["CCO"], "center": [900, 0, 0]}, "center"),
        ({"smiles": ["C1CC"]}, "smiles[1]"),
        ({"smiles": ["C[Hg]C"]}, "smiles[1]"),
        ({"smiles": []}, "smiles"),
        ({}, "smiles"),
        ({"smiles": ["CCO"], "dataset": "x.smi"}, "dataset"),
        ({"smiles": ["CCO"], "center": None, "size": None, "ligand": "STI"}, "ligand"),
        ({"smiles": ["CCO"], "center": None, "size": None, "ligand": "none.sdf"}, "ligand"),
    ],
)
def test_what_cannot_be_docked_is_answered_by_field(
    workspace: Workspace, arguments: dict[str, Any], field: str
) -> None:
    with pytest.raises(ToolError) as caught:
        dock(workspace, **arguments)
    assert field in {fault.field for fault in caught.value.faults}
    assert RunStore(workspace).all() == []


def test_dangerous_compounds_are_not_docked(workspace: Workspace) -> None:
    with pytest.raises(ToolError) as caught:
        dock(workspace, smiles=["CCO", "CC(C)OP(C)(=O)F"])
    assert caught.value.kind == "unsafe"
    assert [fault.field for fault in caught.value.faults] == ["smiles[2]"]


def test_the_estimate_grows_with_work(workspace: Workspace) -> None:
    few, many, thorough = (
        _seconds(Arguments.model_validate({"target": "DRD2"} | given), workspace)
        for given in ({"smiles": ["risperidone"]}, {"smiles": ["risperidone"] * 20},
                      {"smiles": ["risperidone"], "exhaustiveness": 32})
    )  # fmt: skip
    assert 1 < few < thorough < many
    limited = Arguments(smiles=["aspirin"] * 50, target="DRD2", time_limit=3)
    assert _seconds(limited, workspace) == 3


@pytest.mark.slow
def test_a_cancelled_docking_leaves_no_process(workspace: Workspace) -> None:
    worker, cancelled = Worker(), threading.Event()
    arguments = {"smiles": ["risperidone"], "target": "DRD2", "exhaustiveness": 64}

    def report(fraction: float, message: str, metrics: dict[str, float]) -> None:
        cancelled.set()

    with pytest.raises(ToolError) as caught:
        worker.call(workspace, "dock_molecules", arguments, report, cancelled.is_set)
    assert caught.value.kind == "cancelled"
    assert worker.alive
    children = [path.read_text() for path in Path(f"/proc/{worker.pid}/task").glob("*/children")]
    assert "".join(children).split() == []
    worker.close()
