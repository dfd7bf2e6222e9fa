import pytest
from rdkit import Chem

from models.molecules.chemistry.alerts import find_alerts


def names(smiles: str, family: str) -> list[str]:
    return [alert["name"] for alert in find_alerts(Chem.MolFromSmiles(smiles), family)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("smiles", "alert"),
    [
        ("Oc1ccccc1O", "catechol_A(92)"),
        ("c1ccccc1N=Nc1ccccc1", "azo_A(324)"),
        ("O=C1C=CC(=O)C=C1", "quinone_A(370)"),
        ("O=C1NC(=S)SC1=Cc1ccccc1", "ene_rhod_A(235)"),
    ],
)
def test_pains_of_the_paper_are_found(smiles: str, alert: str) -> None:
    """Entry names and counts are those of Baell and Holloway 2010."""
    assert alert in names(smiles, "pains")


@pytest.mark.parametrize(
    ("smiles", "alert"),
    [
        ("CC=O", "aldehyde"),
        ("c1ccccc1[N+](=O)[O-]", "nitro_group"),
        ("CCI", "iodine"),
        ("Oc1ccccc1O", "catechol"),
    ],
)
def test_brenk_alerts_are_found(smiles: str, alert: str) -> None:
    assert alert in names(smiles, "brenk")


def test_clean_molecules_have_no_alert() -> None:
    ibuprofen = "CC(C)Cc1ccc(cc1)C(C)C(=O)O"
    assert names(ibuprofen, "pains") == names(ibuprofen, "brenk") == []


def test_every_occurrence_is_located() -> None:
    (nitro,) = [
        alert
        for alert in find_alerts(Chem.MolFromSmiles("O=[N+]([O-])CC[N+](=O)[O-]"), "brenk")
        if alert["name"] == "nitro_group"
    ]
    assert nitro["atoms"] == [[0, 1, 2], [5, 6, 7]]
    assert nitro["fragment"] == "O=[N+][O-]"
    assert Chem.MolFromSmarts(nitro["smarts"]).GetNumAtoms() == 3
