"""A molecule made ready to be docked: parent, charges at pH 7.4, three dimensions, PDBQT."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers, rdMolDescriptors
from rdkit.Chem.MolStandardize import rdMolStandardize

from models.molecules.docking.babel import BabelError, convert

PH = "7.4"
ELEMENTS = {"H", "C", "N", "O", "F", "P", "S", "Cl", "Br", "I"}
"""What both the force fields and Vina's scoring function have parameters for."""
FEWEST_ATOMS, MOST_ATOMS = 3, 100
MOST_TORSIONS = 32
"""AutoDock's own limit of rotatable bonds; far below it the search is already unsure."""
MANY_TORSIONS = 15
LARGE_RING = 9
SALT = 0.5
"""An organic partner of at most this share of the largest part's heavy atoms is a counter-ion."""
TRIES_PER_ATOM = 10
STEPS = (1000, 5000)


class UnfitError(ValueError):
    """A molecule that cannot be docked; the message is the reason."""


@dataclass(frozen=True)
class Ligand:
    """A molecule ready to be docked.

    Attributes:
        molecule: As it is docked, with its conformer and without hydrogens.
        pdbqt: As Vina reads it.
        order: For each heavy atom of the PDBQT, its index in `molecule`.
        notes: What was done to it or left open, for the reader.
    """

    molecule: Chem.Mol
    pdbqt: str
    order: tuple[int, ...]
    notes: tuple[str, ...]


def prepare(molecule: Chem.Mol, seed: int) -> Ligand:
    """Makes a molecule ready.

    The steps and their order are dockstring's (García-Ortegón et al. 2022), so that scores can be
    compared: neutral parent, Open Babel's charges at pH 7.4, one ETKDG conformer, MMFF94.

    Args:
        molecule: As it was given.
        seed: Decides the conformer, and the isomer where stereochemistry is left open.

    Raises:
        UnfitError: It cannot be docked.
    """
    parent, notes = _parent(molecule)
    _require_dockable(parent)
    charged = _at_physiological_ph(parent)
    notes += _remarks(parent)
    solid = _embed(charged, seed)
    try:
        pdbqt = convert(Chem.MolToMolBlock(solid), "mol", "pdbqt", "--partialcharge", "gasteiger")
    except BabelError as error:
        raise UnfitError(str(error)) from None
    bare = Chem.RemoveHs(solid)
    return Ligand(bare, pdbqt, _order(pdbqt, bare), tuple(notes))


def heavy_lines(pdbqt: str) -> list[str]:
    """Returns the lines of the heavy atoms of a PDBQT."""
    return [
        line
        for line in pdbqt.splitlines()
        if line.startswith(("ATOM", "HETATM")) and line[77:].strip() not in {"HD", "H", "HS"}
    ]


def points_of(lines: list[str]) -> NDArray[np.float64]:
    """Returns the coordinates (n, 3) of lines of a PDBQT, in Å."""
    return np.array([[float(line[at : at + 8]) for at in (30, 38, 46)] for line in lines])


def _parent(molecule: Chem.Mol) -> tuple[Chem.Mol, list[str]]:
    """Returns the part that is docked, uncharged, and what was stripped."""
    notes = []
    if any(atom.GetIsotope() for atom in molecule.GetAtoms()):
        molecule = Chem.Mol(molecule)
        for atom in molecule.GetAtoms():
            atom.SetIsotope(0)
        notes.append("isotope labels are left out")
    parts = Chem.GetMolFrags(molecule, asMols=True, sanitizeFrags=False)
    distinct = {Chem.MolToSmiles(part): part for part in parts}
    if len(parts) > 1:
        chosen = max(distinct.values(), key=_organic_size)
        left = {smiles: part for smiles, part in distinct.items() if part is not chosen}
        rivals = [
            smiles
            for smiles, part in left.items()
            if _organic_size(part) > SALT * _organic_size(chosen)
        ]
        if rivals:
            message = f"it is a mixture of {len(distinct)} compounds; give one of them"
            raise UnfitError(message)
        molecule = chosen
        notes.append(f"stripped of {', '.join(left) or 'its other copies'}")
    with rdBase.BlockLogs():
        parent = Chem.RemoveAllHs(Chem.Mol(molecule))
        Chem.SanitizeMol(parent)
        # Through SMILES: the atoms in canonical order make the same conformer of the same molecule.
        parent = Chem.MolFromSmiles(Chem.MolToSmiles(parent))
        return rdMolStandardize.Uncharger().uncharge(parent), notes


def _organic_size(part: Chem.Mol) -> int:
    """Returns the heavy atoms of a part that has carbon; of another, none."""
    has_carbon = any(atom.GetAtomicNum() == 6 for atom in part.GetAtoms())
    return int(part.GetNumHeavyAtoms()) if has_carbon else 0


