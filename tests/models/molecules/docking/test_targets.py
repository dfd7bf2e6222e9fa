"""The prepared proteins: all there, found under people's names, the nearest named where not."""

import pytest

from models.errors import ToolError
from models.molecules.docking.proteins.receptor import packaged_receptor
from models.molecules.docking.proteins.targets import find_target, targets


def test_every_target_has_its_protein_and_a_box_in_it() -> None:
    assert len(targets()) == 58
    for target in targets():
        assert target.pdbqt.is_file(), target.name
        assert min(target.box.size) >= 20, target.name


def test_no_name_belongs_to_two_targets() -> None:
    owners: dict[str, str] = {}
    for target in targets():
        for name in target.names:
            assert owners.setdefault(name.casefold(), target.name) == target.name, name


@pytest.mark.parametrize(
    ("name", "gene"),
    [
        ("DRD2", "DRD2"), ("dopamine D2 receptor", "DRD2"), ("the human Dopamine D2", "DRD2"),
        ("egfr", "EGFR"), ("factor Xa", "F10"), ("Factor-XA", "F10"), ("thrombin", "F2"),
        ("COX 2", "PTGS2"), ("cyclooxygenase-2", "PTGS2"), ("PPAR gamma", "PPARG"),
        ("oestrogen receptor alpha", "ESR1"), ("p38", "MAPK14"), ("HMG-CoA reductase", "HMGCR"),
    ],
)  # fmt: skip
def test_people_s_names_are_understood(name: str, gene: str) -> None:
    assert find_target(name).name == gene


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("DRD22", "DRD2"), ("factor Xb", "F10"), ("dopamin D3 receptr", "DRD3"), ("?", None)],
)
def test_an_unknown_target_is_answered_with_the_nearest(name: str, nearest: str | None) -> None:
    with pytest.raises(ToolError) as caught:
        find_target(name)
    fault = caught.value.faults[0]
    assert fault.field == "target"
    assert fault.suggestion == nearest
    assert "EGFR" in fault.expected


def test_a_packaged_protein_is_read_whole() -> None:
    receptor = packaged_receptor(find_target("CA2"))
    assert {"ZN"} <= {atom.element.upper() for atom in receptor.protein.atoms if atom.is_metal}
    assert receptor.protein.pdb().count("\n") == len(receptor.protein.atoms) + 1
    assert find_target("CA2").box.holds(receptor.protein.points).sum() > 100
