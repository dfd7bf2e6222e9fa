"""The person's own structures: what is kept, what marks the pocket, what is refused."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import ToolError
from models.molecules.docking.proteins.box import Box, box_of, require_protein
from models.molecules.docking.proteins.protein import choices, one_of_each, read_atoms
from models.molecules.docking.proteins.receptor import Receptor, only_ligand, read_receptor

LIGAND = [
    f"HETATM{9000 + i:5d}  C{i}  LIG A 500    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           C"
    for i, (x, y, z) in enumerate([(1.0, 2.0, 3.0), (4.0, 2.0, 3.0), (1.0, 8.0, 3.0),
                                   (2.0, 2.0, 9.0), (1.0, 5.0, 3.0), (1.0, 2.0, 5.0)])
]  # fmt: skip
WATER = "HETATM 9100  O   HOH A 600       0.000   0.000   0.000  1.00  0.00           O"
ION = "HETATM 9101 NA    NA A 601       0.000   0.000   0.000  1.00  0.00          NA"


@pytest.fixture(scope="module")
def own(receptor: Receptor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A structure as from the Protein Data Bank: no hydrogens, a ligand, water and an ion."""
    lines = [line for line in receptor.protein.pdb().splitlines()
             if line.startswith("ATOM") and not line.endswith(" H")]  # fmt: skip
    path = tmp_path_factory.mktemp("structures") / "own.pdb"
    path.write_text("\n".join([*lines, *LIGAND, WATER, ION, "END", ""]))
    return path


def test_of_a_pdb_the_protein_is_kept_and_the_rest_is_named(own: Path, receptor: Receptor) -> None:
    read = read_receptor(own)
    heavy = [atom for atom in read.protein.atoms if atom.element != "H"]
    known = [atom for atom in receptor.protein.atoms if atom.element != "H" and not atom.hetero]
    assert len(heavy) == len(known)
    assert {read.protein.label(atom) for atom in heavy} == {
        receptor.protein.label(atom) for atom in known
    }
    # Hydrogens that matter to Vina are put back: on N, O and S alone.
    assert sum(atom.element == "H" for atom in read.protein.atoms) > 200
    assert read.notes == (
        "left out of own.pdb: LIG, NA",
        "kept as part of the protein: NDP",
        "waters were left out",
    )
    assert "HOH" not in read.pdbqt
    assert only_ligand(read) == "LIG"


def test_a_box_is_put_around_the_bound_ligand(own: Path) -> None:
    read = read_receptor(own)
    assert read.box_around("lig") == Box((2.5, 5.0, 6.0), (20.0, 20.0, 20.0))
    with pytest.raises(ToolError, match="no bound ligand LIH") as caught:
        read.box_around("LIH")
    assert caught.value.faults[0].suggestion == "LIG"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("empty.pdb", "", "the atoms of a protein, not 0"),
        ("ligand.pdbqt", "ROOT\nENDROOT\nTORSDOF 0\n", "not a ligand"),
        ("notes.txt", "ATOM", "ends in .pdb"),
        ("water.pdb", "\n".join([WATER] * 80), "the atoms of a protein, not 0"),
        ("noise.pdb", "ATOM  " + "x" * 60, "the atoms of a protein, not 0"),
    ],
)
def test_what_is_no_protein_is_refused(
    tmp_path: Path, name: str, content: str, expected: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ToolError) as caught:
        read_receptor(path)
    assert caught.value.faults[0].field == "receptor"
    assert expected in caught.value.faults[0].expected


def test_alternative_positions_and_further_models_are_passed_over(
    own: Path, tmp_path: Path
) -> None:
    lines = own.read_text().splitlines()
    first = next(line for line in lines if line.startswith("ATOM"))
    doubled = [first[:16] + "A" + first[17:], first[:16] + "B" + first[17:], *lines[1:-1]]
    path = tmp_path / "alternatives.pdb"
    path.write_text("\n".join(["MODEL 1", *doubled, "ENDMDL", "MODEL 2", *doubled, "ENDMDL"]))
    assert len(read_receptor(path).protein.atoms) == len(read_receptor(own).protein.atoms)


