import pytest

from models.molecules.chemistry.entries import read_entries
from models.molecules.chemistry.salts import salt_after, split_salt
from models.molecules.chemistry.structure import left_out, parse_smiles


@pytest.mark.parametrize(
    ("name", "drug", "salt"),
    [
        ("sildenafil citrate", "sildenafil", "citrate"),
        ("Imatinib mesylate", "Imatinib", "mesylate"),
        ("ciprofloxacin hydrochloride monohydrate", "ciprofloxacin", "hydrochloride monohydrate"),
        ("cetirizine dihydrochloride.", "cetirizine", "dihydrochloride"),
    ],
)
def test_a_name_is_parted_into_drug_and_salt(name: str, drug: str, salt: str) -> None:
    assert split_salt(name) == (drug, salt)


@pytest.mark.parametrize("name", ["aspirin", "citrate", "sodium benzoate", "CCO"])
def test_a_name_without_a_salt_is_whole(name: str) -> None:
    assert split_salt(name) is None


def test_a_salt_is_found_behind_the_name_only() -> None:
    assert salt_after("sildenafil", "logP of sildenafil citrate?") == "citrate"
    assert salt_after("sildenafil", "logP of sildenafil and citrate") is None


def test_a_salt_of_a_known_drug_is_read_as_the_drug_and_said() -> None:
    ((entry, whole), faults) = read_entries(["sildenafil citrate", "sodium benzoate"])
    assert not faults
    assert (entry.name, entry.notes) == ("sildenafil", ["sildenafil is taken without its citrate."])
    assert (whole.name, whole.notes) == ("sodium benzoate", [])
    assert whole.parent_notes == ["Taken as its parent, without [Na+]."]


@pytest.mark.parametrize(
    ("smiles", "without"),
    [
        ("CCO", ""),
        ("CC(=O)[O-].[Na+]", ", without [Na+]"),
        ("CCCN.Cl.Cl", ", without 2 × Cl"),
        ("CCCC(=O)O[Na]", ", without [Na+]"),
    ],
)
def test_what_the_parent_lacks_is_named(smiles: str, without: str) -> None:
    assert left_out(parse_smiles(smiles)) == without
