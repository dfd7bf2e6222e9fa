import csv
import json
from pathlib import Path
from typing import Any

import pytest

from models.errors import PrerequisiteError, ToolError
from models.store.workspace import Workspace
from tools.execution import CancellationError, execute
from tools.registry import find_tool

RECORDS = [
    {"pmid": "11", "title": "Aspirin and stroke", "year": 2001,
     "abstract": "We studied 200 adults with atrial fibrillation. They took aspirin or placebo. "
     "Aspirin lowered the risk of stroke."},
    {"pmid": "12", "title": "Lithium in bipolar disorder", "year": 2004,
     "abstract": "Lithium carbonate caused tremor in patients with bipolar disorder."},
]  # fmt: skip


@pytest.fixture
def records(workspace: Workspace) -> Path:
    path = Path("records.jsonl")
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    return path


def _rows(path: str) -> list[dict[str, Any]]:
    with Path(path).open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_entities_lie_where_they_say(workspace: Workspace, records: Path) -> None:
    result = execute(workspace, "mine_literature", {"task": "entities", "source": str(records)})
    rows = _rows(result.data["path"])
    texts = {record["pmid"]: record for record in RECORDS}
    for row in rows:
        whole = texts[row["document"]][row["field"]]
        assert whole[int(row["start"]) : int(row["end"])] == row["text"]
    found = {(row["type"], row["normalised_id"]) for row in rows}
    assert {("Chemical", "aspirin"), ("Disease", "stroke")} <= found
    assert result.data["documents"] == 2
    assert "findings for entities in 2 of 2 documents" in result.summary
    kinds = {Path(made.path).name: made.kind for made in result.artifacts}
    assert kinds["counts.png"] == "plot"
    assert kinds["counts.csv"] == "table"
    assert all(Path(made.path).is_file() for made in result.artifacts)


def test_the_same_call_gives_the_same_again(workspace: Workspace, records: Path) -> None:
    wanted = {"task": "entities", "source": str(records), "output": "found.parquet", "limit": 1}
    first, second = (execute(workspace, "mine_literature", wanted).data for _ in range(2))
    assert first["path"] == str(workspace.root / "found.parquet")
    assert first["sha256"] == second["sha256"]
    assert first["documents"] == 1


def test_pico_and_sentence_roles(workspace: Workspace, records: Path) -> None:
    for task, column in (("sections", "role"), ("pico", "type")):
        result = execute(workspace, "mine_literature", {"task": task, "source": str(records)})
        rows = _rows(result.data["path"])
        assert rows
        assert all(row["field"] == "abstract" and row[column] for row in rows)


def test_relations_have_both_arguments_in_place(workspace: Workspace) -> None:
    text = "Imatinib is a potent inhibitor of BCR-ABL tyrosine kinase. It rained."
    Path("kinase.jsonl").write_text(json.dumps({"id": "k", "abstract": text}) + "\n")
    wanted = {"task": "relations", "source": "kinase.jsonl"}
    rows = _rows(execute(workspace, "mine_literature", wanted).data["path"])
    assert {(row["type"], row["subject"]) for row in rows} == {("inhibitor", "Imatinib")}
    for row in rows:
        assert text[int(row["start"]) : int(row["end"])] == row["text"] == text[:58]
        for name in ("subject", "object"):
            assert text[int(row[f"{name}_start"]) : int(row[f"{name}_end"])] == row[name]


def test_custom_without_a_model_is_served_as_far_as_it_goes(
    workspace: Workspace, records: Path
) -> None:
    text = {"type": "string"}
    schema = {"title": "mention", "type": "object", "properties": {"drug": text, "disease": text}}
    Path("schema.json").write_text(json.dumps(schema))
    wanted = {"task": "custom", "source": str(records), "schema_file": "schema.json"}
    rows = _rows(execute(workspace, "mine_literature", wanted).data["path"])
    assert {row["drug"] for row in rows if row["type"] == "drug"} >= {"aspirin"}
    schema["properties"] = {"drug": text, "dose": text}
    Path("schema.json").write_text(json.dumps(schema))
    with pytest.raises(PrerequisiteError, match="needs a language model for dose"):
        execute(workspace, "mine_literature", wanted)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "not JSON"), ('{"type": 3}', "is not valid"), ('{"type": "object"}', "no object"),
        ('{"properties": {"start": {"type": "integer"}}}', "start"),
    ],
)  # fmt: skip
def test_schemas_that_cannot_be_used_are_refused(
    content: str, why: str, workspace: Workspace, records: Path
) -> None:
    Path("schema.json").write_text(content)
    wanted = {"task": "custom", "source": str(records), "schema_file": "schema.json"}
    with pytest.raises(ToolError) as caught:
        execute(workspace, "mine_literature", wanted)
    assert caught.value.faults[0].field == "schema_file"
    assert why in caught.value.faults[0].got


def test_what_is_wrong_with_a_call_is_said(workspace: Workspace, records: Path) -> None:
    for arguments, field in (
        ({"task": "custom"}, "schema_file"),
        ({"task": "pico", "schema_file": str(records)}, "schema_file"),
        ({"task": "pico", "source": "absent.csv"}, "source"),
        ({"task": "pico", "source": "/etc/passwd"}, "source"),
        ({"task": "pico", "output": "../out.csv"}, "output"),
        ({"task": "pico", "output": "out.docx"}, "output"),
        ({"task": "entitties"}, "task"),
    ):
        with pytest.raises(ToolError) as caught:
            execute(workspace, "mine_literature", arguments)
        assert caught.value.faults[0].field == field
    assert not list(workspace.runs.glob("run-*"))


def test_a_cancelled_call_goes_on_later(workspace: Workspace, records: Path) -> None:
    def cancel(fraction: float, message: str, metrics: dict[str, float]) -> None:
        assert "documents/s" in message
        raise CancellationError

    wanted = {"task": "entities", "source": str(records)}
    with pytest.raises(ToolError, match="cancelled"):
        execute(workspace, "mine_literature", wanted, cancel)
    result = execute(workspace, "mine_literature", wanted)
    assert "2 documents had been mined before an interruption" in result.summary


def test_long_calls_are_estimated_to_be_long(workspace: Workspace, records: Path) -> None:
    tool = find_tool("mine_literature")
    assert tool.estimate
    few = tool.parse({"task": "entities", "source": str(records)})
    assert tool.estimate(few, workspace) < 1
    Path("big.jsonl").write_text("x" * 40_000_000)
    many = tool.parse({"task": "entities", "source": "big.jsonl"})
    assert tool.estimate(many, workspace) > 300
