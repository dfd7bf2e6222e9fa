"""Leaks, identifiers and duplicates at the door."""

import numpy as np
import pandas as pd
import pytest

from models.data.leaks import gives_away, identifier, named_identifier, recurs_with_outcome
from models.data.screening import screen_features
from models.errors import ToolError

ROWS = 60


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    sick = rng.integers(0, 2, ROWS)
    return pd.DataFrame(
        {
            "age": rng.normal(60, 10, ROWS).round(1),
            "grade": rng.choice(["I", "II", "III"], ROWS),
            "patient_id": np.arange(1000, 1000 + ROWS),
            "name": [f"person {n}" for n in range(ROWS)],
            "birth_date": "1950-01-01",
            "sick_copy": np.where(sick, "yes", "no"),
            "cause": np.where(sick, "virus", None),
            "constant": 1,
            "empty": np.nan,
            "seen": pd.date_range("2020-01-01", periods=ROWS).astype(str),
            "sick": sick,
        }
    )


def test_unnamed_leaks_are_left_out_and_said(frame: pd.DataFrame) -> None:
    screened = screen_features(frame, frame[["sick"]].astype(str), None)
    assert screened.features == ["age", "grade"]
    said = " ".join([*screened.notes, *screened.warnings])
    for name in ("patient_id", "name", "birth_date", "sick_copy", "cause", "constant", "empty",
                 "seen"):  # fmt: skip
        assert f"{name} left out" in said


def test_named_leaks_are_refused_all_at_once(frame: pd.DataFrame) -> None:
    with pytest.raises(ToolError) as caught:
        screen_features(frame, frame[["sick"]], ["age", "sick", "sick_copy", "patient_id", "cause"])
    got = [fault.got for fault in caught.value.faults]
    assert got == ["'sick'", "'sick_copy'", "'patient_id'", "'cause'"]


def test_nothing_left_is_an_error(frame: pd.DataFrame) -> None:
    with pytest.raises(ToolError, match="No column is left"):
        screen_features(frame[["patient_id", "sick"]], frame[["sick"]], None)


def test_duplicates_are_removed_and_many_of_them_warned_about(frame: pd.DataFrame) -> None:
    doubled = pd.concat([frame, frame.head(20)], ignore_index=True)
    screened = screen_features(doubled, doubled[["sick"]], ["age", "grade"])
    assert len(screened.frame) == ROWS
    assert "20 exact duplicate rows removed" in screened.notes
    assert any("exact copies" in warning for warning in screened.warnings)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Series(range(30), name="visit"), True),
        (pd.Series([100001 + 17 * n for n in range(30)], name="code"), True),
        (pd.Series([f"p{n}" for n in range(30)], name="code"), True),
        (pd.Series(range(30), name="mrn"), True),
        (pd.Series([1, 2, 3, 4] * 8, name="site_id"), False),
        (pd.Series(np.linspace(0, 1, 30), name="crp"), False),
        (pd.Series([5 * n for n in range(30)], name="platelets"), False),
        (pd.Series(range(30), name="grid"), True),
        (pd.Series([3 * n % 31 for n in range(30)], name="covid"), False),
    ],
)
def test_identifiers(column: pd.Series, expected: bool) -> None:
    assert bool(identifier(column)) is expected


def test_what_gives_a_number_away() -> None:
    rng = np.random.default_rng(0)
    target = pd.Series(rng.normal(size=100))
    assert gives_away(target * 2 + 1, target)
    assert gives_away(-np.exp(target), target)
    assert not gives_away(target + rng.normal(0, 0.1, 100), target)


def test_a_finer_category_gives_the_class_away() -> None:
    rng = np.random.default_rng(0)
    detail = pd.Series(rng.choice(["benign cyst", "benign scar", "cancer"], 100))
    target = detail.str.startswith("cancer").astype(int)
    assert gives_away(detail, target)
    assert not gives_away(pd.Series(rng.choice(list("abc"), 100)), target)


@pytest.mark.parametrize(
    "name",
    [
        "MRN", "USUBJID", "SUBJID", "hosp_no", "pid", "Pat.-Nr.", "Patientennummer", "Fallnummer",
        "patient", "subject", "PatientID", "participant_code", "病历号", "住院号", "患者ID",
        "病人编号",
    ],
)  # fmt: skip
def test_columns_named_for_people_identify_them(name: str) -> None:
    assert named_identifier(pd.Series([1000 + n // 3 for n in range(60)], name=name))


@pytest.mark.parametrize("name", ["age", "patient_age", "孕次", "hospital_days", "path"])
def test_other_columns_do_not(name: str) -> None:
    assert not named_identifier(pd.Series([1000 + n // 3 for n in range(60)], name=name))


def test_text_that_recurs_with_the_outcome_behaves_like_a_person() -> None:
    rng = np.random.default_rng(0)
    people = pd.Series([f"k{n // 3}" for n in range(240)], name="Kennung")
    sick = pd.DataFrame({"sick": np.repeat(rng.integers(0, 2, 80), 3)})
    assert recurs_with_outcome(people, sick)
    assert not recurs_with_outcome(people, pd.DataFrame({"sick": rng.integers(0, 2, 240)}))
    assert not recurs_with_outcome(people.sample(240, random_state=0, ignore_index=True), sick)
    assert not recurs_with_outcome(pd.Series([f"k{n}" for n in range(240)]), sick)
