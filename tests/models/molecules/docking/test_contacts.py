"""Contacts on small structures whose distances are known by construction."""

import numpy as np
import pytest
from rdkit import Chem

from models.molecules.docking.docking import Docked
from models.molecules.docking.poses.contacts import in_words
from models.molecules.docking.poses.diagram import draw_contacts
from models.molecules.docking.poses.interactions import find_contacts
from models.molecules.docking.poses.view import make_page
from models.molecules.docking.proteins.box import Box
from models.molecules.docking.proteins.protein import Protein, read_atoms
from models.molecules.docking.proteins.receptor import Receptor

RING = ("CG", "CD1", "CE1", "CZ", "CE2", "CD2")


def line(name: str, residue: str, number: int, place: tuple[float, ...], kind: str) -> str:
    x, y, z = place
    return (f"ATOM      1  {name:<4}{residue:>3} A{number:4d}    {x:8.3f}{y:8.3f}{z:8.3f}"
            f"  1.00  0.00     0.000 {kind}")  # fmt: skip


def protein(*lines: str) -> Protein:
    return Protein(tuple(read_atoms("\n".join(lines), pdbqt=True)))


def placed(smiles: str, *places: tuple[float, float, float]) -> Chem.Mol:
    """Puts heavy atoms where they are wanted and adds hydrogens."""
    molecule = Chem.MolFromSmiles(smiles)
    conformer = Chem.Conformer(molecule.GetNumAtoms())
    for index, place in enumerate(places):
        conformer.SetAtomPosition(index, place)
    molecule.AddConformer(conformer)
    return Chem.AddHs(molecule, addCoords=True)


def hexagon(z: float) -> list[tuple[float, float, float]]:
    angles = np.radians(np.arange(0, 360, 60))
    return [(float(1.4 * np.cos(a)), float(1.4 * np.sin(a)), z) for a in angles]


def test_a_charged_amine_bridges_to_an_aspartate() -> None:
    aspartate = protein(
        line("CG", "ASP", 114, (0, 0, 4.0), "C"),
        line("OD1", "ASP", 114, (0, 0, 2.8), "OA"),
        line("OD2", "ASP", 114, (0, 2.1, 4.4), "OA"),
    )
    amine = placed("C[NH3+]", (0, 0, -1.5), (0, 0, 0))
    found = find_contacts(amine, aspartate)
    # The hydrogen bond of the same two atoms is not counted again.
    assert [(c.kind, c.residue, c.distance) for c in found] == [("salt bridge", "ASP114", 2.8)]
    assert in_words([c.as_json() for c in found]) == "salt bridge ASP114 (2.8 Å)"


@pytest.mark.parametrize(("distance", "bonded"), [(3.0, True), (3.6, False)])
def test_a_hydroxyl_binds_to_a_carbonyl_within_reach(distance: float, bonded: bool) -> None:
    carbonyl = protein(line("C", "GLY", 7, (0, 0, distance + 1.2), "C"),
                       line("O", "GLY", 7, (0, 0, distance), "OA"))  # fmt: skip
    found = find_contacts(placed("CO", (1.2, 0, -0.7), (0, 0, 0)), carbonyl)
    assert [(c.kind, c.donor) for c in found] == [("hydrogen bond", "ligand")] * bonded


def test_a_backbone_hydrogen_that_points_away_gives_no_bond() -> None:
    pose = placed("CC(C)=O", (0, 1.3, -2.2), (0, 0, -1.3), (0, -1.3, -2.2), (0, 0, 0))
    for hydrogen, bonds in (((0, 0, 2.0), 1), ((0, 0, 4.0), 0)):
        amide = protein(line("N", "ALA", 3, (0, 0, 3.0), "N"),
                        line("CA", "ALA", 3, (1.2, 0, 3.7), "C"),
                        line("H", "ALA", 3, hydrogen, "HD"))  # fmt: skip
        assert sum(c.kind == "hydrogen bond" for c in find_contacts(pose, amide)) == bonds


def test_rings_stack_face_to_face_and_not_far_apart() -> None:
    benzene = placed("c1ccccc1", *hexagon(0))
    for height, stacked in ((3.6, ["π-stacking"]), (6.5, [])):
        ring = [line(name, "PHE", 9, place, "A") for name, place in zip(RING, hexagon(height),
                                                                       strict=True)]  # fmt: skip
        found = find_contacts(benzene, protein(*ring))
        assert [c.kind for c in found if c.kind != "hydrophobic"] == stacked


def test_carbon_touches_carbon_once_a_residue() -> None:
    wall = protein(*[line(f"C{i}", "LEU", 5, (0.9 * i, 0, 3.8), "C") for i in range(4)])
    found = find_contacts(placed("CCC", (0, 0, 0), (1.5, 0, 0), (3.0, 0, 0)), wall)
    assert [(c.kind, c.residue) for c in found] == [("hydrophobic", "LEU5")]


def test_a_sulfonamide_binds_zinc() -> None:
    zinc = protein(line("ZN", "ZN", 262, (0, 0, 2.0), "Zn"))
    found = find_contacts(placed("CN", (0, 0, -1.5), (0, 0, 0)), zinc)
    assert [(c.kind, c.residue) for c in found] == [("metal", "ZN262")]


def test_words_keep_the_strongest() -> None:
    contacts = [
        {"kind": "hydrophobic", "residue": "LEU5", "distance": 3.5},
        {"kind": "hydrogen bond", "residue": "SER7", "distance": 2.9},
        {"kind": "hydrogen bond", "residue": "SER8", "distance": 3.1},
    ]
    assert in_words(contacts, 2) == "hydrogen bond SER7 (2.9 Å), SER8 (3.1 Å)"
    assert in_words([]) == ""


def test_the_page_is_whole_and_holds_what_was_docked(docked: Docked, receptor: Receptor) -> None:
    import json
    import re
    from dataclasses import replace

    sly = replace(docked, candidate=replace(docked.candidate, label="</script><script>alert(1)"))
    contacts = find_contacts(docked.best_pose, receptor.protein)
    page = make_page([sly], [contacts], receptor, Box((0, 0, 0), (20, 20, 20)))
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=", page)
    assert "default-src 'none'" in page
    assert page.count("<script") == 3
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert data["molecules"][0]["label"] == "</script><script>alert(1)"
    assert len(data["molecules"][0]["poses"]) == len(docked.poses)
    assert len(data["molecules"][0]["contacts"]) == len(contacts)
    assert data["protein"].startswith("ATOM")


def test_the_diagram_is_a_picture(docked: Docked, receptor: Receptor) -> None:
    contacts = find_contacts(docked.best_pose, receptor.protein)
    assert draw_contacts([(docked.best_pose, contacts, "a")]).startswith(b"\x89PNG")
    assert draw_contacts([(docked.best_pose, [], "nothing near")] * 3).startswith(b"\x89PNG")
