"""The structures that tools leave beside their tables are read back as they were."""

from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem

from models.data.tables import load_dataset
from models.molecules.chemistry.sdf import write_sdf
from models.store.workspace import Workspace
from tools.execution import execute


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("profile_molecules", {"smiles": ["aspirin", "C[C@H](N)C(=O)O", "CC.[Na+].[Cl-]"]}),
        ("generate_molecules", {"count": 3}),
        ("optimize_molecules", {"objective": "qed", "smiles": ["aspirin"], "evaluations": 40,
                                "count": 3}),
    ],
)  # fmt: skip
def test_an_sdf_and_an_smi_hold_the_molecules_of_the_result(
    workspace: Workspace, tool: str, arguments: dict[str, Any]
) -> None:
    result = execute(workspace, tool, arguments)
    expected = [row["smiles"] for row in result.data["molecules"]]
    sdf = next(Path(a.path) for a in result.artifacts if a.path.endswith(".sdf"))
    read = list(Chem.SDMolSupplier(str(sdf)))
    assert [Chem.MolToSmiles(molecule) for molecule in read] == expected
    assert [molecule.GetProp("smiles") for molecule in read] == expected
    # What one tool wrote, another reads.
    for path in (sdf, sdf.with_suffix(".smi")):
        dataset = load_dataset(str(path), workspace)
        assert dataset.smiles_column is not None
        assert list(map(Chem.CanonSmiles, dataset.frame[dataset.smiles_column])) == expected


def test_words_with_breaks_stay_in_their_field() -> None:
    molecule = Chem.MolFromSmiles("CCO")
    text = write_sdf([(molecule, "a\nname", {"notes": "one\n\n$$$$\ntwo", "count": 3})])
    supplier = Chem.SDMolSupplier()
    supplier.SetData(text)
    (read,) = supplier
    assert read.GetProp("_Name") == "a name"
    assert (read.GetProp("notes"), read.GetIntProp("count")) == ("one $$$$ two", 3)
