import pytest
from rdkit import Chem
from rdkit.Chem import Descriptors

from models.molecules.chemistry.boiled_egg import (
    WHITE,
    YOLK,
    Ellipse,
    crosses_blood_brain_barrier,
    gastrointestinal_absorption,
)
from models.molecules.chemistry.names import find_compound

# Some vertices (Å², logP) of the outlines in the paper's supporting information, as the program
# PyBOILEDegg (github.com/bfmilne/pyBOILEDegg) quotes them.
WHITE_OUTLINE = [
    (97.806, -2.2270), (133.579, -0.9040), (142.030, 1.0464), (125.297, 4.1176), (79.243, 6.4725),
    (40.173, 6.7791), (8.475, 5.4931), (0.0247, 3.5427), (16.758, 0.4714), (62.812, -1.8835),
]  # fmt: skip
YOLK_OUTLINE = [
    (40.970, 0.4063), (66.393, 1.0973), (78.433, 2.5750), (76.098, 4.1232), (55.244, 5.6603),
    (35.167, 5.9636), (9.744, 5.2726), (-2.296, 3.7949), (0.0395, 2.2467), (20.894, 0.7096),
]  # fmt: skip


@pytest.mark.parametrize(("ellipse", "outline"), [(WHITE, WHITE_OUTLINE), (YOLK, YOLK_OUTLINE)])
def test_ellipses_run_along_the_published_outlines(
    ellipse: Ellipse, outline: list[tuple[float, float]]
) -> None:
    for tpsa, logp in outline:
        (x, y), inner, outer = ellipse.centre, 0.99, 1.01
        assert ellipse.contains(x + inner * (tpsa - x), y + inner * (logp - y))
        assert not ellipse.contains(x + outer * (tpsa - x), y + outer * (logp - y))


def point(name: str) -> tuple[float, float]:
    compound = find_compound(name)
    assert compound is not None
    molecule = Chem.MolFromSmiles(compound.smiles)
    return Descriptors.TPSA(molecule), Descriptors.MolLogP(molecule)


@pytest.mark.parametrize(
    "name", ["diazepam", "haloperidol", "nicotine", "amitriptyline", "donepezil", "fluoxetine"]
)
def test_drugs_of_the_central_nervous_system_reach_the_brain(name: str) -> None:
    assert crosses_blood_brain_barrier(*point(name))
    assert gastrointestinal_absorption(*point(name)) == "High"


@pytest.mark.parametrize("name", ["atenolol", "furosemide", "ranitidine", "dopamine"])
def test_drugs_that_stay_outside_the_brain(name: str) -> None:
    assert not crosses_blood_brain_barrier(*point(name))


@pytest.mark.parametrize("name", ["acarbose", "zanamivir", "vancomycin", "alendronic acid"])
def test_drugs_that_are_hardly_absorbed(name: str) -> None:
    assert gastrointestinal_absorption(*point(name)) == "Low"
