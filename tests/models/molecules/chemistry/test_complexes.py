"""A salt stands for its organic part; a metal complex is not what is left without its metal."""

import pandas as pd
import pytest
from rdkit import Chem

from models.molecules.chemistry.complexes import unlike_its_parent
from models.molecules.chemistry.entries import read_entries
from models.molecules.chemistry.structure import identify
from models.molecules.properties.intake.door import read_molecules

COMPLEXES = [
    "N[Pt](N)(Cl)Cl", "N->[Pt](<-N)(Cl)Cl", "N.N.[Cl-].[Cl-].[Pt+2]",
    "[CH-]1C=CC=C1.[CH-]1C=CC=C1.[Fe+2]", "CC[Hg]Sc1ccccc1C(=O)O", "CCP(CC)(CC)=[Au]S",
    "C[Sn](C)(C)C", "O[Bi]1OC(=O)c2ccccc2O1", "[Li+].[Cl-]", "CN1C(=O)O[Zn]1",
]  # fmt: skip
SALTS = [
    "CC(=O)[O-].[Na+]", "CC(=O)O[Na]", "[Ca+2].CC(=O)[O-].CC(=O)[O-]", "CCN.Cl", "CCO",
    "CC(C)CC(N)B(O)O", "C[Si](C)(C)C", "[Zn+2].CC(=O)[O-].CC(=O)[O-]", "C[Se]CCC(N)C(=O)O",
    "Nc1ccc(cc1)[As](=O)(O)O", "[2H]C([2H])([2H])O",
]  # fmt: skip


@pytest.mark.parametrize("smiles", COMPLEXES)
def test_a_complex_is_not_its_organic_part(smiles: str) -> None:
    assert unlike_its_parent(Chem.MolFromSmiles(smiles))


@pytest.mark.parametrize("smiles", SALTS)
def test_a_salt_is_its_organic_part(smiles: str) -> None:
    assert unlike_its_parent(Chem.MolFromSmiles(smiles)) is None


def test_models_get_no_complex_and_rows_keep_their_numbers() -> None:
    read = read_molecules(pd.Series(["CCO", COMPLEXES[0], "CCN"]).tolist())
    assert read.rows.tolist() == [0, 2]
    assert "compound of Pt" in read.problems[1]
    entries, faults = read_entries(["CCO", COMPLEXES[0]], as_parent=True)
    assert [entry.row for entry in entries] == [1]
    assert faults[0].field == "smiles[2]"
    assert "another molecule" in faults[0].expected


def test_a_profile_of_a_complex_says_so() -> None:
    assert "compound of Pt" in identify(Chem.MolFromSmiles(COMPLEXES[0])).notes[0]