def test_a_box_beside_the_protein_is_refused(receptor: Receptor) -> None:
    with pytest.raises(ToolError, match="outside the protein") as caught:
        require_protein(box_of([500, 0, 0], [20, 20, 20]), receptor.protein.points, "center")
    assert caught.value.faults[0].field == "center"
    assert "x " in caught.value.faults[0].expected


@pytest.mark.parametrize(
    ("center", "size", "field"),
    [([0, 0], [20, 20, 20], "center"), ([0, 0, 0], [20, 20, 500], "size"),
     ([0, 0, 0], [1, 20, 20], "size")],
)  # fmt: skip
def test_what_is_no_box_is_refused(center: list[float], size: list[float], field: str) -> None:
    with pytest.raises(ToolError) as caught:
        box_of(center, size)
    assert field in {fault.field for fault in caught.value.faults}


def test_a_box_holds_what_lies_between_its_sides() -> None:
    points = np.array([(0, 0, 0), (4.9, 0, 0), (5.1, 0, 0)], dtype=float)
    assert Box((0, 0, 0), (10, 10, 10)).holds(points).tolist() == [True, True, False]


def _atom(name: str, mark: str, residue: str, number: int, occupancy: float, x: float) -> str:
    return (
        f"ATOM   9500  {name:<3}{mark:1}{residue} A{number:4d}    {x:8.3f}{50.0:8.3f}{50.0:8.3f}"
        f"{occupancy:6.2f}{10.0:6.2f}          {name[0]:>2}"
    )


def test_the_best_occupied_of_alternative_positions_is_taken_for_a_residue_as_a_whole() -> None:
    lines = [
        _atom("N", "", "PHE", 10, 1.0, 0.0),
        _atom("CA", "A", "PHE", 10, 0.2, 1.0), _atom("CA", "B", "PHE", 10, 0.8, 2.0),
        _atom("CB", "A", "PHE", 10, 0.2, 3.0), _atom("CB", "B", "PHE", 10, 0.8, 4.0),
    ]  # fmt: skip
    given = read_atoms("\n".join(lines))
    kept = one_of_each(given)
    assert [(atom.name, atom.x) for atom in kept] == [("N", 0.0), ("CA", 2.0), ("CB", 4.0)]
    assert choices(given) == ["PHE10"]


def test_of_two_residues_at_one_place_one_is_left() -> None:
    lines = [
        _atom("CA", "A", "SER", 60, 0.5, 1.0), _atom("CA", "B", "GLY", 60, 0.5, 1.0),
        _atom("OG", "A", "SER", 60, 0.5, 2.0), _atom("CA", "", "ALA", 61, 1.0, 3.0),
    ]  # fmt: skip
    given = read_atoms("\n".join(lines))
    kept = one_of_each(given)
    assert [(atom.residue, atom.name) for atom in kept] == [
        ("SER", "CA"), ("SER", "OG"), ("ALA", "CA"),
    ]  # fmt: skip
    assert choices(given) == ["SER60 or GLY60"]


def test_a_cofactor_stays_and_marks_no_pocket_until_it_is_named(own: Path) -> None:
    cofactor = [line.replace("LIG A 500", "NAD A 501") for line in LIGAND]
    text = own.read_text()
    with_both = own.with_name("both.pdb")
    with_both.write_text(text.replace("END", "\n".join([*cofactor, "END"])))
    both = read_receptor(with_both)
    assert only_ligand(both) == "LIG"
    assert "kept as part of the protein: NDP, NAD" in both.notes
    assert sum(atom.residue == "NAD" for atom in both.protein.atoms) >= len(cofactor)
    alone = own.with_name("alone.pdb")
    alone.write_text(text.replace("LIG A", "NAD A"))
    assert only_ligand(read_receptor(alone)) is None
    named = read_receptor(alone, "nad")
    assert named.box_around("NAD").center == (2.5, 5.0, 6.0)
    assert not any(atom.residue == "NAD" for atom in named.protein.atoms)
