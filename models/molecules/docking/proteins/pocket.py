"""The part of a protein around a pose, and what its atoms can do."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.molecules.docking.proteins.protein import Atom, Protein

Vector = NDArray[np.float64]

REACH = 7.0
"""Å around a pose within which residues can touch it; the farthest contact is 6 Å."""
BONDED, BONDED_HYDROGEN = 1.95, 1.3
"""Å up to which two atoms are bonded."""
LEAST_ANGLE = 100.0
"""Degrees at a hydrogen that cannot turn away (PLIP)."""
TURNING = {"OG", "OG1", "OH", "NZ", "SG"}
"""Names of atoms whose hydrogens turn freely: where they were drawn says nothing."""

AROMATIC = {
    "PHE": (("CG", "CD1", "CD2", "CE1", "CE2", "CZ"),),
    "TYR": (("CG", "CD1", "CD2", "CE1", "CE2", "CZ"),),
    "HIS": (("CG", "ND1", "CD2", "CE1", "NE2"),),
    "TRP": (("CG", "CD1", "NE1", "CE2", "CD2"), ("CD2", "CE2", "CE3", "CZ2", "CZ3", "CH2")),
}
CATIONS = {"LYS": {"NZ"}, "ARG": {"NE", "NH1", "NH2"}}
ANIONS = {"ASP": {"OD1", "OD2"}, "GLU": {"OE1", "OE2"}}
RING_NITROGENS = {"ND1", "NE2"}


@dataclass(frozen=True)
class Pocket:
    """Residues of a protein; atoms are spoken of by their index.

    Attributes:
        protein: Whose they are.
        atoms: Theirs.
    """

    protein: Protein
    atoms: tuple[Atom, ...]

    @classmethod
    def around(cls, protein: Protein, places: Vector) -> "Pocket":
        """Returns the residues with an atom near any of the places (n, 3)."""
        low, high = places.min(axis=0) - REACH, places.max(axis=0) + REACH
        inside = ((protein.points >= low) & (protein.points <= high)).all(axis=1)
        held = {protein.atoms[i].place for i in np.flatnonzero(inside)}
        return cls(protein, tuple(atom for atom in protein.atoms if atom.place in held))

    def point(self, index: int) -> Vector:
        """Returns where an atom is."""
        return np.asarray(self._places[index])

    def points(self, indices: tuple[int, ...]) -> Vector:
        """Returns where atoms are (n, 3)."""
        return np.asarray(self._places[list(indices)])

    def distance(self, index: int, place: Vector) -> float:
        """Returns the distance of an atom from a place, in Å."""
        return float(np.linalg.norm(self._places[index] - place))

    def label(self, index: int) -> str:
        """Returns what an atom's residue is called."""
        return self.protein.label(self.atoms[index])

    def antecedents(self, index: int) -> list[int]:
        """Returns the heavy atoms that an atom is bonded to."""
        return [i for i in self._bonded(index) if self.atoms[i].element != "H"]

    def hydrogens(self, index: int) -> list[int]:
        """Returns the hydrogens of an atom."""
        found = np.flatnonzero(self._gaps(index) <= BONDED_HYDROGEN)
        return [int(i) for i in found if i != index and self.atoms[i].element == "H"]

    def gives_hydrogen(self, index: int, place: Vector) -> bool:
        """Tells whether a donor's hydrogen can point to a place."""
        if self.atoms[index].name in TURNING:
            return True
        here = self.point(index)
        for hydrogen in self.hydrogens(index):
            one, other = here - self.point(hydrogen), place - self.point(hydrogen)
            cosine = one @ other / (np.linalg.norm(one) * np.linalg.norm(other))
            if np.degrees(np.arccos(np.clip(cosine, -1, 1))) >= LEAST_ANGLE:
                return True
        return False

    @cached_property
    def metals(self) -> list[int]:
        """Metal ions, a haem's iron too."""
        return [i for i, atom in enumerate(self.atoms) if atom.is_metal]

    @cached_property
    def donors(self) -> list[int]:
        """N, O and S with a hydrogen."""
        return [i for i in self._elements("N", "O", "S") if self.hydrogens(i)]

    @cached_property
    def acceptors(self) -> list[int]:
        """Every O, and the N of a histidine that has no hydrogen."""
        bare = [
            i for i in self._elements("N")
            if self.atoms[i].name in RING_NITROGENS and not self.hydrogens(i)
        ]  # fmt: skip
        return self.oxygens + bare

    @cached_property
    def oxygens(self) -> list[int]:
        """Every O."""
        return self._elements("O")

    @cached_property
    def cations(self) -> list[int]:
        """The charged N of lysine, arginine and a histidine with both hydrogens."""
        found = self._named(CATIONS)
        histidines: dict[object, list[int]] = {}
        for i in self._elements("N"):
            if self.atoms[i].residue == "HIS" and self.atoms[i].name in RING_NITROGENS:
                histidines.setdefault(self.atoms[i].place, []).append(i)
        charged = [pair for pair in histidines.values() if all(map(self.hydrogens, pair))]
        return found + [i for pair in charged for i in pair if len(pair) == 2]

    @cached_property
    def anions(self) -> list[int]:
        """The O of aspartate and glutamate that carry no hydrogen."""
        return [i for i in self._named(ANIONS) if not self.hydrogens(i)]

    @cached_property
    def hydrophobes(self) -> list[int]:
        """Carbon bonded to carbon alone, and methionine's sulfur."""
        carbon = [
            i for i in self._elements("C")
            if all(self.atoms[n].element in ("C", "H") for n in self._bonded(i))
        ]  # fmt: skip
        return carbon + [i for i in self._elements("S") if self.atoms[i].residue == "MET"]

    @cached_property
    def rings(self) -> list[tuple[int, ...]]:
        """Aromatic rings of side chains that are whole."""
        residues: dict[object, dict[str, int]] = {}
        for i, atom in enumerate(self.atoms):
            if atom.residue in AROMATIC:
                residues.setdefault(atom.place, {})[atom.name] = i
        return [
            tuple(named[name] for name in names)
            for place, named in residues.items()
            for names in AROMATIC[self.atoms[next(iter(named.values()))].residue]
            if set(names) <= named.keys()
        ]

    @cached_property
    def _places(self) -> Vector:
        return Protein(self.atoms).points

    def _elements(self, *elements: str) -> list[int]:
        return [i for i, atom in enumerate(self.atoms) if atom.element in elements]

    def _named(self, names: dict[str, set[str]]) -> list[int]:
        return [i for i, atom in enumerate(self.atoms) if atom.name in names.get(atom.residue, ())]

    def _gaps(self, index: int) -> Vector:
        return np.asarray(np.linalg.norm(self._places - self._places[index], axis=1))

    def _bonded(self, index: int) -> list[int]:
        return [int(i) for i in np.flatnonzero(self._gaps(index) <= BONDED) if i != index]
