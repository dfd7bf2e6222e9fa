"""Explanations of trained models, whatever their family."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import ToolResult
from tools.execution import execute


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with reg-1 (a line), clf-1 (three classes) and srv-1 (gbsg2)."""
    folder = tmp_path_factory.mktemp("trained")
    workspace = Workspace(folder / "workspace", (folder,))
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"dose": rng.normal(5, 1, 160), "noise": rng.normal(size=160)})
    frame["arm"] = rng.choice(["drug", "placebo"], 160)
    frame["level"] = 2 * frame["dose"] + 4 * (frame["arm"] == "drug") + rng.normal(0, 0.2, 160)
    frame.round(3).to_csv(folder / "line.csv", index=False)
    classes = frame.drop(columns="level")
    classes["group"] = pd.cut(frame["level"], 3, labels=["low", "mid", "high"]).astype(str)
    classes.to_csv(folder / "classes.csv", index=False)
    for tool, dataset, target, algorithm in (
        ("train_regressor", "line.csv", "level", "linear"),
        ("train_classifier", "classes.csv", "group", "logistic_regression"),
    ):
        arguments = {"dataset": str(folder / dataset), "target_column": target}
        execute(workspace, tool, arguments | {"algorithm": algorithm})
    execute(workspace, "train_survival_model", {"dataset": "gbsg2", "algorithm": "cox"})
    return workspace


def explain(workspace: Workspace, model: str, **arguments: Any) -> ToolResult:
    return execute(workspace, "explain_model", {"model": model} | arguments)


def test_importance_finds_what_the_line_is_made_of(trained: Workspace) -> None:
    result = explain(trained, "reg-1", method="permutation")
    importance = result.data["importance"]
    assert list(importance)[2] == "noise"
    assert importance["dose"]["low"] > 0 > importance["noise"]["value"] - 0.05
    assert result.data["metric"] == "r2"


def test_shares_of_a_line_are_its_slopes(trained: Workspace) -> None:
    result = explain(trained, "reg-1", row=3)
    data = result.data
    assert sum(data["shares"].values()) + data["base"] == pytest.approx(data["score"])
    assert all(error >= 0 for error in data["standard_errors"].values())
    assert "Pushing up:" in result.summary
    assert "not what causes" in result.summary


def test_the_whole_model_in_words(trained: Workspace) -> None:
    result = explain(trained, "reg-1")
    assert "dose" in result.summary
    assert "higher values push up" in result.summary
    assert "up for drug, down for placebo" in result.summary
    assert list(result.data["importance"])[-1] == "noise"
    assert Path(result.artifacts[0].path).read_bytes().startswith(b"\x89PNG")


def test_survival_models_are_explained_in_risk(trained: Workspace) -> None:
    held_out = pd.read_parquet(trained.models / "srv-1" / "held_out.parquet")
    row = int(held_out.index[0])
    result = explain(trained, "srv-1", row=row)
    assert "held out in training" in result.summary
    assert "risk times" in result.summary
    assert set(result.data["shares"]) <= set(held_out.columns)
    overall = explain(trained, "srv-1")
    assert next(iter(overall.data["importance"])) in ("pnodes", "progrec", "horTh", "tgrade")


def test_more_than_two_classes(trained: Workspace) -> None:
    result = explain(trained, "clf-1", row=5)
    assert "probability of group = " in result.summary
    assert "points" in result.summary
    assert "(the likeliest)" in explain(trained, "clf-1").summary


def test_rows_are_those_of_the_table(trained: Workspace) -> None:
    with pytest.raises(ToolError) as caught:
        explain(trained, "reg-1", row=160)
    assert caught.value.faults[0].expected == "0 to 159"
    held_out = set(pd.read_parquet(trained.models / "reg-1" / "held_out.parquet").index)
    trained_row = next(row for row in range(160) if row not in held_out)
    assert "not held out" in explain(trained, "reg-1", row=trained_row).summary
    path = trained.data_folders[0] / "line.csv"
    before = path.read_text()
    path.write_text(before + "1,1,drug,2\n")
    with pytest.raises(ToolError, match="has changed"):
        explain(trained, "reg-1", row=trained_row)
    path.write_text(before)


@pytest.mark.parametrize("method", ["permutation", "surrogate"])
def test_what_is_of_all_rows_refuses_one(trained: Workspace, method: str) -> None:
    with pytest.raises(ToolError, match="not of one"):
        explain(trained, "reg-1", method=method, row=3)


def test_the_local_line_of_a_line_is_the_line(trained: Workspace) -> None:
    """Of a linear model a share is slope times distance from the background's mean."""
    lime = explain(trained, "reg-1", method="lime", row=3).data
    shap = explain(trained, "reg-1", row=3).data
    assert lime["fit"] > 0.7  # the rest is the scatter of the rows it exchanged features with
    for feature, share in shap["shares"].items():
        allowed = 4 * (lime["standard_errors"][feature] + shap["standard_errors"][feature])
        assert lime["shares"][feature] == pytest.approx(share, abs=allowed)
    overall = explain(trained, "clf-1", method="lime")
    assert list(overall.data["importance"])[-1] == "noise"
    assert "The local line fits with R²" in overall.summary


def test_rules_stand_in_for_the_model(trained: Workspace) -> None:
    result = explain(trained, "reg-1", method="surrogate")
    assert result.data["fidelity"] > 0.8
    assert sum(rule["share"] for rule in result.data["rules"]) == pytest.approx(1)
    asked = " ".join(condition for rule in result.data["rules"] for condition in rule["if"])
    assert "dose" in asked
    assert "arm" in asked
    assert "noise" not in asked
    assert "group = mid" in explain(trained, "clf-1", method="surrogate").data["score"]
    assert "of rows" in explain(trained, "srv-1", method="surrogate").summary


def test_the_same_call_gives_the_same_numbers(trained: Workspace) -> None:
    for arguments in (
        {"method": "permutation"},
        {"method": "lime"},
        {"method": "surrogate"},
        {},
        {"row": 1},
    ):
        first, second = (explain(trained, "clf-1", **arguments).data for _ in range(2))
        assert first == second
