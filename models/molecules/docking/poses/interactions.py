"""What holds a pose in its pocket, by geometry alone.

Cut-offs: hydrogen bonds, donor to acceptor 3.5 Å with angles at both ends of at least 90°
(McDonald and Thornton 1994); salt bridges 4.0 Å (Barlow and Thornton 1983); hydrophobic contacts,
rings, halogens and metals as in PLIP (Salentin et al. 2015).
"""

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from models.molecules.docking.poses.contacts import KINDS, Contact, Place
from models.molecules.docking.proteins.pocket import Pocket
from models.molecules.docking.proteins.protein import Protein

Vector = NDArray[np.float64]

HYDROGEN_BOND = 3.5
SALT_BRIDGE = 4.0
HYDROPHOBIC = 4.0
STACKING, CATION_PI, OFFSET = 5.5, 6.0, 2.0
HALOGEN, HALOGEN_ANGLE = 4.0, 135.0
METAL = 3.0
LEAST_ANGLE = 90.0
FLAT, UPRIGHT = 30.0, 60.0
"""Degrees between two rings: stacked below the first, edge to face above the second."""

ACCEPTOR = (
    "[$([#8;!$([#8](a)a)]),$([nX2]),$([NX1,NX2;+0]),$([NX3;H0;+0;!$(N~[C,S,P]~[O,S,N]);!$(N-a)])]"
)
DONOR = "[#7,#8,#16;!H0]"
HYDROPHOBE = "[$([#6;!$([#6]~[!#6;!#1])]),$([SX2;H0](C)C),Cl,Br,I]"
CATION = "[$([+;!$(*~[-])]),$([NX3;H1,H2]-[#6]=[N+])]"
ANION = "[$([-;!$(*~[+])]),$([O;X1]=[C,S,P]-[O-])]"


def find_contacts(pose: Chem.Mol, protein: Protein) -> list[Contact]:
    """Returns the contacts of a pose, the strongest kinds first, each kind by distance.

    Args:
        pose: With coordinates and hydrogens.
        protein: What it was docked into.
    """
    places = pose.GetConformer().GetPositions()
    near = Pocket.around(protein, places)
    finders = (_metals, _salt_bridges, _hydrogen_bonds, _rings, _halogens, _hydrophobic)
    found = [contact for find in finders for contact in find(pose, places, near)]
    bridged = {(c.residue, atom) for c in found if c.kind == "salt bridge" for atom in c.atoms}
    found = [
        c for c in found
        if c.kind != "hydrogen bond" or not any((c.residue, atom) in bridged for atom in c.atoms)
    ]  # fmt: skip
    return sorted(found, key=lambda c: (KINDS.index(c.kind), c.distance))


def _metals(pose: Chem.Mol, places: Vector, near: Pocket) -> Iterator[Contact]:
    binding = [a.GetIdx() for a in pose.GetAtoms() if a.GetSymbol() in ("N", "O", "S")]
    for atom, metal in product(binding, near.metals):
        if (distance := near.distance(metal, places[atom])) <= METAL:
            yield _contact("metal", near, metal, distance, [atom], places[atom])


def _salt_bridges(pose: Chem.Mol, places: Vector, near: Pocket) -> Iterator[Contact]:
    for pattern, partners in ((CATION, near.anions), (ANION, near.cations)):
        best: dict[str, tuple[float, int, int]] = {}
        for atom, other in product(_matches(pose, pattern), partners):
            distance = near.distance(other, places[atom])
            label = near.label(other)
            if distance <= SALT_BRIDGE and distance < best.get(label, (99.0, 0, 0))[0]:
                best[label] = distance, atom, other
        for distance, atom, other in best.values():
            yield _contact("salt bridge", near, other, distance, [atom], places[atom])


def _hydrogen_bonds(pose: Chem.Mol, places: Vector, near: Pocket) -> Iterator[Contact]:
    for pattern, partners, donor in (
        (DONOR, near.acceptors, "ligand"),
        (ACCEPTOR, near.donors, "protein"),
    ):
        for atom, other in product(_matches(pose, pattern), partners):
            distance = near.distance(other, places[atom])
            if distance > HYDROGEN_BOND:
                continue
            beside = [n.GetIdx() for n in pose.GetAtomWithIdx(atom).GetNeighbors()]
            heavy = [i for i in beside if pose.GetAtomWithIdx(i).GetAtomicNum() > 1]
            here, there = places[atom], near.point(other)
            angles = [_angle(places[i], here, there) for i in heavy]
            angles += [_angle(near.point(i), there, here) for i in near.antecedents(other)]
            points_there = donor == "ligand" or near.gives_hydrogen(other, here)
            if points_there and all(angle >= LEAST_ANGLE for angle in angles):
                yield _contact("hydrogen bond", near, other, distance, [atom], here, donor)


