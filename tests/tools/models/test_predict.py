"""Predictions for described patients and tables."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.data.tables import load_dataset
from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with clf-1 (breast_cancer), reg-1 (diabetes) and srv-1 (gbsg2)."""
    folder = tmp_path_factory.mktemp("trained")
    workspace = Workspace(folder / "workspace", (folder,))
    linear = {"dataset": "diabetes", "algorithm": "linear"}
    logistic = {"dataset": "breast_cancer", "algorithm": "logistic_regression"}
    execute(workspace, "train_regressor", linear)
    execute(workspace, "train_classifier", logistic)
    execute(workspace, "train_survival_model", {"dataset": "gbsg2", "algorithm": "cox"})
    return workspace


def predict(workspace: Workspace, model: str, **arguments: Any) -> ToolResult:
    return execute(workspace, "predict", {"model": model} | arguments)


def test_a_described_patient(trained: Workspace) -> None:
    record = {"age": 60, "grade": "II", "positive nodes": 3}
    result = predict(trained, "srv-1", records=[record])
    assert result.data["mapping"] == {"age": "age", "grade": "tgrade", "positive nodes": "pnodes"}
    assert set(result.data["assumed"][0]) == {
        "estrec", "horTh", "menostat", "progrec", "tsize",
    }  # fmt: skip
    assert "median survival" in result.summary
    assert "grade as tgrade" in result.summary
    assert "assumed" in result.summary
    sicker = predict(trained, "srv-1", records=[record | {"positive nodes": 20}])
    risks = [r.data["predictions"][0]["log_relative_risk"] for r in (result, sicker)]
    assert risks[1] > risks[0]


def test_survival_at_given_times(trained: Workspace) -> None:
    result = predict(trained, "srv-1", records=[{"age": 50}], times=[365, 1000])
    row = result.data["predictions"][0]
    assert 1 > row["survival_at_365"] > row["survival_at_1000"] > 0
    with pytest.raises(ToolError, match="no time axis"):
        predict(trained, "clf-1", records=[{"mean radius": 12}], times=[365])


def test_how_much_hangs_on_what_was_not_given_is_said(trained: Workspace) -> None:
    result = predict(trained, "clf-1", records=[{"mean radius": 17.9, "mean texture": 10.4}])
    assert "28 of 30 inputs were not given" in result.summary
    probabilities = result.data["predictions"][0]
    total = probabilities["probability_benign"] + probabilities["probability_malignant"]
    assert total == pytest.approx(1)


def test_a_number_comes_with_its_interval(trained: Workspace) -> None:
    row = predict(trained, "reg-1", records=[{"bmi": 31, "bp": 95, "s5": 4.6}]).data["predictions"]
    assert row[0]["low_95"] < row[0]["predicted_progression"] < row[0]["high_95"]


def test_a_table_is_predicted_and_judged(trained: Workspace) -> None:
    frame = load_dataset("breast_cancer", trained).frame.head(100)
    frame.insert(0, "case_id", range(500, 600))
    path = trained.data_folders[0] / "new.csv"
    frame.to_csv(path, index=False)
    result = predict(trained, "clf-1", dataset=str(path))
    assert result.data["rows"] == 100
    assert result.data["metrics"]["auroc"]["value"] > 0.95
    written = pd.read_csv(next(a.path for a in result.artifacts if a.kind == "table"))
    assert written["case_id"].tolist() == list(range(500, 600))
    assert written["row"].tolist() == list(range(100))
    frame.drop(columns="diagnosis").to_csv(path, index=False)
    assert predict(trained, "clf-1", dataset=str(path)).data["metrics"] == {}
    trained_on = predict(trained, "clf-1", dataset="breast_cancer")
    assert "trained on" in trained_on.summary


def test_strange_input_is_told(trained: Workspace) -> None:
    frame = load_dataset("gbsg2", trained).frame.head(30).drop(columns=["time", "cens"])
    frame.loc[0, "tgrade"] = "IV"
    frame.loc[1, "age"] = 150
    path = trained.data_folders[0] / "strange.csv"
    frame.to_csv(path, index=False)
    notes = " ".join(predict(trained, "srv-1", dataset=str(path)).data["notes"])
    assert "tgrade has levels that training never saw: IV" in notes
    assert "age 1" in notes


def test_missing_columns_are_all_named(trained: Workspace) -> None:
    path = trained.data_folders[0] / "partial.csv"
    frame = load_dataset("gbsg2", trained).frame.drop(columns=["age", "pnodes"])
    frame.rename(columns={"tsize": "tumor_tsize"}).to_csv(path, index=False)
    with pytest.raises(ToolError) as caught:
        predict(trained, "srv-1", dataset=str(path))
    assert [fault.got for fault in caught.value.faults] == ["'age'", "'pnodes'", "'tsize'"]


@pytest.mark.parametrize("arguments", [{}, {"dataset": "gbsg2", "records": [{"age": 5}]}])
def test_either_a_table_or_records(trained: Workspace, arguments: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match="what to predict for") as caught:
        predict(trained, "srv-1", **arguments)
    assert caught.value.faults[0].expected == "one of dataset, records, smiles"


def test_an_unknown_model_is_named_with_the_nearest(trained: Workspace) -> None:
    with pytest.raises(ToolError) as caught:
        predict(trained, "srv-11", records=[{"age": 50}])
    assert caught.value.faults[0].suggestion == "srv-1"


def test_patient_data_do_not_reach_the_log(trained: Workspace) -> None:
    predict(trained, "srv-1", records=[{"age": 61.5, "name": "Jane Roe"}])
    line = json.loads(Path(trained.audit).read_text().splitlines()[-1])
    assert str(line["arguments"]["records"]).startswith("sha256:")
    assert "Jane" not in json.dumps(line)
