"""Evals of a language model's server, against a loopback server with fixed replies."""

import json
from typing import Any

from evals.agents import batch_extraction
from evals.agents.bare_model import BareModel, costs
from evals.agents.routing import read_items
from evals.registry import EvalOptions, find_eval
from models.store.workspace import Workspace
from tests.agent.server.stub import StubServer

FOUND = {"treatment": "rest", "effect": "better", "people": 12}


def test_routing_prints_one_table_for_any_server(workspace: Workspace) -> None:
    def reply(messages: list[dict[str, Any]]) -> str:
        return json.dumps({"outcome": "refused", "steps": [], "message": "No."})

    with StubServer(always=reply) as stub:
        report = find_eval("routing").run(EvalOptions(workspace, llm=stub.url, limit=3))
        requests = len(stub.requests)
    embedded = find_eval("routing").run(EvalOptions(workspace, limit=3))
    assert requests == 3  # none is planned twice
    assert [table.title for table in report.tables] == [table.title for table in embedded.tables]
    assert set(embedded.figures) < set(report.figures)
    assert report.figures["tokens_in_mean"] > report.figures["tokens_out_mean"] > 0
    assert report.figures["seconds_mean"] > 0
    methods = next(t for t in report.tables if t.columns == ["method", "right"])
    assert [row[0] for row in methods.rows][-2:] == ["the embedded planner", "stub"]
    assert all(item["request"] for item in read_items("routing_dev.jsonl"))


def test_bare_model_chooses_and_tells_what_it_cost() -> None:
    def reply(messages: list[dict[str, Any]]) -> str:
        question = messages[-1]["content"]
        return json.dumps({"answer": "yes" if "aspirin" in question else "perhaps"})

    with StubServer(always=reply) as stub:
        bare = BareModel.connect(stub.url)
        answers = bare.choose(["Does aspirin help?", "Does rest?"], ["yes", "no"])
        asked = [r for r in stub.requests if len(r["messages"]) == 2]
    assert bare.name == "stub"
    assert [answer.choice for answer in answers] == ["yes", None]
    assert answers[1].error and "perhaps" in answers[1].error
    assert "tools" not in asked[0]
    assert asked[0]["response_format"]["json_schema"]["schema"]["properties"]["answer"] == {
        "enum": ["yes", "no"]
    }
    assert costs(answers)["tokens_per_question"] > 0


def test_batch_clients_do_the_same_work(workspace: Workspace) -> None:
    with StubServer(always=json.dumps(FOUND)) as stub:
        report = batch_extraction.run(EvalOptions(workspace, llm=stub.url, limit=4))
        bodies = {
            json.dumps(request | {"messages": None}, sort_keys=True) for request in stub.requests
        }
    assert len(bodies) == 1
    [table] = report.tables
    assert [row[-1] for row in table.rows] == [4, 4, 4]
    assert [row[0] for row in table.rows] == ["theriac", "bare httpx2", "bare openai"]


def test_what_the_agent_adds_is_the_rest_of_a_turn(workspace: Workspace) -> None:
    report = find_eval("turn_latency").run(EvalOptions(workspace, limit=2))
    medians = {row[0]: row[1] for row in report.tables[0].rows}
    parts = ("HTTP calls of the model", "the tool", "the agent's own")
    assert all(0 < medians[part] < medians["whole turn"] for part in parts)
    assert medians["HTTP calls (number)"] == 3
