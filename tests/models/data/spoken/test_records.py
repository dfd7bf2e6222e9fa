"""Described patients: spoken names and values."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.features import Feature, FeatureSchema
from models.data.spoken.records import match_records
from models.data.tables import load_dataset
from models.errors import ToolError
from models.store.workspace import Workspace


def schema_of(workspace: Workspace, name: str) -> FeatureSchema:
    dataset = load_dataset(name, workspace)
    outcomes = {dataset.time_column, dataset.event_column, dataset.target_column}
    names = [column for column in dataset.frame.columns if column not in outcomes]
    return FeatureSchema.infer(dataset.frame, names, dataset.built_in)


@pytest.mark.parametrize(
    ("dataset", "given_record", "expected"),
    [
        (
            "gbsg2",
            {"age": 60, "grade": "II", "positive nodes": 3},
            {"age": 60.0, "tgrade": "II", "pnodes": 3.0},
        ),
        (
            "gbsg2",
            {"Age": "sixty five", "tumour size": "2 cm", "menopause": "post-menopausal",
             "hormone therapy": "yes", "tumor grade": "grade 3"},
            {"age": 65.0, "tsize": 20.0, "menostat": "Post", "horTh": 1.0, "tgrade": "III"},
        ),
        ("whas500", {"sex": "female", "heart rate": 88, "sbp": "130 mmHg", "af": "no"},
         {"gender": 1.0, "hr": 88.0, "sysbp": 130.0, "afb": 0.0}),
        ("veterans", {"age": 63, "karnofsky": "60", "celltype": "small cell"},
         {"Age_in_years": 63.0, "Karnofsky_score": 60.0, "Celltype": "smallcell"}),
        ("diabetes", {"ldl": "131,5", "BMI": 31}, {"s2": 131.5, "bmi": 31.0}),
        ("aids", {"sex": "male", "race": "black"}, {"sex": "1", "raceth": "2"}),
    ],
)  # fmt: skip
def test_spoken_records(
    workspace: Workspace, dataset: str, given_record: dict[str, Any], expected: dict[str, Any]
) -> None:
    schema = schema_of(workspace, dataset)
    matched = match_records([given_record], schema)
    row = matched.frame.iloc[0]
    assert {name: row[name] for name in expected} == expected
    assert set(matched.mapping.values()) == set(expected)
    assert set(matched.assumed[0]) == set(schema.names) - set(expected)
    for name in matched.assumed[0]:
        assert row[name] == schema.feature(name).assumed


def test_every_fault_is_named_at_once(workspace: Workspace) -> None:
    schema = schema_of(workspace, "gbsg2")
    record = {"age": "old", "grade": "IV", "blood group": "A", "pnode": 3}
    with pytest.raises(ToolError) as caught:
        match_records([record], schema)
    fields = [fault.field for fault in caught.value.faults]
    assert fields == ["records[0].age", "records[0].grade", "records[0].blood group"]


@pytest.mark.parametrize("record", [{}, {"age": None}, {"name": "Ann"}])
def test_a_record_without_values_is_refused(workspace: Workspace, record: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match="do not fit"):
        match_records([record], schema_of(workspace, "gbsg2"))


def test_an_ambiguous_name_is_asked_about(workspace: Workspace) -> None:
    with pytest.raises(ToolError) as caught:
        match_records([{"radius": 17.9}], schema_of(workspace, "breast_cancer"))
    assert "mean radius" in caught.value.faults[0].expected
    assert "worst radius" in caught.value.faults[0].expected


def test_words_that_turn_the_meaning_are_not_overlooked() -> None:
    feature = Feature(name="diabetes", type="boolean", levels=["no", "yes"], assumed=0.0)
    schema = FeatureSchema(features=[feature])
    assert match_records([{"diabetic": "yes"}], schema).frame["diabetes"][0] == 1.0
    with pytest.raises(ToolError):
        match_records([{"family history of diabetes": "yes"}], schema)


def test_values_outside_training_are_warned_about(workspace: Workspace) -> None:
    notes = match_records([{"nodes": 200}], schema_of(workspace, "gbsg2")).notes
    assert notes == ["pnodes 200 lies outside what the model was trained on (1 to 51)"]


def test_a_unit_that_cannot_be_converted_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ToolError) as caught:
        match_records([{"tumour size": "3 kg"}], schema_of(workspace, "gbsg2"))
    assert "mm" in caught.value.faults[0].expected


names = st.text("abcdefghij_", min_size=1, max_size=10).filter(lambda name: name.strip("_"))


@settings(max_examples=40, deadline=None)
@given(st.lists(names, min_size=1, max_size=6, unique=True), st.floats(-1e6, 1e6))
def test_a_features_own_name_always_means_it(columns: list[str], value: float) -> None:
    features = [Feature(name=n, type="numeric", low=0, high=1, assumed=0.5) for n in columns]
    for name in columns:
        matched = match_records([{name: value}], FeatureSchema(features=features))
        assert matched.frame[name][0] == value


@settings(deadline=None)
@given(st.integers(0, 999))
def test_numbers_in_words_and_digits_agree(number: int) -> None:
    ones = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
            "eighteen", "nineteen"]  # fmt: skip
    tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    hundreds, rest = divmod(number, 100)
    words = [f"{ones[hundreds]} hundred"] if hundreds else []
    words.append(ones[rest] if rest < 20 else f"{tens[rest // 10]} {ones[rest % 10]}".strip())
    text = " ".join(filter(None, words)) or "zero"
    schema = FeatureSchema(
        features=[Feature(name="x", type="numeric", low=0, high=999, assumed=0.0)]
    )
    assert match_records([{"x": text}], schema).frame["x"][0] == number
