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
    """Keeps the first of alternative positions."""
    kept: dict[tuple[object, ...], Atom] = {}
    for atom in atoms:
        kept.setdefault((*atom.place, atom.name, len(kept) if not atom.alternative else ""), atom)
    return list(kept.values())


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
    )
