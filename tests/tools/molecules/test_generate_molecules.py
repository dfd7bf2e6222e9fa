"""Training a generator of molecules and drawing from it, by the tools."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem
from rdkit.Chem.Descriptors import MolWt
from rdkit.Chem.rdMolDescriptors import CalcTPSA

from models.errors import ToolError
from models.molecules.chemistry.names import compounds
from models.store.registry import ModelStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import CancellationError, execute


def generate(workspace: Workspace, **arguments: Any) -> ToolResult:
    return execute(workspace, "generate_molecules", arguments)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, ToolResult]]:
    """A generator that has hardly learnt the bundled drugs."""
    root = tmp_path_factory.mktemp("generation")
    workspace = Workspace(root / "workspace", (root,))
    lines = [compound.smiles for compound in compounds()][:220]
    (root / "drugs.csv").write_text("smiles\n" + "\n".join([*lines, "C1CC"]) + "\n")
    arguments = {"dataset": str(root / "drugs.csv"), "epochs": 4, "seed": 3}
    yield workspace, execute(workspace, "train_molecule_generator", arguments)


def test_training_keeps_a_model_with_its_figures(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, result = trained
    manifest = ModelStore(workspace).manifest("gen-1")
    assert result.data["model"] == "gen-1"
    assert manifest["kind"] == "molecule_generator"
    assert manifest["metrics"]["validity"]["value"] == result.data["metrics"]["validity"]
    assert result.data["metrics"]["validity"] > 0.9
    assert result.data["split"]["test"] == round(0.1 * (result.data["split"]["train"] / 0.9))
    assert any("rows are no molecules" in note for note in result.data["notes"])
    card = ModelStore(workspace).card("gen-1")
    assert "token pairs" in card
    assert all(Path(artifact.path).is_file() for artifact in result.artifacts)


def test_drawing_from_it_is_the_same_again(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, _ = trained
    first, second = (generate(workspace, model="gen-1", count=15, seed=2) for _ in range(2))
    assert first.data == second.data
    assert len(first.data["molecules"]) == 15
    assert first.data["generator"] == "gen-1"
    smiles = [one["smiles"] for one in first.data["molecules"]]
    assert smiles == [Chem.CanonSmiles(one) for one in dict.fromkeys(smiles)]
    table = next(a.path for a in first.artifacts if a.kind == "table")
    with Path(table).open() as file:
        assert [row["smiles"] for row in csv.DictReader(file)] == smiles


def test_the_shipped_generator_meets_bounds(workspace: Workspace) -> None:
    result = generate(workspace, count=12, constraints="weight 250 to 400, tpsa < 90, no alerts")
    assert len(result.data["molecules"]) == 12
    for one in result.data["molecules"]:
        molecule = Chem.MolFromSmiles(one["smiles"])
        assert 250 <= MolWt(molecule) <= 400
        assert CalcTPSA(molecule) < 90
    assert result.data["generator"] == "the shipped generator"


@pytest.mark.parametrize("named", ["c1ccc2[nH]ccc2c1", "Indole"])
def test_scaffold_is_kept(workspace: Workspace, named: str) -> None:
    scaffold = "c1ccc2[nH]ccc2c1"
    result = generate(workspace, count=6, scaffold=named)
    pattern = Chem.MolFromSmiles(scaffold)
    assert result.data["made_by"] == {"decorated": 6}
    for one in result.data["molecules"]:
        assert Chem.MolFromSmiles(one["smiles"]).HasSubstructMatch(pattern)


def test_teaching_a_generator_raises_the_score(workspace: Workspace) -> None:
    found = execute(
        workspace, "optimize_molecules",
        {"objective": "qed", "method": "reinforcement", "evaluations": 250},
    ).data  # fmt: skip
    assert found["judged"] == 250
    assert found["molecules"][0]["score"] > 0.85


def test_teaching_starts_from_what_would_not_be_proposed(workspace: Workspace) -> None:
    arguments = {"objective": "qed", "smiles": ["CCOOCC"], "min_similarity": 0,
                 "method": "reinforcement", "evaluations": 80}  # fmt: skip
    found = execute(workspace, "optimize_molecules", arguments).data
    assert found["molecules"][0]["score"] > found["best_of_start"]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"model": "gen-9"}, "model"),
        ({"constraints": "wisdom above 3"}, "constraints"),
        ({"scaffold": "C1CC"}, "scaffold[1]"),
        ({"scaffold": "CC(C)OP(C)(=O)F"}, "scaffold"),
        ({"count": 0}, "count"),
    ],
)
def test_what_cannot_be_is_named(
    workspace: Workspace, arguments: dict[str, Any], field: str
) -> None:
    with pytest.raises(ToolError) as caught:
        generate(workspace, **arguments)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_weapons_are_no_goal(workspace: Workspace) -> None:
    with pytest.raises(ToolError, match="weapons"):
        generate(workspace, constraints="similar to CC(C)OP(C)(=O)F above 0.5")


def test_cancelled_training_leaves_nothing(trained: tuple[Workspace, ToolResult]) -> None:
    workspace, _ = trained
    names = ModelStore(workspace).names()

    def stop(fraction: float, message: str, metrics: dict[str, float]) -> None:
        if fraction > 0.2:
            raise CancellationError

    arguments = {"dataset": str(workspace.root.parent / "drugs.csv")}
    with pytest.raises(ToolError, match="cancelled"):
        execute(workspace, "train_molecule_generator", arguments, report=stop)
    assert ModelStore(workspace).names() == names
