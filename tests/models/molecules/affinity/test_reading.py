"""Tables of pairs and files of sequences are read as people have them."""

import csv
import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from models.data.tables import load_dataset
from models.errors import ToolError
from models.molecules.affinity.columns import find_columns
from models.molecules.affinity.pairs import Pairs, read_pairs
from models.molecules.affinity.sequences import is_sequence, read_sequences
from models.store.workspace import Workspace

FIRST = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSG"
SECOND = "MSTNPKPQRKTKRNTNRRPQDVKFPGGGQIVGGVYLLPRRGPRLGVRATR"
SMILES = ["CC(=O)Oc1ccccc1C(=O)O", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "CC(C)Cc1ccc(cc1)C(C)C(=O)O"]


def read(workspace: Workspace, frame: pd.DataFrame, unit: str = "auto") -> Pairs:
    frame.to_csv("pairs.csv", index=False)
    dataset = load_dataset("pairs.csv", workspace)
    columns = find_columns(dataset, None, None, None, unit)
    return read_pairs(dataset, columns, None, workspace)


def test_columns_are_found_by_what_they_hold(workspace: Workspace) -> None:
    pairs = read(
        workspace,
        pd.DataFrame({"drug": SMILES, "prot": [FIRST, SECOND, FIRST], "kd_nm": [1.0, 10.0, 1e4]}),
    )
    assert pairs.value.tolist() == [9.0, 8.0, 5.0]
    assert pairs.sequences == [FIRST, SECOND]
    assert pairs.protein.tolist() == [0, 1, 0]
    assert any("kd_nm in nM" in note for note in pairs.notes)


def test_an_export_of_bindingdb_is_read_by_its_headers(workspace: Workspace) -> None:
    frame = pd.DataFrame(
        {
            "BindingDB Reactant_set_id": [1, 2, 3],
            "Ligand SMILES": SMILES,
            "Target Name": ["Kinase A", "Kinase B", "Kinase A"],
            "Ki (nM)": [None, None, "5"],
            "IC50 (nM)": ["10", ">10000", None],
            "Kd (nM)": [None, None, None],
            "BindingDB Target Chain Sequence": [FIRST, SECOND, FIRST],
        }
    )
    frame.to_csv("pairs.tsv", index=False, sep="\t")
    dataset = load_dataset("pairs.tsv", workspace)
    columns = find_columns(dataset, None, None, None, "auto")
    assert (columns.smiles, columns.protein) == ("Ligand SMILES", "Target Name")
    assert (columns.value, columns.target) == ("IC50 (nM)", "pIC50")
    pairs = read_pairs(dataset, columns, None, workspace)
    assert pairs.value.tolist() == [8.0, 5.0]
    assert (pairs.proteins, pairs.sequences) == (["Kinase A", "Kinase B"], [FIRST, SECOND])
    said = " ".join([*dataset.notes, *pairs.notes])
    assert "having most values (2; Ki (nM) 1" in said
    assert "detection limits such as >10000 taken as the limit (1 values)" in said
    named = find_columns(dataset, None, None, "ki (nm)", "auto")
    assert (named.value, named.target, named.notes) == ("Ki (nM)", "pKi", ())


def test_an_export_of_chembl_is_read_by_its_headers(workspace: Workspace) -> None:
    frame = pd.DataFrame(
        {
            "Molecule ChEMBL ID": ["CHEMBL25", "CHEMBL113", "CHEMBL521"],
            "Smiles": SMILES,
            "Standard Type": ["Ki"] * 3,
            "Standard Relation": ["'='", "'='", "'>'"],
            "Standard Value": [10.0, 100.0, 10_000.0],
            "Standard Units": ["nM"] * 3,
            "pChEMBL Value": [8.0, 7.0, None],
            "Target Name": ["A", "B", "A"],
        }
    )
    frame.to_csv("chembl.csv", index=False, sep=";", quoting=csv.QUOTE_ALL)
    dataset = load_dataset("chembl.csv", workspace)
    columns = find_columns(dataset, None, None, None, "auto")
    assert (columns.smiles, columns.protein, columns.value, columns.unit) == (
        "Smiles", "Target Name", "pChEMBL Value", "log",
    )  # fmt: skip
    columns = find_columns(dataset, None, None, "Standard Value", "auto")
    pairs = read_pairs(dataset, columns, None, workspace)
    assert (columns.target, pairs.value.tolist()) == ("pKi", [8.0, 7.0, 5.0])
    assert any("1 values of Standard Value are limits" in note for note in pairs.notes)


