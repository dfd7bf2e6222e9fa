import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.errors import ToolError
from models.store.registry import ModelStore
from models.store.runs import RunStore
from models.store.workspace import Workspace
from models.tables.survival.estimators import network
from models.tables.survival.fitted import FittedSurvival
from tools.contract import ToolResult
from tools.execution import execute

METRICS = ["concordance_index", "integrated_brier_score", "uno_concordance_index"]


@pytest.fixture(autouse=True)
def small_ensembles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MEMBERS", 2)


def cohort(rows: int = 160, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age, stage = rng.normal(60, 10, rows).round(), rng.choice(["I", "II", "III"], rows)
    risk = 0.06 * (age - 60) + 0.9 * (stage == "III")
    event_time = rng.exponential(24 * np.exp(-risk))
    censoring = rng.uniform(6, 60, rows)
    return pd.DataFrame(
        {
            "age": age,
            "stage": stage,
            "smoker": rng.choice(["yes", "no"], rows),
            "os_months": np.minimum(event_time, censoring).round(2),
            "os_status": np.where(event_time <= censoring, "dead", "alive"),
        }
    )


def train(workspace: Workspace, **arguments: object) -> ToolResult:
    return execute(workspace, "train_survival_model", arguments)


def model_of(workspace: Workspace, result: ToolResult) -> FittedSurvival:
    model = ModelStore(workspace).load(result.data["model"])
    assert isinstance(model, FittedSurvival)
    return model


def test_cox_on_a_built_in_dataset(workspace: Workspace) -> None:
    result = train(workspace, dataset="gbsg2", algorithm="cox")
    data = result.data
    assert data["model"] == "srv-1"
    assert sorted(data["metrics"]) == sorted(data["baseline"]) == METRICS
    concordance, brier = (
        data["metrics"][name] for name in ("concordance_index", "integrated_brier_score")
    )
    assert concordance["low"] < concordance["value"] < concordance["high"]
    assert concordance["value"] > 0.62
    assert data["baseline"]["concordance_index"]["value"] == 0.5
    assert brier["value"] < data["baseline"]["integrated_brier_score"]["value"]
    assert data["split"]["train"] + data["split"]["test"] == 686
    nodes = next(item for item in data["hazard_ratios"] if item["term"] == "pnodes")
    assert 1 < nodes["low"] < nodes["ratio"] < nodes["high"]
    hormone = next(item for item in data["hazard_ratios"] if item["term"] == "horTh")
    assert hormone["contrast"] == "yes against no"
    assert f"{concordance['value']:.3f}" in result.summary
    kinds = [artifact.kind for artifact in result.artifacts]
    assert kinds == ["plot", "plot", "card"]
    assert all(Path(artifact.path).exists() for artifact in result.artifacts)
    card = ModelStore(workspace).card("srv-1")
    assert "## Not for" in card
    assert "| pnodes | per 1" in card


def test_loaded_model_predicts_curves(workspace: Workspace) -> None:
    model = model_of(workspace, train(workspace, dataset="veterans", algorithm="cox"))
    rows = model.background.head(4)
    prediction = model.predict(rows, times=[30, 90])
    table = prediction.table
    assert list(table.columns) == [
        "log_relative_risk", "risk_group", "median_survival", "survival_at_30", "survival_at_90",
    ]  # fmt: skip
    assert (table["survival_at_90"] <= table["survival_at_30"]).all()
    assert list(table["log_relative_risk"]) == list(model.score(rows))
    curves, times = prediction.data["survival_curves"], prediction.data["times"]
    assert times[0] == 0
    assert [curve[0] for curve in curves] == [1.0] * 4
    assert "median survival" in prediction.describe(0)
    assert prediction.draw is not None
    prediction.draw(workspace.root / "curves.png")
    assert (workspace.root / "curves.png").stat().st_size > 5000
    with pytest.raises(ToolError, match="100000"):
        model.predict(rows, times=[100_000])


def test_kept_model_is_the_one_that_was_judged(workspace: Workspace) -> None:
    result = train(workspace, dataset="veterans", algorithm="deepsurv", seed=5)
    model = model_of(workspace, result)
    held_out = model.held_out
    reached = result.data["metrics"]["concordance_index"]["value"]
    assert model.loss(held_out, held_out) == reached
    evaluated = model.evaluate(held_out, held_out[model.outcome_columns])
    assert evaluated["concordance_index"]["value"] == reached


def test_same_seed_same_numbers(workspace: Workspace) -> None:
    results = [
        train(workspace, dataset="veterans", algorithm="random_survival_forest") for _ in range(2)
    ]
    first, second = ({**result.data, "model": ""} for result in results)
    assert json.dumps(first) == json.dumps(second)


def test_guesses_unambiguous_columns_and_says_so(workspace: Workspace) -> None:
    cohort().to_csv("cohort.csv", index=False)
    result = train(workspace, dataset="cohort.csv", algorithm="cox")
    assert "time_column taken to be os_months, by its name" in result.data["notes"]
    assert "os_status: dead read as the event, alive as censored" in result.data["notes"]
    assert result.data["time_unit"] == "months"
    model = model_of(workspace, result)
    raw = cohort(seed=1)
    outcome = model.outcome_of(raw)
    assert outcome is not None
    assert outcome["os_status"].tolist() == (raw["os_status"] == "dead").astype(float).tolist()
    assert model.evaluate(raw, outcome)["concordance_index"]["value"] > 0.6


def test_auto_compares_and_keeps_cox_among_the_candidates(workspace: Workspace) -> None:
    cohort(120).to_csv("cohort.csv", index=False)
    data = train(workspace, dataset="cohort.csv").data
    tried = [candidate["algorithm"] for candidate in data["candidates"]]
    assert tried == ["cox", "random_survival_forest", "gradient_boosting", "deepsurv"]
    assert data["algorithm"] in tried


def test_time_limit_leaves_cox(workspace: Workspace) -> None:
    cohort().to_csv("cohort.csv", index=False)
    data = train(workspace, dataset="cohort.csv", time_limit=0.001).data
    assert data["algorithm"] == "cox"
    assert any("time limit" in note for note in data["notes"])
    assert any("time limit" in warning for warning in data["warnings"])


def test_test_dataset_is_what_is_reported_on(workspace: Workspace) -> None:
    cohort().to_csv("train.csv", index=False)
    pd.concat([cohort(79, seed=1), cohort().tail(1)]).to_csv("test.csv", index=False)
    data = train(workspace, dataset="train.csv", test_dataset="test.csv", algorithm="cox").data
    assert (data["split"]["train"], data["split"]["test"]) == (159, 80)
    assert "1 training rows that are also held out left out" in data["notes"]


def test_held_out_rows_without_an_event_have_no_concordance(workspace: Workspace) -> None:
    cohort().to_csv("train.csv", index=False)
    cohort(40, seed=1).assign(os_status="alive").to_csv("test.csv", index=False)
    result = train(workspace, dataset="train.csv", test_dataset="test.csv", algorithm="cox")
    assert result.data["metrics"]["concordance_index"] == {"value": None, "low": None, "high": None}
    assert result.data["log_rank_p"] is None
    assert "not defined" in result.summary
    json.dumps(result.model_dump(), allow_nan=False)


def test_patients_stay_on_one_side(workspace: Workspace) -> None:
    frame = cohort().assign(clinic=np.arange(160) % 16)
    frame.to_csv("cohort.csv", index=False)
    result = train(workspace, dataset="cohort.csv", algorithm="cox", group_column="clinic")
    rows = RunStore(workspace).read(str(result.run))["split"]
    sides = [set(frame["clinic"].iloc[rows[side]]) for side in ("train_rows", "test_rows")]
    assert not sides[0] & sides[1]


def test_other_outcomes_and_small_data_are_warned_about(workspace: Workspace) -> None:
    frame = cohort(60).assign(pfs_months=lambda rows: rows["os_months"] * 0.7)
    frame["noise"] = np.random.default_rng(0).normal(size=60)
    frame.loc[20:, "os_status"] = "alive"
    frame["pfs_months"] += np.random.default_rng(1).normal(0, 2, 60).clip(0)
    frame.to_csv("cohort.csv", index=False)
    data = train(
        workspace, dataset="cohort.csv", algorithm="cox", time_column="os_months",
        event_column="os_status",
    ).data  # fmt: skip
    warnings = " ".join(data["warnings"])
    assert "left out as outcomes, by their names: pfs_months" in warnings
    assert "few events per variable" in warnings
    assert "the metrics are uncertain" in warnings


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ({"os_months": -1.0}, {}, "does not hold follow-up times"),
        ({"os_status": "alive"}, {}, "nothing to learn from"),
        ({}, {"time_column": "os_moths", "event_column": "os_stats"}, "os_moths"),
        ({}, {"features": ["age", "os_status"]}, "may not be used"),
        ({}, {"event_column": "os_months", "time_column": "os_months"}, "two columns"),
        ({}, {"event_column": "stage"}, "more than event and censored"),
    ],
)
def test_bad_input_is_explained(
    workspace: Workspace, change: dict[str, object], arguments: dict[str, object], message: str
) -> None:
    cohort().assign(**change).to_csv("cohort.csv", index=False)
    with pytest.raises(ToolError) as error:
        train(workspace, dataset="cohort.csv", **arguments)
    assert message in str(error.value)
    assert ModelStore(workspace).names() == []


def test_every_wrong_column_is_named_at_once(workspace: Workspace) -> None:
    with pytest.raises(ToolError) as error:
        train(workspace, dataset="gbsg2", time_column="tim", features=["agee", "pnode"])
    suggestions = [fault.suggestion for fault in error.value.faults]
    assert suggestions == ["time", "age", "pnodes"]
