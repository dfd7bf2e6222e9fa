import tracemalloc

from rdkit import Chem
from rdkit.Chem.Pharm2D import Generate, Gobbi_Pharm2D

from models.molecules.chemistry.names import compounds
from models.molecules.design.pharmacophores import pharmacophores

ODD = ["C", "CC", "[Na+].[Cl-]", "CCO.OCC", "O=C(O)c1ccccc1C(=O)O", "C" * 120 + "O"]


def test_they_are_those_that_rdkit_finds_one_by_one() -> None:
    smiles = [compound.smiles for compound in compounds()[::12]]
    for one in [*ODD, *smiles]:
        molecule = Chem.MolFromSmiles(one)
        slow = Generate.Gen2DFingerprint(molecule, Gobbi_Pharm2D.factory)
        assert list(pharmacophores(molecule).GetOnBits()) == list(slow.GetOnBits()), one


def test_a_chain_of_hundreds_of_features_takes_little_memory() -> None:
    chain = Chem.MolFromSmiles("NCC(=O)" * 150 + "O")
    tracemalloc.start()
    found = pharmacophores(chain)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200e6
    shorter = pharmacophores(Chem.MolFromSmiles("NCC(=O)" * 60 + "O"))
    assert list(found.GetOnBits()) == list(shorter.GetOnBits())
    assert found.GetNumOnBits() > 100
