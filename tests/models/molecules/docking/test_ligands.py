"""Preparing ligands: charges, stereochemistry, salts, and what cannot be docked."""

import pytest
from rdkit import Chem

from models.molecules.docking.ligand import UnfitError, heavy_lines, prepare

SEED = 11


def read(smiles: str) -> Chem.Mol:
    return Chem.MolFromSmiles(smiles)


@pytest.mark.parametrize(
    ("smiles", "docked"),
    [
        ("CC(=O)Oc1ccccc1C(=O)O", "CC(=O)Oc1ccccc1C(=O)[O-]"),
        ("CN(C)CCO.Cl", "C[NH+](C)CCO"),
        ("[Na+].[O-]C(=O)c1ccccc1", "O=C([O-])c1ccccc1"),
        ("Cn1cnc2c1c(=O)n(C)c(=O)n2C", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"),
        ("[13CH3]CO", "CCO"),
        ("C[C@H](N)C(=O)O", "C[C@H]([NH3+])C(=O)[O-]"),
        ("C/C=C/C(=O)O", "C/C=C/C(=O)[O-]"),
    ],
)
def test_the_parent_is_charged_as_at_ph_7_4_and_keeps_its_stereo(smiles: str, docked: str) -> None:
    ligand = prepare(read(smiles), SEED)
    assert Chem.CanonSmiles(Chem.MolToSmiles(ligand.molecule)) == Chem.CanonSmiles(docked)
    assert sorted(ligand.order) == list(range(ligand.molecule.GetNumAtoms()))
    assert len(heavy_lines(ligand.pdbqt)) == ligand.molecule.GetNumHeavyAtoms()


def test_what_was_stripped_or_left_open_is_said() -> None:
    notes = prepare(read("CC(N)C(=O)O.Cl"), SEED).notes
    assert notes == (
        "stripped of Cl",
        "1 of 1 stereocentres unspecified; one isomer was docked",
    )
    assert "isotope labels are left out" in prepare(read("[2H]OCC"), SEED).notes
    ring = prepare(read("O=C1CCCCCCCCCCCCCCO1"), SEED)
    assert any("ring of 16" in note for note in ring.notes)


def test_the_same_seed_makes_the_same_conformer() -> None:
    one, same, other = (prepare(read("CCOC(=O)CCC"), seed).pdbqt for seed in (1, 1, 2))
    assert one == same != other


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("OB(O)c1ccccc1", "contains B"),
        ("[Na+].[Cl-]", "contains Cl, Na|contains Na|heavy atoms"),
        ("C[Hg]C", "contains Hg"),
        ("[CH2]CC", "radical"),
        ("*CCO", "attachment point"),
        ("O", "1 heavy atom,"),
        ("C" * 120, "120 heavy atoms"),
        ("CC" * 25, "rotatable bonds"),
        ("CCCCCCCCO.CCCCCCC(=O)O", "mixture of 2"),
    ],
)
def test_what_cannot_be_docked_is_refused_with_the_reason(smiles: str, reason: str) -> None:
    with pytest.raises(UnfitError, match=reason):
        prepare(read(smiles), SEED)
