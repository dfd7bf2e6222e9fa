from models.molecules.chemistry.entries import read_entries


def test_smiles_and_names_are_read_in_order_and_rows_kept() -> None:
    entries, faults = read_entries(["CCO", "C1CC", "Aspirin", "c1ccccc1"])
    assert [(entry.row, entry.name) for entry in entries] == [(1, None), (3, "aspirin"), (4, None)]
    assert [fault.field for fault in faults] == ["smiles[2]"]
    assert "unclosed ring" in faults[0].expected


def test_a_misspelt_name_gets_the_nearest_and_a_smiles_gets_none() -> None:
    _, (typo, broken) = read_entries(["parasetamol", "CC(=O"])
    assert typo.suggestion == "paracetamol"
    assert broken.suggestion is None
    _, (unknown,) = read_entries(["foomycin"])
    assert unknown.expected == "a SMILES or a known name"


def test_nothing_gives_nothing() -> None:
    assert read_entries([]) == ([], [])
