import json
import random
import re
from pathlib import Path

import pytest

from agent.llm.embedded.planner import Planner
from agent.llm.tuning.dialogues.calls import answer_dialogue, call_dialogue
from agent.llm.tuning.dialogues.dialogue import Dialogue, read_dialogues, said, write_dialogues
from agent.llm.tuning.dialogues.generator import Generator
from agent.llm.tuning.dialogues.plans import plan_dialogue, spoiled
from agent.llm.tuning.dialogues.requests import Labelled
from agent.plan import Memory, Plan, PlannedCall
from agent.planning import usable_plan
from agent.session import Assistant
from agent.settings import Settings
from models.errors import ToolError
from models.store.workspace import Workspace
from tests.agent.server.stub import StubServer
from tools.registry import all_tools, find_tool

REQUEST = "Train a cox model on gbsg2 and explain it."


class Never(random.Random):
    """Draws what leaves a draft as it is."""

    def random(self) -> float:
        return 0.5


def test_plans_are_asked_for_in_the_agents_words(planner: Planner, workspace: Workspace) -> None:
    plan = planner.plan(REQUEST)
    with StubServer([plan.model_dump_json()]) as stub:
        with Assistant(workspace, Settings(llm=stub.url)) as assistant:
            assistant.plan(REQUEST)
        sent = stub.requests[0]["messages"]
    dialogue = plan_dialogue(Labelled(REQUEST, plan, Memory()), planner, Never(0))
    assert dialogue.messages[:-1] == sent


def test_steps_are_asked_for_in_the_agents_words(planner: Planner, workspace: Workspace) -> None:
    request = "Which molecular weight has CCO?"
    step = PlannedCall(request=request, tool="profile_molecules", args={"smiles": ["CCO"]})
    plan = Plan(outcome="act", steps=[step])
    call = (
        '<tool_call>\n{"name": "profile_molecules", "arguments": {"smiles": ["CCO"]}}\n</tool_call>'
    )
    with StubServer([plan.model_dump_json(), call, "46.07"]) as stub:
        with Assistant(workspace, Settings(llm=stub.url)) as assistant:
            assistant.ask(request, "thread")
        sent, answered = stub.requests[1], stub.requests[2]["messages"][-1]
    dialogue = call_dialogue(step, Never(0))
    assert dialogue.messages[:-1] == sent["messages"]
    assert dialogue.tools == sent["tools"]
    dialogue = answer_dialogue(step, answered["content"], "46.07 g/mol")
    assert dialogue.messages[-2]["role"] == answered["role"] == "tool"


def test_plans_are_usable(dialogues: list[Dialogue]) -> None:
    plans = [json.loads(d.reply["content"]) for d in dialogues if d.kind == "plan"]
    assert len(plans) > 15
    for plan in plans:
        usable_plan(plan)


def test_calls_fit_the_schemas_that_are_shown(dialogues: list[Dialogue]) -> None:
    calls = [d for d in dialogues if d.kind in ("call", "correction")]
    assert {len(d.tools) for d in calls} > {1}
    for dialogue in calls:
        function = dialogue.reply["tool_calls"][0]["function"]
        shown = [tool["function"]["name"] for tool in dialogue.tools]
        assert function["name"] in shown
        assert len(shown) == len(set(shown)) <= 8
        find_tool(function["name"]).parse(function["arguments"])


def test_corrections_follow_a_call_that_the_tool_refuses(dialogues: list[Dialogue]) -> None:
    corrections = [d for d in dialogues if d.kind == "correction"]
    assert corrections
    for dialogue in corrections:
        wrong = dialogue.messages[-3]["tool_calls"][0]["function"]
        told = json.loads(dialogue.messages[-2]["content"])
        with pytest.raises(ToolError) as error:
            find_tool(wrong["name"]).parse(wrong["arguments"])
        assert told == {"kind": error.value.kind, "message": str(error.value)}
        assert dialogue.reply["tool_calls"][0]["function"]["arguments"] != wrong["arguments"]


@pytest.mark.slow
def test_answers_come_from_real_results(planner: Planner) -> None:
    tools = {n: t for n, t in all_tools().items() if n in ("search_literature", "list_models")}
    generator = Generator(tools, planner, kinds=("answer",))
    dialogues = list(generator.make(6))
    searched = [d for d in dialogues if d.messages[-2]["name"] == "search_literature"]
    assert searched
    for dialogue in searched:
        result, answer = dialogue.messages[-2]["content"], dialogue.reply["content"]
        numbers = re.findall(r"\[(\d+)\]", answer)
        assert numbers or answer.startswith("Nothing in the library answers this.")
        assert all(f"[{number}]" in result for number in numbers)


def test_the_seed_decides(planner: Planner, dialogues: list[Dialogue]) -> None:
    kinds = ("plan", "call", "correction")
    assert list(Generator(all_tools(), planner, seed=0, kinds=kinds).make(6)) == dialogues[:6]
    assert list(Generator(all_tools(), planner, seed=1, kinds=kinds).make(6)) != dialogues[:6]


def test_spoiled_drafts_differ(planner: Planner) -> None:
    plan = planner.plan(REQUEST)
    likely = planner.likely(REQUEST)
    made = [spoiled(plan, likely, random.Random(seed)) for seed in range(20)]
    assert sum(one != plan for one in made) > 15
    assert all(step.tool in all_tools() for one in made for step in one.steps)
    assert plan == planner.plan(REQUEST)


def test_dialogues_survive_the_file(dialogues: list[Dialogue], tmp_path: Path) -> None:
    path = tmp_path / "dialogues.jsonl"
    assert write_dialogues(path, dialogues) == len(dialogues)
    read = read_dialogues(path)
    assert [d.messages for d in read] == [d.messages for d in dialogues]
    assert [d.tools for d in read] == [d.tools for d in dialogues]


def test_a_line_that_is_no_dialogue_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dialogues.jsonl"
    good = {"messages": [said("user", "hi"), said("assistant", "Hello.")], "tools": []}
    path.write_text(json.dumps(good) + "\n\n" + json.dumps({"messages": [said("user", "hi")]}))
    with pytest.raises(ToolError, match="line 3"):
        read_dialogues(path)