def _require_dockable(molecule: Chem.Mol) -> None:
    atoms = list(molecule.GetAtoms())
    if any(atom.GetAtomicNum() == 0 for atom in atoms):
        message = "it has an open attachment point"
        raise UnfitError(message)
    foreign = sorted({atom.GetSymbol() for atom in atoms} - ELEMENTS)
    if foreign:
        message = f"it contains {', '.join(foreign)}, for which there are no parameters"
        raise UnfitError(message)
    if any(atom.GetNumRadicalElectrons() for atom in atoms):
        message = "it is a radical"
        raise UnfitError(message)
    size, torsions = molecule.GetNumHeavyAtoms(), rdMolDescriptors.CalcNumRotatableBonds(molecule)
    if not FEWEST_ATOMS <= size <= MOST_ATOMS:
        counted = f"{size} heavy atom{'s' * (size != 1)}"
        message = f"it has {counted}, and {FEWEST_ATOMS} to {MOST_ATOMS} can be docked"
        raise UnfitError(message)
    if torsions > MOST_TORSIONS:
        message = f"it has {torsions} rotatable bonds, and at most {MOST_TORSIONS} can be searched"
        raise UnfitError(message)


def _at_physiological_ph(molecule: Chem.Mol) -> Chem.Mol:
    try:
        written = convert(Chem.MolToSmiles(molecule), "smi", "can", f"-p{PH}")
    except BabelError as error:
        raise UnfitError(str(error)) from None
    with rdBase.BlockLogs():
        charged = Chem.MolFromSmiles(written.split()[0])
    if charged is None or charged.GetNumHeavyAtoms() != molecule.GetNumHeavyAtoms():
        message = f"its charges at pH {PH} cannot be told"
        raise UnfitError(message)
    return charged


def _remarks(molecule: Chem.Mol) -> list[str]:
    notes = []
    centers = [
        found
        for found in Chem.FindPotentialStereo(molecule)
        if found.type == Chem.StereoType.Atom_Tetrahedral
    ]
    unassigned = sum(found.specified == Chem.StereoSpecified.Unspecified for found in centers)
    if unassigned:
        notes.append(
            f"{unassigned} of {len(centers)} stereocentres unspecified; one isomer was docked"
        )
    rings = [len(ring) for ring in molecule.GetRingInfo().AtomRings()]
    if rings and max(rings) >= LARGE_RING:
        notes.append(f"its ring of {max(rings)} is held as in one conformer")
    torsions = rdMolDescriptors.CalcNumRotatableBonds(molecule)
    if torsions > MANY_TORSIONS:
        notes.append(f"{torsions} rotatable bonds; its score is unsure")
    return notes


def _embed(molecule: Chem.Mol, seed: int) -> Chem.Mol:
    """Returns the molecule with hydrogens and one conformer, relaxed."""
    full = Chem.AddHs(molecule)
    tries = TRIES_PER_ATOM * full.GetNumAtoms()
    with rdBase.BlockLogs():
        for random in (False, True):
            rdDistGeom.EmbedMolecule(
                full, randomSeed=seed, maxAttempts=tries, useRandomCoords=random
            )
            if full.GetNumConformers():
                break
        else:
            message = "no conformer of it could be made"
            raise UnfitError(message)
        relaxed = _relax(full)
        Chem.AssignStereochemistryFrom3D(relaxed)
    return relaxed


def _relax(molecule: Chem.Mol) -> Chem.Mol:
    relaxed = Chem.Mol(molecule)
    if rdForceFieldHelpers.MMFFHasAllMoleculeParams(relaxed):
        rdForceFieldHelpers.MMFFSanitizeMolecule(relaxed)
        for steps in STEPS:
            if (
                rdForceFieldHelpers.MMFFOptimizeMolecule(
                    relaxed, mmffVariant="MMFF94", maxIters=steps
                )
                == 0
            ):
                break
    elif rdForceFieldHelpers.UFFHasAllMoleculeParams(relaxed):
        rdForceFieldHelpers.UFFOptimizeMolecule(relaxed, maxIters=STEPS[0])
    # The force field has its own idea of aromatic rings: only its coordinates are wanted.
    solid = Chem.Mol(molecule)
    solid.GetConformer().SetPositions(relaxed.GetConformer().GetPositions())
    return solid


def _order(pdbqt: str, molecule: Chem.Mol) -> tuple[int, ...]:
    """Finds each heavy atom of a PDBQT in the molecule by its place."""
    places = points_of(heavy_lines(pdbqt))
    own = molecule.GetConformer().GetPositions()
    if len(places) != len(own):
        message = "Open Babel lost atoms of it"
        raise UnfitError(message)
    return tuple(int(i) for i in np.linalg.norm(places[:, None] - own[None], axis=2).argmin(axis=1))
