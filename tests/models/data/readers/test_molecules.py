"""One library in many forms is the same library: no record lost, renumbered or renamed."""

from pathlib import Path

import pytest
from rdkit import Chem

from models.data.readers.molecules import is_identifier
from models.data.tables import Dataset, load_dataset
from models.store.workspace import Workspace

LIBRARY = [
    ("2244", "CC(=O)Oc1ccccc1C(=O)O"), ("2519", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"),
    ("0042", None), ("1983", "CC(=O)Nc1ccc(O)cc1"), ("702", "CCO"), ("996", "Oc1ccccc1"),
]  # fmt: skip
"""Identifiers as a vendor writes them; None is a record that is no molecule."""
BROKEN = "CN(C)(C)C"


def _sdf(identified_by: str) -> str:
    records = []
    for identifier, smiles in LIBRARY:
        molecule = Chem.MolFromSmiles(smiles or BROKEN, sanitize=False)
        block = Chem.MolToMolBlock(molecule, kekulize=False)
        title = identifier if identified_by == "title" else ""
        field = f">  <CID>\n{identifier}\n\n" if identified_by == "CID" else ""
        records.append(f"{title}\n{block.split(chr(10), 1)[1]}{field}$$$$\n")
    return "".join(records)


FORMS = {
    "last.csv": "smiles,compound_id\n" + "\n".join(f"{s or BROKEN},{i}" for i, s in LIBRARY),
    "first.csv": "CID,SMILES\n" + "\n".join(f"{i},{s or BROKEN}" for i, s in LIBRARY),
    "semicolons.csv": "id;smiles\n" + "\n".join(f"{i};{s or BROKEN}" for i, s in LIBRARY),
    "tabs.tsv": "Name\tSMILES\n" + "\n".join(f"{i}\t{s or BROKEN}" for i, s in LIBRARY),
    "plain.smi": "\n".join(f"{s or BROKEN} {i}" for i, s in LIBRARY),
    "header.smi": "smiles id\n" + "\n".join(f"{s or BROKEN} {i}" for i, s in LIBRARY),
    "name_first.smi": "\n".join(f"{i} {s or BROKEN}" for i, s in LIBRARY),
    "tabs.smi": "\n".join(f"{s or BROKEN}\t{i}" for i, s in LIBRARY),
    "title.sdf": _sdf("title"),
    "property.sdf": _sdf("CID"),
    "windows.sdf": _sdf("title").replace("\n", "\r\n"),
    "cut.sdf": _sdf("title").removesuffix("$$$$\n"),
}  # fmt: skip


def load(folder: Path, name: str, text: str) -> Dataset:
    (folder / name).write_bytes(text.encode())
    return load_dataset(str(folder / name), Workspace(folder / "workspace", (folder,)))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_molecule_for_the_same_identifier(
    tmp_path: Path, form: str
) -> None:
    dataset = load(tmp_path, form, FORMS[form])
    assert dataset.smiles_column
    filled = dataset.frame.dropna(axis="columns", how="all")
    identifiers = [name for name in filled if is_identifier(str(name))]
    assert len(identifiers) == 1
    assert filled[identifiers[0]].tolist() == [identifier for identifier, _ in LIBRARY]
    for given, (_, smiles) in zip(filled[dataset.smiles_column], LIBRARY, strict=True):
        if smiles is not None:
            one, other = (Chem.MolToSmiles(Chem.MolFromSmiles(text)) for text in (given, smiles))
            assert one == other


def test_an_unreadable_record_keeps_its_row_its_fields_and_its_reason(tmp_path: Path) -> None:
    text = _sdf("title").replace("M  END\n$$$$", "M  END\n>  <y>\n7.5\n\n$$$$")
    dataset = load(tmp_path, "a.sdf", text)
    assert dataset.frame["smiles"].isna().tolist() == [False, False, True, False, False, False]
    assert dataset.frame["y"].tolist() == [7.5] * 6
    note = next(note for note in dataset.notes if "record" in note)
    assert "1 of 6" in note
    assert "record 3 (0042): Explicit valence for atom # 1 N" in note


def test_a_blank_record_is_a_row_too(tmp_path: Path) -> None:
    first, rest = _sdf("title").split("$$$$\n", 1)
    dataset = load(tmp_path, "a.sdf", f"{first}$$$$\n$$$$\n{rest}")
    assert dataset.frame["id"].tolist()[:3] == ["2244", "record 2", "2519"]


def test_a_property_does_not_replace_the_structure_or_the_title(tmp_path: Path) -> None:
    fields = ">  <smiles>\nCCCC\n\n>  <id>\nother\n\n$$$$"
    dataset = load(tmp_path, "a.sdf", _sdf("title").replace("$$$$", fields))
    assert dataset.frame["smiles"][4] == "CCO"
    assert dataset.frame["id"][4] == "702"
    assert dataset.frame["smiles_property"][4] == "CCCC"
    assert dataset.frame["id_property"][4] == "other"


def test_extensions_of_a_smiles_are_not_its_name(tmp_path: Path) -> None:
    dataset = load(tmp_path, "a.smi", "C[C@H](N)O |&1:1| racemate\nCCO ethanol\n")
    assert dataset.frame["id"].tolist() == ["racemate", "ethanol"]


@pytest.mark.parametrize(
    "name", ["id", "compound_id", "Molecule ChEMBL ID", "CID", "PUBCHEM_CID", "molId", "Name"]
)
def test_identifiers_are_told_by_their_names(name: str) -> None:
    assert is_identifier(name)


@pytest.mark.parametrize("name", ["activity", "pIC50", "acid", "valid", "solid", "logP", "rapid"])
def test_other_columns_are_not(name: str) -> None:
    assert not is_identifier(name)
