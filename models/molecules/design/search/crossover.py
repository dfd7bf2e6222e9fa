"""Two molecules made into one: a part of each, joined where both were cut."""

import random
from dataclasses import dataclass

from rdkit import Chem
from rdkit.Chem import BondType

from models.molecules.design.search.mutation import clear_stereo, finished, opened

TRIES = 10
RINGS = 0.35
"""Share of the crossovers that cut through a ring, where both parents have one."""

LARGEST_RING = 8


@dataclass(frozen=True)
class Part:
    """A part of a kekulised molecule that was cut off.

    Attributes:
        molecule: The whole molecule, without the bonds that were cut.
        atoms: Those of the part.
        ends: The atoms at the cuts, in the order of `orders`.
        orders: Bond types of the cuts.
    """

    molecule: Chem.RWMol
    atoms: frozenset[int]
    ends: tuple[int, ...]
    orders: tuple[BondType, ...]


def cross(first: Chem.Mol, second: Chem.Mol, chance: random.Random) -> Chem.Mol | None:
    """Returns a molecule made of a part of each, or None where no try gave a valid one.

    Chains are cut at one bond, rings at two (after Jensen 2019, doi:10.1039/C8SC05372C); only cuts
    of the same bond orders are joined.
    """
    for _ in range(TRIES):
        in_ring = chance.random() < RINGS
        parts = [_cut(parent, chance, in_ring=in_ring) for parent in (first, second)]
        if (
            parts[0] and parts[1]
            and sorted(map(int, parts[0].orders)) == sorted(map(int, parts[1].orders))
        ):  # fmt: skip
            made = _joined(parts[0], parts[1], chance)
            if made is not None:
                return made
    return None


def _cut(parent: Chem.Mol, chance: random.Random, *, in_ring: bool) -> Part | None:
    draft = opened(parent)
    bonds = _ring_cut(draft, chance) if in_ring else _chain_cut(draft, chance)
    if not bonds:
        return None
    cuts = [(b.GetBeginAtomIdx(), b.GetEndAtomIdx(), b.GetBondType()) for b in bonds]
    clear_stereo(draft, [index for begin, end, _ in cuts for index in (begin, end)])
    for begin, end, _ in cuts:
        draft.RemoveBond(begin, end)
    pieces = Chem.GetMolFrags(draft)
    if len(pieces) != 2:
        return None
    atoms = frozenset(chance.choice(pieces))
    ends = [[index for index in cut[:2] if index in atoms] for cut in cuts]
    if any(len(own) != 1 for own in ends):
        return None
    return Part(draft, atoms, tuple(own[0] for own in ends), tuple(cut[2] for cut in cuts))


def _chain_cut(draft: Chem.RWMol, chance: random.Random) -> list[Chem.Bond]:
    bonds = [
        bond
        for bond in draft.GetBonds()
        if not bond.IsInRing() and bond.GetBondType() == BondType.SINGLE
    ]
    return [chance.choice(bonds)] if bonds else []


def _ring_cut(draft: Chem.RWMol, chance: random.Random) -> list[Chem.Bond]:
    rings = draft.GetRingInfo().BondRings()
    if not rings:
        return []
    ring = chance.choice(rings)
    return [draft.GetBondWithIdx(index) for index in chance.sample(ring, 2)]


def _joined(first: Part, second: Part, chance: random.Random) -> Chem.Mol | None:
    draft = Chem.RWMol(first.molecule)
    shift = draft.GetNumAtoms()
    draft.InsertMol(second.molecule)
    theirs = list(zip(second.ends, second.orders, strict=True))
    chance.shuffle(theirs)
    for end, order in zip(first.ends, first.orders, strict=True):
        match = next((pair for pair in theirs if pair[1] == order), None)
        if match is None:
            return None
        theirs.remove(match)
        other = match[0] + shift
        if draft.GetBondBetweenAtoms(end, other):
            return None
        draft.AddBond(end, other, order)
    kept = first.atoms | {index + shift for index in second.atoms}
    draft.BeginBatchEdit()
    for index in range(draft.GetNumAtoms()):
        if index not in kept:
            draft.RemoveAtom(index)
    draft.CommitBatchEdit()
    made = finished(draft)
    if made is None or any(len(ring) > LARGEST_RING for ring in made.GetRingInfo().AtomRings()):
        return None
    return made
