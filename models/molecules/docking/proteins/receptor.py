"""The protein that is docked into: one that comes prepared, or the person's own structure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scipy.spatial import cKDTree

from models.errors import FieldFault, ToolError, fault
from models.molecules.docking.babel import BabelError, convert
from models.molecules.docking.proteins.box import Box, box_around
from models.molecules.docking.proteins.protein import (
    COFACTORS,
    METALS,
    MODIFIED,
    WATERS,
    Atom,
    Protein,
    choices,
    one_of_each,
    read_atoms,
)
from models.molecules.docking.proteins.targets import Target

ENDINGS = (".pdb", ".ent", ".pdbqt")
FEWEST_ATOMS = 50
SHOWN = 5
SMALLEST_LIGAND = 6
"""Heavy atoms from which a residue beside the chain can be the bound ligand, not a buffer's ion."""


@dataclass(frozen=True)
class Receptor:
    """A protein, ready.

    Attributes:
        name: What it is called.
        pdbqt: As Vina reads it.
        protein: Its atoms.
        bound: The residues that lay beside the chain, by name: what may say where the pocket is.
        notes: What was left out, for the reader.
    """

    name: str
    pdbqt: str
    protein: Protein
    bound: dict[str, Protein]
    notes: tuple[str, ...] = ()

    def box_around(self, ligand: str) -> Box:
        """Returns the box around a ligand that the structure was solved with.

        Args:
            ligand: Its residue name, as in `8NU`.

        Raises:
            ToolError: There is none of that name.
        """
        found = self.bound.get(ligand.upper())
        if found is None:
            known = ", ".join(self.bound) or "none: this structure has no bound ligand"
            wrong = fault("ligand", ligand, f"one of {known}", self.bound)
            raise ToolError(f"{self.name} has no bound ligand {ligand}.", wrong)
        first = found.atoms[0].place
        return box_around(Protein(tuple(a for a in found.atoms if a.place == first)).points)


def packaged_receptor(target: Target) -> Receptor:
    """Returns the prepared protein of a target."""
    text = target.pdbqt.read_text()
    return Receptor(target.name, _rigid(text), Protein(tuple(read_atoms(text, pdbqt=True))), {})


def read_receptor(path: Path, ligand: str | None = None) -> Receptor:
    """Reads a structure: PDBQT as it is; of PDB the protein, with hydrogens at pH 7.4.

    Of a PDB the first model, the best occupied of alternative positions, chains, metal ions and
    cofactors are kept; waters, ligands and buffers are left out, and named.

    Args:
        path: The file.
        ligand: The bound residue that marks the pocket; it leaves its place also where it is a
            cofactor.

    Raises:
        ToolError: It is no structure of a protein.
    """
    if path.suffix.casefold() not in ENDINGS:
        raise _unreadable(path.name, f"a file that ends in {', '.join(ENDINGS)}")
    text = path.read_text(errors="replace")
    is_pdbqt = path.suffix.casefold() == ".pdbqt"
    if is_pdbqt and "ROOT" in text:
        raise _unreadable(path.name, "a rigid protein, not a ligand with its torsions")
    given = read_atoms(text, pdbqt=is_pdbqt)
    atoms = one_of_each(given)
    marker = ligand.upper() if ligand else None
    chain = [a for a in atoms if is_pdbqt or (_belongs(a) and a.residue != marker)]
    if len(chain) < FEWEST_ATOMS:
        raise _unreadable(path.name, f"the atoms of a protein, not {len(chain)}")
    if is_pdbqt:
        return Receptor(path.stem, _rigid(text), Protein(tuple(chain)), {})
    bound = _bound(atoms)
    # One position is left of each atom: a mark of alternatives would make Open Babel drop some.
    plain = (f"{atom.line[:16]} {atom.line[17:]}" for atom in chain)
    lines = "\n".join([*plain, "END", ""])
    try:
        pdbqt = convert(lines, "pdb", "pdbqt", "-xr", f"-p{7.4}")
    except BabelError as error:
        raise ToolError(f"{path.name} cannot be prepared: {error}.") from None
    left = Counter(a.residue for a in atoms if not _belongs(a) or a.residue == marker)
    named = ", ".join(name for name in left if name not in WATERS)
    notes = []
    if named:
        notes.append(f"left out of {path.name}: {named}")
    if kept := dict.fromkeys(atom.residue for atom in chain if atom.residue in COFACTORS):
        notes.append(f"kept as part of the protein: {', '.join(kept)}")
    if several := choices(given):
        shown = ", ".join(several[:SHOWN]) + (" and others" if len(several) > SHOWN else "")
        notes.append(f"alternative positions, the best occupied taken: {shown}")
    if WATERS & left.keys():
        notes.append("waters were left out")
    ready = _named(read_atoms(pdbqt, pdbqt=True), chain)
    return Receptor(path.stem, _rigid(pdbqt), ready, bound, tuple(notes))


def only_ligand(receptor: Receptor) -> str | None:
    """Returns the name of the bound ligand, where there is just one that can be meant.

    A cofactor is part of the protein and marks no place that is free.
    """
    large = [
        name for name, atoms in receptor.bound.items()
        if len(atoms.atoms) >= SMALLEST_LIGAND and name not in COFACTORS
    ]  # fmt: skip
    return large[0] if len(large) == 1 else None


def _belongs(atom: Atom) -> bool:
    if atom.residue in WATERS:
        return False
    return not atom.hetero or atom.residue in MODIFIED | METALS | COFACTORS


def _named(prepared: Sequence[Atom], given: Sequence[Atom]) -> Protein:
    """Gives prepared atoms the names of their file again: Open Babel guesses residues anew.

    A heavy atom is known by its place, a hydrogen by the heavy atom nearest to it.
    """
    heavy = Protein(tuple(atom for atom in given if atom.element != "H"))
    _, nearest = cKDTree(heavy.points).query(Protein(tuple(prepared)).points)
    named = []
    for atom, index in zip(prepared, nearest, strict=True):
        owner = heavy.atoms[int(index)]
        if atom.element == "H":
            owner = replace(owner, name="H", element="H")
        named.append(replace(owner, x=atom.x, y=atom.y, z=atom.z))
    return Protein(tuple(named))


def _bound(atoms: Sequence[Atom]) -> dict[str, Protein]:
    beside = [
        atom for atom in atoms
        if atom.residue in COFACTORS or not (_belongs(atom) or atom.residue in WATERS)
    ]  # fmt: skip
    names = dict.fromkeys(atom.residue for atom in beside)
    return {name: Protein(tuple(a for a in beside if a.residue == name)) for name in names}


def _rigid(pdbqt: str) -> str:
    """Keeps what Vina reads of a rigid protein."""
    lines = [line for line in pdbqt.splitlines() if line.startswith(("ATOM", "HETATM"))]
    return "\n".join([*lines, ""])


def _unreadable(name: str, expected: str) -> ToolError:
    wrong = FieldFault(field="receptor", got=repr(name), expected=expected)
    return ToolError(f"{name} is no receptor to dock into.", wrong, kind="refused_data")
