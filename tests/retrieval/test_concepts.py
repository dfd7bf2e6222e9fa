import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.abbreviations import find_abbreviations
from retrieval.search.concepts import normalise


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Hypertensions", "hypertension"), ("metastases", "metastasis"), ("Diseases", "disease"),
        ("IgA nephropathies", "iga nephropathy"), ("diabetes", "diabetes"), ("the  liver\ndisease",
        "liver disease"), ("NSAIDs", "nsaid"), ("acetylsalicylic acid", "aspirin"),
        ("paracetamol", normalise("acetaminophen")), ("S", "s"), ("necrosis", "necrosis"),
        ("doses", "dose"), ("non - small cell", "non-small cell"),
    ],
)  # fmt: skip
def test_many_spellings_have_one_name(name: str, wanted: str) -> None:
    assert normalise(name) == wanted


def test_abbreviations_stand_for_what_the_text_says() -> None:
    text = "Chronic kidney disease (CKD) and non-steroidal anti-inflammatory drugs (NSAIDs; n=3)."
    found = find_abbreviations(text)
    assert found == {
        "CKD": "Chronic kidney disease",
        "NSAIDs": "non-steroidal anti-inflammatory drugs",
    }
    assert normalise("CKD", found) == "chronic kidney disease"
    assert normalise("NSAIDs", found) == "non-steroidal anti-inflammatory drug"


@pytest.mark.parametrize(
    "text",
    ["Patients (n = 20) were seen.", "See the table (Table 2).", "(CKD) alone", "A (95% CI)"],
)
def test_brackets_that_define_nothing(text: str) -> None:
    assert find_abbreviations(text) == {}


@given(st.text())
def test_any_text_has_a_name(text: str) -> None:
    assert normalise(normalise(text)) == normalise(normalise(normalise(text)))
    find_abbreviations(text)
