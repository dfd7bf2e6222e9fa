import json
from pathlib import Path

import pytest
import torch
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from safetensors.torch import load_file
from typer.testing import CliRunner

from agent.cli.main import app
from agent.llm.embedded.planner import Planner
from agent.llm.server.families import dialect_of
from agent.llm.tuning.learning.local import LocalModel
from agent.llm.tuning.learning.training import Progress, Schedule
from agent.llm.tuning.tuning import HELD_OUT, Recipe, Watcher, tune
from models.errors import PrerequisiteError, ToolError
from models.store.workspace import Workspace
from tools.registry import all_tools

TOOLS = {name: all_tools()[name] for name in ("list_models", "describe_model", "predict")}
FEW = Recipe(count=6, held_out=2, kinds=("plan",), schedule=Schedule(1e-3, batch_tokens=900))


def test_a_folder_is_tuned_and_can_be_served(
    small_folder: Path, planner: Planner, tmp_path: Path
) -> None:
    said: list[str] = []
    told: list[Progress] = []
    watcher = Watcher(said.append, told.append, (("size", lambda f: {"requests": 1.0}),))
    output = tmp_path / "tuned"
    tuned = tune(small_folder, output, TOOLS, planner, FEW, watcher)
    assert tuned.folder == output
    assert tuned.end == told[-1]
    assert any(f"on {6 - tuned.left_out} dialogues" in text for text in said)
    before, after = tuned.figures[HELD_OUT]
    assert before is not None
    assert after is not None
    assert before["dialogues"] == after["dialogues"] == 2
    assert tuned.figures["size"] == ({"requests": 1.0}, {"requests": 1.0})

    dialect = dialect_of(output)
    assert (dialect.family, dialect.tools, dialect.template) == ("Qwen3", "hermes", None)
    old, new = (load_file(folder / "model.safetensors") for folder in (small_folder, output))
    assert old.keys() == new.keys()
    changed = [name for name in old if not torch.equal(old[name], new[name])]
    assert changed
    assert all(name.endswith("_proj.weight") for name in changed)
    card = (output / "README.md").read_text()
    assert "tuned with LoRA" in card
    assert "| dialogues | 2 | 2 |" in card
    assert {path.suffix for path in output.iterdir()} <= {".json", ".safetensors", ".jinja", ".md"}


@pytest.mark.slow
def test_a_model_is_made_from_scratch(planner: Planner, tmp_path: Path) -> None:
    recipe = Recipe(
        count=6, held_out=0, kinds=("plan",), width=64, layers=1, schedule=Schedule(1e-3)
    )
    output = tmp_path / "own"
    tune(None, output, TOOLS, planner, recipe)
    assert json.loads((output / "config.json").read_text())["architectures"] == ["Qwen3ForCausalLM"]
    assert dialect_of(output).tools == "hermes"
    assert "Nothing was measured." in (output / "README.md").read_text()


@pytest.mark.slow
def test_what_is_broken_off_leaves_nothing(
    small_folder: Path, planner: Planner, tmp_path: Path
) -> None:
    def stop(folder: Path) -> dict[str, float]:
        if folder != small_folder:
            raise KeyboardInterrupt
        return {}

    watcher = Watcher(measures=(("it", stop),))
    with pytest.raises(KeyboardInterrupt):
        tune(small_folder, tmp_path / "out" / "m", TOOLS, planner, FEW, watcher)
    assert not list((tmp_path / "out").iterdir())


def test_an_output_that_exists_is_not_touched(
    small_folder: Path, planner: Planner, tmp_path: Path
) -> None:
    with pytest.raises(ToolError, match="exists"):
        tune(small_folder, tmp_path, TOOLS, planner, FEW)


def test_only_safetensors_are_loaded(planner: Planner, tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    folder.mkdir()
    with pytest.raises(PrerequisiteError, match="holds no model"):
        tune(folder, tmp_path / "out", TOOLS, planner, FEW)
    (folder / "config.json").write_text('{"model_type": "qwen3"}')
    (folder / "pytorch_model.bin").write_bytes(b"\x80")
    with pytest.raises(PrerequisiteError, match="safetensors"):
        tune(folder, tmp_path / "out", TOOLS, planner, FEW)
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(PrerequisiteError, match="cannot be loaded"):
        tune(folder, tmp_path / "out", TOOLS, planner, FEW)


def test_a_folder_answers_without_a_server(small_folder: Path) -> None:
    model = LocalModel.load(small_folder)
    model.answer_tokens = 8
    call = {"name": "list_models", "args": {}, "id": "1"}
    said = [
        HumanMessage("hi"), AIMessage("", tool_calls=[call]), ToolMessage("none", tool_call_id="1")
    ]  # fmt: skip
    reply = model.bind_tools([]).invoke(said)
    assert reply.usage_metadata
    assert reply.usage_metadata["output_tokens"] <= 8
    assert reply.response_metadata["finish_reason"] in ("stop", "length")
    read = model.with_structured_output({"title": "Any"}, include_raw=True).invoke(said)
    assert read["parsed"] is None


def test_the_command_makes_dialogues(workspace: Workspace) -> None:
    run = CliRunner().invoke(
        app, ["llm", "dialogues", "--output", "d.jsonl", "--count", "5", "--kind", "plan", "--json"]
    )
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout) == {"file": "d.jsonl", "dialogues": 5, "kinds": {"plan": 5}}
    lines = [json.loads(line) for line in Path("d.jsonl").read_text().splitlines()]
    assert [line["messages"][-1]["role"] for line in lines] == ["assistant"] * 5


def test_the_command_names_what_is_wrong(workspace: Workspace) -> None:
    for given, word in (
        (["dialogues", "--output", "d.jsonl", "--kind", "plans"], "plan"),
        (["tune", "--output", "x"], "--from-scratch"),
        (["tune", "nowhere", "--output", "x", "--from-scratch"], "--from-scratch"),
    ):
        run = CliRunner().invoke(app, ["llm", *given])
        assert run.exit_code == 2
        assert word in run.output
    run = CliRunner().invoke(app, ["llm", "tune", "nowhere", "--output", "x"])
    assert run.exit_code == 3
    assert "holds no model" in run.output


@pytest.mark.slow
def test_the_eval_sets_a_folder_beside_the_embedded_planner(
    small_folder: Path, workspace: Workspace
) -> None:
    from evals.registry import EvalOptions, find_eval

    report = find_eval("planner_model").run(EvalOptions(workspace, llm=str(small_folder), limit=2))
    table = report.tables[0]
    assert table.rows[0][0] == "embedded planner"
    assert len(table.rows) == 3
    # Random weights give no plan: the agent says so and uses the embedded planner's.
    assert report.figures["fallbacks"] >= 1
    assert table.rows[1][1:4] == table.rows[0][1:4]
