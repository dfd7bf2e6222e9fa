"""Small random changes of a molecular graph, each of which leaves the valences right."""

import random
from collections.abc import Callable, Sequence

from rdkit import Chem, rdBase
from rdkit.Chem import BondType

VALENCE = {6: 4, 7: 3, 8: 2, 9: 1, 15: 3, 16: 2, 17: 1, 35: 1, 53: 1}
ELEMENTS = ((6, 50), (7, 16), (8, 16), (9, 6), (16, 5), (17, 5), (35, 2), (15, 1))
"""Atomic number and how often it is drawn: about the shares in drugs."""

GROUPS = tuple(
    Chem.MolFromSmiles(smiles)
    for smiles in (
        "c1ccccc1", "c1ccncc1", "C1CCNCC1", "C1CNCCN1", "C1COCCN1", "C1CCCCC1", "c1ccoc1",
        "c1ccsc1", "C1CC1", "C(=O)N", "C(=O)O", "NC(C)=O", "S(=O)(=O)N", "S(=O)(=O)C", "C(F)(F)F",
        "C#N", "OC", "NC", "C(C)C", "C(C)(C)C", "CCO", "CCN", "C=C", "C=O",
    )
)  # fmt: skip
"""Groups that are hung on by their first atom."""

RING_SIZES = (5, 6, 6, 6, 7, 3, 4)
ORDERS = (BondType.SINGLE, BondType.DOUBLE, BondType.TRIPLE)
TRIES = 8

Edit = Callable[[Chem.RWMol, random.Random], bool]


def mutate(molecule: Chem.Mol, chance: random.Random) -> Chem.Mol | None:
    """Returns a changed molecule, or None where no try gave a valid one.

    An atom or group is hung on, an atom inserted, replaced or taken out, a bond's order changed, a
    ring closed or opened (after the moves of Jensen 2019, doi:10.1039/C8SC05372C).

    Args:
        molecule: Is not changed.
        chance: Decides the change.
    """
    for _ in range(TRIES):
        draft = opened(molecule)
        edit = chance.choices(_EDITS, _SHARES)[0]
        if edit(draft, chance) and (made := finished(draft)) is not None:
            return made
    return None


def opened(molecule: Chem.Mol) -> Chem.RWMol:
    """Returns a draft with plain single and double bonds, whose hydrogens follow its bonds."""
    draft = Chem.RWMol(molecule)
    Chem.Kekulize(draft, clearAromaticFlags=True)
    for atom in draft.GetAtoms():
        if not atom.GetFormalCharge() and not atom.GetNumRadicalElectrons():
            atom.SetNoImplicit(False)
            atom.SetNumExplicitHs(0)
    draft.UpdatePropertyCache(strict=False)
    return draft


def finished(draft: Chem.RWMol) -> Chem.Mol | None:
    """Returns a draft as a molecule with its aromaticity, or None if it is not a valid one."""
    with rdBase.BlockLogs():
        try:
            Chem.SanitizeMol(draft)
        except Chem.MolSanitizeException:
            return None
        # Writing and reading brings atoms and stereo marks into one form.
        return Chem.MolFromSmiles(Chem.MolToSmiles(draft))


def room(atom: Chem.Atom) -> int:
    """Returns how many bonds an atom can take up, by giving up hydrogens."""
    return 0 if atom.GetFormalCharge() else int(atom.GetTotalNumHs())


def clear_stereo(draft: Chem.RWMol, touched: Sequence[int]) -> None:
    """Forgets the stereo marks at and beside atoms whose neighbours have changed."""
    for index in touched:
        atom = draft.GetAtomWithIdx(index)
        for near in (atom, *atom.GetNeighbors()):
            near.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
            for bond in near.GetBonds():
                bond.SetStereo(Chem.BondStereo.STEREONONE)
                bond.SetBondDir(Chem.BondDir.NONE)


def _hang_atom(draft: Chem.RWMol, chance: random.Random) -> bool:
    where = _open_atom(draft, chance)
    if where is None:
        return False
    number = _element(chance)
    most = min(room(where), VALENCE[number], 3)
    order = chance.choices(range(1, most + 1), (8, 3, 1)[:most])[0]
    new = draft.AddAtom(Chem.Atom(number))
    draft.AddBond(where.GetIdx(), new, ORDERS[order - 1])
    clear_stereo(draft, [where.GetIdx()])
    return True


def _hang_group(draft: Chem.RWMol, chance: random.Random) -> bool:
    where = _open_atom(draft, chance)
    if where is None:
        return False
    group = opened(chance.choice(GROUPS))
    first, index = draft.GetNumAtoms(), where.GetIdx()
    draft.InsertMol(group)
    draft.AddBond(index, first, BondType.SINGLE)
    clear_stereo(draft, [index])
    return True


