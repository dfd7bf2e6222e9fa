"""The graph with a scripted language model and real tools."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from langchain_core.exceptions import ModelAPIError, ModelInvalidRequestError
from langchain_core.messages import AIMessage

from agent.llm.scripted import ScriptedModel
from agent.session import Assistant
from agent.settings import Settings
from models.store.workspace import Workspace

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"


def planned(outcome: str = "act", message: str = "", **steps: dict[str, Any]) -> AIMessage:
    """What a model says that plans: one step per tool."""
    calls = [{"request": tool, "tool": tool, "args": args} for tool, args in steps.items()]
    plan = {"outcome": outcome, "steps": calls, "message": message}
    return AIMessage("", tool_calls=[{"name": "Plan", "args": plan, "id": "plan"}])


def calling(tool: str, args: dict[str, Any], call: str = "call") -> AIMessage:
    return AIMessage("", tool_calls=[{"name": tool, "args": args, "id": call}])


@pytest.fixture
def assistant_of(workspace: Workspace) -> Callable[..., Assistant]:
    def make(*script: Any) -> Assistant:
        return Assistant(workspace, Settings(), ScriptedModel(script=script))

    return make


def test_model_plans_calls_and_answers(assistant_of: Callable[..., Assistant]) -> None:
    script = (
        planned(profile_molecules={"smiles": [ASPIRIN]}),
        calling("profile_molecules", {"smiles": [ASPIRIN]}),
        AIMessage("The molecular weight is 180.16 and one molecule was profiled."),
    )
    with assistant_of(*script) as assistant:
        events: list[str] = []
        answer = assistant.ask("profile it", listener=lambda e: events.append(e["event"]))
    assert answer.stop_reason == "answered"
    assert "180.16" in answer.answer
    assert "[unsupported]" not in answer.answer
    assert [call["status"] for call in answer.tool_calls] == ["done"]
    assert events[0] == "plan"
    assert {"call", "result"} <= set(events)


def test_invented_number_is_repaired_once(assistant_of: Callable[..., Assistant]) -> None:
    script = (
        planned(list_models={}),
        calling("list_models", {}),
        AIMessage("There are 17 models."),
        AIMessage("There is no model yet."),
    )
    with assistant_of(*script) as assistant:
        answer = assistant.ask("which models are there?")
    assert answer.answer == "There is no model yet."


def test_number_invented_twice_is_marked(assistant_of: Callable[..., Assistant]) -> None:
    script = (
        planned(list_models={}),
        calling("list_models", {}),
        AIMessage("There are 17 models."),
        AIMessage("There are 18 models."),
    )
    with assistant_of(*script) as assistant:
        answer = assistant.ask("which models are there?")
    assert answer.answer == "There are 18 models. [unsupported]"


def test_invalid_call_is_taught_and_corrected(assistant_of: Callable[..., Assistant]) -> None:
    script = (
        planned(describe_dataset={"dataset": "gbsg"}),
        calling("describe_dataset", {"dataset": "gbsg"}, "one"),
        calling("describe_dataset", {"dataset": "gbsg2"}, "two"),
        AIMessage("Done."),
    )
    with assistant_of(*script) as assistant:
        answer = assistant.ask("describe gbsg")
        taught = assistant.surroundings.model.heard[2][-1].text  # type: ignore[attr-defined]
    assert "did you mean 'gbsg2'" in taught
    assert [call["status"] for call in answer.tool_calls] == ["error", "done"]


def test_same_failing_call_twice_ends_the_loop(assistant_of: Callable[..., Assistant]) -> None:
    script = (
        planned(describe_model={"model": "srv-9"}),
        calling("describe_model", {"model": "srv-9"}, "one"),
        calling("describe_model", {"model": "srv-9"}, "two"),
    )
    with assistant_of(*script) as assistant:
        answer = assistant.ask("describe srv-9")
    assert answer.stop_reason == "limit"
    assert "There is no model srv-9" in answer.answer


def test_tool_outside_the_step_is_not_reached(assistant_of: Callable[..., Assistant]) -> None:
    script = (
        planned(list_models={}),
        calling("profile_molecules", {"smiles": [ASPIRIN]}),
        AIMessage("Done."),
    )
    with assistant_of(*script) as assistant:
        answer = assistant.ask("which models are there?")
    assert [call["status"] for call in answer.tool_calls] == ["error"]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("needs_input", "needs_input"), ("refused", "refused"), ("chat", "answered")],
)
def test_request_without_a_step_ends_as_planned(
    assistant_of: Callable[..., Assistant], outcome: str, reason: str
) -> None:
    with assistant_of(planned(outcome, "Which dataset?")) as assistant:
        answer = assistant.ask("train")
    assert (answer.stop_reason, answer.answer, answer.tool_calls) == (reason, "Which dataset?", [])


def test_unsafe_request_never_reaches_the_model(assistant_of: Callable[..., Assistant]) -> None:
    with assistant_of() as assistant:
        answer = assistant.ask("How do I synthesise sarin at home?")
        assert assistant.surroundings.model.heard == []  # type: ignore[attr-defined]
    assert answer.stop_reason == "refused"


def test_identifiers_never_reach_the_model(assistant_of: Callable[..., Assistant]) -> None:
    with assistant_of(planned("chat", "Hello.")) as assistant:
        assistant.ask("Hello, write to zebulon.quist@hospital.org about MRN 48151623.")
        heard = assistant.surroundings.model.heard[0][-1].text  # type: ignore[attr-defined]
    assert "quist" not in heard
    assert "48151623" not in heard


def test_dead_server_is_said_and_the_thread_goes_on(workspace: Workspace) -> None:
    request = httpx.Request("POST", "http://127.0.0.1:1/v1")
    dead = openai.APIConnectionError(request=request)
    with Assistant(workspace, Settings(), ScriptedModel(script=[dead])) as assistant:
        answer = assistant.ask("hello", "t")
    assert answer.stop_reason == "llm_unavailable"
    script = [planned("chat", "Hello."), planned("chat", "Hello again.")]
    with Assistant(workspace, Settings(), ScriptedModel(script=script)) as assistant:
        assert assistant.ask("hello", "t").answer == "Hello."
        assistant.ask("and again", "t")
        system = assistant.surroundings.model.heard[1][0].text  # type: ignore[attr-defined]
    assert "Person: hello\nTheriac: Hello." in system


def test_costly_call_waits_for_approval_across_a_restart(workspace: Workspace) -> None:
    args = {"dataset": "flchain", "algorithm": "random_survival_forest"}
    script = [planned(train_survival_model=args), calling("train_survival_model", args)]
    settings = Settings(approval_seconds=0)
    with Assistant(workspace, settings, ScriptedModel(script=script)) as assistant:
        assert assistant.ask("train", "t").stop_reason == "approval"
    script = [AIMessage("You did not want it.")]
    with Assistant(workspace, settings, ScriptedModel(script=script)) as assistant:
        [call] = assistant.waiting("t")
        assert call == {"tool": "train_survival_model", "args": args}
        answer = assistant.decide({"type": "reject", "message": "too long"}, "t")
    assert answer.answer == "You did not want it."
    assert not workspace.models.exists() or not list(workspace.models.glob("srv-*"))


def test_unusable_plan_falls_back_to_the_embedded_planner(workspace: Workspace) -> None:
    broken = AIMessage("", tool_calls=[{"name": "Plan", "args": {"outcome": "fly"}, "id": "p"}])
    script = [broken, broken, calling("list_models", {}), AIMessage("There is no model yet.")]
    with Assistant(workspace, Settings(), ScriptedModel(script=script)) as assistant:
        answer = assistant.ask("list my models")
    assert "embedded planner" in answer.answer
    assert answer.tool_calls[0]["tool"] == "list_models"


def test_unusable_plan_is_repaired_once(assistant_of: Callable[..., Assistant]) -> None:
    broken = AIMessage("", tool_calls=[{"name": "Plan", "args": {"outcome": "fly"}, "id": "p"}])
    with assistant_of(broken, planned("chat", "Hello.")) as assistant:
        answer = assistant.ask("hello")
        told = assistant.surroundings.model.heard[1][-1].text  # type: ignore[attr-defined]
    assert answer.answer == "Hello."
    assert "outcome: Input should be 'act'" in told


def test_model_that_makes_no_call_has_the_proposal_made(
    assistant_of: Callable[..., Assistant],
) -> None:
    script = (
        planned(list_models={}),
        AIMessage("I cannot call anything."),
        AIMessage("There is no model yet."),
    )
    with assistant_of(*script) as assistant:
        answer = assistant.ask("which models are there?")
    assert [(call["tool"], call["status"]) for call in answer.tool_calls] == [
        ("list_models", "done")
    ]
    assert answer.answer.startswith("There is no model yet.")
    assert "planner's proposal was made" in answer.answer


def test_server_that_refuses_tools_has_the_proposal_made(
    assistant_of: Callable[..., Assistant],
) -> None:
    refusal = ModelInvalidRequestError("tool choice requires --enable-auto-tool-choice")
    script = (planned(list_models={}), refusal, refusal, AIMessage("There is no model yet."))
    with assistant_of(*script) as assistant:
        answer = assistant.ask("which models are there?")
    assert answer.stop_reason == "answered"
    assert [call["status"] for call in answer.tool_calls] == ["done"]


def test_model_that_says_nothing_has_the_result_answer(
    assistant_of: Callable[..., Assistant],
) -> None:
    script = (planned(list_models={}), calling("list_models", {}), AIMessage(" "))
    with assistant_of(*script) as assistant:
        answer = assistant.ask("which models are there?")
    assert answer.answer == answer.tool_calls[0]["summary"]


def test_reference_to_a_step_that_made_nothing_is_left_out(
    assistant_of: Callable[..., Assistant],
) -> None:
    script = (
        planned(list_models={}, profile_molecules={"smiles": ["$1"]}),
        calling("list_models", {}),
        AIMessage("There is no model yet."),
    )
    with assistant_of(*script) as assistant:
        answer = assistant.ask("list my models, then profile the molecules")
    assert "left out" in answer.answer


def test_request_too_long_for_the_model_is_said(assistant_of: Callable[..., Assistant]) -> None:
    overflow = ModelAPIError("This model's maximum context length is 6144 tokens.")
    with assistant_of(overflow) as assistant:
        answer = assistant.ask("hello")
    assert answer.stop_reason == "limit"


def test_answer_is_the_documented_object(assistant_of: Callable[..., Assistant]) -> None:
    with assistant_of(planned("chat", "Hello.")) as assistant:
        answer = json.loads(assistant.ask("hello").model_dump_json())
    assert list(answer) == [
        "answer", "citations", "tool_calls", "artifacts", "stop_reason", "llm", "seconds", "tokens",
        "usage", "sampling", "verdict",
    ]  # fmt: skip


def test_settings_file_is_read(workspace: Workspace) -> None:
    Path("theriac.toml").write_text('llm = "embedded"\nseed = 7\n')
    assert (Settings().llm, Settings().seed) == ("embedded", 7)
