import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.screen import redact
from agent.screen.checksums import is_card, is_iban, is_nhs_number
from agent.screen.redaction import find_identifiers


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("patient Mrs Jane Miller, age 60", "patient Mrs [NAME-1], age 60"),
        ("patient John Smith, MRN 00123456", "patient [NAME-1], MRN [RECORD-1]"),
        ("SSN 460-89-9847", "SSN [SSN-1]"),
        ("NHS number 943 476 5919", "NHS number [NHS-1]"),
        ("call her on +44 20 7946 0958", "call her on [PHONE-1]"),
        ("mail anna.b@clinic.org", "mail [EMAIL-1]"),
        ("DOB: 12/03/1956, bmi 24.5", "DOB: [BIRTH-1], bmi 24.5"),
        ("born on 3 March 1956", "born on [BIRTH-1]"),
        ("lives at 12 Oak Street, Leeds.", "lives at [ADDRESS-1]."),
    ],
)
def test_identifiers_are_replaced(text: str, redacted: str) -> None:
    result = redact(text)
    assert result.text == redacted
    assert result.restore(result.text) == text


@pytest.mark.parametrize(
    "text",
    [
        "read PMID 21645374 and 10.1016/S0140-6736(18)31612-X",
        "profile CC(=O)Oc1ccccc1C(=O)O and [Na+].[O-]C(=O)c1ccccc1",
        "train cox on data/cohort_2019-2022.csv time=os_months event=os_event seed 2024",
        "age 60, ER 120, creatinine 1.4, 5-year survival, since 2015, 2005-2012",
        "why did patient 12 get that, row 230?",
        "The Kaplan Meier estimate of the Patient Health Questionnaire",
        "split by patient_id, gse7390, whas500, srv-1",
    ],
)
def test_what_identifies_nobody_stays(text: str) -> None:
    assert redact(text).text == text


def test_the_same_value_gets_the_same_placeholder() -> None:
    result = redact("Mr Weaver met Mr Baker and Mr Weaver")
    assert result.text == "Mr [NAME-1] met Mr [NAME-2] and Mr [NAME-1]"
    assert result.mapping == {"[NAME-1]": "Weaver", "[NAME-2]": "Baker"}


def test_checksums() -> None:
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("GB82 WEST 1234 5698 7654 33")
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5918")


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_restored(text: str) -> None:
    result = redact(text)
    assert result.restore(result.text) == text or "[" in text


DIRECT = {
    "EMAIL_ADDRESS": 0.95,
    "US_SSN": 0.95,
    "CREDIT_CARD": 0.9,
    "IBAN_CODE": 0.9,
    "PHONE_NUMBER": 0.6,
}


@pytest.mark.shared_data
def test_public_synthetic_texts(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shared_data / "deidentification" / "synth_dataset_v2.json"
    items = json.loads(path.read_text())
    found, wanted, right = Counter[str](), Counter[str](), [0, 0]
    for item in items:
        identifiers = find_identifiers(item["full_text"])
        spans = [(s["start_position"], s["end_position"], s["entity_type"]) for s in item["spans"]]
        for start, end, kind in spans:
            wanted[kind] += 1
            found[kind] += any(i.start < end and start < i.end for i in identifiers)
        for i in identifiers:
            right[0] += any(i.start < end and start < i.end for start, end, _ in spans)
            right[1] += 1
    with capsys.disabled():
        recalls = {kind: round(found[kind] / number, 2) for kind, number in sorted(wanted.items())}
        print(f"\nredaction: precision {right[0] / right[1]:.3f}, recall {recalls}")  # noqa: T201 - shown
    assert right[0] / right[1] >= 0.98
    assert all(found[kind] / wanted[kind] >= least for kind, least in DIRECT.items())