def _rings(pose: Chem.Mol, places: Vector, near: Pocket) -> Iterator[Contact]:
    """Finds stacked rings, and charges above rings."""
    rings = [
        list(ring)
        for ring in pose.GetRingInfo().AtomRings()
        if all(pose.GetAtomWithIdx(i).GetIsAromatic() for i in ring)
    ]
    stacked: dict[tuple[str, str], Contact] = {}
    cations = _matches(pose, CATION)
    for ring in rings:
        middle, normal = _plane(places[ring])
        for other in near.rings:
            center, axis = _plane(near.points(other))
            distance = float(np.linalg.norm(center - middle))
            tilt = np.degrees(np.arccos(min(1.0, abs(float(normal @ axis)))))
            offset = min(_offset(center - middle, normal), _offset(center - middle, axis))
            if distance <= STACKING and offset <= OFFSET and not FLAT < tilt < UPRIGHT:
                _keep(
                    stacked, _between("π-stacking", near, other[0], distance, ring, middle, center)
                )
        for other_cation in near.cations:
            reach = near.point(other_cation) - middle
            distance = float(np.linalg.norm(reach))
            if distance <= CATION_PI and _offset(reach, normal) <= OFFSET:
                end = near.point(other_cation)
                _keep(
                    stacked, _between("cation–π", near, other_cation, distance, ring, middle, end)
                )
    for atom, other in product(cations, near.rings):
        center, axis = _plane(near.points(other))
        reach = places[atom] - center
        distance = float(np.linalg.norm(reach))
        if distance <= CATION_PI and _offset(reach, axis) <= OFFSET:
            _keep(
                stacked,
                _between("cation–π", near, other[0], distance, [atom], places[atom], center),
            )
    yield from stacked.values()


def _halogens(pose: Chem.Mol, places: Vector, near: Pocket) -> Iterator[Contact]:
    for atom, other in product(_matches(pose, "[Cl,Br,I;$(*[#6])]"), near.oxygens):
        distance = near.distance(other, places[atom])
        carbon = pose.GetAtomWithIdx(atom).GetNeighbors()[0].GetIdx()
        angle = _angle(places[carbon], places[atom], near.point(other))
        if distance <= HALOGEN and angle >= HALOGEN_ANGLE:
            yield _contact("halogen bond", near, other, distance, [atom], places[atom])


def _hydrophobic(pose: Chem.Mol, places: Vector, near: Pocket) -> Iterator[Contact]:
    """Finds the closest pair of each residue: one line for a wall of carbon, not thirty."""
    best: dict[tuple[str, str], Contact] = {}
    for atom, other in product(_matches(pose, HYDROPHOBE), near.hydrophobes):
        distance = near.distance(other, places[atom])
        if distance <= HYDROPHOBIC:
            _keep(best, _contact("hydrophobic", near, other, distance, [atom], places[atom]))
    yield from best.values()


def _keep(best: dict[tuple[str, str], Contact], found: Contact) -> None:
    key = found.kind, found.residue
    if key not in best or found.distance < best[key].distance:
        best[key] = found


def _contact(
    kind: str, near: Pocket, other: int, distance: float, atoms: list[int], start: Vector,
    donor: str = "",
) -> Contact:  # fmt: skip
    return _between(kind, near, other, distance, atoms, start, near.point(other), donor)


def _between(
    kind: str, near: Pocket, other: int, distance: float, atoms: list[int], start: Vector,
    end: Vector, donor: str = "",
) -> Contact:  # fmt: skip
    label = near.label(other)
    return Contact(kind, label, round(distance, 2), tuple(atoms), _place(start), _place(end), donor)


def _place(point: Vector) -> Place:
    x, y, z = (round(float(value), 3) for value in point)
    return x, y, z


def _angle(first: Vector, apex: Vector, last: Vector) -> float:
    one, other = first - apex, last - apex
    cosine = float(one @ other) / float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _plane(points: Vector) -> tuple[Vector, Vector]:
    """Returns the centre and the unit normal of a ring's atoms (n, 3)."""
    center = points.mean(axis=0)
    return center, np.linalg.svd(points - center)[2][2]


def _offset(reach: Vector, normal: Vector) -> float:
    """Returns how far beside a ring's axis a point lies, in Å."""
    return float(np.linalg.norm(reach - (reach @ normal) * normal))


def _matches(pose: Chem.Mol, smarts: str) -> list[int]:
    return [match[0] for match in pose.GetSubstructMatches(_query(smarts), maxMatches=10_000)]


@cache
def _query(smarts: str) -> Chem.Mol:
    return Chem.MolFromSmarts(smarts)
