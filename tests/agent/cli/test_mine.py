"""`theriac mine` as a person meets it, without and with a language model."""

import csv
import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from agent.session import Assistant
from agent.settings import Settings
from models.store.workspace import Workspace
from tests.agent.server.stub import StubServer
from tests.agent.server.tiny_model import call_text

THERIAC = str(Path(sys.executable).with_name("theriac"))
RECORDS = [
    {"pmid": "11", "title": "Aspirin", "year": 2001, "abstract": "Adults took 75 mg aspirin."},
    {"pmid": "12", "title": "Lithium", "year": 2004, "abstract": "Lithium caused tremor."},
]
SCHEMA = {
    "title": "dosage",
    "type": "object",
    "properties": {"drug": {"type": "string"}, "milligrams": {"type": "number"}},
    "required": ["drug"],
}
ENVIRONMENT = os.environ | {
    "THERIAC_LLM": "embedded", "COLUMNS": "120", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}  # fmt: skip


@pytest.fixture(autouse=True)
def records(workspace: Workspace) -> None:
    Path("records.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    Path("dosage.json").write_text(json.dumps(SCHEMA))


def mine(*arguments: str, code: int = 0) -> Any:
    command = [THERIAC, "mine", *arguments, "--json"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env=ENVIRONMENT
    )
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_findings_are_written_where_they_are_wanted() -> None:
    result = mine("records.jsonl", "--task", "entities", "--output", "found.parquet")
    rows = parquet.read_table("found.parquet").to_pylist()
    assert ("12", "Lithium", "Chemical") in [(r["document"], r["text"], r["type"]) for r in rows]
    assert result["data"]["path"] == str(Path("found.parquet").resolve())
    record = json.loads(Path("theriac-workspace/runs", result["run"], "run.json").read_text())
    assert (record["tool"], record["status"]) == ("mine_literature", "done")
    replay = [THERIAC, "runs", "replay", result["run"]]
    done = subprocess.run(replay, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_language_model_fills_a_schema() -> None:
    def reply(messages: list[dict[str, Any]]) -> str:
        found = {"evidence": "75 mg Aspirin", "drug": "aspirin", "milligrams": 75}
        made_up = {"evidence": "90 mg aspirin", "drug": "aspirin"}
        is_first = "75 mg" in messages[-1]["content"]
        return json.dumps({"findings": [found, made_up] if is_first else []})

    with StubServer([reply, reply]) as server:
        result = mine(
            "records.jsonl", "--task", "custom", "--schema-file", "dosage.json",
            "--output", "doses.csv", "--llm", server.url,
        )  # fmt: skip
    with Path("doses.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["document"], row["text"], row["type"]) == ("11", "75 mg aspirin", "dosage")
    assert float(row["milligrams"]) == 75
    assert result["data"]["dropped"] == 1


def test_a_chat_mines_with_the_language_model_that_it_speaks_with(workspace: Workspace) -> None:
    args = {"source": "records.jsonl", "task": "custom", "schema_file": "dosage.json"}
    step = {"request": "mine records.jsonl with dosage.json", "tool": "mine_literature"}
    plan = {"outcome": "act", "message": "", "steps": [step | {"args": args}]}
    found = {"evidence": "75 mg aspirin", "drug": "aspirin", "milligrams": 75}
    script = [json.dumps(plan), call_text("mine_literature", args)]

    def reply(messages: list[dict[str, Any]]) -> str:
        return json.dumps({"findings": [found] if "75 mg" in messages[-1]["content"] else []})

    with (
        StubServer([*script, reply, reply, "One finding was written."]) as server,
        Assistant(workspace, Settings(llm=server.url)) as assistant,
    ):
        answer = assistant.ask("mine records.jsonl with my schema dosage.json")
    (call,) = answer.tool_calls
    assert (call["status"], answer.stop_reason) == ("done", "answered")
    (table,) = workspace.runs.glob("*/findings.csv")
    with table.open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["document"], row["drug"], float(row["milligrams"])) == ("11", "aspirin", 75)


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="the extra ray is not installed"
)
def test_a_ray_cluster_writes_the_same_bytes() -> None:
    mine("records.jsonl", "--task", "entities", "--output", "here.parquet")
    mine(
        "records.jsonl", "--task", "entities", "--output", "cluster.parquet", "--ray", "local",
        "--workspace", "other",
    )  # fmt: skip
    assert Path("cluster.parquet").read_bytes() == Path("here.parquet").read_bytes()


def test_wrong_use_and_missing_prerequisites_are_told_apart() -> None:
    schema = ("--task", "custom", "--schema-file", "dosage.json")
    missing = mine("records.jsonl", *schema, "--output", "o.csv", code=3)
    assert "needs a language model for milligrams" in missing["error"]["message"]
    for arguments, field in (
        (("absent.jsonl", "--task", "pico", "--output", "o.csv"), "source"),
        (("records.jsonl", "--task", "picco", "--output", "o.csv"), "task"),
        (("records.jsonl", "--task", "pico", "--output", "o.doc"), "--output"),
    ):
        wrong = mine(*arguments, code=2)
        assert wrong["error"]["fields"][0]["field"] == field
    assert not list(Path("theriac-workspace").glob("runs/run-*"))


@pytest.mark.slow
@pytest.mark.shared_data
def test_killed_at_random_it_ends_with_the_same_bytes(shared_data: Path) -> None:
    articles = str(shared_data / "pubmedqa" / "articles.jsonl")
    task = ("--task", "entities", "--limit", "300")
    mine(articles, *task, "--output", "whole.parquet", "--workspace", "other")
    command = [THERIAC, "mine", articles, *task, "--output", "killed.parquet"]
    jobs, chance = Path("theriac-workspace/mining"), random.Random(1)
    for _ in range(2):
        before = len(list(jobs.glob("*/0*.jsonl")))
        process = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
        while len(list(jobs.glob("*/0*.jsonl"))) == before and process.poll() is None:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 1))
        process.send_signal(signal.SIGKILL)
        process.wait()
    result = mine(articles, *task, "--output", "killed.parquet")
    assert Path("killed.parquet").read_bytes() == Path("whole.parquet").read_bytes()
    assert result["data"]["documents"] == 300
