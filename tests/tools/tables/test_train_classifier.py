"""Training classifiers: good numbers on known tables, clear words on bad ones."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.errors import ToolError
from models.store.registry import ModelStore
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute


def train(workspace: Workspace, dataset: str, **arguments: Any) -> ToolResult:
    arguments = {"algorithm": "logistic_regression"} | arguments
    return execute(workspace, "train_classifier", {"dataset": dataset} | arguments)


def cohort(rows: int = 200, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.normal(60, 10, rows).round(1)
    crp = rng.lognormal(1, 0.5, rows).round(2)
    risk = 1 / (1 + np.exp(-(age - 60) / 5 - (crp - 3)))
    return pd.DataFrame(
        {
            "patient_id": np.arange(rows) + 1,
            "age": age,
            "crp": crp,
            "ward": rng.choice(["A", "B", "C"], rows),
            "admitted": pd.date_range("2020-01-01", periods=rows).astype(str),
            "died": np.where(rng.random(rows) < risk, "yes", "no"),
        }
    )


def test_breast_cancer(workspace: Workspace) -> None:
    result = train(workspace, "breast_cancer")
    auroc = result.data["metrics"]["auroc"]
    # NOTES-dependencies.md: 5-fold AUROC of logistic regression .9955.
    assert auroc["value"] > 0.985
    assert auroc["low"] <= auroc["value"] <= auroc["high"]
    assert result.data["baseline"]["auroc"]["value"] == 0.5
    assert set(result.data["baseline"]) == set(result.data["metrics"])
    assert result.data["metrics"]["calibration_error"]["value"] < 0.08
    assert result.data["target"]["positive_class"] == "malignant"
    assert {artifact.kind for artifact in result.artifacts} == {"plot", "card"}
    assert all(Path(artifact.path).is_file() for artifact in result.artifacts)
    record = json.loads((workspace.runs / "run-1" / "run.json").read_text())
    assert len(record["split"]["train_rows"]) == result.data["split"]["train"]
    assert record["data_sha256"]
    folder = workspace.models / result.data["model"]
    kept = {path.name for path in folder.iterdir()}
    assert kept >= {"pipeline.skops", "held_out.parquet", "background.parquet", "card.md"}
    card = (folder / "card.md").read_text()
    assert "## Not for" in card
    assert "(95% CI" in card
    assert card.startswith("# clf-1")


def test_the_same_call_gives_the_same_numbers(workspace: Workspace) -> None:
    first, second = (train(workspace, "breast_cancer", seed=3) for _ in range(2))
    assert first.data["metrics"] == second.data["metrics"]
    assert first.data["model"] != second.data["model"]
    loaded = [ModelStore(workspace).load(r.data["model"]) for r in (first, second)]
    scores = [model.score(model.held_out) for model in loaded]
    np.testing.assert_array_equal(scores[0], scores[1])


def test_identifiers_are_not_learnt_from_and_gaps_in_the_target_are_dropped(
    workspace: Workspace,
) -> None:
    frame = cohort()
    frame.loc[:9, "died"] = np.nan
    frame.to_csv("a.csv", index=False)
    result = train(workspace, "a.csv", target_column="died")
    assert result.data["features"] == ["age", "crp", "ward"]
    assert "10 rows without an outcome left out" in result.data["notes"]
    assert any("patient_id left out" in warning for warning in result.data["warnings"])
    assert result.data["target"]["positive_class"] == "yes"


def test_repeated_patients_stay_on_one_side(workspace: Workspace) -> None:
    frame = cohort().assign(patient_id=lambda f: f["patient_id"] // 4)
    frame.to_csv("a.csv", index=False)
    result = train(workspace, "a.csv", target_column="died")
    assert result.data["split"]["method"] == "whole groups of patient_id"
    record = json.loads((workspace.runs / "run-1" / "run.json").read_text())
    sides = [set(frame["patient_id"].iloc[record["split"][s]]) for s in ("train_rows", "test_rows")]
    assert not sides[0] & sides[1]


def test_a_published_test_set_is_reported_on(workspace: Workspace) -> None:
    cohort(200, 0).to_csv("train.csv", index=False)
    other = pd.concat([cohort(80, 1), cohort(200, 0).head(5)])
    other.to_csv("test.csv", index=False)
    result = train(workspace, "train.csv", target_column="died", test_dataset="test.csv")
    assert result.data["split"] | {"test_sha256": ""} == {
        "method": "test_dataset test.csv", "train": 195, "test": 85, "test_sha256": "",
    }  # fmt: skip
    with pytest.raises(ToolError, match="nothing to train on"):
        train(workspace, "train.csv", target_column="died", test_dataset="train.csv")


def test_time_and_split_column(workspace: Workspace) -> None:
    cohort().to_csv("a.csv", index=False)
    result = train(workspace, "a.csv", target_column="died", split="time")
    assert "admitted" in result.data["split"]["method"]
    cohort().assign(split=["train"] * 150 + ["test"] * 50).to_csv("b.csv", index=False)
    result = train(workspace, "b.csv", target_column="died")
    assert result.data["split"] == {"method": "the column split", "train": 150, "test": 50}


def test_more_than_two_classes(workspace: Workspace) -> None:
    frame = cohort(240)
    frame["stage"] = pd.cut(frame["age"], [0, 55, 65, 200], labels=["I", "II", "III"]).astype(str)
    frame["age"] += np.random.default_rng(1).normal(0, 3, 240)
    frame.drop(columns="died").to_csv("a.csv", index=False)
    result = train(workspace, "a.csv", target_column="stage", algorithm="gradient_boosting")
    assert set(result.data["metrics"]) == {
        "auroc", "auprc", "accuracy", "macro_f1", "brier_score", "calibration_error",
    }  # fmt: skip
    assert result.data["metrics"]["auroc"]["value"] > 0.85
    assert result.data["target"]["classes"] == ["I", "II", "III"]


def test_small_data_are_called_small(workspace: Workspace) -> None:
    cohort(40).to_csv("a.csv", index=False)
    warnings = " ".join(train(workspace, "a.csv", target_column="died").data["warnings"])
    assert "few events per variable" in warnings
    assert "held-out rows" in warnings


def test_the_positive_class_can_be_chosen(workspace: Workspace) -> None:
    result = train(workspace, "breast_cancer", positive_class="benign")
    assert result.data["target"]["classes"] == ["malignant", "benign"]
    with pytest.raises(ToolError, match="no class of the target"):
        train(workspace, "breast_cancer", positive_class="cancer")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"died": "yes"}, "does not vary"),
        ({"died": np.nan}, "does not vary"),
        ({"died": np.linspace(0, 1, 60)}, "train_regressor"),
        ({"died": [f"note {n}" for n in range(60)]}, "too few rows|free text"),
        ({"died": ["yes"] * 2 + ["no"] * 58}, "too few rows"),
    ],
)
def test_targets_that_are_no_classes(
    workspace: Workspace, change: dict[str, Any], words: str
) -> None:
    cohort(60).assign(**change).to_csv("a.csv", index=False)
    with pytest.raises(ToolError, match=words):
        train(workspace, "a.csv", target_column="died")
    assert not list(workspace.models.glob("*-*"))


def test_bad_calls_name_every_fault(workspace: Workspace) -> None:
    cohort().to_csv("a.csv", index=False)
    with pytest.raises(ToolError) as caught:
        train(workspace, "a.csv", target_column="dead", features=["agee", "crp"])
    assert [fault.suggestion for fault in caught.value.faults] == ["died", "age"]
    with pytest.raises(ToolError) as caught:
        train(workspace, "a.csv", target_column="died", features=["age", "died", "patient_id"])
    assert len(caught.value.faults) == 2
    with pytest.raises(ToolError, match="Which column"):
        train(workspace, "a.csv")
    cohort(10).to_csv("b.csv", index=False)
    with pytest.raises(ToolError, match="too few"):
        train(workspace, "b.csv", target_column="died")


def test_other_outcomes_of_a_known_table_are_no_features(workspace: Workspace) -> None:
    result = train(workspace, "whas500", target_column="fstat")
    assert "lenfol" not in result.data["features"]


def test_a_perfect_signal_is_learnt(workspace: Workspace) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(120, 2)), columns=["a", "b"])
    frame["y"] = (frame["a"] + frame["b"] > 0).astype(int)
    frame.to_csv("a.csv", index=False)
    result = train(workspace, "a.csv", target_column="y")
    assert result.data["metrics"]["auroc"]["value"] > 0.99


@pytest.mark.slow
def test_auto_on_breast_cancer_compares_all(workspace: Workspace) -> None:
    result = train(workspace, "breast_cancer", algorithm="auto")
    assert len(result.data["candidates"]) == 4
    assert result.data["metrics"]["auroc"]["value"] > 0.985
