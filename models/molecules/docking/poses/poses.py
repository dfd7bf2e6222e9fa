"""Poses: what Vina placed, as molecules with their own bonds."""

from rdkit import Chem

from models.molecules.docking.ligand import Ligand, heavy_lines, points_of


def place(ligand: Ligand, pdbqt: str) -> list[Chem.Mol]:
    """Puts a ligand where Vina put it.

    Bonds, charges and stereochemistry are those of the ligand itself: only coordinates are taken.
    Hydrogens are added where geometry wants them, as Vina does not place them.

    Args:
        ligand: What was docked.
        pdbqt: Vina's answer, one MODEL per pose.
    """
    poses = []
    for model in pdbqt.split("MODEL")[1:]:
        pose = Chem.Mol(ligand.molecule)
        conformer = pose.GetConformer()
        for index, point in zip(ligand.order, points_of(heavy_lines(model)), strict=True):
            conformer.SetAtomPosition(index, point.tolist())
        poses.append(Chem.AddHs(pose, addCoords=True))
    return poses