def _insert_atom(draft: Chem.RWMol, chance: random.Random) -> bool:
    bonds = [bond for bond in draft.GetBonds() if bond.GetBondType() == BondType.SINGLE]
    if not bonds:
        return False
    bond = chance.choice(bonds)
    ends = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
    number = _element(chance, at_least=2)
    clear_stereo(draft, ends)
    draft.RemoveBond(ends[0], ends[1])
    new = draft.AddAtom(Chem.Atom(number))
    for end in ends:
        draft.AddBond(end, new, BondType.SINGLE)
    return True


def _take_out(draft: Chem.RWMol, chance: random.Random) -> bool:
    atoms = [a for a in draft.GetAtoms() if a.GetDegree() <= 2 and not a.GetFormalCharge()]
    if not atoms or draft.GetNumAtoms() < 3:
        return False
    atom = chance.choice(atoms)
    near = [other.GetIdx() for other in atom.GetNeighbors()]
    clear_stereo(draft, [atom.GetIdx()])
    if len(near) == 2:
        if draft.GetBondBetweenAtoms(near[0], near[1]):
            return False
        draft.AddBond(near[0], near[1], BondType.SINGLE)
    draft.RemoveAtom(atom.GetIdx())
    return True


def _replace(draft: Chem.RWMol, chance: random.Random) -> bool:
    atoms = [a for a in draft.GetAtoms() if not a.GetFormalCharge() and not a.GetIsotope()]
    if not atoms:
        return False
    atom = chance.choice(atoms)
    used = int(sum(bond.GetBondTypeAsDouble() for bond in atom.GetBonds()))
    number = _element(chance, at_least=max(1, used))
    if number == atom.GetAtomicNum() or VALENCE[number] < used:
        return False
    atom.SetAtomicNum(number)
    clear_stereo(draft, [atom.GetIdx()])
    return True


def _change_order(draft: Chem.RWMol, chance: random.Random) -> bool:
    if not draft.GetNumBonds():
        return False
    bond = draft.GetBondWithIdx(chance.randrange(draft.GetNumBonds()))
    ends = bond.GetBeginAtom(), bond.GetEndAtom()
    if any(end.GetFormalCharge() for end in ends):
        return False
    now = ORDERS.index(bond.GetBondType())
    most = min(2, now + min(room(end) for end in ends))
    wanted = chance.choice([order for order in range(3) if order != now])
    if wanted > most or (wanted == 2 and bond.IsInRing()):
        return False
    bond.SetBondType(ORDERS[wanted])
    clear_stereo(draft, [end.GetIdx() for end in ends])
    return True


def _close_ring(draft: Chem.RWMol, chance: random.Random) -> bool:
    start = _open_atom(draft, chance)
    if start is None:
        return False
    steps = chance.choice(RING_SIZES) - 1
    row = Chem.GetDistanceMatrix(draft)[start.GetIdx()]
    ends = [a for a in draft.GetAtoms() if row[a.GetIdx()] == steps and room(a)]
    if not ends:
        return False
    end = chance.choice(ends)
    draft.AddBond(start.GetIdx(), end.GetIdx(), BondType.SINGLE)
    clear_stereo(draft, [start.GetIdx(), end.GetIdx()])
    return True


def _open_ring(draft: Chem.RWMol, chance: random.Random) -> bool:
    Chem.FastFindRings(draft)
    bonds = [b for b in draft.GetBonds() if b.IsInRing() and b.GetBondType() == BondType.SINGLE]
    if not bonds:
        return False
    bond = chance.choice(bonds)
    ends = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
    clear_stereo(draft, ends)
    draft.RemoveBond(ends[0], ends[1])
    return True


def _open_atom(draft: Chem.RWMol, chance: random.Random) -> Chem.Atom | None:
    atoms = [atom for atom in draft.GetAtoms() if room(atom)]
    return chance.choice(atoms) if atoms else None


def _element(chance: random.Random, at_least: int = 1) -> int:
    fit = [(number, share) for number, share in ELEMENTS if VALENCE[number] >= at_least]
    if not fit:
        return 6
    numbers, shares = zip(*fit, strict=True)
    return int(chance.choices(numbers, shares)[0])


_MOVES: tuple[tuple[Edit, int], ...] = (
    (_hang_atom, 20), (_hang_group, 12), (_insert_atom, 14), (_take_out, 16), (_replace, 18),
    (_change_order, 12), (_close_ring, 8), (_open_ring, 6),
)  # fmt: skip
_EDITS, _SHARES = zip(*_MOVES, strict=True)
