"""Atoms of a protein, read from the columns of PDB and PDBQT files."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

VINA_TYPES = {
    "A": "C", "OA": "O", "OS": "O", "NA": "N", "NS": "N", "SA": "S", "HD": "H", "HS": "H",
    "G": "C", "J": "C",
}  # fmt: skip
"""Elements behind AutoDock's types of atoms, where the type is not the element itself."""

WATERS = {"HOH", "WAT", "DOD", "H2O", "TIP", "TP3"}
METALS = {"ZN", "MG", "MN", "FE", "CA", "CO", "NI", "CU"}
MODIFIED = {
    "MSE", "SEP", "TPO", "PTR", "CSO", "CSD", "CME", "KCX", "LLP", "MLY", "M3L", "HYP", "PCA",
    "OCS", "CSX", "ALY", "CAS", "SCY",
}  # fmt: skip
"""Residues of the chain that are written as HETATM."""


COFACTORS = {
    "HEM", "HEC", "HEA", "HEB", "HAS", "NAD", "NAI", "NAP", "NDP", "FAD", "FMN", "SAM", "SAH",
    "PLP", "TPP", "TDP", "COA", "ACO", "B12", "COB", "FPP", "SF4", "FES", "F3S", "H4B", "HBI",
    "PQQ", "GSH",
}  # fmt: skip
"""Residues that work as part of a protein: haems, nucleotides, iron-sulfur clusters, substrates."""


@dataclass(frozen=True)
class Atom:
    """An atom of a structure; coordinates in Å."""

    name: str
    residue: str
    chain: str
    number: int
    insertion: str
    x: float
    y: float
    z: float
    element: str
    alternative: str
    hetero: bool
    line: str
    occupancy: float = 1.0

    @property
    def place(self) -> tuple[str, int, str, str]:
        """Which residue it belongs to."""
        return self.chain, self.number, self.insertion, self.residue

    @property
    def is_metal(self) -> bool:
        """Whether it is a metal ion, alone or in a haem."""
        return self.element.upper() in METALS


@dataclass(frozen=True)
class Protein:
    """The atoms of a protein."""

    atoms: tuple[Atom, ...]

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """Coordinates, float (n, 3), in Å."""
        return np.array([(atom.x, atom.y, atom.z) for atom in self.atoms]).reshape(-1, 3)

    @cached_property
    def chains(self) -> tuple[str, ...]:
        """Names of the chains, in their order."""
        return tuple(dict.fromkeys(atom.chain for atom in self.atoms))

    def label(self, atom: Atom) -> str:
        """Returns what a residue is called: ASP114, with its chain where there are several."""
        name = f"{atom.residue}{atom.number}{atom.insertion}"
        return f"{name}:{atom.chain}" if len(self.chains) > 1 else name

    def pdb(self) -> str:
        """Returns the atoms as a PDB file."""
        lines = []
        for serial, atom in enumerate(self.atoms, start=1):
            name = atom.name if len(atom.name) > 3 or len(atom.element) > 1 else f" {atom.name}"
            lines.append(
                f"{'HETATM' if atom.hetero else 'ATOM':<6}{serial % 100_000:5d} {name:<4} "
                f"{atom.residue:>3} {atom.chain:1}{atom.number:4d}{atom.insertion:1}   "
                f"{atom.x:8.3f}{atom.y:8.3f}{atom.z:8.3f}{1:6.2f}{0:6.2f}          "
                f"{atom.element.upper():>2}"
            )
        return "\n".join([*lines, "END", ""])


def read_atoms(text: str, *, pdbqt: bool = False) -> list[Atom]:
    """Reads the atoms of the first model; a line that is no atom is passed over.

    Args:
        text: The file's.
        pdbqt: The type at the end of a line is AutoDock's.
    """
    atoms = []
    for line in text.splitlines():
        if line.startswith("ENDMDL"):
            break
        if line.startswith(("ATOM", "HETATM")) and (atom := _read(line, pdbqt)):
            atoms.append(atom)
    return atoms


def one_of_each(atoms: Iterable[Atom]) -> list[Atom]:
    """Keeps one of alternative positions: that of the highest occupancy, the first of equals.

    One alternative is kept for a residue as a whole, so that its atoms belong together; where
    alternatives are different residues (microheterogeneity), one residue is left.
    """
    atoms = list(atoms)
    weights: dict[tuple[object, ...], dict[tuple[str, str], list[float]]] = {}
    for atom in atoms:
        if atom.alternative:
            key = (atom.residue, atom.alternative)
            weights.setdefault(atom.place[:3], {}).setdefault(key, []).append(atom.occupancy)
    best = {
        place: max(found, key=lambda key: sum(found[key]) / len(found[key]))
        for place, found in weights.items()
    }
    kept: dict[tuple[object, ...], Atom] = {}
    # Atoms of the chosen alternative come first; others fill what it lacks of its own residue.
    for atom in sorted(atoms, key=lambda one: _is_second(one, best)):
        chosen = best.get(atom.place[:3])
        if chosen and atom.alternative and atom.residue != chosen[0]:
            continue
        # Waters and ions of one number, without alternatives, are not one another's.
        mark = "" if chosen else len(kept)
        kept.setdefault((*atom.place, atom.name, mark), atom)
    order = {id(atom): position for position, atom in enumerate(atoms)}
    return sorted(kept.values(), key=lambda atom: order[id(atom)])


def choices(atoms: Iterable[Atom]) -> list[str]:
    """Names the residues of which `one_of_each` leaves something out: SER60 or GLY60."""
    residues: dict[tuple[object, ...], list[str]] = {}
    for atom in atoms:
        if atom.alternative and atom.residue not in WATERS:
            residues.setdefault(atom.place[:3], []).append(f"{atom.residue}{atom.number}")
    return [" or ".join(dict.fromkeys(names)) for names in residues.values()]


def _is_second(atom: Atom, best: dict[tuple[object, ...], tuple[str, str]]) -> bool:
    chosen = best.get(atom.place[:3])
    return bool(chosen and atom.alternative and chosen != (atom.residue, atom.alternative))


def _read(line: str, pdbqt: bool) -> Atom | None:
    try:
        x, y, z = (float(line[start : start + 8]) for start in (30, 38, 46))
        number = int(line[22:26])
    except ValueError:
        return None
    name = line[12:16].strip()
    kind = line[77:].strip() if pdbqt else line[76:78].strip()
    if pdbqt:
        element = VINA_TYPES.get(kind, kind)
    elif kind.isalpha():
        element = kind
    else:  # old files leave the column empty; the name is aligned by its element
        element = line[12:14].strip().lstrip("0123456789")
        element = (
            element if line[:6] == "HETATM" and len(name) < 4 else name.lstrip("0123456789")[:1]
        )
    return Atom(
        name=name,
        residue=line[17:20].strip(),
        chain=line[21].strip(),
        number=number,
        insertion=line[26].strip(),
        x=x,
        y=y,
        z=z,
        element=element.capitalize(),
        alternative=line[16].strip(),
        hetero=line.startswith("HETATM"),
        line=line,
        occupancy=_occupancy(line),
    )


def _occupancy(line: str) -> float:
    """Returns the share of the molecules that have the atom there; 1 where it is not stated."""
    try:
        return float(line[54:60])
    except ValueError:
        return 1.0
