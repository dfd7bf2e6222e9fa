"""Bounds of a turn: parallel calls, calls without end, silence, and what an earlier turn left."""

import json
import time
from typing import Any

from langchain_core.messages import AIMessage

from agent.llm.scripted import ScriptedModel
from agent.session import Assistant
from agent.settings import Settings
from models.store.workspace import Workspace
from tests.agent.server.stub import StubServer
from tests.agent.server.tiny_model import call_text


def planned(tool: str, args: dict[str, Any]) -> dict[str, Any]:
    step = {"request": tool, "tool": tool, "args": args}
    return {"outcome": "act", "steps": [step], "message": ""}


def said_plan(tool: str, args: dict[str, Any]) -> AIMessage:
    call = {"name": "Plan", "args": planned(tool, args), "id": "plan"}
    return AIMessage("", tool_calls=[call])


def test_parallel_calls_are_all_made_and_kept_in_order(workspace: Workspace) -> None:
    both = [
        {"name": "profile_molecules", "args": {"smiles": [smiles]}, "id": smiles}
        for smiles in ("CCO", "c1ccccc1O")
    ]
    script = [said_plan("profile_molecules", {}), AIMessage("", tool_calls=both), AIMessage("Ok.")]
    with Assistant(workspace, Settings(), ScriptedModel(script=script)) as assistant:
        answer = assistant.ask("profile ethanol and phenol")
    assert [call["args"] for call in answer.tool_calls] == [call["args"] for call in both]
    assert [call["status"] for call in answer.tool_calls] == ["done", "done"]
    assert answer.stop_reason == "answered"


def test_calls_without_end_are_ended_and_said(workspace: Workspace) -> None:
    calls = [
        AIMessage("", tool_calls=[{"name": "describe_model", "args": {"model": m}, "id": m}])
        for m in (f"srv-{number}" for number in range(20))
    ]
    script = [said_plan("describe_model", {"model": "srv-0"}), *calls]
    with Assistant(workspace, Settings(model_calls=4), ScriptedModel(script=script)) as assistant:
        answer = assistant.ask("describe it")
    assert answer.stop_reason == "limit"
    assert len(answer.tool_calls) == 4
    assert "as many calls as a step may have" in answer.answer
    assert "There is no model srv-3" in answer.answer


def test_silent_server_is_given_up_after_its_timeouts(workspace: Workspace) -> None:
    def sleep(_: Any) -> str:
        time.sleep(1)
        return "late"

    with StubServer(always=sleep) as stub:
        settings = Settings(llm=stub.url, timeout=0.2)
        with Assistant(workspace, settings) as assistant:
            answer = assistant.ask("hello")
        assert len(stub.requests) == 3
    assert answer.stop_reason == "llm_unavailable"
    assert answer.seconds < 30


def test_failed_turn_shows_nothing_of_the_one_before(workspace: Workspace) -> None:
    args = {"query": "telmisartan and hepatic fibrosis", "top_k": 2}
    script = [
        json.dumps(planned("search_literature", args)),
        call_text("search_literature", args),
        "One study is cited [1].",
    ]
    with (
        StubServer([*script], always=404) as stub,
        Assistant(workspace, Settings(llm=stub.url)) as assistant,
    ):
        first = assistant.ask("Does telmisartan prevent fibrosis?", "t")
        second = assistant.ask("And what else?", "t")
        turns = assistant.turns("t")
    assert first.tool_calls and first.citations and first.tokens
    assert second.stop_reason == "llm_unavailable"
    assert (second.tool_calls, second.citations, second.tokens) == ([], [], 0)
    assert [turn["request"] for turn in turns] == ["Does telmisartan prevent fibrosis?"]
