"""Molecules on a given scaffold: substituents of other molecules on its free places."""

import random
from collections.abc import Sequence

from rdkit import Chem, rdBase

MOST_SUBSTITUENTS = 3
LARGEST = 12
"""Heavy atoms of a substituent."""

ACYCLIC = Chem.MolFromSmarts("[!#1;R]-;!@[!#1]")
"""Bonds by which something hangs on a ring."""


def substituents(molecules: Sequence[Chem.Mol]) -> list[Chem.Mol]:
    """Returns what hangs on the rings of molecules, each with one dummy atom, as often as found.

    Args:
        molecules: Where to cut.
    """
    found = []
    for molecule in molecules:
        for first, second in molecule.GetSubstructMatches(ACYCLIC):
            bond = molecule.GetBondBetweenAtoms(first, second).GetIdx()
            cut = Chem.FragmentOnBonds(molecule, [bond], dummyLabels=[(0, 0)])
            for part in Chem.GetMolFrags(cut, asMols=True, sanitizeFrags=False):
                if part.GetNumHeavyAtoms() - 1 <= LARGEST:
                    found.append(part)
    return found


def decorated(
    scaffold: Chem.Mol, parts: Sequence[Chem.Mol], chance: random.Random
) -> Chem.Mol | None:
    """Hangs one to three substituents on a scaffold; None where that makes no molecule.

    Args:
        scaffold: Stays whole.
        parts: Substituents with one dummy atom each.
        chance: Decides which and where.
    """
    free = [atom.GetIdx() for atom in scaffold.GetAtoms() if atom.GetTotalNumHs() > 0]
    if not free or not parts:
        return None
    places = chance.sample(free, min(len(free), chance.randint(1, MOST_SUBSTITUENTS)))
    grown = Chem.RWMol(scaffold)
    for place in places:
        part = chance.choice(parts)
        offset = grown.GetNumAtoms()
        dummy = next(atom for atom in part.GetAtoms() if atom.GetAtomicNum() == 0)
        neighbour = dummy.GetNeighbors()[0].GetIdx() + offset
        grown.InsertMol(part)
        grown.AddBond(place, neighbour, Chem.BondType.SINGLE)
        grown.GetAtomWithIdx(place).SetNoImplicit(False)
        if held := grown.GetAtomWithIdx(place).GetNumExplicitHs():
            grown.GetAtomWithIdx(place).SetNumExplicitHs(held - 1)
        grown.RemoveBond(offset + dummy.GetIdx(), neighbour)
    for index in reversed([atom.GetIdx() for atom in grown.GetAtoms() if not atom.GetAtomicNum()]):
        grown.RemoveAtom(index)
    with rdBase.BlockLogs():
        made = Chem.MolFromSmiles(Chem.MolToSmiles(grown))
    return made if made is not None and made.HasSubstructMatch(scaffold) else None
