"""Mutation and crossover: what comes out is a molecule, whatever goes in."""

import random

import pytest
from rdkit import Chem

from models.molecules.chemistry.names import compounds
from models.molecules.design.search.crossover import LARGEST_RING, cross
from models.molecules.design.search.mutation import mutate

DRUGS = [Chem.MolFromSmiles(compound.smiles) for compound in compounds()]


def test_mutants_are_molecules_of_their_own() -> None:
    chance = random.Random(0)
    changed = 0
    for drug in DRUGS[:150]:
        before = Chem.MolToSmiles(drug)
        child = mutate(drug, chance)
        assert Chem.MolToSmiles(drug) == before
        if child is None:
            continue
        assert Chem.MolFromSmiles(Chem.MolToSmiles(child)) is not None
        assert not any(atom.GetNumRadicalElectrons() for atom in child.GetAtoms())
        changed += Chem.MolToSmiles(child) != before
    assert changed > 130


def test_the_seed_decides() -> None:
    def walk(seed: int) -> list[str]:
        chance, molecule, seen = random.Random(seed), DRUGS[3], []
        for _ in range(20):
            molecule = mutate(molecule, chance) or molecule
            seen.append(Chem.MolToSmiles(molecule))
        return seen

    assert walk(1) == walk(1)
    assert walk(1) != walk(2)


def test_children_have_atoms_of_both_parents() -> None:
    chance = random.Random(0)
    iodine, bromine = (Chem.MolFromSmiles(s) for s in ("IC1CCCCC1CCO", "BrCCC1CCNCC1"))
    children = [child for _ in range(80) if (child := cross(iodine, bromine, chance))]
    symbols = [{atom.GetSymbol() for atom in child.GetAtoms()} for child in children]
    assert sum({"I", "Br"} <= found for found in symbols) > 5
    for child in children:
        assert len(Chem.GetMolFrags(child)) == 1
        assert all(len(ring) <= LARGEST_RING for ring in child.GetRingInfo().AtomRings())


@pytest.mark.parametrize("smiles", ["C", "[Na+].[Cl-]", "[He]", "FC(F)(F)F", "C#C", "c1ccccc1"])
def test_hardly_anything_to_change_is_no_error(smiles: str) -> None:
    chance, molecule = random.Random(0), Chem.MolFromSmiles(smiles)
    for _ in range(20):
        mutate(molecule, chance)
        cross(molecule, molecule, chance)
