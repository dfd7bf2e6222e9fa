"""The command line as a person or a script meets it: output, JSON shapes, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.store.workspace import Workspace


def theriac(*arguments: str, given: str = "", code: int = 0) -> str:
    """Runs a command in the current folder; returns what it printed."""
    done = subprocess.run(
        [Path(sys.executable).with_name("theriac"), *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=os.environ | {"THERIAC_LLM": "embedded", "COLUMNS": "120"},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + (done.stderr if code else "")


def parsed(*arguments: str, code: int = 0) -> Any:
    return json.loads(theriac(*arguments, code=code))


@pytest.fixture(autouse=True)
def in_workspace(workspace: Workspace) -> None:
    """Commands run in a fresh current folder, with its own ./theriac-workspace."""


def test_help_names_every_command_and_the_exit_codes() -> None:
    text = theriac("--help")
    for command in ("ask", "chat", "tools", "library", "models", "runs", "eval", "doctor", "demo"):
        assert f"\n  {command} " in text
    assert "3 a prerequisite is missing" in text


def test_ask_prints_one_object() -> None:
    answer = parsed("ask", "what is the logP of CCO?", "--json")
    assert list(answer) == [
        "answer", "citations", "tool_calls", "artifacts", "stop_reason", "llm", "seconds", "tokens",
        "usage", "sampling", "verdict",
    ]  # fmt: skip
    [call] = answer["tool_calls"]
    assert list(call) == ["tool", "args", "status", "run", "summary"]
    assert call["args"] == {"smiles": ["CCO"]}
    assert answer["llm"] == "embedded"


def test_file_gives_a_line_for_each_request_in_order() -> None:
    Path("requests.txt").write_text("list my models\n\ndescribe gbsg2\nhow do I make sarin\n")
    lines = theriac("ask", "--file", "requests.txt", "--json", "--plan-only").splitlines()
    found = [json.loads(line) for line in lines]
    tools = [[call["tool"] for call in answer["tool_calls"]] for answer in found]
    assert tools == [["list_models"], ["describe_dataset"], []]
    assert [answer["stop_reason"] for answer in found] == ["answered", "answered", "refused"]


def test_standard_input_is_read() -> None:
    out = theriac("ask", "--file", "-", "--plan-only", given="describe whas500\n")
    assert json.loads(out)["tool_calls"][0]["args"] == {"dataset": "whas500"}


def test_chat_remembers_across_processes() -> None:
    theriac("chat", "--thread", "t", given="profile CCO\nexit\n")
    out = theriac("chat", "--thread", "t", given="what is the QED of that molecule?\n")
    assert "QED: 0.4068" in out


def test_wrong_use_is_two_and_names_the_nearest() -> None:
    out = theriac("tools", "run", "describe_dataset", "--args", '{"dataset": "gbsg"}', code=2)
    assert "did you mean 'gbsg2'" in out
    error = parsed("tools", "run", "describe_datset", "--json", code=2)["error"]
    assert error["fields"][0]["suggestion"] == "describe_dataset"
    assert set(error) == {"kind", "message", "fields"}
    assert set(error["fields"][0]) == {"field", "got", "expected", "suggestion"}
    theriac("ask", code=2)
    theriac("tools", "run", "describe_dataset", "--args", "{", code=2)
    theriac("runs", "show", "run-9", code=2)
    theriac("models", "show", "srv-9", code=2)
    theriac("eval", "run", "rooting", code=2)


def test_dead_server_is_three() -> None:
    out = theriac("ask", "hello", "--llm", "http://127.0.0.1:9/v1", code=3)
    assert "theriac doctor" in out
    assert "Traceback" not in out


def test_wrong_setting_is_named() -> None:
    Path("theriac.toml").write_text("temprature = 1\nseed = -4\n")
    out = theriac("runs", "list", code=2)
    assert "temprature" in out
    assert "seed" in out


def test_run_is_replayed_to_the_last_digit() -> None:
    arguments = '{"dataset": "veterans", "algorithm": "cox", "seed": 3}'
    result = parsed("tools", "run", "train_survival_model", "--args", arguments, "--json")
    outcome = parsed("runs", "replay", result["run"], "--json")
    assert outcome == {"run": "run-1", "replay": "run-2", "differences": []}
    record = parsed("runs", "show", "run-1", "--json")
    assert record["seed"] == 3
    assert len(record["data_sha256"]) == 64
    assert record["split"]["train_rows"]
    names = [model["name"] for model in parsed("models", "list", "--json")]
    assert names == ["srv-2", "srv-1"]
    assert "concordance" in theriac("models", "show", "srv-1")


def test_replay_of_other_numbers_is_one() -> None:
    result = parsed("tools", "run", "profile_molecules", "--args", '{"smiles": ["CCO"]}', "--json")
    path = Path("theriac-workspace/runs") / result["run"] / "run.json"
    path.write_text(path.read_text().replace("46.069", "47.069"))
    assert "differs" in theriac("runs", "replay", result["run"], code=1)


def test_workspace_may_stand_anywhere_in_the_command(tmp_path: Path) -> None:
    arguments = ("tools", "run", "profile_molecules", "--args", '{"smiles": ["CCO"]}')
    theriac(*arguments, "--workspace", str(tmp_path / "elsewhere"))
    theriac("--workspace", str(tmp_path / "elsewhere"), *arguments)
    assert len(list((tmp_path / "elsewhere/runs").glob("run-*"))) == 2
    assert not Path("theriac-workspace").exists()
    theriac(*arguments, "--workspace", code=2)


def test_doctor_says_what_is_there() -> None:
    checks = {row["check"]: row for row in parsed("doctor", "--json")}
    assert checks["embedder"]["ok"]
    assert "embedded" in checks["language model"]["found"]
    dead = json.loads(theriac("doctor", "--json", "--llm", "http://127.0.0.1:9/v1", code=3))
    assert [row["check"] for row in dead if not row["ok"]] == ["language model"]
