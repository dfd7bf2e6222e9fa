from models.molecules.chemistry.properties import profile
from models.molecules.chemistry.structure import parse_smiles
from models.molecules.chemistry.table import extremes, profile_table


def test_most_and_least_of_each_number_are_named_in_order() -> None:
    texts = ["C", "CCCC", "CC", "CCC"]
    table = profile_table(
        [
            {"row": row, "label": text, "name": None} | profile(parse_smiles(text))
            for row, text in enumerate(texts, start=1)
        ]
    )
    found = extremes(table, 2)["carbons"]
    assert [one["label"] for one in found["most"]] == ["CCCC", "CCC"]
    assert found["least"] == [
        {"row": 1, "label": "C", "smiles": "C", "value": 1},
        {"row": 3, "label": "CC", "smiles": "CC", "value": 2},
    ]