def test_repeated_and_unreadable_rows(workspace: Workspace) -> None:
    frame = pd.DataFrame(
        {
            "smiles": [SMILES[0], SMILES[0] + ".Cl", "no molecule", SMILES[1], SMILES[1]],
            "protein": ["A", "A", "A", "A", "B"],
            "affinity": [5.0, 7.0, 6.0, None, 8.0],
        }
    )
    pairs = read(workspace, frame)
    assert pairs.value.tolist() == [6.0, 8.0]
    assert pairs.row.tolist() == [0, 4]
    said = " ".join(pairs.notes)
    assert "row 2" in said
    assert "differ by up to 2" in said
    assert "2 proteins have no sequence" in said


def test_sequences_beside_the_table(workspace: Workspace) -> None:
    Path("pairs_proteins.json").write_text(json.dumps({"A": FIRST, "B": SECOND}))
    frame = pd.DataFrame({"smiles": SMILES, "protein": ["A", "B", "A"], "affinity": [5.0, 6, 7]})
    pairs = read(workspace, frame)
    assert pairs.sequences == [FIRST, SECOND]
    assert "sequences from pairs_proteins.json" in pairs.notes


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.fasta", f">A human kinase\n{FIRST[:30]}\n{FIRST[30:]}\n>B\n{SECOND}*\n"),
        ("a.json", json.dumps({"A": FIRST.lower(), "B": SECOND})),
        ("a.csv", f"name,sequence\nA,{FIRST}\nB,{SECOND}\n"),
        ("a.tsv", f"sequence\tname\n{FIRST}\tA\n{SECOND}\tB\n"),
    ],
)
def test_files_of_sequences(workspace: Workspace, name: str, text: str) -> None:
    Path(name).write_text(text)
    assert read_sequences(name, workspace) == {"A": FIRST, "B": SECOND}


@pytest.mark.parametrize("text", ["", "[1, 2]", "name,sequence\nA,xyz\n", '{"A": "tooshort"}'])
def test_files_without_sequences(workspace: Workspace, text: str) -> None:
    Path("a.json").write_text(text)
    with pytest.raises(ToolError, match="holds no protein sequences"):
        read_sequences("a.json", workspace)


def test_every_column_that_lacks_is_named(workspace: Workspace) -> None:
    pd.DataFrame({"a": ["x", "y"], "b": ["u", "v"]}).to_csv("a.csv", index=False)
    dataset = load_dataset("a.csv", workspace)
    with pytest.raises(ToolError) as error:
        find_columns(dataset, None, None, None, "auto")
    fields = {fault.field for fault in error.value.faults}
    assert fields == {"smiles_column", "protein_column", "affinity_column"}
    with pytest.raises(ToolError) as error:
        find_columns(dataset, "aa", None, None, "auto")
    assert error.value.faults[0].suggestion == "a"


def test_a_sequence_is_told_from_a_name() -> None:
    assert is_sequence(FIRST)
    assert not is_sequence("EGFR")
    assert not is_sequence("dopamine receptor D2 of the human brain")


@pytest.mark.shared_data
def test_davis(workspace: Workspace, shared_data: Path) -> None:
    folder = shared_data / "affinity"
    rows = gzip.decompress((folder / "davis.csv.gz").read_bytes()).decode().count("\n") - 1
    dataset = load_dataset(str(folder / "davis.csv.gz"), Workspace(workspace.root, (folder,)))
    columns = find_columns(dataset, None, None, None, "auto")
    assert (columns.smiles, columns.protein, columns.value) == ("smiles", "protein", "affinity")
    assert columns.unit == "log"
    pairs = read_pairs(dataset, columns, None, Workspace(workspace.root, (folder,)))
    assert len(pairs) == rows
    assert (len(pairs.smiles), len(pairs.proteins)) == (68, 442)
    assert all(pairs.sequences)
