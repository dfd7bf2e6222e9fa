import json
import re
from pathlib import Path

import pytest

from models.errors import ToolError
from models.store.runs import RunStore
from models.store.workspace import Workspace
from tools.execution import execute


def audited(workspace: Workspace) -> list[dict[str, object]]:
    return [json.loads(line) for line in workspace.audit.read_text().splitlines()]


def test_call_leaves_a_run_and_an_audit_line(workspace: Workspace) -> None:
    result = execute(workspace, "profile_molecules", {"smiles": ["CCO"]})
    record = RunStore(workspace).read(str(result.run))
    assert record["status"] == "done"
    assert record["arguments"] == {"smiles": ["CCO"]}
    assert record["versions"]["rdkit"]
    assert record["result"]["data"] == result.data
    [line] = audited(workspace)
    assert (line["tool"], line["status"], line["run"]) == ("profile_molecules", "done", result.run)


@pytest.mark.parametrize(
    ("tool", "arguments", "field", "suggestion"),
    [
        ("train_survival_model", {"dataset": "gbsg"}, "dataset", "gbsg2"),
        ("train_survival_model", {"datset": "gbsg2"}, "datset", "dataset"),
        (
            "train_survival_model",
            {"dataset": "gbsg2", "algorithm": "random_forest"},
            "algorithm",
            "random_survival_forest",
        ),
        ("train_survival_model", {"dataset": "gbsg2", "time_column": "tme"}, "time_column", "time"),
        ("describe_model", {"model": "srv-1"}, "model", None),
        ("profile_molecules", {"smiles": ["C1CC"]}, "smiles", None),
    ],
)
def test_wrong_call_leaves_no_trace_but_the_audit_line(
    workspace: Workspace,
    tool: str,
    arguments: dict[str, object],
    field: str,
    suggestion: str | None,
) -> None:
    with pytest.raises(ToolError) as caught:
        execute(workspace, tool, arguments)
    faults = {re.split(r"[.\[]", fault.field)[0]: fault for fault in caught.value.faults}
    assert field in faults
    if suggestion:
        assert faults[field].suggestion == suggestion
    assert RunStore(workspace).all() == []
    assert not list(workspace.models.glob("[a-z]*")) if workspace.models.exists() else True
    [line] = audited(workspace)
    assert line["status"] == "refused"


def test_every_wrong_field_is_named_at_once(workspace: Workspace) -> None:
    wrong = {"dataset": "gbsg2", "time_column": "tme", "event_column": "cns", "features": ["agee"]}
    with pytest.raises(ToolError) as caught:
        execute(workspace, "train_survival_model", wrong)
    suggestions = {fault.suggestion for fault in caught.value.faults}
    assert {"time", "cens", "age"} <= suggestions


def test_patient_data_reach_the_audit_log_only_as_a_hash(workspace: Workspace) -> None:
    record = {"name": "Zebulon Quist", "age": 60}
    with pytest.raises(ToolError):
        execute(workspace, "predict", {"model": "srv-1", "records": [record]})
    text = workspace.audit.read_text()
    assert "Quist" not in text
    assert "sha256:" in text


def test_unknown_arguments_do_not_reach_the_audit_log(workspace: Workspace) -> None:
    with pytest.raises(ToolError):
        execute(workspace, "list_models", {"patient": "Zebulon Quist"})
    assert "Quist" not in workspace.audit.read_text()


def test_bug_keeps_its_record(workspace: Workspace, tmp_path: Path) -> None:
    # The artifact folder cannot be written: not the caller's mistake, so the run is kept.
    workspace.runs.mkdir(parents=True)
    (workspace.runs / "run-1").write_text("a file where the run's folder belongs")
    result = execute(workspace, "profile_molecules", {"smiles": ["CCO"]})
    assert result.run == "run-2"
